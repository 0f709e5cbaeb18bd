package spend_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors"
	"winnow/collectors/x/spend"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func guard(t *testing.T, b spend.Budget) *spend.Guard {
	t.Helper()
	g, err := spend.New(spend.Options{Budget: b})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// ids makes n ids that were not made before.
func ids(next *int, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprint(1_900_000_000_000_000_000 + *next)
		*next++
	}
	return out
}

func TestSamePostIsPaidOnceADay(t *testing.T) {
	g := guard(t, spend.Budget{USDPerPost: 0.005})
	if n := g.Read(noon, spend.Stream, "1", "2", "1"); n != 2 {
		t.Errorf("three posts of which two are the same: %d paid, want 2", n)
	}
	if n := g.Read(noon.Add(time.Hour), spend.LookUp, "1", "3"); n != 1 {
		t.Errorf("a look-up of one known and one new post: %d paid, want 1", n)
	}
	if n := g.Unread(noon, "1", "2", "3", "4"); n != 1 {
		t.Errorf("%d unread, want 1", n)
	}
	if n := g.Read(noon.Add(12*time.Hour), spend.LookUp, "1", "2"); n != 2 {
		t.Errorf("the same posts after midnight: %d paid, want 2", n)
	}
	g.Requested(noon.Add(12*time.Hour), 3)
	s := g.Spend(noon.Add(12 * time.Hour))
	if s.PostsToday != 5 || s.PostsMonth != 8 || s.USDPerPost != 0.005 {
		t.Errorf("spent %d today and %d this month at %v, want 5, 8 and 0.005", s.PostsToday, s.PostsMonth, s.USDPerPost)
	}
}

func TestMemoryOfPostsIsBounded(t *testing.T) {
	g := guard(t, spend.Budget{})
	next := 0
	first := ids(&next, 1)[0]
	g.Read(noon, spend.Stream, first)
	for range 41 {
		g.Read(noon, spend.Stream, ids(&next, 10_000)...)
	}
	// The oldest is forgotten, and so counts once more: never too little.
	if n := g.Read(noon, spend.Stream, first); n != 1 {
		t.Errorf("a post from 410,000 posts ago: %d paid, want 1", n)
	}
}

func TestNoLimitNeverHolds(t *testing.T) {
	g := guard(t, spend.Budget{})
	next := 0
	now := noon
	for range 100 {
		now = now.Add(10 * time.Second)
		g.Read(now, spend.Stream, ids(&next, 2500)...)
		if d := g.Decide(now); d != (spend.Decision{Share: 1}) {
			t.Fatalf("without a limit the decision is %+v", d)
		}
	}
	if !g.Afford(now, spend.Search, 1_000_000) {
		t.Error("without a limit a search is not affordable")
	}
	if _, unlimited := g.Left(now, spend.Stream); !unlimited {
		t.Error("without a limit something is said to be left")
	}
}

func TestSampleThenPauseThenMidnight(t *testing.T) {
	g := guard(t, spend.Budget{PostsPerDay: 10_000})
	next, now := 0, noon
	credit := 0.0
	var shares []float64
	var paused spend.Decision
	for range 6 * 60 * 14 { // 14 hours, 20 posts a second
		now = now.Add(10 * time.Second)
		d := g.Decide(now)
		if len(shares) == 0 || shares[len(shares)-1] != d.Share {
			shares = append(shares, d.Share)
		}
		if d.Share == 0 {
			paused = d
		}
		if (d.Share == 1) != (d.Note == "") {
			t.Fatalf("share %v with the note %q", d.Share, d.Note)
		}
		credit += 200 * d.Share
		g.Read(now, spend.Stream, ids(&next, int(credit))...)
		credit -= float64(int(credit))
		if now.Day() == 10 {
			if s := g.Spend(now); s.PostsToday > 9_000 {
				t.Fatalf("%d posts of 10,000 are spent at %v: the part for look-ups is gone too", s.PostsToday, now)
			}
		}
	}
	if shares[0] != 1 || len(shares) < 4 || shares[1] >= 1 {
		t.Errorf("the shares were %v, want them to go down from 1", shares)
	}
	if len(shares) > 40 {
		t.Errorf("%d changes in 14 hours of an even stream: %v", len(shares), shares)
	}
	if paused.Share != 0 || paused.Note != "" && paused.Until.IsZero() {
		t.Errorf("the pause was %+v", paused)
	}
	if s := g.Spend(now); s.PostsToday == 0 || s.PostsToday > 9_000 {
		t.Errorf("on the second day %d posts are spent two hours after midnight", s.PostsToday)
	}
}

