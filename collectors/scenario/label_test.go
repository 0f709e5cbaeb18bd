package scenario

import (
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/pipeline/post"
)

func roles(t *testing.T, s *Scenario) map[string]Role {
	t.Helper()
	out := map[string]Role{}
	for _, l := range s.Labels() {
		if _, ok := out[l.Key()]; ok {
			t.Fatalf("%s has two labels", l.Key())
		}
		out[l.Key()] = l.Role
	}
	return out
}

func find(t *testing.T, s *Scenario, kind string) Planted {
	t.Helper()
	for _, p := range s.Planted() {
		if p.Kind == kind {
			return p
		}
	}
	t.Fatalf("no planted %s", kind)
	return Planted{}
}

func TestLabelsCoverEveryAccount(t *testing.T) {
	for _, cfg := range []Config{{Seed: 1}, {Seed: 2, Scale: 0.02, Days: 1}, {Seed: 3, Scale: 0.1, CopyAged: 1, PileAged: 1, Joiners: 1}} {
		s := New(cfg)
		role := roles(t, s)
		posts := map[Role]int{}
		for p := range s.Posts() {
			r, ok := role[p.Key()]
			if !ok {
				t.Fatalf("%s has no label: %+v", p.Key(), p)
			}
			posts[r]++
		}
		for _, r := range []Role{RoleOrganic, RolePress, RoleProtected, RoleSupporter, RoleCopies, RolePileOn, RoleJoiner} {
			if posts[r] == 0 {
				t.Errorf("nobody with the role %s posts", r)
			}
		}
	}
}

func TestPlantedAndViral(t *testing.T) {
	s := New(Config{Seed: 1})
	role := roles(t, s)
	viral := map[string]bool{}
	for _, k := range s.Viral() {
		viral[k] = true
		if r := role[k]; r != RoleOrganic && r != RolePress {
			t.Errorf("%s of the viral moment has the role %q", k, r)
		}
	}
	posts := map[string][]time.Time{}
	for p := range s.Posts() {
		posts[p.Key()] = append(posts[p.Key()], p.PostedAt)
	}
	for k := range viral {
		if len(posts[k]) == 0 {
			t.Errorf("%s of the viral moment never posts", k)
		}
	}
	want := map[string]Role{PlantCopies: RoleCopies, PlantPileOn: RolePileOn, PlantDeclared: RoleSupporter}
	sizes := map[string]int{PlantCopies: 60, PlantPileOn: 90, PlantDeclared: 150}
	for _, p := range s.Planted() {
		if len(p.Accounts) != sizes[p.Kind] {
			t.Errorf("%s has %d accounts", p.Name, len(p.Accounts))
		}
		for _, k := range p.Accounts {
			if viral[k] {
				t.Errorf("%s is in %s and in the viral moment", k, p.Name)
			}
			if role[k] != want[p.Kind] {
				t.Errorf("%s of %s has the role %q", k, p.Name, role[k])
			}
			if !slices.ContainsFunc(posts[k], func(at time.Time) bool { return !at.Before(p.From) && !at.After(p.To) }) {
				t.Errorf("%s does not post while %s goes on", k, p.Name)
			}
		}
		delete(want, p.Kind)
	}
	if len(want) > 0 {
		t.Errorf("not planted: %v", want)
	}
}

func TestWaves(t *testing.T) {
	s := New(Config{Seed: 7})
	role := roles(t, s)
	copies, pile := find(t, s, PlantCopies), find(t, s, PlantPileOn)
	if len(copies.Waves) != 7 || len(pile.Waves) != 2 {
		t.Fatalf("%d and %d waves", len(copies.Waves), len(pile.Waves))
	}
	inside := func(p Planted, at time.Time) int {
		return slices.IndexFunc(p.Waves, func(w Window) bool { return !at.Before(w.From) && at.Before(w.To) })
	}
	perWave := make([]int, 7)
	texts := map[string]bool{}
	var copied, reposts, hostile, history int
	for p := range s.Posts() {
		switch role[p.Key()] {
		case RoleCopies:
			w := inside(copies, p.PostedAt)
			if w < 0 {
				t.Fatalf("copied at %v, outside of all waves", p.PostedAt)
			}
			perWave[w]++
			copied++
			if p.Kind == post.Repost {
				reposts++
				if r := role[string(p.Platform)+"/"+p.RepostOf.AccountID]; r != RoleCopies {
					t.Fatalf("reposts somebody of role %s", r)
				}
			}
			texts[p.Text[:30]] = true
			if age := copies.From.Sub(p.Account.CreatedAt); !p.Account.CreatedAt.IsZero() && age > 30*24*time.Hour {
				t.Fatalf("a fresh account is %v old", age)
			}
		case RolePileOn:
			named := p.ReplyTo.Handle == cast.ProtectedHandles[0].Handle
			for _, m := range p.Mentions {
				named = named || string(p.Platform)+"/"+m.AccountID == pile.Target
			}
			if inside(pile, p.PostedAt) >= 0 && named {
				hostile++
			} else {
				history++
			}
		}
	}
	if copied != copies.Posts {
		t.Errorf("%d posts of copied praise, %d announced", copied, copies.Posts)
	}
	for w, n := range perWave {
		between(t, "posts in a wave", float64(n), 40, 60)
		if d := copies.Waves[w].To.Sub(copies.Waves[w].From); d != 50*time.Second {
			t.Errorf("wave %d takes %v", w, d)
		}
	}
	between(t, "texts of praise", float64(len(texts)), 4, 5)
	between(t, "reposts among the copies", float64(reposts)/float64(copied), 0.05, 0.4)
	if hostile < pile.Posts {
		t.Errorf("%d hostile posts, %d announced", hostile, pile.Posts)
	}
	between(t, "posts of the pile-on's old accounts at other times", float64(history), 100, 800)
	// Half of them are fresh.
	old := 0
	for i := range 90 {
		if !s.set.Cast.Fresh(cast.Member(cast.Piler, i)) {
			old++
		}
	}
	if old != 45 {
		t.Errorf("%d old accounts in the pile-on", old)
	}
}

