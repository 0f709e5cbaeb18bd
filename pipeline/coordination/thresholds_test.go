package coordination

import (
	"testing"
	"time"

	"winnow/pipeline/post"
)

// What is just below a threshold is none, and what is just above is one: the tests
// here stand for thresholds that worlds with a clear attack or a clear lack of
// one say nothing about.

// TestEarlyRunsAreSurprising: a run is early only once it is rarer than there were
// objects that could have begun with one. One of five regulars that took minutes
// never is, however long the silence.
func TestEarlyRunsAreSurprising(t *testing.T) {
	w := newWorld(3)
	w.talk(900, 700, 18*time.Hour)
	p := w.add(&post.Post{Account: account("organic", 7), PostedAt: runAt, Text: w.words(9)})
	for i := range 5 {
		w.repost(account("organic", 40+i), p, runAt.Add(time.Duration(i+1)*48*time.Second))
	}
	posts := w.sorted()
	d := New(Config{Campaign: "c"})
	for _, p := range until(posts, runAt.Add(5*time.Minute)) {
		d.Add(p)
	}
	for _, after := range []time.Duration{5 * time.Minute, 10 * time.Minute, 30 * time.Minute, 59 * time.Minute, 2 * time.Hour} {
		d.Advance(runAt.Add(after))
		if fs := about(d.Findings(), "organic"); len(fs) > 0 {
			show(t, fs)
			t.Errorf("%d findings after %v", len(fs), after)
		}
	}
}

// TestCrowdedMinutesAreNoFlood: when newcomers come all the time, ten times as many
// in a minute are none; forty times as many are one.
func TestCrowdedMinutesAreNoFlood(t *testing.T) {
	for n, want := range map[int]int{12: 0, 70: 1} {
		w := newWorld(3)
		w.talk(900, 700, 30*time.Hour)
		// A newcomer a minute.
		w.flood("newcomer", 24*60, start, 24*time.Hour, func() string { return w.nonsense(9) })
		w.flood("flooder", n, floodAt, inFlood, func() string { return w.nonsense(9) })
		if fs := floodsOf(find(Config{}, w.sorted())); len(fs) != want {
			show(t, fs)
			t.Errorf("%d in a minute: %d floods, want %d", n, len(fs), want)
		}
	}
}

// TestFewCopiesAreNone: a campaign in which nobody ever says the same gives each of
// five who do no more than a hundred to one. Four are none, five are one.
func TestFewCopiesAreNone(t *testing.T) {
	for n, want := range map[int]int{3: 0, 4: 0, 5: 1} {
		w := newWorld(5)
		for i := range 3000 {
			w.add(&post.Post{Account: account("talker", i%500), PostedAt: w.within(start, 28*time.Hour), Text: w.nonsense(9)})
		}
		w.slowCopies("copier", n, 14, start.Add(20*time.Hour), 40*time.Second)
		if fs := find(Config{}, w.sorted()); len(fs) != want {
			show(t, fs)
			t.Errorf("%d copies: %d findings, want %d", n, len(fs), want)
		}
	}
	// The bits are those of four who had company at a hundred to one.
	w := newWorld(5)
	for i := range 6000 {
		w.add(&post.Post{Account: account("talker", i%500), PostedAt: w.within(start, 28*time.Hour), Text: w.nonsense(9)})
	}
	w.slowCopies("copier", 5, 20, start.Add(20*time.Hour), 40*time.Second)
	if fs := find(Config{}, w.sorted()); len(fs) != 1 || fs[0].Bits > 4*6.65 {
		show(t, fs)
		t.Errorf("want one finding of no more than 26.6 bits")
	}
}