func TestPausesUntilMidnightOrTheFirst(t *testing.T) {
	tests := []struct {
		name   string
		budget spend.Budget
		want   time.Time
	}{
		{"day", spend.Budget{PostsPerDay: 1000}, time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC)},
		{"month", spend.Budget{PostsPerMonth: 1000}, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)},
		{"both", spend.Budget{PostsPerDay: 500, PostsPerMonth: 1000}, time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := guard(t, tt.budget)
			next := 0
			g.Decide(noon)
			g.Read(noon, spend.Stream, ids(&next, 850)...)
			d := g.Decide(noon.Add(time.Second))
			if d.Share != 0 || !d.Until.Equal(tt.want) {
				t.Fatalf("850 of 1000 posts spent: %+v, want a pause until %v", d, tt.want)
			}
			if !strings.Contains(d.Note, "850") {
				t.Errorf("the note %q does not say how much is spent", d.Note)
			}
			if d := g.Decide(tt.want.Add(-time.Second)); d.Share != 0 {
				t.Errorf("a second before the end of the pause: %+v", d)
			}
			if d := g.Decide(tt.want); d.Share == 0 || !d.Until.IsZero() {
				t.Errorf("at the end of the pause: %+v, want reading", d)
			}
		})
	}
}

func TestObserveOnlyRaises(t *testing.T) {
	g := guard(t, spend.Budget{PostsPerDay: 1000})
	next := 0
	want := func(when string, n uint64) {
		t.Helper()
		if s := g.Spend(noon); s.PostsToday != n || s.PostsMonth != n {
			t.Errorf("%s: %d today and %d this month, want %d", when, s.PostsToday, s.PostsMonth, n)
		}
	}
	g.Read(noon, spend.Stream, ids(&next, 100)...)
	g.Observe(noon, 7000)
	want("the first figure, of a month that began on another day", 100)
	g.Read(noon, spend.Stream, ids(&next, 50)...)
	g.Requested(noon, 5)
	g.Observe(noon, 7020)
	want("a figure that lags behind", 155)
	g.Observe(noon, 7080)
	want("thirty more than were metered", 185)
	g.Observe(noon, 7080)
	want("the same figure again", 185)
	again := guard(t, spend.Budget{PostsPerDay: 1000})
	if err := again.Restore(g.State()); err != nil {
		t.Fatal(err)
	}
	g = again
	g.Observe(noon, 7090)
	want("ten more after a restart", 195)
	g.Observe(noon, 3)
	want("X's month began anew", 195)
	g.Observe(noon, 800)
	want("another program reads much", 992)
	if d := g.Decide(noon); d.Share != 0 {
		t.Errorf("X says that the budget is gone: %+v, want a pause", d)
	}
}

func TestReserveForLookUps(t *testing.T) {
	g := guard(t, spend.Budget{PostsPerDay: 1000})
	next := 0
	g.Read(noon, spend.Stream, ids(&next, 900)...)
	if d := g.Decide(noon); d.Share != 0 {
		t.Fatalf("900 of 1000 posts spent: %+v, want a pause", d)
	}
	if g.Afford(noon, spend.Search, 1) || g.Afford(noon, spend.Request, 1) {
		t.Error("a search or a count is affordable out of what is kept for look-ups")
	}
	if !g.Afford(noon, spend.LookUp, 100) {
		t.Error("the look-ups that a tenth was kept for are not affordable")
	}
	g.Read(noon, spend.LookUp, ids(&next, 60)...)
	if g.Afford(noon, spend.LookUp, 41) || !g.Afford(noon, spend.LookUp, 40) {
		t.Error("after 60 of 100 look-ups not exactly 40 more are affordable")
	}
	fresh := guard(t, spend.Budget{PostsPerDay: 1000})
	if n, _ := fresh.Left(noon, spend.Search); n != 400 {
		t.Errorf("a search may read %d, want 400: half of 1000 less a tenth for look-ups and a tenth of margin", n)
	}
}

func TestShareDoesNotSwing(t *testing.T) {
	g := guard(t, spend.Budget{PostsPerDay: 20_000})
	next, now, credit := 0, noon, 0.0
	var shares []float64
	read := func(d time.Duration, perSecond float64) {
		for end := now.Add(d); now.Before(end); {
			now = now.Add(10 * time.Second)
			s := g.Decide(now).Share
			if len(shares) == 0 || shares[len(shares)-1] != s {
				shares = append(shares, s)
			}
			credit += perSecond * 10 * s
			g.Read(now, spend.Stream, ids(&next, int(credit))...)
			credit -= float64(int(credit))
		}
	}
	for range 30 { // two hours of waves
		read(2*time.Minute, 5)
		read(2*time.Minute, 0)
	}
	low := shares[len(shares)-1]
	if low >= 1 {
		t.Fatalf("waves of 2.5 posts a second do not lower the share of 20,000 posts a day: %v", shares)
	}
	if len(shares) > 12 {
		t.Errorf("%d changes in 30 waves: %v", len(shares), shares)
	}
	read(2*time.Hour, 0.01)
	if s := g.Decide(now).Share; s <= low {
		t.Errorf("two hours after the last wave the share is %v, and was %v", s, low)
	}
}

