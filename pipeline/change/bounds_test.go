package change

import (
	"fmt"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// checkLimits compares sizes with limits.
func checkLimits(t *testing.T, tr *Tracker) {
	t.Helper()
	s, l := tr.Stats(), tr.cfg.Limits
	for _, x := range []struct {
		name        string
		size, limit int
	}{
		{"pending", s.Pending, l.Pending},
		{"recent", s.Recent, l.Recent},
		{"names", s.Names, l.Recent * (1 + maxItems)},
		{"rows of names", len(tr.recent.rows), l.Recent * (1 + maxItems)},
		{"accounts", s.Accounts, max(2, l.Accounts)},
		{"tags", s.Tags, l.Tags},
		{"places of tags", len(tr.places), l.Tags},
		{"changes", s.Changes, l.Changes},
		{"changes due", len(tr.due), l.Changes},
	} {
		if x.size > x.limit {
			t.Fatalf("%d %s, limit %d", x.size, x.name, x.limit)
		}
	}
}

// hostile is post number i of a stream in which everything is new: account,
// text, links and as many tags as a post may have.
func hostile(i int, at time.Time) *post.Post {
	p := &post.Post{
		Platform: post.X, ID: fmt.Sprint(i), Kind: post.Original, Account: post.Account{ID: fmt.Sprint("account", i)}, PostedAt: at,
		Text: fmt.Sprintf("never the same words said twice %c%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26, 'a'+i/17576%26),
	}
	for j := range 20 {
		p.Tags = append(p.Tags, post.Tag{Key: fmt.Sprintf("tag%d_%d", i, j)})
		p.Links = append(p.Links, fmt.Sprintf("https://news.example/%d/%d", i, j))
	}
	return p
}

// A stream in which everything is new hits every bound and passes none.
func TestTinyLimits(t *testing.T) {
	tr := New(Config{Limits: Limits{Tags: 4, Recent: 500, Accounts: 100, Pending: 50, Changes: 2}})
	n := 0
	add := func(count int, at time.Time, span time.Duration) {
		for i := range count {
			tr.Add(hostile(n, at.Add(span*time.Duration(i)/time.Duration(count))))
			if n++; n%97 == 0 {
				checkLimits(t, tr)
			}
		}
	}
	add(400, start, 4*24*time.Hour)
	for day := range 4 {
		add(600, at(4+day, 12, 0), 10*time.Minute)
	}
	ids := map[string]bool{}
	for _, c := range tr.Finish() {
		if ids[c.ID] || c.Tag != "" && !c.To.IsZero() && !c.To.After(c.From) {
			t.Errorf("twice, or over before it began: %+v", c)
		}
		ids[c.ID] = true
	}
	checkLimits(t, tr)
	if s := tr.Stats(); s.PendingForced == 0 || s.RecentForced == 0 || s.AccountsForgotten == 0 || s.TagsReplaced == 0 || s.ChangesDropped == 0 {
		t.Errorf("a limit was not hit: %+v", s)
	}
}

// A tag that took a place late is not taken for one that was silent before.
func TestReplacedTagsAreNoNews(t *testing.T) {
	w := newWorld(8)
	// Five tags of the same volume share four places.
	for i := range 6000 {
		w.add(fmt.Sprint("a", i%50), start.Add(time.Duration(i)*2*time.Minute), w.words(6), "", fmt.Sprint("tag", i%5))
	}
	tr := New(Config{Limits: Limits{Tags: 4}})
	for _, p := range w.sorted() {
		tr.Add(p)
	}
	if cs := tr.Finish(); len(cs) > 0 {
		t.Errorf("changes of an even stream: %+v", cs)
	}
	if tr.Stats().TagsReplaced < 1000 {
		t.Errorf("only %d tags were replaced", tr.Stats().TagsReplaced)
	}
}

// BenchmarkAdd tells what a post costs: in a campaign of one giant tag it must
// not be more than in one of many.
func BenchmarkAdd(b *testing.B) {
	for _, tags := range []int{1, 1000} {
		b.Run(fmt.Sprint(tags, " tags"), func(b *testing.B) {
			tr := New(Config{})
			w := newWorld(1)
			texts := make([]string, 64)
			for i := range texts {
				texts[i] = w.words(12)
			}
			p := &post.Post{Platform: post.X, Kind: post.Original, Tags: make([]post.Tag, 1), Lang: "az"}
			names := make([]string, tags)
			for i := range names {
				names[i] = fmt.Sprint("tag", i)
			}
			i := 0
			for b.Loop() {
				p.ID, p.Account.ID = fmt.Sprint(i), fmt.Sprint(i%100_000)
				p.PostedAt = start.Add(time.Duration(i) * 20 * time.Millisecond)
				p.Text, p.Tags[0].Key = texts[i%64], names[i*7919%tags]
				tr.Add(p)
				i++
			}
		})
	}
}

// The work for a post does not grow with the size of its tag: a million posts
// of one tag are counted, kept within bounds and compared once.
func TestGiantTag(t *testing.T) {
	n := 300_000
	if testing.Short() {
		n = 30_000
	}
	tr := New(Config{Limits: Limits{Recent: 5000, Pending: 500}})
	p := &post.Post{Platform: post.X, Kind: post.Original, Text: "the same words from everybody here", Tags: post.NewTags("Baku2015")}
	for i := range n {
		p.ID, p.Account.ID = fmt.Sprint(i), fmt.Sprint(i)
		p.PostedAt = start.Add(time.Duration(i) * 100 * time.Millisecond)
		tr.Add(p)
	}
	checkLimits(t, tr)
	if cs := tr.Finish(); len(cs) > 0 {
		t.Errorf("an even stream changed: %+v", cs)
	}
	if s := tr.Stats(); s.RecentForced == 0 || s.Recent != 5000 {
		t.Errorf("stats %+v", s)
	}
}
