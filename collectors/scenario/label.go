package scenario

import (
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/pipeline/post"
)

// Role is an account's part in the story.
type Role string

// The roles. Only RoleCopies, RolePileOn and RoleSupporter act in concert, the
// last one openly.
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
	// RoleJoiner is organic and joined an attack of its own accord within the
	// hour after a wave. Finding it coordinated is no grave mistake.
	RoleJoiner Role = "joiner"
)

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
	// Kind is PlantCopies, PlantPileOn or PlantDeclared.
	Kind string
	// Accounts are the keys (platform/id) of all who took part.
	Accounts []string
	// From and To are the first and last post of it.
	From, To time.Time
	// Posts is how many posts it has.
	Posts int
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
	for _, e := range s.cues {
		switch b, _ := e.Who.Block(); b {
		case cast.Author, cast.Hub, cast.Crowd:
			add(e.Who, RoleOrganic)
		}
	}
	return out
}

// key is an account's key as post.Post.Key gives it.
func (s *Scenario) key(n cast.Number) string {
	return string(cast.Platforms[s.set.Cast.Platform(n)]) + "/" + s.set.Cast.Account(n).ID
}
