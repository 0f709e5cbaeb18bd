package scenario

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/talk"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// collect returns all posts of a story.
func collect(s *Scenario) []*post.Post {
	var out []*post.Post
	for p := range s.Posts() {
		out = append(out, p)
	}
	return out
}

// digest hashes what is this package's own in a post: the keys of tags belong
// to package post and may change without any change here.
func digest(h hash.Hash, p *post.Post) {
	q := *p
	q.Tags = nil
	data, err := json.Marshal(q)
	if err != nil {
		panic(err)
	}
	h.Write(data)
	for _, t := range p.Tags {
		fmt.Fprintf(h, "#%s", t.Posted)
	}
}

func digestOf(s *Scenario) string {
	h := sha256.New()
	for p := range s.Posts() {
		digest(h, p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func TestGolden(t *testing.T) {
	got := fmt.Sprintf("version %d\n", version)
	for _, cfg := range []Config{
		{Seed: 1, Scale: 0.1},
		{Seed: 2, Scale: 0.05, Days: 2, CopyAged: 0.5, CopyDrip: 0.3, PileAged: -1, Joiners: 0.5},
	} {
		got += digestOf(New(cfg)) + "\n"
	}
	path := filepath.Join("testdata", "digest.golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the same configuration gives other posts than before: raise version in config.go and run with -update\n%s", cmp.Diff(string(want), got))
	}
}

func TestIterationsAtOnceAgree(t *testing.T) {
	s := New(Config{Seed: 3, Scale: 0.05})
	got := make([]string, 4)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = digestOf(s) })
	}
	wg.Wait()
	again := digestOf(New(Config{Seed: 3, Scale: 0.05}))
	for i, g := range got {
		if g != again {
			t.Errorf("iteration %d differs from one alone", i)
		}
	}
}

func TestSeedsDiffer(t *testing.T) {
	a, b := New(Config{Seed: 1, Scale: 0.2}), New(Config{Seed: 2, Scale: 0.2})
	pa, pb := collect(a), collect(b)
	if len(pa) == len(pb) {
		t.Errorf("both seeds give %d posts", len(pa))
	}
	// The protected accounts have a part in every story.
	shared := map[string]bool{}
	for i := range cast.ProtectedHandles {
		shared[a.key(cast.Member(cast.Protected, i))] = true
	}
	texts, ids, times := map[string]bool{}, map[string]bool{}, map[time.Time]bool{}
	for _, p := range pa {
		texts[p.Text], ids[p.Key()], times[p.PostedAt] = true, true, true
	}
	var sameText, sameTime int
	for _, p := range pb {
		if ids[p.Key()] && !shared[p.Key()] {
			t.Fatalf("account %s is in both stories", p.Key())
		}
		if texts[p.Text] {
			sameText++
		}
		if times[p.PostedAt] {
			sameTime++
		}
	}
	// Greetings, short comments and the planted texts are the same, the rest is not.
	if share := float64(sameText) / float64(len(pb)); share > 0.4 {
		t.Errorf("%.0f%% of the texts are in both stories", 100*share)
	}
	if sameTime > len(pb)/100 {
		t.Errorf("%d of %d times are in both stories", sameTime, len(pb))
	}
	for i := range a.Planted() {
		if a.Planted()[i].From.Equal(b.Planted()[i].From) {
			t.Errorf("%s begins at the same time in both", a.Planted()[i].Name)
		}
	}
}

func TestScale(t *testing.T) {
	off := Config{Seed: 5, ViralReposts: -1, DeclaredAccounts: -1, CopyAccounts: -1, PileAccounts: -1}
	size := func(scale float64, days int) (posts, accounts float64) {
		cfg := off
		cfg.Scale, cfg.Days = scale, days
		seen := map[string]bool{}
		for p := range New(cfg).Posts() {
			posts++
			seen[p.Key()] = true
		}
		return posts, float64(len(seen))
	}
	p1, a1 := size(0.5, 4)
	p2, a2 := size(2, 4)
	if r := p2 / p1; r < 3.8 || r > 4.2 {
		t.Errorf("four times the scale gives %.2f times the posts", r)
	}
	if r := a2 / a1; r < 3.6 || r > 4.4 {
		t.Errorf("four times the scale gives %.2f times the accounts", r)
	}
	if p3, _ := size(0.5, 8); p3/p1 < 1.9 || p3/p1 > 2.1 {
		t.Errorf("twice the days give %.2f times the posts", p3/p1)
	}
}

