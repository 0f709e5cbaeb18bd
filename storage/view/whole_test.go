package view_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/query"
	"winnow/storage/storagetest"
	"winnow/storage/view"
)

func TestWholeFinding(t *testing.T) {
	o := storagetest.Options(t)
	r := fill(t, o)
	var posts []view.WholePost
	w, ok, err := r.WholeFinding(t.Context(), "c", "f1", func(p *view.WholePost) error {
		posts = append(posts, *p)
		return nil
	})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	d, _, err := r.Finding(t.Context(), "c", "f1")
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range [][2]any{{d.FindingSummary, w.FindingSummary}, {d.ObjectRows, w.ObjectRows}, {d.EvidenceRows, w.EvidenceRows}} {
		if diff := cmp.Diff(same[0], same[1]); diff != "" {
			t.Errorf("not what the page shows (-page +whole):\n%s", diff)
		}
	}
	if len(w.AccountRows) != 2 || w.AccountRows[0].AccountID != "1" || w.AccountRows[0].Handle != "account1" || *w.AccountRows[1].Followers != 200 {
		t.Errorf("accounts %+v", w.AccountRows)
	}
	want := []view.WholePost{{
		Platform: "x", PostID: "1001", AccountID: "1", ObjectKind: "text", ObjectID: "t", At: day, SeenAt: day, Source: "test", Kind: "post",
		Handle: "account1", Text: "text 1", Tags: []string{"Baku2015"}, Links: []string{}, Mentions: []string{},
	}}
	if diff := cmp.Diff(want, posts); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
	for _, id := range []string{"", "unheard"} {
		if _, ok, err := r.WholeFinding(t.Context(), "c", id, nil); ok || err != nil {
			t.Errorf("finding %q: %v, %v", id, ok, err)
		}
	}
	stop := errors.New("enough")
	if _, _, err := r.WholeFinding(t.Context(), "c", "f1", func(*view.WholePost) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v, want the error of who takes the posts", err)
	}
}

// The posts of a finding are read in pieces, whatever their ids are made of.
func TestWholeFindingOfManyPosts(t *testing.T) {
	f := finding("f1", "", 1, 2)
	f.Posts = nil
	hostile := []string{"plain", "it's", `back\slash\n`, "tab\tand\nline", "{id:String}", "ə\u202e", "%d' OR 1=1 --"}
	for i := range 10_000 {
		for _, o := range hostile[i%6 : i%6+2] {
			f.Posts = append(f.Posts, coordination.PostEvidence{Platform: post.Archive, PostID: fmt.Sprint(o, i/100), AccountID: "1", Object: post.Object{Kind: post.ObjectShared, ID: fmt.Sprint(o, i)}, At: f.From})
		}
	}
	s, c := withFindings(t, map[string][]coordination.Finding{"c": {f, everyKind()}})
	r := s.View()
	postsOfEveryKind(t, s)
	seen := make(map[[3]string]bool)
	var before view.WholePost
	_, ok, err := r.WholeFinding(t.Context(), "c", "f1", func(p *view.WholePost) error {
		if key := [3]string{p.PostID, p.ObjectKind, p.ObjectID}; seen[key] || p.PostID < before.PostID || p.PostID == before.PostID && p.ObjectID < before.ObjectID {
			return fmt.Errorf("%q came after %q", key, before.PostID)
		} else {
			seen[key] = true
		}
		before = *p
		return nil
	})
	if err != nil || !ok || len(seen) != len(f.Posts) {
		t.Errorf("%d of %d posts, %v", len(seen), len(f.Posts), err)
	}

	allOfWhatPagesCut(t, s, c)

	// It is found anew while it is read.
	findAnew(t, c)
	once := false
	_, _, err = r.WholeFinding(t.Context(), "c", "f1", func(*view.WholePost) error {
		if !once {
			once = true
			findAnew(t, c)
		}
		return nil
	})
	if !errors.Is(err, view.ErrChanged) {
		t.Errorf("%v, want that it changed", err)
	}
}

// everyKind is a finding of a post of every kind.
func everyKind() coordination.Finding {
	f := finding("kinds", "", 1)
	f.Posts = nil
	for i := range 6 {
		f.Posts = append(f.Posts, coordination.PostEvidence{Platform: post.X, PostID: fmt.Sprint(1000 + i), AccountID: "1", Object: f.Objects[0].Object, At: f.From.Add(time.Duration(i) * time.Second)})
	}
	return f
}

