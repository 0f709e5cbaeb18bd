package scenario

import (
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/raid"
	"winnow/collectors/scenario/render"
	"winnow/collectors/scenario/stage"
	"winnow/pipeline/post"
)

// Role is an account's part in the story.
type Role string

// The roles. RoleSupporter acts in concert openly; see Role.Attacks for the
// others that do.
const (
	// RoleOrganic is everybody who is there on their own, the viral moment's
	// crowd included.
	RoleOrganic Role = "organic"
	// RolePress is a news outlet.
	RolePress Role = "press"
	// RoleProtected is an account that the campaigns look after.
	RoleProtected Role = "protected"
	// RoleSupporter takes part in the declared day of action.
	RoleSupporter Role = "supporter"
	// RoleCopies takes part in the copied praise.
	RoleCopies Role = "copies"
	// RolePileOn takes part in the pile-on.
	RolePileOn Role = "pile-on"
	// RoleRing, RoleSlowRing, RoleFlood, RoleMutated, RoleSlowMutated and
	// RoleDrip take part in a raid of that kind.
	RoleRing        = Role(raid.Ring)
	RoleSlowRing    = Role(raid.SlowRing)
	RoleFlood       = Role(raid.Flood)
	RoleMutated     = Role(raid.Mutated)
	RoleSlowMutated = Role(raid.SlowMutated)
	RoleDrip        = Role(raid.Drip)
	// RoleJoiner is organic and joined an attack of its own accord within the
	// hour after a wave. Finding it coordinated is no grave mistake.
	RoleJoiner Role = "joiner"
)

// Attacks says whether accounts of the role act in concert and hide it.
func (r Role) Attacks() bool {
	switch r {
	case RoleCopies, RolePileOn, RoleRing, RoleSlowRing, RoleFlood, RoleMutated, RoleSlowMutated, RoleDrip:
		return true
	default:
		return false
	}
}

// Neither says whether it is neither right nor wrong to find accounts of the
// role coordinated: joiners did what the attackers did, and supporters say that
// they act together.
func (r Role) Neither() bool { return r == RoleJoiner || r == RoleSupporter }

// Label says which role an account has.
type Label struct {
	Platform  post.Platform
	AccountID string
	Role      Role
}

// Key is the account's key as post.Post.Key gives it.
func (l Label) Key() string { return string(l.Platform) + "/" + l.AccountID }

// The kinds of planted action.
const (
	PlantCopies   = "copies"
	PlantPileOn   = "pile-on"
	PlantDeclared = "declared"
)

// Window is a span of time, To excluded.
type Window struct{ From, To time.Time }

// Planted is an action in concert that is known to be in the posts.
type Planted struct {
	Name string
	// Kind is PlantCopies, PlantPileOn, PlantDeclared or a raid.Kind. It is
	// also the role of those of its accounts that act in nothing else first.
	Kind string
	// Accounts are the keys (platform/id) of all who took part.
	Accounts []string
	// From and To are the first and last post of it.
	From, To time.Time
	// Posts is how many posts it has.
	Posts int
	// PostIDs are their ids (post.Post.ID), in the order of planning.
	PostIDs []string
	// Waves are the windows that its posts fall into, save those that drip
	// (see Config.CopyDrip).
	Waves []Window
	// Target is the key of the account a pile-on is directed at.
	Target string
}

// Planted returns the actions in concert. They are shared with s: do not change
// them.
func (s *Scenario) Planted() []Planted { return s.plants }

// Viral returns the keys (platform/id) of the accounts that took part in the
// viral moment and in no attack, sorted: neither do they act in concert nor did
// they join those who do. They are shared with s: do not change them.
func (s *Scenario) Viral() []string { return s.viral }

// Labels returns a label for every account that may post, and so for some that
// do not get to. It is as long as the cast: about 11,000 at scale 1.
func (s *Scenario) Labels() []Label {
	out := make([]Label, 0, s.set.Cast.Size+len(s.set.Regulars)+s.cfg.ViralReposts*2)
	add := func(n cast.Number, role Role) {
		out = append(out, Label{cast.Platforms[s.set.Cast.Platform(n)], s.set.Cast.Account(n).ID, role})
	}
	group := func(b cast.Block, size int, role Role) {
		for i := range size {
			add(cast.Member(b, i), role)
		}
	}
	for i := range s.set.Cast.Size {
		role := RoleOrganic
		if s.joiners[cast.Number(i)] {
			role = RoleJoiner
		}
		add(cast.Number(i), role)
	}
	group(cast.Protected, len(cast.ProtectedHandles), RoleProtected)
	group(cast.Press, s.set.Press.Outlets, RolePress)
	group(cast.Supporter, s.cfg.DeclaredAccounts, RoleSupporter)
	group(cast.Copier, s.cfg.CopyAccounts, RoleCopies)
	group(cast.Piler, s.cfg.PileAccounts, RolePileOn)
	guests := map[cast.Number]bool{}
	for _, e := range s.cues {
		switch b, _ := e.Who.Block(); b {
		case cast.Author, cast.Hub, cast.Crowd:
			add(e.Who, RoleOrganic)
		case cast.Passer, cast.Raider:
			if guests[e.Who] {
				continue
			}
			guests[e.Who] = true
			role, ok := s.raiders[e.Who]
			if !ok {
				role = RoleOrganic
			}
			add(e.Who, role)
		}
	}
	return out
}

// planted describes a group.
func (s *Scenario) planted(g *stage.Group, r *render.Renderer) Planted {
	out := Planted{Name: g.Name, Kind: g.Kind, Posts: len(g.Events)}
	from, to := g.Events[0].At, g.Events[0].At
	acted := map[cast.Number]bool{}
	for _, e := range g.Events {
		from, to = min(from, e.At), max(to, e.At)
		out.PostIDs = append(out.PostIDs, r.PostID(e))
		if !acted[e.Who] {
			acted[e.Who] = true
			out.Accounts = append(out.Accounts, s.key(e.Who))
		}
	}
	w := window(from, to)
	out.From, out.To = w.From, w.To
	for _, w := range g.Waves {
		out.Waves = append(out.Waves, window(w.From, w.To))
	}
	if g.HasTarget {
		out.Target = s.key(g.Target)
	}
	return out
}

// key is an account's key as post.Post.Key gives it.
func (s *Scenario) key(n cast.Number) string {
	return string(cast.Platforms[s.set.Cast.Platform(n)]) + "/" + s.set.Cast.Account(n).ID
}
