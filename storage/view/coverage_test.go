package view_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/view"
)

func at(h float64) time.Time { return day.Add(time.Duration(h * float64(time.Hour))) }

// gap is a closed gap, or an open one if to is negative; hours after day.
func gap(source, campaign string, from, to float64, cause post.Cause, fill post.Fill) post.Gap {
	g := post.Gap{Source: source, Platform: post.Mastodon, Campaign: campaign, From: at(from), Cause: cause, Fill: fill}
	if to >= 0 {
		g.To = at(to)
	}
	return g
}

func watch(source, campaign string, since float64) post.Watch {
	return post.Watch{Source: source, Platform: post.Mastodon, Campaign: campaign, Since: at(since)}
}

func reader(t *testing.T, m storage.Message) *view.Reader {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{Writer: made(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Write(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return s.View()
}

// world has two sources, a and b, and two campaigns, c and d; b watches c only.
func world() storage.Message {
	sampled := gap("a", "d", 6, 8, post.Budget, post.Pending)
	sampled.Share = 0.25
	return storage.Message{
		Watches: []post.Watch{watch("a", "c", 0), watch("a", "d", 4), watch("b", "c", 2)},
		Gaps: []post.Gap{
			gap("a", "", 1, 3, post.Network, post.Lost),
			gap("a", "c", 2, 4, post.RateLimited, post.Partly),
			gap("a", "", 5, 5.5, post.Stopped, post.Pending), // said again, filled, below
			gap("a", "d", -100, 4, post.Before, post.Pending),
			sampled,
			gap("b", "", 9, -1, post.Unauthorised, post.Pending),
			gap("a", "", 5, 5.5, post.Stopped, post.Filled),
		},
	}
}

func TestCoverage(t *testing.T) {
	r := reader(t, world())
	const h = time.Hour
	row := func(campaign, source string, from, to float64, missing, partly time.Duration, gaps uint64, open bool) view.Coverage {
		return view.Coverage{
			Campaign: campaign, Source: source, Platform: "mastodon", From: at(from), To: at(to),
			Missing: missing, Partly: partly, Gaps: gaps, Open: open,
		}
	}
	for name, tt := range map[string]struct {
		campaign string
		from, to float64
		want     []view.Coverage
	}{
		"all of it": {"", 0, 10, []view.Coverage{
			row("c", "a", 0, 10, 2*h, h, 2, false),
			row("c", "b", 2, 10, h, 0, 1, true),
			row("d", "a", 4, 10, 3*h/2, 0, 1, false),
		}},
		"one campaign": {"d", 0, 10, []view.Coverage{row("d", "a", 4, 10, 3*h/2, 0, 1, false)}},
		"a part":       {"c", 3.5, 9.5, []view.Coverage{row("c", "a", 3.5, 9.5, 0, h/2, 1, false), row("c", "b", 3.5, 9.5, h/2, 0, 1, true)}},
		"before most":  {"", 0, 2, []view.Coverage{row("c", "a", 0, 2, h, 0, 1, false)}},
		"unknown":      {"e", 0, 10, nil},
		"upside down":  {"", 5, 4, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := r.Coverage(t.Context(), tt.campaign, at(tt.from), at(tt.to))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) == 0 {
				got = nil
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	// From the beginning of all: since the campaign is watched.
	got, err := r.Coverage(t.Context(), "c", time.Time{}, at(10))
	if err != nil || len(got) != 2 || !got[0].From.Equal(at(0)) {
		t.Errorf("from the beginning: %+v, %v", got, err)
	}
}

func TestGaps(t *testing.T) {
	r := reader(t, world())
	for name, tt := range map[string]struct {
		campaign string
		from, to float64
		want     []string
	}{
		"all, newest first": {"", -1000, 10, []string{"b//9 pending", "a/d/6 pending", "a//5 filled", "a/c/2 partly", "a//1 lost", "a/d/-100 pending"}},
		"one campaign":      {"c", -1000, 10, []string{"b//9 pending", "a//5 filled", "a/c/2 partly", "a//1 lost"}},
		"of one source":     {"d", -1000, 10, []string{"a/d/6 pending", "a//5 filled", "a//1 lost", "a/d/-100 pending"}},
		"touching":          {"c", 3.5, 5, []string{"a/c/2 partly"}},
		"open ones go on":   {"", 500, 600, []string{"b//9 pending"}},
		"none":              {"", 4.5, 4.6, nil},
		"unknown":           {"e", 0, 10, nil},
	} {
		t.Run(name, func(t *testing.T) {
			gs, err := r.Gaps(t.Context(), tt.campaign, at(tt.from), at(tt.to))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, g := range gs {
				got = append(got, fmt.Sprintf("%s/%s/%v %s", g.Source, g.Campaign, g.From.Sub(day).Hours(), g.Fill))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	gs, err := r.Gaps(t.Context(), "d", at(6), at(7))
	to := at(8)
	want := []view.Gap{{Source: "a", Platform: "mastodon", Campaign: "d", From: at(6), To: &to, Cause: "budget", Share: 0.25, Fill: "pending"}}
	if diff := cmp.Diff(want, gs); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if gs, err = r.Gaps(t.Context(), "c", at(9), at(10)); err != nil || len(gs) != 1 || gs[0].To != nil {
		t.Errorf("an open gap: %+v, %v", gs, err)
	}
}

func TestGapsAreNotMoreThanAPage(t *testing.T) {
	var m storage.Message
	for i := range 1001 {
		m.Gaps = append(m.Gaps, gap("a", "", float64(i), float64(i)+0.5, post.Network, post.Lost))
	}
	gs, err := reader(t, m).Gaps(t.Context(), "", time.Time{}, at(5000))
	if err != nil || len(gs) != 1000 || !gs[999].From.Equal(at(1)) {
		t.Errorf("%d gaps, %v", len(gs), err)
	}
}

func TestSources(t *testing.T) {
	got, err := reader(t, world()).Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []view.Source{
		{Name: "a", Platform: "mastodon", Campaigns: []string{"c", "d"}, Since: at(0)},
		{Name: "b", Platform: "mastodon", Campaigns: []string{"c"}, Since: at(2)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Whatever stretch is asked for, the store leaves out no gap that matters and
// brings none that does not: coverage in minutes is that of an oracle.
func TestCoverageOfAnyStretch(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	minute := func(n int) time.Time { return day.Add(time.Duration(n) * time.Minute) }
	m := storage.Message{Watches: []post.Watch{watch("a", "c", 1), watch("a", "d", 2), watch("b", "d", 0)}}
	for i := range 60 {
		from := rnd.IntN(600)
		g := post.Gap{
			Source: []string{"a", "b"}[i%2], Platform: post.X, Campaign: []string{"", "c", "d"}[rnd.IntN(3)],
			From:  minute(from).Add(time.Duration(i) * time.Millisecond), // each its own gap
			To:    minute(from + 1 + rnd.IntN(40)),
			Cause: []post.Cause{post.Network, post.Before, post.Budget}[rnd.IntN(3)],
			Fill:  []post.Fill{post.Pending, post.Filled, post.Partly, post.Lost}[rnd.IntN(4)],
			Share: []float64{0, 0, 0.5}[rnd.IntN(3)],
		}
		if i == 59 {
			g.To = time.Time{}
		}
		m.Gaps = append(m.Gaps, g)
	}
	r := reader(t, m)
	for range 12 {
		from := rnd.IntN(600)
		to := from + 1 + rnd.IntN(300)
		campaign := []string{"", "c", "d"}[rnd.IntN(3)]
		got, err := r.Coverage(t.Context(), campaign, minute(from), minute(to))
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for _, w := range m.Watches {
			start := max(from, int(w.Since.Sub(day).Minutes()))
			if campaign != "" && w.Campaign != campaign || start >= to {
				continue
			}
			rows++
			var missing, partly float64
			for n := start; n < to; n++ {
				var gone, part float64
				for _, g := range m.Gaps {
					if g.Source != w.Source || g.Campaign != "" && g.Campaign != w.Campaign || g.Cause == post.Before || g.Fill == post.Filled {
						continue
					}
					if g.From.Before(minute(n+1)) && (g.Open() || !g.To.Before(minute(n+1))) {
						if g.Fill == post.Partly {
							part = max(part, 1-g.Share)
						} else {
							gone = max(gone, 1-g.Share)
						}
					}
				}
				missing += gone
				partly += max(0, part-gone)
			}
			i := slices.IndexFunc(got, func(c view.Coverage) bool { return c.Source == w.Source && c.Campaign == w.Campaign })
			if i < 0 {
				t.Errorf("%d to %d: no row for %s of %s", from, to, w.Campaign, w.Source)
				continue
			}
			// Gaps begin some milliseconds into their minute.
			c := got[i]
			near := func(d time.Duration, want float64) bool {
				return (d - time.Duration(want*float64(time.Minute))).Abs() < 4*time.Second
			}
			if !near(c.Missing, missing) || !near(c.Partly, partly) {
				t.Errorf("%d to %d, %s of %s: missing %v, partly %v; want %v and %v minutes", from, to, w.Campaign, w.Source, c.Missing, c.Partly, missing, partly)
			}
		}
		if rows != len(got) {
			t.Errorf("%d to %d: %d rows, want %d", from, to, len(got), rows)
		}
	}
}