func postsOfEveryKind(t *testing.T, s *storage.Store) {
	t.Helper()
	var rows []storage.PostRow
	for i := range 5 { // the sixth was let go of
		rows = append(rows, somePost("c", i, 1, time.Duration(i)*time.Second))
	}
	rows[1].Post.Kind, rows[1].Post.RepostOf, rows[1].Post.Lang = post.Repost, post.Ref{PostID: "901"}, "az"
	rows[2].Post.Kind, rows[2].Post.ReplyTo, rows[2].Post.Links = post.Reply, post.Ref{PostID: "902"}, []string{"https://a.example/"}
	rows[3].Post.Kind, rows[3].Post.QuoteOf, rows[3].Post.URL = post.Quote, post.Ref{PostID: "903"}, "https://x.com/account1/status/1003"
	rows[3].Post.Mentions, rows[3].Post.Tags = []post.Mention{{AccountID: "7"}, {AccountID: "8", Handle: "bea"}}, post.NewTags("ＢＡＫＵ２０１５")
	if err := s.Write(t.Context(), storage.Message{Rows: rows, Deletions: []post.Deletion{{Platform: post.X, NativeID: "1004", At: day.Add(time.Minute)}}}); err != nil {
		t.Fatal(err)
	}
	var got []view.WholePost
	if _, ok, err := s.View().WholeFinding(t.Context(), "c", "kinds", func(p *view.WholePost) error {
		got = append(got, *p)
		return nil
	}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	none := []string{}
	want := make([]view.WholePost, 6)
	for i := range want {
		when := day.Add(time.Duration(i) * time.Second)
		want[i] = view.WholePost{
			Platform: "x", PostID: fmt.Sprint(1000 + i), AccountID: "1", ObjectKind: "text", ObjectID: "t", At: when, SeenAt: when, Source: "test", Kind: "post",
			Handle: "account1", Text: fmt.Sprint("text ", i), Tags: []string{"Baku2015"}, Links: none, Mentions: none,
		}
	}
	want[1].Kind, want[1].RepostOf, want[1].Lang = "repost", "901", "az"
	want[2].Kind, want[2].ReplyTo, want[2].Links = "reply", "902", []string{"https://a.example/"}
	want[3].Kind, want[3].QuoteOf, want[3].URL = "quote", "903", "https://x.com/account1/status/1003"
	want[3].Mentions, want[3].Tags = []string{"7", "bea"}, []string{"ＢＡＫＵ２０１５"}
	want[4].Deleted, want[4].Handle, want[4].Text, want[4].Tags = true, "", "", none
	want[5] = view.WholePost{Platform: "x", PostID: "1005", AccountID: "1", ObjectKind: "text", ObjectID: "t", At: want[5].At, Tags: none, Links: none, Mentions: none}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("posts of every kind (-want +got):\n%s", diff)
	}
}

// findAnew writes all findings again, as another version.
func findAnew(t *testing.T, c clickhouse.Conn) {
	t.Helper()
	for _, table := range []string{"finding_accounts", "finding_objects", "finding_posts", "finding_evidence", "findings"} {
		if err := c.Exec(t.Context(), "INSERT INTO "+table+" SELECT * REPLACE (version + 1 AS version) FROM "+table+" FINAL"); err != nil {
			t.Fatal(err)
		}
	}
}

// allOfWhatPagesCut looks for verdicts and gaps beyond what a page shows.
func allOfWhatPagesCut(t *testing.T, s *storage.Store, c clickhouse.Conn) {
	t.Helper()
	for i := range 3 {
		if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "f1", Judgement: storage.Wrong, Author: fmt.Sprint(i), At: at(float64(i))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Exec(t.Context(), `INSERT INTO gaps (source, platform, campaign, from_at, to_at, cause, share, fill, note, version)
		SELECT 'test', 'x', 'c', {day:DateTime64(3, 'UTC')} + number, {day:DateTime64(3, 'UTC')} + number + 1, 'disconnect', 1, '', '', 1 FROM numbers(1500)`, query.Named("day", query.Milli(day))); err != nil {
		t.Fatal(err)
	}
	r := s.View()
	w, _, err := r.WholeFinding(t.Context(), "c", "f1", func(*view.WholePost) error { return nil })
	if err != nil || len(w.Verdicts) != 3 || w.Verdicts[0].Author != "2" {
		t.Errorf("verdicts %+v, %v", w.Verdicts, err)
	}
	if gaps, err := r.AllGaps(t.Context(), "c", day, at(24)); err != nil || len(gaps) != 1500 {
		t.Errorf("%d gaps, %v", len(gaps), err)
	}
}

// A hundred thousand posts: what the reader holds is what is read at a time.
func BenchmarkWholeFinding(b *testing.B) {
	const posts = 100_000
	o := storagetest.Options(b)
	s, err := storage.Open(b.Context(), storage.Options{Writer: o})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	f := finding("f1", "", 1, 2)
	f.Posts = nil
	for i := range posts {
		f.Posts = append(f.Posts, coordination.PostEvidence{Platform: post.X, PostID: fmt.Sprint(1000 + i), AccountID: "1", Object: f.Objects[0].Object, At: day.Add(time.Duration(i) * time.Second)})
	}
	if _, _, err := s.ReplaceFindings(b.Context(), "c", []coordination.Finding{f}); err != nil {
		b.Fatal(err)
	}
	var rows []storage.PostRow
	for i := range posts {
		if rows = append(rows, somePost("c", i, i%100, time.Duration(i)*time.Second)); len(rows) == 10_000 {
			if err := s.Write(b.Context(), storage.Message{Rows: rows}); err != nil {
				b.Fatal(err)
			}
			rows = rows[:0]
		}
	}
	r := s.View()
	var most uint64
	for b.Loop() {
		n := 0
		if _, _, err := r.WholeFinding(b.Context(), "c", "f1", func(*view.WholePost) error {
			if n++; n%10_000 == 1 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
			return nil
		}); err != nil || n != posts {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(posts*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	b.ReportMetric(float64(most)/1e6, "MB-heap")
}