func TestStateSurvives(t *testing.T) {
	b := spend.Budget{PostsPerDay: 5000, PostsPerMonth: 50_000, USDPerPost: 0.005}
	g := guard(t, b)
	next, now := 0, noon
	for range 100 {
		now = now.Add(10 * time.Second)
		g.Decide(now)
		g.Read(now, spend.Stream, ids(&next, 20)...)
	}
	g.Read(now, spend.LookUp, ids(&next, 30)...)
	g.Requested(now, 5)
	raw := g.State()
	if len(raw) > 4096 {
		t.Errorf("the state has %d bytes", len(raw))
	}
	again := guard(t, b)
	if err := again.Restore(raw); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(raw), string(again.State())); diff != "" {
		t.Errorf("state after a restart (-before +after):\n%s", diff)
	}
	ignore := cmp.FilterPath(func(p cmp.Path) bool { return strings.HasPrefix(p.Last().String(), ".Projected") }, cmp.Ignore())
	if diff := cmp.Diff(g.Spend(now), again.Spend(now), ignore); diff != "" {
		t.Errorf("spent after a restart (-before +after):\n%s", diff)
	}
	var none collectors.Spend
	if g.Spend(now) == none {
		t.Error("nothing was spent: the test compares nothing")
	}
}

func TestRaisedLimitEndsAPauseAtARestart(t *testing.T) {
	g := guard(t, spend.Budget{PostsPerDay: 1000})
	next := 0
	g.Read(noon, spend.Stream, ids(&next, 850)...)
	if d := g.Decide(noon); d.Share != 0 {
		t.Fatalf("want a pause, got %+v", d)
	}
	again := guard(t, spend.Budget{PostsPerDay: 100_000})
	if err := again.Restore(g.State()); err != nil {
		t.Fatal(err)
	}
	if d := again.Decide(noon.Add(time.Minute)); d.Share != 1 {
		t.Errorf("with a hundred times the limit: %+v, want all", d)
	}
	if s := again.Spend(noon); s.PostsToday != 850 {
		t.Errorf("%d spent after the restart, want 850", s.PostsToday)
	}
}

func TestProjection(t *testing.T) {
	g := guard(t, spend.Budget{})
	next, now := 0, noon
	for range 30 { // five minutes at one a second
		now = now.Add(10 * time.Second)
		g.Decide(now)
		g.Read(now, spend.Stream, ids(&next, 10)...)
	}
	// An hour at one a second, and then, to midnight, 300 posts in 24 hours,
	// which is all that is known.
	left := time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC).Sub(now)
	want := 300 + 3600 + 300*(left-time.Hour).Hours()/24
	if got := float64(g.Spend(now).ProjectedToday); got < want*0.95 || got > want*1.05 {
		t.Errorf("%v posts are foreseen today, want about %v", got, want)
	}
}

func TestWrongBudgetsAndStates(t *testing.T) {
	if _, err := spend.New(spend.Options{Budget: spend.Budget{USDPerPost: -1}}); err == nil {
		t.Error("a negative price is taken")
	}
	if _, err := spend.New(spend.Options{Every: -1}); err == nil {
		t.Error("a negative time between decisions is taken")
	}
	g := guard(t, spend.Budget{PostsPerDay: 10})
	g.Read(noon, spend.Stream, "1")
	before := g.State()
	for _, raw := range []string{"", "[]", `{"share":"x"}`, `{"hours":[{"posts":-1}]}`} {
		if err := g.Restore([]byte(raw)); err == nil {
			t.Errorf("the state %q is taken", raw)
		}
	}
	if diff := cmp.Diff(string(before), string(g.State())); diff != "" {
		t.Errorf("a wrong state changed the guard:\n%s", diff)
	}
}

// Whatever a stored state holds, restoring it does not crash, and the guard
// decides a share that X can do.
func FuzzRestore(f *testing.F) {
	g, _ := spend.New(spend.Options{})
	f.Add(g.State())
	f.Add([]byte(`{"day":{"start":"2026-03-10T00:00:00Z","posts":5},"share":0.3,"hours":[{"at":1,"posts":3}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		g := guard(t, spend.Budget{PostsPerDay: 1000, PostsPerMonth: 5000})
		_ = g.Restore(raw)
		d := g.Decide(noon)
		if d.Share < 0 || d.Share > 1 || d.Share > 0 && d.Percent() < 1 {
			t.Errorf("share %v", d.Share)
		}
		g.Read(noon, spend.Stream, "1")
		g.Spend(noon)
		g.State()
	})
}
