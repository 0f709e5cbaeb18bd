package scenario

import (
	"slices"
	"testing"
	"time"

	"winnow/collectors/scenario/crowd"
	"winnow/collectors/scenario/raid"
	"winnow/pipeline/post"
)

// quiet is a story without the acts of #Baku2015.
func quiet(seed uint64) Config {
	return Config{Seed: seed, Scale: 0.1, Days: 2, ViralReposts: -1, DeclaredAccounts: -1, CopyAccounts: -1, PileAccounts: -1}
}

// Raids leave the acts of the story as they are, and may be switched on one by
// one.
func TestRaidsLeaveTheStoryAlone(t *testing.T) {
	plain := New(Config{Seed: 4, Scale: 0.1})
	cfg := Config{Seed: 4, Scale: 0.1, Raids: []raid.Raid{{Kind: raid.Ring, Instances: 2}, {Kind: "no such kind"}}}
	with := New(cfg)
	if got := with.Planted()[:len(plain.Planted())]; !slices.EqualFunc(got, plain.Planted(), func(a, b Planted) bool {
		return a.Name == b.Name && slices.Equal(a.PostIDs, b.PostIDs)
	}) {
		t.Error("the acts of the story are others")
	}
	if got := len(with.Planted()) - len(plain.Planted()); got != 2 {
		t.Errorf("%d more attacks, want 2", got)
	}
}

func TestRecurringAndAgedRaiders(t *testing.T) {
	for _, tc := range []struct {
		recurring, aged float64
	}{{0, 0}, {0.8, 0}, {0, 1}, {0.8, 1}} {
		cfg := quiet(6)
		cfg.Raids = []raid.Raid{{Kind: raid.Ring, Instances: 12, Recurring: tc.recurring, Aged: tc.aged}}
		s := New(cfg)
		times, members := map[string]int{}, 0
		for _, p := range s.Planted() {
			for _, key := range p.Accounts {
				times[key]++
				members++
			}
		}
		again := members - len(times)
		if (again > 0) != (tc.recurring > 0) {
			t.Errorf("%+v: %d accounts of %d recur", tc, again, members)
		}
		talk := map[string]bool{}
		planted := map[string]bool{}
		for _, p := range s.Planted() {
			for _, id := range p.PostIDs {
				planted[id] = true
			}
		}
		fresh := 0
		for p := range s.Posts() {
			if times[p.Key()] == 0 {
				continue
			}
			if !planted[p.ID] {
				talk[p.Key()] = true
			}
			if p.Account.CreatedAt.After(cfg.withDefaults().Start.AddDate(0, 0, -30)) {
				fresh++
			}
		}
		if tc.aged == 0 && (len(talk) > 0 || fresh == 0) || tc.aged == 1 && (2*len(talk) < len(times) || fresh > 0) {
			t.Errorf("%+v: %d of %d attackers talk, %d posts by fresh ones", tc, len(talk), len(times), fresh)
		}
	}
}

// Deletions come with the batches, each once, wherever a reader goes on.
func TestDeletionsOfFloods(t *testing.T) {
	cfg := quiet(8)
	cfg.Raids = []raid.Raid{{Kind: raid.Flood, Instances: 2, Deleted: 1}}
	s := New(cfg)
	posted := map[string]time.Time{}
	gone := map[string]time.Time{}
	at := s
	for {
		var next []byte
		for b := range at.Batches(100) {
			for i := range b.Posts {
				posted[b.Posts[i].LocalID()] = b.Posts[i].PostedAt
			}
			for _, d := range b.Deletions {
				if _, ok := gone[d.NativeID]; ok {
					t.Fatalf("%s is deleted twice", d.NativeID)
				}
				gone[d.NativeID] = d.At
			}
			next = b.Cursor
			break // the next batch is read by its cursor
		}
		if next == nil {
			break
		}
		var err error
		if at, err = s.From(next); err != nil {
			t.Fatal(err)
		}
	}
	want := 0
	for _, p := range s.Planted() {
		want += p.Posts
	}
	if len(gone) != want {
		t.Errorf("%d deletions, want %d", len(gone), want)
	}
	for id, at := range gone {
		if d := at.Sub(posted[id]); d < 30*time.Second || d > 2*time.Minute {
			t.Errorf("%s is deleted after %v", id, d)
		}
	}
}

// A cascade starts fast and trails off over hours.
func TestCascadesTrailOff(t *testing.T) {
	cfg := quiet(9)
	cfg.Moments = []crowd.Moment{{Kind: crowd.Cascade, Count: 40}}
	s := New(cfg)
	at := map[string]time.Time{}
	reposts := map[string][]time.Duration{}
	for _, p := range byPosting(collect(s)) {
		at[p.ID] = p.PostedAt
		if p.Kind == post.Repost {
			id := p.RepostOf.PostID
			reposts[id] = append(reposts[id], p.PostedAt.Sub(at[id]))
		}
	}
	first, hour, later, cascades := 0, 0, 0, 0
	for _, delays := range reposts {
		if len(delays) < 40 {
			continue
		}
		cascades++
		for _, d := range delays {
			switch {
			case d < time.Minute:
				first++
			case d < time.Hour:
				hour++
			default:
				later++
			}
		}
	}
	between(t, "cascades", float64(cascades), 36, 44)
	between(t, "reposts in the first minute", float64(first)/float64(cascades), 10, 30)
	if hour < 3*first || later < first/2 {
		t.Errorf("%d reposts in the first minute, %d in the hour, %d later", first, hour, later)
	}
	for _, l := range s.Labels() {
		if l.Role.Attacks() {
			t.Fatalf("%s is %s", l.Key(), l.Role)
		}
	}
}

// Where most people live in one country, nights are quieter.
func TestHome(t *testing.T) {
	share := func(home string) (language, night float64) {
		cfg := quiet(10)
		cfg.Scale, cfg.Home = 0.3, home
		n := 0.0
		for p := range New(cfg).Posts() {
			n++
			if p.Lang == "tr" {
				language++
			}
			if h := p.PostedAt.Add(3 * time.Hour).Hour(); h >= 1 && h < 5 {
				night++
			}
		}
		return language / n, night / n
	}
	langThere, nightThere := share("tr")
	lang, night := share("")
	if langThere < 0.5 || lang > 0.3 {
		t.Errorf("%.2f of the posts are Turkish at home, %.2f at the games", langThere, lang)
	}
	if nightThere > 0.7*night {
		t.Errorf("%.3f of the posts come at night at home, %.3f at the games", nightThere, night)
	}
}