func TestDeclared(t *testing.T) {
	s := New(Config{Seed: 9})
	role := roles(t, s)
	campaigns := s.Campaigns()
	if len(campaigns) < 2 || campaigns[0].Name != "Baku2015" || len(campaigns[0].Protected) != 3 {
		t.Fatalf("campaigns are %+v", campaigns)
	}
	d := campaigns[0].Declared[0]
	if d.To.Sub(d.From) != 2*time.Hour || len(d.Texts) != 6 {
		t.Fatalf("declared is %+v", d)
	}
	planted := find(t, s, PlantDeclared)
	var matching, verbatim int
	for p := range s.Posts() {
		if role[p.Key()] != RoleSupporter || p.PostedAt.Before(d.From) || !p.PostedAt.Before(d.To) {
			continue
		}
		for _, text := range d.Texts {
			if strings.Contains(p.Text, text) && p.Kind == post.Original {
				matching++
				if strings.HasPrefix(p.Text, text+" #") {
					verbatim++
				}
				if !slices.ContainsFunc(p.Tags, func(tag post.Tag) bool { return tag.Posted == d.Tags[0] }) {
					t.Errorf("without the tag: %q", p.Text)
				}
			}
		}
	}
	if matching != planted.Posts {
		t.Errorf("%d posts match the declared texts, %d planted", matching, planted.Posts)
	}
	between(t, "word for word", float64(verbatim)/float64(matching), 0.4, 0.65)
}

func TestViralMoment(t *testing.T) {
	s := New(Config{Seed: 1})
	var root *post.Post
	author := s.key(cast.Member(cast.Author, 0))
	kinds := map[post.Kind]int{}
	mentions := 0
	minutes := map[int]int{}
	twice := map[string]bool{}
	headlines := 0
	for _, p := range byPosting(collect(s)) {
		if p.Key() == author {
			root = p
		}
		if len(p.Links) > 0 && strings.HasSuffix(p.Links[0], "/the-chair-on-the-boulevard") && p.Kind != post.Repost {
			headlines++
		}
		if root == nil {
			continue
		}
		for _, m := range p.Mentions {
			if p.Kind == post.Original && "x/"+m.AccountID == author {
				mentions++
			}
		}
		if p.RepostOf.PostID == root.ID || p.QuoteOf.PostID == root.ID || p.ReplyTo.PostID == root.ID {
			kinds[p.Kind]++
		}
		if p.RepostOf.PostID == root.ID {
			minutes[int(p.PostedAt.Sub(root.PostedAt).Minutes())]++
			if twice[p.Key()] {
				t.Errorf("%s reposts it twice", p.Key())
			}
			twice[p.Key()] = true
		}
	}
	between(t, "reposts", float64(kinds[post.Repost]), 1500, 1900)
	between(t, "quotes", float64(kinds[post.Quote]), 150, 300)
	between(t, "replies", float64(kinds[post.Reply]), 200, 400)
	between(t, "mentions of the author", float64(mentions), 150, 350)
	between(t, "headlines", float64(headlines), 100, 250)
	peak, hour, later := 0, 0, 0
	for m, n := range minutes {
		peak = max(peak, n)
		if m < 60 {
			hour += n
		}
		if m >= 360 {
			later += n
		}
	}
	between(t, "reposts in the busiest minute", float64(peak), 24, 120)
	between(t, "share of the first hour", float64(hour)/float64(kinds[post.Repost]), 0.3, 0.7)
	between(t, "share after six hours", float64(later)/float64(kinds[post.Repost]), 0.02, 0.2)
}

