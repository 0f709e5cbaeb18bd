package coordination

import (
	"fmt"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// shared returns the post of one account sharing one object.
func shared(id, account, object int, at time.Time) *post.Post {
	return &post.Post{
		Platform: post.Archive, Kind: post.Original, ID: fmt.Sprint(id), PostedAt: at,
		Account: post.Account{ID: fmt.Sprint(account)}, Shared: fmt.Sprint(object),
	}
}

// TestHotObject has many accounts act on one object within half an hour. Each
// action may be compared with maxPartners others and no more, and nothing grows
// beyond its limit.
func TestHotObject(t *testing.T) { holdHotObject(t, 50_000) }

// TestLongHotObject is TestHotObject with a million accounts.
func TestLongHotObject(t *testing.T) {
	skipUnlessLong(t)
	holdHotObject(t, 1_000_000)
}

func holdHotObject(t *testing.T, n int) {
	t.Helper()
	d := New(Config{Campaign: "c", Limits: Limits{Pending: 1000, Journal: 20_000, Pairs: 1 << 15, Bursts: 100, Members: 5000}})
	for i := range n {
		d.Add(shared(i, i, 0, start.Add(time.Duration(i)*10*time.Millisecond)))
	}
	s := d.Stats()
	checkLimits(t, d)
	if met := uint64(s.Pairs) + s.PairsForgotten + s.PairsRefused; met > maxPartners*uint64(n) {
		t.Errorf("%d comparisons for %d actions", met, n)
	}
	if s.JournalOverwritten == 0 || s.PairsForgotten == 0 || s.MembersRefused == 0 || s.PendingForced == 0 {
		t.Errorf("a limit was not hit: %+v", s)
	}
	if n == 1_000_000 && (s.AccountsReused == 0 || s.KnownPostsForgotten == 0) {
		t.Errorf("a limit was not hit: %+v", s)
	}
	if fs := d.Findings(); len(fs) > 0 {
		t.Errorf("an object that everybody shares is a finding: %s", fs[0].Sentence)
	}
}

// TestTinyLimits runs a world with everything through limits that are far too
// small. It may find less; it must not break or grow.
func TestTinyLimits(t *testing.T) {
	w := attackedWorld(1)
	w.viral(500, start.Add(10*time.Hour))
	d := New(Config{Campaign: "c", Protected: []string{"victim0"}, Limits: Limits{
		Pending: 20, Posts: 100, Journal: 64, Pairs: 64, Edges: 4, Bursts: 2, Members: 20, Evidence: 8, Labels: 3, Texts: 10,
	}})
	for i, p := range w.sorted() {
		d.Add(p)
		if i%500 == 0 {
			d.Findings()
			checkLimits(t, d)
		}
	}
	d.Findings()
	checkLimits(t, d)
	if s := d.Stats(); s.LabelsDropped == 0 || s.ObjectsReused == 0 || s.BurstsRefused+s.MembersRefused == 0 {
		t.Errorf("a limit was not hit: %+v", s)
	}
}

// checkLimits compares sizes with limits, and the counts that are kept on the
// way with what they count.
func checkLimits(t *testing.T, d *Detector) {
	t.Helper()
	s, l := d.Stats(), d.core.cfg.Limits
	for _, x := range []struct {
		name        string
		size, limit int
	}{
		{"pending", s.Pending, l.Pending},
		{"known posts", s.KnownPosts, l.Posts},
		{"journal", s.Journal, l.Journal},
		{"accounts", s.Accounts, l.Accounts},
		{"objects", s.Objects, l.Objects},
		{"pairs", s.Pairs, max(l.Pairs, ways)},
		{"edges", s.Edges, l.Edges},
		{"bursts", s.Bursts, l.Bursts},
		{"members", s.Members, l.Members},
		{"evidence", s.Evidence, l.Evidence},
		{"labels", s.Labels, l.Labels},
		{"account names", d.core.accounts.ids.own.n, l.Accounts},
		{"object names", d.core.objects.ids.own.n, l.Objects},
		{"open bursts", d.core.bursts.open.len(), l.Bursts},
		{"labels kept", d.core.labels.text.len(), l.Labels},
		{"texts", d.core.copies.Stats().Clusters, l.Texts},
		{"own posts in the window", len(d.core.own.window) - d.core.own.lo, maxOwn},
		{"sayings", len(d.core.own.sayings.last), maxSayings},
	} {
		if x.size > x.limit {
			t.Errorf("%s: %d, limit %d", x.name, x.size, x.limit)
		}
	}
	members, live := 0, 0
	for i := range d.core.bursts.rows.n {
		if b := d.core.bursts.rows.get(i); b.alive {
			live++
			members += len(b.members)
		}
	}
	if members != s.Members || live != s.Bursts {
		t.Errorf("%d bursts with %d members are counted as %d with %d", live, members, s.Bursts, s.Members)
	}
}

// TestReusedRows has so many accounts that rows change hands, and looks whether
// evidence goes to the right ones.
func TestReusedRows(t *testing.T) {
	w := newWorld(1)
	d := New(Config{Campaign: "c", Limits: Limits{Journal: 512, Edges: 16, Members: 64, Bursts: 8, Evidence: 64}})
	var posts []*post.Post
	for i := range 30_000 {
		posts = append(posts, &post.Post{
			Platform: post.X, Kind: post.Original, ID: fmt.Sprint(i), Account: account("once", i),
			PostedAt: start.Add(time.Duration(i) * 2 * time.Second), Text: w.words(12),
		})
	}
	for i := range 6 {
		posts = append(posts, &post.Post{
			Platform: post.X, Kind: post.Original, ID: fmt.Sprint("copy", i), Account: account("copier", i),
			PostedAt: start.Add(4*time.Hour + time.Duration(i)*time.Second), Text: "a text that six accounts post within six seconds of one another",
		})
	}
	for _, p := range deliver(w.rng, posts, time.Nanosecond) {
		d.Add(p)
	}
	fs := d.Findings()
	if len(fs) != 1 {
		show(t, fs)
		t.Fatalf("%d findings, want 1", len(fs))
	}
	if in, out := members(fs[0], "copier"); in != 6 || out != 0 {
		t.Errorf("%d copiers and %d others: %+v", in, out, fs[0].Accounts)
	}
	if s := d.Stats(); s.AccountsReused == 0 {
		t.Errorf("no row changed hands: %+v", s)
	}
	checkLimits(t, d)
}

// BenchmarkAdd adds co-shares by many accounts on objects of all temperatures.
func BenchmarkAdd(b *testing.B) {
	for _, bm := range []struct {
		name    string
		objects int
	}{{"one object", 1}, {"hundred objects", 100}, {"million objects", 1_000_000}} {
		b.Run(bm.name, func(b *testing.B) {
			const n = 1 << 18
			w := newWorld(1)
			posts := make([]*post.Post, n)
			for i := range posts {
				posts[i] = shared(i, w.rng.IntN(100_000), w.rng.IntN(bm.objects), start.Add(time.Duration(i)*20*time.Millisecond))
			}
			b.ReportAllocs()
			begin := cpuTime()
			rounds := 0
			for b.Loop() {
				d := New(Config{Campaign: "c"})
				for _, p := range posts {
					d.Add(p)
				}
				rounds++
			}
			b.ReportMetric(float64(rounds)*n/(cpuTime()-begin).Seconds(), "posts/cpu-s")
		})
	}
}
