package coordination

import (
	"strings"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// floodAt is when floods begin, and inFlood how long they take, in these tests.
var floodAt = start.Add(20 * time.Hour)

const inFlood = 50 * time.Second

// TestFloods has many speak up within a minute, in ways of which some are a flood
// and some what happens to a campaign.
func TestFloods(t *testing.T) {
	nonsense := func(w *world) func() string { return func() string { return w.nonsense(9) } }
	talk := func(w *world) func() string { return func() string { return w.words(9) } }
	type wanted map[string]int // accounts by prefix
	for _, tc := range []struct {
		name  string
		plant func(w *world)
		cfg   Config
		want  wanted
		early bool // whether it is found while it comes
	}{
		{"unique random words", func(w *world) { w.flood("flooder", 20, floodAt, inFlood, nonsense(w)) }, Config{}, wanted{"flooder": 18}, true},
		{"newcomers in the words of the talk", func(w *world) { w.flood("flooder", 40, floodAt, inFlood, talk(w)) }, Config{}, wanted{"flooder": 36}, true},
		{"regulars in words of their own", func(w *world) { w.speakUp(40, floodAt, inFlood, nonsense(w)) }, Config{}, wanted{"organic": 30}, true},
		{"regulars in the words of the talk", func(w *world) { w.speakUp(60, floodAt, inFlood, talk(w)) }, Config{}, nil, false},
		{"an event", func(w *world) {
			w.speakUp(60, floodAt, inFlood, talk(w))
			w.speakUp(200, floodAt.Add(inFlood), 9*time.Minute, talk(w))
		}, Config{}, nil, false},
		{"newcomers that trail off", func(w *world) {
			w.flood("flooder", 60, floodAt, inFlood, nonsense(w))
			w.flood("trailer", 20, floodAt.Add(time.Minute), 9*time.Minute, nonsense(w))
		}, Config{}, nil, true},
		{"newcomers of whom few come later", func(w *world) {
			w.flood("flooder", 60, floodAt, inFlood, nonsense(w))
			w.flood("trailer", 4, floodAt.Add(4*time.Minute), 5*time.Minute, nonsense(w))
		}, Config{}, wanted{"flooder": 54}, true},
		{"a chant", func(w *world) { w.flood("flooder", 60, floodAt, inFlood, func() string { return "go go go" }) }, Config{}, nil, false},
		{"seven", func(w *world) { w.flood("flooder", 7, floodAt, inFlood, nonsense(w)) }, Config{}, nil, false},
		{"over a quarter of an hour", func(w *world) { w.flood("flooder", 30, floodAt, 15*time.Minute, nonsense(w)) }, Config{}, nil, false},
		{"one account", func(w *world) {
			for range 60 {
				w.add(&post.Post{Account: account("flooder", 0), PostedAt: w.within(floodAt, inFlood), Text: w.nonsense(9)})
			}
		}, Config{}, nil, false},
		{"answers to one post", func(w *world) {
			p := w.add(&post.Post{Account: account("organic", 1), PostedAt: floodAt.Add(-2 * time.Minute), Text: w.words(9)})
			for i := range 40 {
				w.reply(account("flooder", i), p, w.within(floodAt, inFlood), w.nonsense(9))
			}
		}, Config{}, nil, false},
		{"in the campaign's first hour", func(w *world) { w.flood("flooder", 40, start.Add(50*time.Minute), inFlood, nonsense(w)) }, Config{}, nil, false},
		{"while the campaign is busy", func(w *world) {
			p := w.add(&post.Post{Account: account("author", 0), PostedAt: floodAt.Add(-time.Minute), Text: "a picture that everybody has to see"})
			for i := range 2000 {
				w.repost(account("crowd", i), p, p.PostedAt.Add(w.delay()/2))
			}
			w.flood("flooder", 20, floodAt, inFlood, nonsense(w))
		}, Config{}, nil, false},
		{"two, an hour apart", func(w *world) {
			w.flood("flooder", 40, floodAt, inFlood, nonsense(w))
			w.flood("second", 40, floodAt.Add(time.Hour), inFlood, nonsense(w))
		}, Config{}, wanted{"flooder": 36, "second": 36}, true},
		{"declared", func(w *world) { w.flood("flooder", 60, floodAt, inFlood, nonsense(w)) }, Config{Declared: func(p *post.Post) string {
			if strings.HasPrefix(p.Account.ID, "flooder") {
				return "day of action"
			}
			return ""
		}}, nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(3)
			w.talk(900, 700, 30*time.Hour)
			tc.plant(w)
			posts := w.sorted()
			got := floodsOf(find(tc.cfg, posts))
			n := 0
			for prefix, least := range tc.want {
				n++
				if in := caught(got, prefix); in < least {
					t.Errorf("%d accounts of %s, want %d", in, prefix, least)
				}
			}
			if len(got) != n {
				show(t, got)
				t.Errorf("%d floods, want %d", len(got), n)
			}
			for _, f := range got {
				checkShape(t, f)
				sure := ConfidenceHigh
				if tc.name == "newcomers in the words of the talk" {
					sure = ConfidenceFirm // something may have moved them
				}
				if f.Confidence != sure {
					t.Errorf("confidence %q, want %q", f.Confidence, sure)
				}
			}
			during := floodsOf(find(tc.cfg, until(posts, floodAt.Add(inFlood))))
			if (len(during) > 0) != tc.early {
				show(t, during)
				t.Errorf("%d floods while it comes, want early ones: %v", len(during), tc.early)
			}
			for _, f := range during {
				if f.Confidence != ConfidenceEarly {
					t.Errorf("%q while it comes", f.Confidence)
				}
			}
		})
	}
}

// speakUp has regulars of the talk post within the spread.
func (w *world) speakUp(accounts int, at time.Time, spread time.Duration, text func() string) {
	for i := range accounts {
		w.add(&post.Post{Account: account("organic", i), PostedAt: w.within(at, spread), Text: text()})
	}
}

func floodsOf(fs []Finding) []Finding {
	var out []Finding
	for _, f := range fs {
		if f.Kind == KindFlood {
			out = append(out, f)
		}
	}
	return out
}

// TestFloodSettles has a flood become firm by the clock alone, ten minutes after
// its last post.
func TestFloodSettles(t *testing.T) {
	w := newWorld(3)
	w.talk(900, 700, 30*time.Hour)
	w.flood("flooder", 30, floodAt, inFlood, func() string { return w.nonsense(9) })
	posts := w.sorted()
	last := lastOf(posts, "flooder")
	d := New(Config{Campaign: "c"})
	for _, p := range until(posts, last) {
		d.Add(p)
	}
	for _, after := range []time.Duration{0, 5 * time.Minute, 10*time.Minute - time.Millisecond, 10 * time.Minute, 3 * time.Hour} {
		d.Advance(last.Add(after))
		want := ConfidenceEarly
		if after >= 10*time.Minute {
			want = ConfidenceHigh
		}
		fs := floodsOf(d.Findings())
		if len(fs) != 1 || fs[0].Confidence != want {
			show(t, fs)
			t.Fatalf("after %v: %d floods, want one that is %s", after, len(fs), want)
		}
		// Something else may be due before.
		due := d.Due()
		if left := 10*time.Minute - after; left > 0 && (due.After(last.Add(10*time.Minute)) || left == time.Millisecond && !due.Equal(last.Add(10*time.Minute))) {
			t.Errorf("after %v: due %v after the last post, want ten minutes", after, due.Sub(last))
		}
	}
}
