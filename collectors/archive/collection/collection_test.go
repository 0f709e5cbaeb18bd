package collection

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"pgregory.net/rapid"

	"winnow/collectors/archive/format"
	"winnow/collectors/archive/table"
	"winnow/pipeline/post"
)

const header = "campaign,content_id,account_id,timestamp_share,is_retweet,retweet_of,reply_to,hashtags,urls,text\n"

// file writes an archive, compressed if its name says so.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if strings.HasSuffix(name, ".gz") {
		z := gzip.NewWriter(f)
		if _, err := z.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if _, err := f.WriteString(content); err != nil {
		t.Fatal(err)
	}
	return path
}

// ids returns the post ids of each stream, "Campaign: a b".
func ids(c *Collection) []string {
	var out []string
	for _, s := range c.Streams() {
		line := s.Campaign + ":"
		for b := range s.Batches(2) {
			for i := range b {
				line += " " + b[i].ID
				if b[i].Campaign != s.Campaign {
					line += " in " + b[i].Campaign
				}
			}
		}
		out = append(out, line)
	}
	return out
}

// Every column of a table arrives, whether the row is kept as it is or decoded.
func TestPosts(t *testing.T) {
	long := strings.Repeat("long ", 300)
	path := file(t, "posts.csv.gz", header+
		"Games,p1,a,1434132005,1,p0,,Games2031,https://l.example/a,RT @anna: words @bea\n"+
		"Games,p2,b,1434132006,0,,p1,Games2031 Two,https://l.example/a https://l.example/b,hello @bea\n"+
		",p3,c,1434132007,0,,,,,"+long+"\n")
	var c Collection
	var seen []string
	report, err := c.Load(t.Context(), path, Options{Post: func(p *post.Post) { seen = append(seen, p.ID) }})
	if err != nil || report.Posts != 3 || report.RejectedTotal() != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	at := func(sec int64) time.Time { return time.Unix(1434132005+sec, 0).UTC() }
	want := []post.Post{
		{
			Platform: post.Archive, Campaign: "Games", ID: "p1", Kind: post.Repost, Account: post.Account{ID: "a"}, PostedAt: at(0), ObservedAt: at(0),
			RepostOf: post.Ref{PostID: "p0", Handle: "anna"}, Tags: post.NewTags("Games2031"), Links: []string{"https://l.example/a"}, Text: "words @bea",
		},
		{
			Platform: post.Archive, Campaign: "Games", ID: "p2", Kind: post.Reply, Account: post.Account{ID: "b"}, PostedAt: at(1), ObservedAt: at(1),
			ReplyTo: post.Ref{PostID: "p1"}, Tags: post.NewTags("Games2031", "Two"), Links: []string{"https://l.example/a", "https://l.example/b"},
			Text: "hello @bea", Mentions: []post.Mention{{Handle: "bea"}},
		},
		{
			Platform: post.Archive, Campaign: "posts", ID: "p3", Kind: post.Original, Account: post.Account{ID: "c"}, PostedAt: at(2), ObservedAt: at(2), Text: long,
		},
	}
	var got []post.Post
	for _, s := range c.Streams() {
		for b := range s.Batches(10) {
			got = append(got, b...)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c.Len() != 3 || strings.Join(seen, " ") != "p1 p2 p3" {
		t.Errorf("%d posts, seen %q", c.Len(), seen)
	}
	if len(c.whole) != 1 {
		t.Errorf("%d posts are kept whole, want the long one", len(c.whole))
	}
}

// Streams that are in order as far as they must be are left alone, others
// sorted, and posts of one time stay as they came.
func TestSort(t *testing.T) {
	var c Collection
	first := file(t, "one.csv", header+
		"A,a1,x,1434132000,,,,,,\nA,a2,x,1434131700,,,,,,\nB,b1,x,1434132000,,,,,,\nB,b2,x,1434131699,,,,,,\nB,b3,y,1434131699,,,,,,\n")
	second := file(t, "two.csv", "object_id,account_id,content_id,timestamp_share\no,x,c1,1434132000\n")
	third := file(t, "three.jsonl", `{"data":[{"id":"5","author_id":"6","created_at":"2015-06-12T18:00:00Z","text":"t"},{"id":"4","author_id":"6","created_at":"2015-06-12T17:00:00Z","text":"t"}]}`+"\n")
	for _, path := range []string{first, second, third} {
		if _, err := c.Load(t.Context(), path, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	c.Sort(5 * time.Minute)
	if diff := cmp.Diff([]string{"A: a1 a2", "B: b2 b3 b1", "two: c1", "three: 4 5"}, ids(&c)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Bad records are counted with the line of the first, and stop nothing.
func TestRejects(t *testing.T) {
	var c Collection
	report, err := c.Load(t.Context(), file(t, "a.csv", header+
		"A,p1,x,1434132000,,,,,,\nA,p2,x,yesterday,,,,,,\nA,p3\n\nA,p4,x,never,,,,,,\nA,p5,x,1434132000,,,,,,\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "bad-time 2 (first in line 3: timestamp_share), wrong-fields 1 (first in line 4: 2 fields, the header has 10)"
	if report.Posts != 2 || report.RejectedTotal() != 3 || report.String() != want {
		t.Errorf("%d posts, %d rejected: %s; want %s", report.Posts, report.RejectedTotal(), &report, want)
	}
	if diff := cmp.Diff([]string{"A: p1 p5"}, ids(&c)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNothingToRead(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"empty", "", "the file is empty"},
		{"a header alone", header, "it holds not one post"},
		{"every time is bad", "content_id,account_id,timestamp_share\np,a,soon\nq,a,later\n", "all 2 records were rejected: bad-time 2 (first in line 2"},
	} {
		var all Collection
		_, err := all.Load(t.Context(), file(t, "some.csv", c.content), Options{})
		if !errors.Is(err, format.ErrNothingReadable) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "some.csv") {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
	}
	var all Collection
	_, err := all.Load(t.Context(), file(t, "some.csv", "object_id,account_id\no,a\n"), Options{})
	var columns *table.ColumnsError
	if !errors.As(err, &columns) || strings.Join(columns.Missing, " ") != "content_id timestamp_share" {
		t.Errorf("without columns: %v", err)
	}
	if _, err := all.Load(t.Context(), filepath.Join(t.TempDir(), "none.csv"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
}

func TestLoadEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	path := file(t, "a.csv", header+strings.Repeat("A,p,x,1434132000,,,,,,\n", 2*progressEvery))
	cancel()
	var c Collection
	if _, err := c.Load(ctx, path, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Whatever the rows, each post comes out once, in the order of the file but for
// its time.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		secs := rapid.SliceOfN(rapid.IntRange(0, 100), 1, 50).Draw(rt, "seconds")
		content := "content_id,account_id,timestamp_share\n"
		for i, s := range secs {
			content += fmt.Sprintf("p%d,a,%d\n", i, 1434132000+s)
		}
		var c Collection
		if _, err := c.Load(t.Context(), file(t, "a.csv", content), Options{}); err != nil {
			rt.Fatal(err)
		}
		c.Sort(0)
		n := make(map[string]bool)
		last, lastID := int64(0), -1
		for b := range c.Streams()[0].Batches(rapid.IntRange(1, 60).Draw(rt, "size")) {
			for i := range b {
				var id int
				if _, err := fmt.Sscanf(b[i].ID, "p%d", &id); err != nil {
					rt.Fatal(err)
				}
				at := b[i].PostedAt.Unix()
				if n[b[i].ID] || at < last || at == last && id < lastID || at != int64(1434132000+secs[id]) {
					rt.Fatalf("%s at %d comes after p%d at %d", b[i].ID, at, lastID, last)
				}
				n[b[i].ID], last, lastID = true, at, id
			}
		}
		if len(n) != len(secs) {
			rt.Fatalf("%d of %d posts", len(n), len(secs))
		}
	})
}

// Draining gives the same posts, once, and holds none of them any more.
func TestDrain(t *testing.T) {
	var content strings.Builder
	content.WriteString("content_id,account_id,timestamp_share\n")
	for i := range 20_000 {
		fmt.Fprintf(&content, "p%d,a,%d\n", i, 1434132000+i%7)
	}
	var c Collection
	if _, err := c.Load(t.Context(), file(t, "a.csv", content.String()), Options{}); err != nil {
		t.Fatal(err)
	}
	c.Sort(time.Second)
	s := c.Streams()[0]
	var want, got []string
	for b := range s.Batches(300) {
		for i := range b {
			want = append(want, b[i].ID)
		}
	}
	for b := range s.Drain(300) {
		for i := range b {
			got = append(got, b[i].ID)
		}
	}
	if !slices.Equal(got, want) || len(got) != 20_000 {
		t.Errorf("%d posts were drained, %d were there", len(got), len(want))
	}
	for i := range c.chunks {
		if c.chunks[i].b != nil || c.chunks[i].posts != 0 {
			t.Errorf("chunk %d is held, with %d posts", i, c.chunks[i].posts)
		}
	}
	if s.Len() != 0 {
		t.Errorf("%d posts are left", s.Len())
	}
}
