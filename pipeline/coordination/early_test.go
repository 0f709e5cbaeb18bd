package coordination

import (
	"math"
	"slices"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// What is found early, by the silence after a run or while a flood still comes,
// is followed here by the clock.

// runAt is when the run of runWorld begins.
var runAt = start.Add(20 * time.Hour)

// runWorld is talk and a run of reposts within half a minute, and what follows it.
func runWorld(accounts int, followers ...time.Duration) []*post.Post {
	w := newWorld(3)
	w.talk(900, 700, 30*time.Hour)
	w.ring("ring", accounts, 1, runAt, 25*time.Second, time.Hour)
	p := w.posts[len(w.posts)-accounts-1]
	for i, after := range followers {
		w.repost(account("late", i), p, runAt.Add(after))
	}
	w.spread()
	return w.sorted()
}

func until(posts []*post.Post, end time.Time) []*post.Post {
	for i, p := range posts {
		if p.PostedAt.After(end) {
			return posts[:i]
		}
	}
	return posts
}

// lastOf is when the last of the accounts with the prefix acts.
func lastOf(posts []*post.Post, prefix string) (last time.Time) {
	for _, p := range posts {
		if len(p.Account.ID) <= len(prefix)+2 && p.Account.ID[:min(len(prefix), len(p.Account.ID))] == prefix {
			last = p.PostedAt
		}
	}
	return last
}

// about returns the findings with accounts that have the prefix: talk has early
// ones of its own, that come and go.
func about(fs []Finding, prefix string) []Finding {
	return slices.DeleteFunc(fs, func(f Finding) bool { return caught([]Finding{f}, prefix) == 0 })
}

// TestSilenceIsWaitedFor follows a run by the clock alone: for three quarters of a
// minute there is no finding, for an hour after the last repost it is early, then
// it can be relied on, and does not change any more. Due names both times.
func TestSilenceIsWaitedFor(t *testing.T) {
	posts := runWorld(18)
	last := lastOf(posts, "ring")
	d := New(attackedConfig)
	for _, p := range until(posts, last) {
		d.Add(p)
	}
	firstDue, turned := time.Time{}, time.Time{}
	was := Confidence("")
	var step time.Duration
	for at := last; !at.After(last.Add(2 * time.Hour)); at = at.Add(step) {
		// Closely where it turns.
		step = 5 * time.Second
		if since := at.Sub(last); since > 3*time.Minute && since < 59*time.Minute || since > 61*time.Minute {
			step = time.Minute
		}
		d.Advance(at)
		fs := d.Findings()
		now := Confidence("")
		if len(fs) > 1 {
			show(t, fs)
			t.Fatalf("%d findings after %v", len(fs), at.Sub(last))
		}
		if len(fs) == 1 {
			now = fs[0].Confidence
			if n := caught(fs, "ring"); n != 18 || len(fs[0].Accounts) != 18 {
				t.Fatalf("%d of 18 among %d accounts after %v", n, len(fs[0].Accounts), at.Sub(last))
			}
		}
		want := map[bool]map[Confidence]bool{
			true:  {"": true, ConfidenceEarly: true},
			false: {ConfidenceFirm: true, ConfidenceHigh: true},
		}[at.Sub(last) < time.Hour]
		if at.Sub(last) < 45*time.Second && now != "" || !want[now] {
			t.Fatalf("%q after %v of silence", now, at.Sub(last))
		}
		if now != was {
			if !firstDue.IsZero() && (firstDue.After(at) || at.Sub(firstDue) > time.Minute) {
				t.Errorf("turned from %q to %q at %v, due at %v", was, now, at.Sub(last), firstDue.Sub(last))
			}
			was, turned = now, at
		}
		firstDue = d.Due()
		if now == ConfidenceEarly && firstDue.IsZero() {
			t.Fatal("an early finding with nothing due")
		}
	}
	if was != ConfidenceHigh || turned.Sub(last) < time.Hour || turned.Sub(last) > time.Hour+5*time.Second {
		t.Errorf("%q since %v after the last repost, want an hour", was, turned.Sub(last))
	}
	if due := d.Due(); !due.IsZero() {
		t.Errorf("something is due %v after the last repost", due.Sub(last))
	}
}

// TestPostsAndClockAgree: it makes no difference whether time passes by posts of
// others or by the clock.
func TestPostsAndClockAgree(t *testing.T) {
	posts := runWorld(18)
	last := lastOf(posts, "ring")
	byClock := New(attackedConfig)
	for _, p := range until(posts, last) {
		byClock.Add(p)
	}
	for _, after := range []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, 59 * time.Minute, 61 * time.Minute, 5 * time.Hour} {
		byPosts := New(attackedConfig)
		for _, p := range until(posts, last.Add(after)) {
			byPosts.Add(p)
		}
		byPosts.Advance(last.Add(after))
		byClock.Advance(last.Add(after))
		a, b := about(byPosts.Findings(), "ring"), about(byClock.Findings(), "ring")
		if len(a) != len(b) || len(a) == 1 && (a[0].Confidence != b[0].Confidence || a[0].ID != b[0].ID || math.Abs(a[0].Bits-b[0].Bits) > 1e-9) {
			show(t, a)
			show(t, b)
			t.Errorf("after %v: by posts %d findings, by the clock %d", after, len(a), len(b))
		}
	}
}

