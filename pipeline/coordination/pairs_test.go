package coordination

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// step has accounts repost one new post within seconds.
func (w *world) step(at time.Time, accounts ...string) {
	p := w.add(&post.Post{Account: account("source", len(w.posts)), PostedAt: at, Text: w.words(9)})
	for i, a := range accounts {
		w.repost(account(a, 0), p, at.Add(time.Minute+time.Duration(i)*3*time.Second))
	}
}

// TestChainsAreNoCommunity has each account in step with the next one only. An
// edge of 8 meetings is no link in a chain; one of 16 is.
func TestChainsAreNoCommunity(t *testing.T) {
	for meetings, want := range map[int]int{8: 0, 16: 1} {
		w := newWorld(1)
		chain := []string{"a", "b", "c", "d", "e"}
		for i := range len(chain) - 1 {
			for m := range meetings {
				w.step(start.Add(time.Duration(i*meetings+m)*3*time.Hour), chain[i], chain[i+1])
			}
		}
		fs := find(Config{}, w.sorted())
		if len(fs) != want {
			show(t, fs)
			t.Errorf("%d meetings of each pair: %d findings, want %d", meetings, len(fs), want)
		}
		if want == 1 && len(fs) == 1 && len(fs[0].Accounts) != len(chain) {
			t.Errorf("%d accounts, want %d", len(fs[0].Accounts), len(chain))
		}
	}
}

// TestPairsAreNoCommunity: two accounts are none, three are.
func TestPairsAreNoCommunity(t *testing.T) {
	for n := 2; n <= 3; n++ {
		w := newWorld(1)
		for m := range 12 {
			w.step(start.Add(time.Duration(m)*3*time.Hour), []string{"a", "b", "c"}[:n]...)
		}
		if fs := find(Config{}, w.sorted()); len(fs) != n-2 {
			show(t, fs)
			t.Errorf("%d accounts: %d findings", n, len(fs))
		}
	}
}

// TestNotEveryMeetingCounts has three accounts meet in ways that explain
// themselves.
func TestNotEveryMeetingCounts(t *testing.T) {
	ring := []string{"a", "b", "c"}
	for name, plant := range map[string]func(w *world){
		// Three posts with ten links each are three coincidences.
		"many links in a post": func(w *world) {
			for m := range 3 {
				var links []string
				for l := range 10 {
					links = append(links, fmt.Sprintf("https://x.example/%d/%d", m, l))
				}
				for i, a := range ring {
					w.add(&post.Post{Account: account(a, 0), PostedAt: start.Add(time.Duration(m)*5*time.Hour + time.Duration(i)*time.Second), Links: links})
				}
			}
		},
		// Five headlines by the share button.
		"headlines": func(w *world) {
			for m := range 5 {
				text, link := w.words(9), fmt.Sprintf("https://x.example/%d", m)
				for i, a := range ring {
					w.add(&post.Post{Account: account(a, 0), PostedAt: start.Add(time.Duration(m)*5*time.Hour + time.Duration(i)*time.Second), Text: text, Links: []string{link}})
				}
			}
		},
		// Eight posts in step, and twenty at other times.
		"friends": func(w *world) {
			for m := range 20 {
				p := w.add(&post.Post{Account: account("source", m), PostedAt: start.Add(time.Duration(m) * time.Hour), Text: w.words(9)})
				for i, a := range ring {
					w.repost(account(a, 0), p, p.PostedAt.Add(time.Duration(1+20*i)*time.Minute))
				}
			}
			for m := range 8 {
				w.step(start.Add(22*time.Hour+time.Duration(m)*2*time.Hour), ring...)
			}
		},
		// Eight posts within an hour.
		"one sitting": func(w *world) {
			for m := range 8 {
				w.step(start.Add(time.Duration(m)*6*time.Minute), ring...)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(2)
			w.talk(400, 600, 2*days)
			plant(w)
			if fs := find(Config{}, w.sorted()); len(fs) > 0 {
				show(t, fs)
				t.Errorf("%d findings, want none", len(fs))
			}
		})
	}
	// The same number of meetings without an explanation is one.
	w := newWorld(2)
	for m := range 8 {
		w.step(start.Add(time.Duration(m)*2*time.Hour), ring...)
	}
	if fs := find(Config{}, w.sorted()); len(fs) != 1 {
		t.Errorf("%d findings about eight meetings, want 1", len(fs))
	}
}

// TestOnePostIsOneSurprise: a text of two sentences and a picture, copied as
// they are, are not three surprises.
func TestOnePostIsOneSurprise(t *testing.T) {
	bits := func(text string, images ...string) float64 {
		w := newWorld(1)
		w.talk(500, 300, days)
		for i := range 30 {
			w.add(&post.Post{Account: account("copier", i), PostedAt: w.within(start.Add(12*time.Hour), 40*time.Second), Text: text, Images: images})
		}
		fs := find(Config{}, w.sorted())
		if len(fs) != 1 || len(fs[0].Accounts) != 30 {
			show(t, fs)
			t.Fatalf("%d findings about %q", len(fs), text)
		}
		for _, a := range fs[0].Accounts {
			if a.Posts != 1 {
				t.Fatalf("%d posts of one account, want 1", a.Posts)
			}
		}
		return fs[0].Bits
	}
	const one = "what a proud moment for every family in the city"
	const two = one + ". the whole world admires our modern city tonight."
	pictured, rich := bits("", "blurhash:x"), bits(two, "blurhash:x")
	if math.Abs(pictured-rich) > 0.2*pictured {
		t.Errorf("%.1f bits for a picture, %.1f for that and two sentences", pictured, rich)
	}
	// Words can be put into everybody's mouth, and the fewer the sooner.
	if plain, longer := bits(one), bits(two); plain != occasionWord*10 || longer <= plain || longer > pictured {
		t.Errorf("%.1f bits for one sentence, %.1f for two", plain, longer)
	}
}

