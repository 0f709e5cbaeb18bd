package coordination

import (
	"testing"
	"time"

	"winnow/pipeline/post"
)

// ringAt has accounts repost one post within so many seconds, and others later.
func ringAt(w *world, n int, at time.Time, spread time.Duration, later ...time.Duration) *post.Post {
	p := w.add(&post.Post{Account: account("source", len(w.posts)), PostedAt: at.Add(-time.Hour), Text: w.words(9)})
	for i := range n {
		w.repost(account("ring", i), p, w.within(at, spread))
	}
	for i, d := range later {
		w.repost(account("late", i), p, at.Add(d))
	}
	return p
}

// TestStragglers: a few who follow within the hour cost a ring bits, more make it
// a cascade; once it is firm only a third as many take it back.
func TestStragglers(t *testing.T) {
	const n = 24
	day := 24 * time.Hour
	for _, c := range []struct {
		name  string
		later []time.Duration
		found bool
	}{
		{"nobody", nil, true},
		{"one", []time.Duration{10 * time.Minute}, true},
		{"a third within the hour", repeat(n/3, 5*time.Minute), false},
		{"some the next day", repeatFrom(day, n/4, time.Hour), true},
		{"many the next day", repeatFrom(day, n/2, time.Hour), false},
	} {
		w := newWorld(11)
		w.talk(800, 500, 3*days)
		ringAt(w, n, start.Add(20*time.Hour), time.Minute, c.later...)
		found := 0
		for _, f := range find(Config{}, w.sorted()) {
			if in, _ := members(f, "ring"); in == n {
				found++
				checkShape(t, f)
			}
		}
		if (found == 1) != c.found {
			t.Errorf("%s: %d findings about the ring", c.name, found)
		}
	}
}

func repeat(n int, every time.Duration) []time.Duration { return repeatFrom(0, n, every) }

func repeatFrom(from time.Duration, n int, every time.Duration) []time.Duration {
	var out []time.Duration
	for i := range n {
		out = append(out, from+time.Duration(i+1)*every)
	}
	return out
}

// TestUndeclaredJoinersSpoilADeclaration: a ring that only begins under a
// declared action is not declared.
func TestUndeclaredJoinersSpoilADeclaration(t *testing.T) {
	declared := func(p *post.Post) string {
		if p.Kind == post.Repost && p.Account.ID < "ring5" {
			return "day of action"
		}
		return ""
	}
	w := newWorld(12)
	w.talk(800, 500, 3*days)
	p := w.add(&post.Post{Account: account("source", 0), PostedAt: start.Add(20 * time.Hour), Text: w.words(9)})
	for i := range 9 {
		w.repost(account("ring", i), p, start.Add(21*time.Hour+time.Duration(i)*4*time.Second))
	}
	for i := range 10 {
		w.repost(account("ring9", i), p, start.Add(21*time.Hour+time.Duration(40+i)*time.Second))
	}
	for _, f := range find(Config{Declared: declared}, w.sorted()) {
		if in, _ := members(f, "ring"); in > 5 && f.Declared != "" {
			t.Errorf("declared: %s", f.Sentence)
		}
	}
}

// TestNoRoomForMembers fills the list of members before a run and a flood come.
func TestNoRoomForMembers(t *testing.T) {
	w := newWorld(13)
	w.talk(300, 200, 2*days)
	w.copies("copier", 30, 1, 1, start.Add(5*time.Hour), 40*time.Second)
	ringAt(w, 12, start.Add(20*time.Hour), time.Minute)
	for i := range 60 {
		w.add(&post.Post{Account: account("flood", i), PostedAt: w.within(start.Add(30*time.Hour), 30*time.Second), Text: w.gibberish(6)})
	}
	d := New(Config{Campaign: "c", Limits: Limits{Members: 30}})
	for _, p := range w.sorted() {
		d.Add(p)
		d.Findings()
	}
	if s := d.Stats(); s.MembersRefused == 0 {
		t.Errorf("the limit was not hit: %+v", s)
	}
	checkLimits(t, d)
}

// TestFloodThatComesAgain: what trailed off was no flood; when the same accounts
// come again and do not, they are one, all of them.
func TestFloodThatComesAgain(t *testing.T) {
	w := newWorld(14)
	w.talk(600, 900, 4*days)
	wave := func(at time.Time, trailing bool) {
		for i := range 30 {
			w.add(&post.Post{Account: account("flood", i), PostedAt: w.within(at, 30*time.Second), Text: w.gibberish(6)})
		}
		if trailing {
			for i := range 14 {
				w.add(&post.Post{Account: account("tail", i), PostedAt: at.Add(time.Minute + time.Duration(i)*35*time.Second), Text: w.gibberish(6)})
			}
		}
	}
	wave(start.Add(20*time.Hour), true)
	wave(start.Add(40*time.Hour), false)
	fs := find(Config{}, w.sorted())
	if len(fs) != 1 || fs[0].Kind != KindFlood {
		show(t, fs)
		t.Fatalf("%d findings, want the second wave", len(fs))
	}
	if in, out := members(fs[0], "flood"); in != 30 || out > 1 || !fs[0].From.After(start.Add(39*time.Hour)) {
		t.Errorf("%d of 30 and %d others since %v", in, out, fs[0].From)
	}
	if fs[0].Confidence != ConfidenceHigh {
		t.Errorf("confidence %s", fs[0].Confidence)
	}
}
