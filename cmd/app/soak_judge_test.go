package app_test

import (
	"strings"
	"testing"
	"time"
)

// The soak test's judgement, on accounts made by hand: one that is sound, and
// ones in which a single thing is wrong.
func TestSoakAccount(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	at := func(second float64) time.Time { return start.Add(time.Duration(second * float64(time.Second))) }
	post := func(id string, second float64) soaked { return soaked{id: id, begin: at(second), end: at(second)} }
	row := func(from, to float64, fill string) gapRow {
		return gapRow{span: span{at(from), at(to)}, cause: "network", fill: fill}
	}
	type account struct {
		posts  []soaked
		faults []fault
		stored map[string]int
		gaps   []gapRow
	}
	// "b" is made in an outage of three seconds, on record for four.
	sound := func() account {
		return account{
			posts:  []soaked{post("a", 1), post("b", 12), post("c", 20)},
			faults: []fault{{kind: "refused", begin: at(10), end: at(13), back: at(14)}},
			stored: map[string]int{"a": 1, "c": 1},
			gaps:   []gapRow{row(-0.1, 0, "lost"), row(9.9, 14, "lost")},
		}
	}
	for _, c := range []struct {
		name   string
		change func(*account)
		want   string // empty: nothing is wrong
	}{
		{"sound", func(*account) {}, ""},
		{"filled afterwards", func(a *account) { a.stored["b"], a.gaps[1].fill = 1, "filled" }, ""},
		{"on its way when it broke", func(a *account) { a.posts[1] = post("b", 9.95) }, ""},
		{"one row is made of two that overlap", func(a *account) { a.gaps = append(a.gaps, row(11, 14, "lost"), row(9.95, 13, "partly")) }, ""},
		{"lost outside", func(a *account) { delete(a.stored, "c"); a.gaps = append(a.gaps, row(19, 21, "lost")) }, "1 posts are missing that were published outside"},
		{"lost outside and in silence", func(a *account) { delete(a.stored, "a") }, "1 posts are missing where no gap"},
		{"lost where a gap is said to be filled", func(a *account) { a.gaps[1].fill = "filled" }, "1 posts are missing where no gap"},
		{"lost before the gap begins", func(a *account) { a.gaps[1].from = at(12.5) }, "1 posts are missing where no gap"},
		{"twice", func(a *account) { a.stored["a"] = 2 }, "1 posts are stored more than once"},
		{"a gap too long", func(a *account) { a.gaps[1].to = at(24) }, "at most 13s are due"},
		{"many rows too long together", func(a *account) { a.gaps = append(a.gaps, row(30, 35, "lost"), row(40, 45, "lost")) }, "at most 13s are due"},
		{"an outage not on record", func(a *account) { a.stored["b"] = 1; a.gaps = a.gaps[:1] }, "on record"},
		{"nothing stored", func(a *account) { clear(a.stored) }, "none stored"},
		{"nothing broken", func(a *account) { a.stored["b"] = 1; a.faults, a.gaps = nil, a.gaps[:1] }, "nothing was broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := sound()
			c.change(&a)
			l := &lane{name: "test", posts: a.posts, faults: a.faults}
			_, _, wrong := l.account(a.stored, a.gaps)
			all := strings.Join(wrong, "\n")
			if c.want == "" && all != "" || !strings.Contains(all, c.want) {
				t.Errorf("wrong: %q, want %q", all, c.want)
			}
		})
	}
}