// TestViaIsNoPileOn has many share an article of a protected paper.
func TestViaIsNoPileOn(t *testing.T) {
	w := newWorld(1)
	w.talk(500, 300, 2*days)
	for i := range 60 {
		w.add(&post.Post{
			Account: account("reader", i), PostedAt: w.within(start.Add(30*time.Hour), 9*time.Minute),
			Text: w.words(5) + " via @paper", Links: []string{"https://paper.example/1"}, Mentions: []post.Mention{{Handle: "paper"}},
		})
	}
	if fs := find(Config{Protected: []string{"paper"}}, w.sorted()); len(fs) > 0 {
		show(t, fs)
		t.Errorf("%d findings, want none", len(fs))
	}
}

// TestRushesAreOnePileOn has the same accounts come twice, five hours apart.
func TestRushesAreOnePileOn(t *testing.T) {
	w := newWorld(1)
	w.talk(500, 300, 2*days)
	victim := account("victim", 0)
	for _, at := range []time.Time{start.Add(30 * time.Hour), start.Add(35 * time.Hour)} {
		w.pileOn(victim, 50, at, 8*time.Minute)
	}
	// Two or three newcomers in ten minutes come anyway, and did during the
	// first rush.
	post := &post.Post{ID: "1", Account: victim}
	for i := range 400 {
		w.reply(account("bystander", i), post, w.within(start, 29*time.Hour), w.words(7))
	}
	for i := range 4 {
		w.reply(account("bystander", 400+i), post, w.within(start.Add(30*time.Hour), 8*time.Minute), w.words(7))
	}
	fs := find(Config{Protected: []string{"victim0"}}, w.sorted())
	if len(fs) != 1 || !strings.Contains(fs[0].Sentence, "in 2 rushes") {
		show(t, fs)
		t.Fatalf("%d findings, want one of two rushes", len(fs))
	}
	if in, out := members(fs[0], "piler"); in < 48 || out > 1 {
		t.Errorf("%d of 50 and %d others", in, out)
	}
	for _, a := range fs[0].Accounts {
		if a.Last.Sub(a.First) < 4*time.Hour || a.Posts != 2 {
			t.Errorf("%d posts from %v to %v, want both rushes", a.Posts, a.First, a.Last)
		}
	}
}

// TestPairTable: pairs that are edges never give way, the others do so by age,
// and growing loses nothing.
func TestPairTable(t *testing.T) {
	table := newPairTable(ways)
	p := table.get(pairKey{1, 2, 0})
	p.n, p.edge, p.last = 3, 7, 1
	for i := range uint32(100) {
		p := table.get(pairKey{10, 20 + i, 0})
		p.n, p.last = 1, 10+i
	}
	if p := table.get(pairKey{1, 2, 0}); p.n != 3 || p.edge != 7 {
		t.Errorf("the edge gave way: %+v", p)
	}
	if p := table.get(pairKey{10, 119, 0}); p.n != 1 {
		t.Errorf("the latest pair gave way")
	}
	if table.n > ways || table.forgotten != 97 {
		t.Errorf("%d pairs, %d forgotten", table.n, table.forgotten)
	}

	large := newPairTable(1 << 20)
	for i := range uint32(50_000) {
		large.get(pairKey{i, i + 1, domain(i % 3)}).n = 1 + uint16(i%100)
	}
	if large.n != 50_000 || large.forgotten != 0 {
		t.Errorf("%d pairs, %d forgotten", large.n, large.forgotten)
	}
	for i := range uint32(50_000) {
		if n := large.get(pairKey{i, i + 1, domain(i % 3)}).n; n != 1+uint16(i%100) {
			t.Fatalf("pair %d holds %d", i, n)
		}
	}
}

// TestNewOwner: what two accounts earned does not pass to those who are given
// their rows.
func TestNewOwner(t *testing.T) {
	c := newCore(Config{}.withDefaults())
	d := &doing{record: &record{at: start.UnixMilli()}}
	meet := func(stamp uint16) uint16 {
		c.posts++
		c.earn(d, &encounter{key: pairKey{1, 2, 0}, stampA: stamp, stampB: 1, chance: 0.2})
		return c.pairs.get(pairKey{1, 2, 0}).n
	}
	if n := []uint16{meet(1), meet(1), meet(2), meet(2)}; n[1] != 2 || n[2] != 1 || n[3] != 2 {
		t.Errorf("meetings after each: %v, want 1 2 1 2", n)
	}
}