// TestCascadeIsWithdrawn has people pass the post on after a pause: what was an
// early finding is none, at once and for good.
func TestCascadeIsWithdrawn(t *testing.T) {
	var followers []time.Duration
	for i := range 12 {
		followers = append(followers, time.Duration(6+3*i)*time.Minute)
	}
	posts := runWorld(18, followers...)
	d := New(attackedConfig)
	early, over := false, false
	for i, p := range posts {
		d.Add(p)
		if p.PostedAt.Before(runAt) || i%5 != 0 {
			continue
		}
		fs := about(d.Findings(), "ring")
		switch {
		case len(fs) == 0:
			over = over || early
		case over || fs[0].Confidence != ConfidenceEarly:
			show(t, fs)
			t.Fatalf("%s at %v", fs[0].Confidence, p.PostedAt.Sub(runAt))
		default:
			early = true
		}
	}
	if !early || !over {
		t.Errorf("early %v, withdrawn %v, want both", early, over)
	}
}

// TestStragglersCost: each who passes the post on within the hour costs three
// bits. More than one for five members then, or one for three at any time, and it
// is a cascade.
func TestStragglersCost(t *testing.T) {
	for after, c := range map[time.Duration]struct {
		bits float64
		want map[int]int
	}{
		10 * time.Minute: {3, map[int]int{1: 1, 2: 1, 3: 1, 4: 0, 9: 0}},
		3 * time.Hour:    {0, map[int]int{1: 1, 6: 1, 7: 0, 12: 0}},
	} {
		alone := find(attackedConfig, runWorld(18))
		for n, want := range c.want {
			var followers []time.Duration
			for i := range n {
				followers = append(followers, after+time.Duration(i)*time.Minute)
			}
			fs := find(attackedConfig, runWorld(18, followers...))
			if len(fs) != want {
				show(t, fs)
				t.Errorf("%d stragglers after %v: %d findings, want %d", n, after, len(fs), want)
				continue
			}
			if want == 1 && math.Abs(alone[0].Bits-fs[0].Bits-c.bits*float64(n)) > 1e-6 {
				t.Errorf("%d stragglers after %v cost %.3f bits", n, after, alone[0].Bits-fs[0].Bits)
			}
			if in := caught(fs, "late"); in > 0 {
				t.Errorf("%d stragglers are in the finding", in)
			}
		}
	}
}

// TestSlowRunsAreNone: what many share begins with runs too. Four accounts are
// none, and one that takes minutes is none although nobody follows.
func TestSlowRunsAreNone(t *testing.T) {
	for name, plant := range map[string]func(w *world){
		"four": func(w *world) { w.ring("ring", 4, 1, runAt, 20*time.Second, time.Hour) },
		"with pauses": func(w *world) {
			p := w.add(&post.Post{Account: account("source", 0), PostedAt: runAt, Text: w.words(9)})
			for i := range 12 {
				w.repost(account("ring", i), p, runAt.Add(time.Duration(i)*95*time.Second))
			}
		},
		"regulars in four minutes": func(w *world) {
			p := w.add(&post.Post{Account: account("source", 0), PostedAt: runAt, Text: w.words(9)})
			for i := range 6 {
				w.repost(account("organic", i), p, runAt.Add(time.Duration(i)*45*time.Second))
			}
		},
	} {
		w := newWorld(3)
		w.talk(900, 700, 30*time.Hour)
		plant(w)
		if fs := find(attackedConfig, w.sorted()); len(fs) > 0 {
			show(t, fs)
			t.Errorf("%s: %d findings, want none", name, len(fs))
		}
	}
}
