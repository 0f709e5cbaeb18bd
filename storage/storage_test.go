package storage_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var day = time.Date(2015, 6, 12, 0, 0, 0, 0, time.UTC)

// open returns a store in a database of its own and a plain connection to it.
func open(t *testing.T) (*storage.Store, clickhouse.Conn) {
	t.Helper()
	o := made(t)
	s, err := storage.Open(t.Context(), storage.Options{Writer: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	conn, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return s, conn
}

// made are options for a database with all tables, as a store makes them.
func made(t *testing.T) *clickhouse.Options {
	t.Helper()
	return storagetest.Made(t, func(o *clickhouse.Options) error {
		s, err := storage.Open(t.Context(), storage.Options{Writer: o})
		if err != nil {
			return err
		}
		return s.Close()
	})
}

// somePost is post number i by account a at a time after day.
func somePost(i, a int, after time.Duration) *post.Post {
	return &post.Post{
		Platform: post.X,
		ID:       fmt.Sprint(1000 + i),
		Kind:     post.Original,
		Account:  post.Account{ID: fmt.Sprint(a), Handle: fmt.Sprintf("account%d", a), Followers: post.KnownCount(int64(100 * a))},
		PostedAt: day.Add(after),
		Text:     fmt.Sprintf("text %d", i),
		Tags:     post.NewTags("Baku2015"),
	}
}

func rowsOf(campaign string, ps ...*post.Post) []storage.PostRow {
	out := make([]storage.PostRow, len(ps))
	for i, p := range ps {
		out[i] = storage.PostRow{Campaign: campaign, Source: "test", Post: p}
	}
	return out
}

func write(t *testing.T, s *storage.Store, rows []storage.PostRow, ds ...post.Deletion) {
	t.Helper()
	if err := s.Write(t.Context(), storage.Message{Rows: rows, Deletions: ds}); err != nil {
		t.Fatal(err)
	}
}

// settle recomputes everything that is marked.
func settle(t *testing.T, s *storage.Store) {
	t.Helper()
	marked, err := s.Marked(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range marked {
		if err := s.Recompute(t.Context(), m.Campaign, m.Upto, m.Upto); err != nil {
			t.Fatal(err)
		}
		if err := s.RecomputeDays(t.Context(), m.Campaign, math.MaxInt64); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := s.Marked(t.Context()); err != nil || len(left) != 0 {
		t.Fatalf("marks left after recomputing: %+v, %v", left, err)
	}
}

func ask[T any](t *testing.T, c clickhouse.Conn, sql string) T {
	t.Helper()
	var v T
	if err := c.QueryRow(t.Context(), sql).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func TestWritingTwiceChangesNothing(t *testing.T) {
	s, c := open(t)
	rows := rowsOf("Baku2015", somePost(1, 1, 0), somePost(2, 2, time.Minute), somePost(3, 1, time.Hour))
	write(t, s, rows)
	settle(t, s)
	before := buckets(t, c)
	write(t, s, rows)
	settle(t, s)
	if diff := cmp.Diff(before, buckets(t, c)); diff != "" {
		t.Errorf("buckets after writing twice (-once +twice):\n%s", diff)
	}
	if n := ask[uint64](t, c, "SELECT count() FROM posts FINAL"); n != 3 {
		t.Errorf("%d posts after writing 3 twice", n)
	}
	if n := ask[uint64](t, c, "SELECT count() FROM accounts FINAL"); n != 2 {
		t.Errorf("%d accounts, want 2", n)
	}
}

// See insert: rows would be dropped that are not there.
func TestNoTableDropsInsertsThatComeAgain(t *testing.T) {
	_, c := open(t)
	if n := ask[uint64](t, c, "SELECT count() FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'"); n < 10 {
		t.Fatalf("%d tables", n)
	}
	if n := ask[uint64](t, c, `SELECT count() FROM system.tables WHERE database = currentDatabase()
		AND create_table_query ILIKE '%deduplication_window%' AND create_table_query NOT ILIKE '%deduplication_window = 0%'`); n != 0 {
		t.Errorf("%d tables have a deduplication window", n)
	}
	if v := ask[string](t, c, "SELECT value FROM system.merge_tree_settings WHERE name = 'non_replicated_deduplication_window'"); v != "0" {
		t.Errorf("the window is %s by default", v)
	}
}

func TestMarkSetWhileRecomputingStaysOpen(t *testing.T) {
	s, _ := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0)))
	seen, err := s.Marked(t.Context())
	if err != nil || len(seen) != 1 {
		t.Fatalf("marks %+v, %v", seen, err)
	}
	// Another post of the same hour comes after the marks were read.
	write(t, s, rowsOf("c", somePost(2, 2, time.Minute)))
	if err := s.Recompute(t.Context(), "c", seen[0].Upto, seen[0].Upto); err != nil {
		t.Fatal(err)
	}
	left, err := s.Marked(t.Context())
	if err != nil || len(left) != 1 || left[0].ByPosts != 1 {
		t.Errorf("marks left %+v, %v; want the hour of the second post", left, err)
	}
}

func TestDeletionWinsWhateverTheOrder(t *testing.T) {
	s, c := open(t)
	gone := post.Deletion{Platform: post.X, NativeID: "1001", At: day.Add(time.Hour)}
	write(t, s, rowsOf("after", somePost(1, 1, 0), somePost(2, 1, 0)), gone)
	write(t, s, rowsOf("before", somePost(1, 1, 0)))
	edited := somePost(1, 1, 0)
	edited.EditedAt, edited.Text = day.Add(48*time.Hour), "edited later"
	write(t, s, rowsOf("after", edited))
	settle(t, s)
	type row struct {
		Campaign, ID, Text string
		Deleted            uint8
	}
	var got []row
	rs, err := c.Query(t.Context(), "SELECT campaign, post_id, text, deleted FROM posts FINAL ORDER BY campaign, post_id")
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Close() //nolint:errcheck // read only
	for rs.Next() {
		var r row
		if err := rs.Scan(&r.Campaign, &r.ID, &r.Text, &r.Deleted); err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
	}
	want := []row{{"after", "1001", "", 1}, {"after", "1002", "text 2", 0}, {"before", "1001", "", 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
	// Content goes, counts stay.
	if n := ask[uint64](t, c, "SELECT sum(posts) FROM reach FINAL WHERE step = 86400 AND tag = '' AND campaign = 'after'"); n != 2 {
		t.Errorf("%d posts counted, want 2", n)
	}
}

// What a deletion takes away may have been evidence: detection has to run again,
// even if the deletion comes alone, and in whichever campaign the post is.
func TestDeletionMarksTheHoursOfItsPosts(t *testing.T) {
	s, _ := open(t)
	write(t, s, append(rowsOf("a", somePost(1, 1, 0), somePost(2, 1, 3*time.Hour)), rowsOf("b", somePost(1, 1, 0))...))
	settle(t, s)
	gone := post.Deletion{Platform: post.X, NativeID: "1001", At: day.Add(time.Hour)}
	for _, again := range []bool{false, true} { // the message comes again after a crash
		write(t, s, nil, gone, post.Deletion{Platform: post.Mastodon, NativeID: "1002", At: day.Add(time.Hour)})
		marked, err := s.Marked(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(marked) != 2 || marked[0].ByPosts != 1 || marked[1].ByPosts != 1 {
			t.Errorf("again %v: marks %+v, want the hour of the deleted post in both campaigns", again, marked)
		}
		settle(t, s)
	}
}

func TestEditReplacesAndKeepsCounting(t *testing.T) {
	s, c := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0)))
	edited := somePost(1, 1, 0)
	edited.Text, edited.EditedAt = "second thoughts", day.Add(time.Hour)
	write(t, s, rowsOf("c", edited))
	write(t, s, rowsOf("c", somePost(1, 1, 0))) // the first form again, late
	if text := ask[string](t, c, "SELECT text FROM posts FINAL"); text != "second thoughts" {
		t.Errorf("text %q, want the edited one", text)
	}
	settle(t, s)
	if n := ask[uint64](t, c, "SELECT sum(posts) FROM reach FINAL WHERE step = 60 AND tag = ''"); n != 1 {
		t.Errorf("%d posts counted, want 1", n)
	}
}

func TestPostsComeBackInOrderOfTime(t *testing.T) {
	s, _ := open(t)
	full := &post.Post{
		Platform: post.Mastodon, ID: "https://one.example/1", NativeID: "one.example/1", Kind: post.Quote,
		Account: post.Account{
			ID: "https://one.example/@anna", Handle: "anna@one.example", CreatedAt: day.AddDate(-1, 0, 0),
			Followers: post.KnownCount(0),
		},
		PostedAt: day.Add(90 * time.Second), ObservedAt: day.Add(90 * time.Second), TimeSlack: 90, Lang: "az", Text: "Bakı \u202bمرحبا\u202c #Baku2015",
		Tags: post.NewTags("Baku2015"), Links: []string{"https://news.example/a"},
		Mentions: []post.Mention{{AccountID: "42", Handle: "both"}, {Handle: "guest"}}, Images: []string{"blurhash:abc"},
		ReplyTo: post.Ref{PostID: "p0", AccountID: "7", Handle: "seven"}, QuoteOf: post.Ref{PostID: "q0", Handle: "someone"}, Shared: "o",
	}
	write(t, s, rowsOf("c", somePost(3, 1, 3*time.Minute), full, somePost(1, 1, time.Minute)))
	var got []post.Post
	if err := s.Posts(t.Context(), "c", func(p *post.Post) error { got = append(got, *p); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].ID != "1001" || got[2].ID != "1003" {
		t.Fatalf("order: %+v", got)
	}
	want := *full
	want.Campaign, want.NativeID = "c", ""
	want.Tags = []post.Tag{{Key: want.Tags[0].Key}}
	if diff := cmp.Diff(want, got[1]); diff != "" {
		t.Errorf("post (-want +got):\n%s", diff)
	}
	stop := fmt.Errorf("enough")
	if err := s.Posts(t.Context(), "c", func(*post.Post) error { return stop }); err == nil {
		t.Error("the caller's error was swallowed")
	}
}

func TestReopening(t *testing.T) {
	o := storagetest.Options(t)
	ctx := context.Background()
	first, err := storage.Open(ctx, storage.Options{Writer: o})
	if err != nil {
		t.Fatal(err)
	}
	write(t, first, rowsOf("c", somePost(1, 1, 0)), post.Deletion{Platform: post.X, NativeID: "1009", At: day})
	settle(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	// A clock that went back an hour must not hide new marks behind old ones.
	behind := func() time.Time { return time.Now().Add(-time.Hour) }
	second, err := storage.Open(ctx, storage.Options{Writer: o, Now: behind})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close() //nolint:errcheck // test
	write(t, second, rowsOf("c", somePost(9, 1, 0)))
	if marked, err := second.Marked(ctx); err != nil || len(marked) != 1 {
		t.Errorf("marks after reopening with an earlier clock: %+v, %v", marked, err)
	}
	n := 0
	if err := second.Posts(ctx, "c", func(p *post.Post) error {
		if p.ID == "1009" && p.Text != "" {
			t.Error("a deletion known before the restart was forgotten")
		}
		n++
		return nil
	}); err != nil || n != 2 {
		t.Errorf("%d posts, %v", n, err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	s, c := open(t)
	_ = s
	if err := c.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)"); err != nil {
		t.Fatal(err)
	}
	o := storagetest.Options(t)
	o.Auth.Database = ask[string](t, c, "SELECT currentDatabase()")
	if _, err := storage.Open(t.Context(), storage.Options{Writer: o}); err == nil {
		t.Error("a store of a newer program was opened")
	}
}