func TestProtectedAreSupported(t *testing.T) {
	s := New(Config{Seed: 2})
	role := roles(t, s)
	days := map[string]map[int]int{}
	for p := range s.Posts() {
		if p.Kind == post.Reply && role[string(p.Platform)+"/"+p.ReplyTo.AccountID] == RoleProtected && role[p.Key()] == RoleOrganic {
			k := p.ReplyTo.Handle
			if days[k] == nil {
				days[k] = map[int]int{}
			}
			days[k][p.PostedAt.Day()]++
		}
	}
	for _, p := range cast.ProtectedHandles {
		for day := 10; day < 14; day++ {
			if days[p.Handle][day] == 0 {
				t.Errorf("nobody answers %s on day %d", p.Handle, day)
			}
		}
	}
}

func TestKnobs(t *testing.T) {
	base := Config{Seed: 4, Scale: 0.1}
	with := func(change func(*Config)) *Scenario {
		cfg := base
		change(&cfg)
		return New(cfg)
	}
	t.Run("nothing planted", func(t *testing.T) {
		s := with(func(c *Config) {
			c.ViralReposts, c.DeclaredAccounts, c.CopyAccounts, c.PileAccounts = -1, -1, -1, -1
		})
		if len(s.Planted()) != 0 || len(s.Viral()) != 0 || s.Campaigns()[0].Declared != nil {
			t.Errorf("planted %v, viral %v", s.Planted(), s.Viral())
		}
		role := roles(t, s)
		for p := range s.Posts() {
			if r := role[p.Key()]; r != RoleOrganic && r != RolePress && r != RoleProtected {
				t.Fatalf("somebody has the role %s", r)
			}
		}
	})
	t.Run("sizes", func(t *testing.T) {
		s := with(func(c *Config) {
			c.CopyAccounts, c.CopyWaves, c.CopySpread = 20, 3, 5*time.Second
			c.PileAccounts, c.PileWaves, c.PileSpread = 30, 1, time.Hour
			c.DeclaredAccounts, c.ViralReposts = 10, 400
		})
		c, p := find(t, s, PlantCopies), find(t, s, PlantPileOn)
		if len(c.Accounts) != 20 || len(c.Waves) != 3 || len(p.Accounts) != 30 || len(p.Waves) != 1 || len(find(t, s, PlantDeclared).Accounts) != 10 {
			t.Errorf("planted are %+v", s.Planted())
		}
		if d := c.Waves[0].To.Sub(c.Waves[0].From); d != 5*time.Second {
			t.Errorf("a wave takes %v", d)
		}
		between(t, "the span of the pile-on in minutes", p.To.Sub(p.From).Minutes(), 30, 60)
		between(t, "viral accounts", float64(len(s.Viral())), 400, 700)
	})
	t.Run("drip", func(t *testing.T) {
		s := with(func(c *Config) { c.CopyDrip = 1 })
		role := roles(t, s)
		p := find(t, s, PlantCopies)
		var in, all float64
		for q := range s.Posts() {
			if role[q.Key()] == RoleCopies {
				all++
				for _, w := range p.Waves {
					if !q.PostedAt.Before(w.From) && q.PostedAt.Before(w.To) {
						in++
					}
				}
			}
		}
		between(t, "share within the waves", in/all, 0, 0.1)
	})
	t.Run("old accounts", func(t *testing.T) {
		s := with(func(c *Config) { c.CopyAged, c.PileAged = 1, -1 })
		if s.set.Cast.Fresh(cast.Member(cast.Copier, 59)) || !s.set.Cast.Fresh(cast.Member(cast.Piler, 0)) {
			t.Error("ages are not as asked")
		}
	})
	t.Run("joiners", func(t *testing.T) {
		for share, want := range map[float64]int{-1: 0, 0.1: 6 + 9, 0.5: 30 + 45} {
			s := with(func(c *Config) { c.Joiners = share })
			n := 0
			for _, l := range s.Labels() {
				if l.Role == RoleJoiner {
					n++
				}
			}
			if n != want {
				t.Errorf("%d joiners at %v, want %d", n, share, want)
			}
		}
	})
	t.Run("an act does not change the others", func(t *testing.T) {
		a, b := with(func(*Config) {}), with(func(c *Config) { c.CopyAccounts = 10 })
		if pa, pb := find(t, a, PlantPileOn), find(t, b, PlantPileOn); !pa.From.Equal(pb.From) || pa.Posts != pb.Posts {
			t.Errorf("the pile-on is %v and %v", pa.From, pb.From)
		}
	})
}
