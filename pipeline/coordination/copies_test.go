package coordination

import (
	"slices"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// TestCopies has accounts post one text at each of the paces, in ways of which some
// are copies and some what people say by themselves.
func TestCopies(t *testing.T) {
	at := start.Add(20 * time.Hour)
	// answers has accounts answer one post with the same text, or name its author.
	answers := func(accounts, words int, over time.Duration, reply bool) func(w *world) {
		return func(w *world) {
			p := w.add(&post.Post{Account: account("organic", 1), PostedAt: at.Add(-time.Minute), Text: w.words(9)})
			text := w.words(words)
			for i := range accounts {
				a, when := account("copier", i), w.within(at.Add(time.Duration(i)*over/time.Duration(accounts)), over/time.Duration(2*accounts))
				if reply {
					w.reply(a, p, when, text)
				} else {
					w.add(&post.Post{Account: a, PostedAt: when, Text: "@friend " + text, Mentions: []post.Mention{{Handle: "friend"}}})
				}
			}
		}
	}
	slow := func(accounts, words int, over time.Duration) func(w *world) {
		return func(w *world) { w.slowCopies("copier", accounts, words, at, over) }
	}
	changed := func(accounts int, over time.Duration) func(w *world) {
		return func(w *world) { w.changedCopies("copier", accounts, at, over) }
	}
	for _, tc := range []struct {
		name  string
		plant func(w *world)
		want  int // accounts found
	}{
		{"within a minute", slow(12, 14, 40*time.Second), 12},
		{"within minutes", slow(14, 14, 4*time.Minute), 14},
		{"within the hours", slow(14, 14, 80*time.Minute), 14},
		{"within the day", slow(14, 14, 20*time.Hour), 0},
		{"four within a minute", slow(4, 14, 30*time.Second), 0},
		{"five within the hours", slow(5, 14, 80*time.Minute), 0},
		{"a chant of three words within a minute", slow(200, 3, 50*time.Second), 0},
		{"a chant of six words within a minute", slow(200, 6, 50*time.Second), 0},
		{"a chant of six words within minutes", slow(200, 6, 4*time.Minute), 0},
		{"a chant of six words within the hours", slow(200, 6, 80*time.Minute), 0},
		{"changed within a minute", changed(16, 50*time.Second), 16},
		{"changed within minutes", changed(24, 5*time.Minute), 20},
		{"changed within the hours", changed(24, 80*time.Minute), 24},
		{"answers within a minute", answers(40, 24, 50*time.Second, true), 40},
		{"answers within minutes", answers(16, 24, 5*time.Minute, true), 0},
		{"answers within the hours", answers(40, 24, 80*time.Minute, true), 0},
		{"short answers within a minute", answers(60, 14, 50*time.Second, true), 0},
		{"at one account within the hours", answers(14, 14, 80*time.Minute, false), 0},
		{"a headline", func(w *world) {
			text := w.words(14)
			for i := range 40 {
				w.add(&post.Post{
					Account: account("copier", i), PostedAt: at.Add(w.delay()), Text: text, Links: []string{"https://news.example/one"},
				})
			}
		}, 0},
		{"a headline that nobody else shares", func(w *world) {
			text := w.words(14)
			for i := range 40 {
				w.add(&post.Post{
					Account: account("copier", i), PostedAt: w.within(at, 50*time.Second), Text: text, Links: []string{"https://news.example/one"},
				})
			}
		}, 40},
		{"one account, again and again", func(w *world) {
			text := w.words(14)
			for i := range 40 {
				w.add(&post.Post{Account: account("copier", i%2), PostedAt: w.within(at, 50*time.Second), Text: text})
			}
		}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(4)
			w.talk(900, 700, 30*time.Hour)
			tc.plant(w)
			// Answers may be a pile-on besides.
			fs := slices.DeleteFunc(find(Config{}, w.sorted()), func(f Finding) bool { return f.Kind != KindCopies })
			findings := min(tc.want, 1)
			if n := caught(fs, "copier"); len(fs) != findings || n < tc.want {
				show(t, fs)
				t.Fatalf("%d findings with %d accounts, want %d with %d", len(fs), n, findings, tc.want)
			}
			if findings == 1 && len(fs[0].Accounts) != caught(fs, "copier") {
				t.Errorf("%d accounts that copied nothing", len(fs[0].Accounts)-caught(fs, "copier"))
			}
		})
	}
}