func TestBatchesAreThePosts(t *testing.T) {
	s := New(Config{Seed: 4, Scale: 0.05})
	var want, got []post.Post
	for p := range s.Posts() {
		want = append(want, *p)
	}
	for b := range s.Batches(97) {
		if b.Source != "scenario/4" {
			t.Fatalf("source is %q", b.Source)
		}
		if len(b.Posts) != 97 && len(got)+len(b.Posts) != len(want) {
			t.Fatalf("a batch in the middle has %d posts", len(b.Posts))
		}
		got = append(got, b.Posts...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("batches differ from posts (-want +got):\n%.2000s", diff)
	}
}

// Whatever the size of batches and wherever the reader stops, resuming from the
// last cursor gives exactly the rest.
func TestResume(t *testing.T) {
	s := New(Config{Seed: 6, Scale: 0.01, Days: 2})
	all := collect(s)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 900).Draw(t, "size")
		stop := rapid.IntRange(0, len(all)/size).Draw(t, "batches")
		var cursor []byte
		done := 0
		for b := range s.Batches(size) {
			if stop == 0 {
				break
			}
			stop--
			done += len(b.Posts)
			cursor = b.Cursor
		}
		rest, err := New(Config{Seed: 6, Scale: 0.01, Days: 2}).From(cursor)
		if err != nil {
			t.Fatal(err)
		}
		for p := range rest.Posts() {
			if done >= len(all) {
				t.Fatal("more posts than without a break")
			}
			if !reflect.DeepEqual(p, all[done]) {
				t.Fatalf("post %d differs after resuming:\n%s", done, cmp.Diff(all[done], p))
			}
			done++
		}
		if done != len(all) {
			t.Fatalf("%d posts instead of %d", done, len(all))
		}
	})
}

func TestFromEnd(t *testing.T) {
	s := New(Config{Seed: 6, Scale: 0.03, Days: 1})
	var last feed.Batch
	for b := range s.Batches(500) {
		last = b
	}
	end, err := s.From(last.Cursor)
	if err != nil {
		t.Fatal(err)
	}
	for range end.Batches(500) {
		t.Fatal("a batch after the last one")
	}
}

func TestFromRefuses(t *testing.T) {
	s := New(Config{Seed: 1, Scale: 0.03})
	foreign := New(Config{Seed: 1, Scale: 0.04}).cursor(7)
	for name, cursor := range map[string]string{
		"another kind":     "1434067200",
		"another story":    string(foreign),
		"a negative place": strings.Replace(string(s.cursor(7)), " 7", " -7", 1),
		"a cut cursor":     string(s.cursor(7)[:12]),
		"more words":       string(s.cursor(7)) + " 8",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.From([]byte(cursor)); err == nil {
				t.Errorf("cursor %q is accepted", cursor)
			}
		})
	}
}

// Any bytes are either refused or name one place, which written as a cursor and
// read again is the same place.
func FuzzFrom(f *testing.F) {
	s := New(Config{Seed: 1, Scale: 0.01, Days: 1})
	f.Add([]byte(nil))
	f.Add(s.cursor(0))
	f.Add(s.cursor(12345))
	f.Add([]byte("scenario 0 0"))
	f.Fuzz(func(t *testing.T, cursor []byte) {
		at, err := s.From(cursor)
		if err != nil {
			return
		}
		again, err := s.From(s.cursor(at.from))
		if err != nil || again.from != at.from {
			t.Errorf("%q is place %d, then %v, %v", cursor, at.from, again, err)
		}
	})
}

func TestPostsPassCheckAndAreTidy(t *testing.T) {
	for p := range New(Config{Seed: 8, Scale: 0.3}).Posts() {
		if err := p.Check(); err != nil {
			t.Fatalf("%v: %+v", err, p)
		}
		tidy := *p
		tidy.Tags = append([]post.Tag(nil), p.Tags...)
		tidy.Links = append([]string(nil), p.Links...)
		tidy.Mentions = append([]post.Mention(nil), p.Mentions...)
		tidy.Images = append([]string(nil), p.Images...)
		tidy.Tidy()
		if diff := cmp.Diff(*p, tidy); diff != "" {
			t.Fatalf("Tidy changes a post:\n%s", diff)
		}
	}
}

func TestPostsShareNothing(t *testing.T) {
	s := New(Config{Seed: 8, Scale: 0.03, Days: 1})
	want := digestOf(s)
	h := sha256.New()
	for p := range s.Posts() {
		digest(h, p)
		// A consumer may do this.
		for i := range p.Tags {
			p.Tags[i] = post.Tag{}
		}
		for i := range p.Mentions {
			p.Mentions[i] = post.Mention{}
		}
		p.Account.Name = ""
	}
	if got := hex.EncodeToString(h.Sum(nil)); !bytes.Equal([]byte(got), []byte(want)) {
		t.Error("changing a post changes later ones")
	}
}

// sink keeps posts on the heap, where a consumer would have them.
var sink *post.Post

func BenchmarkGenerate(b *testing.B) {
	for _, scale := range []float64{1, 20, 2900} {
		b.Run(fmt.Sprintf("scale=%g", scale), func(b *testing.B) {
			s := New(Config{Seed: 1, Scale: scale})
			b.ReportAllocs()
			b.ResetTimer()
			for n := 0; n < b.N; {
				for p := range s.Posts() {
					sink = p
					if n++; n >= b.N {
						break
					}
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}

// Planning alone is what resuming from a cursor costs.
func BenchmarkPlan(b *testing.B) {
	s := New(Config{Seed: 1, Scale: 20})
	g := talk.NewStream(&s.set, s.cues)
	b.ReportAllocs()
	for b.Loop() {
		if g.Next() == nil {
			g = talk.NewStream(&s.set, s.cues)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Config{Seed: 1})
	}
}
