package coordination

import (
	"math"
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
	// So within the hours.
	for n, want := range map[int]int{4: 0, 5: 1} {
		w := newWorld(5)
		for i := range 3000 {
			w.add(&post.Post{Account: account("talker", i%500), PostedAt: w.within(start, 28*time.Hour), Text: w.nonsense(9)})
		}
		w.slowCopies("copier", n, 14, start.Add(20*time.Hour), 80*time.Minute)
		if fs := find(Config{}, w.sorted()); len(fs) != want {
			show(t, fs)
			t.Errorf("%d copies within the hours: %d findings, want %d", n, len(fs), want)
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

// TestDullMeetings has three accounts side by side in forty crowds: where
// every other one of those before would do as well, meeting says nothing, however
// often.
func TestDullMeetings(t *testing.T) {
	w := newWorld(6)
	n := 0
	for m := range 40 {
		at := start.Add(time.Duration(m) * 2 * time.Hour)
		p := w.add(&post.Post{Account: account("source", m), PostedAt: at, Text: w.words(9)})
		for i := range 100 {
			w.repost(account("crowd", n), p, at.Add(time.Duration(i)*500*time.Millisecond))
			n++
		}
		for r := range 3 {
			w.repost(account("ring", r), p, at.Add(30*time.Second+time.Duration(r)*time.Millisecond))
		}
		for i := range 50 { // and it goes on
			w.repost(account("later", n), p, at.Add(5*time.Minute+time.Duration(i)*time.Second))
			n++
		}
	}
	if fs := find(Config{}, w.sorted()); len(fs) > 0 {
		show(t, fs)
		t.Errorf("%d findings, want none", len(fs))
	}
}

// TestWordChance: each word of a text makes it four times harder to write by
// chance, each word of an answer twice, and other things cannot be.
func TestWordChance(t *testing.T) {
	for _, tc := range []struct {
		kind    objectKind
		answers bool
		words   int
		want    float64
	}{
		{aText, false, 1, 1. / 4},
		{aText, false, 5, 1. / 1024},
		{aText, true, 1, 1. / 2},
		{aText, true, 10, 1. / 1024},
		{anImage, false, 0, 0},
	} {
		d := &doing{record: &record{answers: tc.answers}, kind: tc.kind, words: tc.words}
		if got := wordChance(d); math.Abs(got-tc.want) > 1e-12 {
			t.Errorf("%+v: %v", tc, got)
		}
	}
}

// TestSilenceIsWorthSixBits at most, however long it lasts and whatever it follows,
// and grows with both.
func TestSilenceIsWorthSixBits(t *testing.T) {
	was := 0.0
	for silence := int64(0); silence <= 10*60*60*1000; silence += 60_000 {
		b := stopBits(10, silence)
		if b < was || b > 6 {
			t.Fatalf("%v bits after %d ms, %v before", b, silence, was)
		}
		was = b
	}
	if b := stopBits(10_000, 60*60*1000); b != 6 {
		t.Errorf("%v bits after ten thousand, want 6", b)
	}
}

// TestSmallRunsAreFirm: a run that is over is firm; a chance of one in a thousand
// takes more accounts than one in sixteen does.
func TestSmallRunsAreFirm(t *testing.T) {
	for n, want := range map[int]Confidence{6: ConfidenceFirm, 16: ConfidenceHigh} {
		fs := about(find(attackedConfig, runWorld(n)), "ring")
		if len(fs) != 1 || fs[0].Confidence != want {
			show(t, fs)
			t.Errorf("a run of %d: %d findings, want one that is %s", n, len(fs), want)
		}
	}
}
