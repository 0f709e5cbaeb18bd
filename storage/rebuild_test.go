package storage_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/storagetest"
)

func check(t *testing.T, s *storage.Store) storage.Rebuilt {
	t.Helper()
	r, err := s.Rebuild(t.Context(), storage.Rebuilding{Check: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// After a thousand edits, deletions and verdicts in any order, with marks settled
// now and then, what is stored is what a computation from scratch gives.
func TestRebuildAgreesAfterRandomChanges(t *testing.T) {
	s, c := open(t)
	rnd := rand.New(rand.NewPCG(7, 7))
	posts := make([]*post.Post, 300)
	for i := range posts {
		p := somePost(i, rnd.IntN(30), time.Duration(rnd.Int64N(int64(40*time.Hour))).Truncate(time.Millisecond))
		p.Lang = []string{"", "az", "en"}[rnd.IntN(3)]
		p.Tags = post.NewTags([]string{"Baku2015", "FreeThem"}[:rnd.IntN(3)]...)
		posts[i] = p
	}
	write(t, s, rowsOf("c", posts[:150]...))
	var fs []coordination.Finding
	for i := range 6 {
		from := time.Duration(rnd.IntN(30)) * time.Hour
		f := finding(fmt.Sprint("f", i), []string{"", "", "day of action"}[i%3], from, from+5*time.Hour, rnd.IntN(30), rnd.IntN(30), rnd.IntN(30))
		f.Confidence = []coordination.Confidence{coordination.ConfidenceHigh, coordination.ConfidenceFirm, coordination.ConfidenceEarly}[rnd.IntN(3)]
		fs = append(fs, f)
	}
	replace(t, s, fs...)
	var rows []storage.PostRow
	var gone []post.Deletion
	for n := range 1000 {
		switch p := posts[rnd.IntN(len(posts))]; rnd.IntN(10) {
		case 0, 1, 2:
			gone = append(gone, post.Deletion{Platform: post.X, NativeID: p.ID, At: day.Add(time.Duration(n) * time.Hour)})
		case 3:
			err := s.Judge(t.Context(), storage.Verdict{
				Campaign: "c", Finding: fmt.Sprint("f", rnd.IntN(6)), Author: "anna",
				Judgement: []storage.Judgement{storage.Wrong, storage.Wrong, storage.Confirmed, storage.Explained, storage.Unjudged}[rnd.IntN(5)],
			})
			if err != nil {
				t.Fatal(err)
			}
		default:
			edited := *p
			edited.EditedAt, edited.Text = p.PostedAt.Add(time.Duration(n)*time.Minute), fmt.Sprint("edit ", n)
			edited.Account.Followers = post.KnownCount(rnd.Int64N(1000))
			edited.Engagement.Likes = post.KnownCount(rnd.Int64N(50))
			edited.PostedAt = edited.PostedAt.Add(time.Duration(rnd.IntN(3)-1) * 40 * time.Minute) // another host's clock
			rows = append(rows, storage.PostRow{Campaign: "c", Source: "test", Post: &edited})
		}
		if n%100 == 99 {
			write(t, s, rows, gone...)
			rows, gone = nil, nil
		}
		if n == 499 {
			settle(t, s)
			replace(t, s, fs[1:]...)
		}
	}
	if r := check(t, s); r.Marked == 0 {
		t.Error("a check with open marks says that there are none")
	}
	settle(t, s)
	r := check(t, s)
	if r.Different != 0 || r.Marked != 0 || r.Posts < 150 || r.Hours < 20 {
		t.Errorf("%d buckets differ (%d marked, %d posts in %d hours): %+v", r.Different, r.Marked, r.Posts, r.Hours, r.Differences)
	}

	// It says which bucket is wrong, and rebuilding mends it.
	for _, sql := range []string{
		`INSERT INTO reach SELECT * REPLACE (posts + 1 AS posts, version + 1 AS version) FROM reach FINAL WHERE step = 3600 AND tag = '' AND lang = '' ORDER BY at LIMIT 1`,
		`INSERT INTO account_buckets SELECT * REPLACE (toUInt32(0) AS posts, version + 1 AS version) FROM (SELECT * FROM account_buckets FINAL WHERE posts > 0 ORDER BY at LIMIT 1)`,
		`INSERT INTO audience SELECT * REPLACE (accounts + 1 AS accounts, version + 1 AS version) FROM audience FINAL WHERE step = 86400 ORDER BY at, since DESC LIMIT 1`,
	} {
		if err := c.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	r = check(t, s)
	if r.Different != 3 || len(r.Differences) != 3 {
		t.Fatalf("%d buckets differ, want the three that were spoiled: %+v", r.Different, r.Differences)
	}
	slices.SortFunc(r.Differences, func(a, b storage.Difference) int { return strings.Compare(a.Table, b.Table) })
	if d := r.Differences[0]; d.Table != "account_buckets" || d.Stored != "" || d.Computed == "" {
		t.Errorf("%+v, want an account that is missing", d)
	}
	if d := r.Differences[1]; d.Table != "audience" || d.Bucket != "step 86400, platform x, from 2015-06-12 00:00:00, since 2015-06-12 23:00:00" || d.Stored == d.Computed {
		t.Errorf("%+v, want what the first day adds", d)
	}
	if d := r.Differences[2]; d.Table != "reach" || !strings.HasPrefix(d.Bucket, `step 3600, tag "", language "", platform x, from 2015-06-12`) || d.Stored == d.Computed {
		t.Errorf("%+v, want the first hour", d)
	}
	var told []int
	if _, err := s.Rebuild(t.Context(), storage.Rebuilding{Campaign: "c", Progress: func(_ string, done, of int) { told = append(told, done, of) }}); err != nil {
		t.Fatal(err)
	}
	if n := len(told); n < 4 || told[0] != 0 || told[n-2] != told[n-1] {
		t.Errorf("progress %v, want it from nothing to everything", told)
	}
	if r := check(t, s); r.Different != 0 {
		t.Errorf("after rebuilding %d buckets differ: %+v", r.Different, r.Differences)
	}
	if n := ask[uint64](t, c, "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name LIKE '%check'"); n != 0 {
		t.Errorf("%d tables of a check are left", n)
	}
}

func TestVerdictMovesPostsAndOutlivesItsFinding(t *testing.T) {
	s, c := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0), somePost(2, 2, time.Minute), somePost(3, 3, time.Minute)))
	settle(t, s)
	f := finding("f1", "", 0, time.Hour, 1, 2)
	replace(t, s, f)
	coordinated := func() uint64 {
		t.Helper()
		settle(t, s)
		return ask[uint64](t, c, "SELECT sum(coordinated_posts) FROM reach FINAL WHERE step = 0")
	}
	judge := func(j storage.Judgement) {
		t.Helper()
		if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "f1", Judgement: j, Note: "n", Author: "a"}); err != nil {
			t.Fatal(err)
		}
	}
	steps := []struct {
		what string
		do   func()
		want uint64
	}{
		{"found", func() {}, 2},
		{"explained", func() { judge(storage.Explained) }, 2},
		{"wrong", func() { judge(storage.Wrong) }, 0},
		{"gone and back", func() { replace(t, s); replace(t, s, f) }, 0},
		{"taken back", func() { judge(storage.Unjudged) }, 2},
	}
	for _, step := range steps {
		step.do()
		if n := coordinated(); n != step.want {
			t.Errorf("%s: %d posts are coordinated, want %d", step.what, n, step.want)
		}
		// The list leaves out what counts nowhere; who has its address still reads it.
		fs, err := s.View().Findings(t.Context(), "c")
		if err != nil {
			t.Fatal(err)
		}
		if listed := len(fs) > 0; listed != (step.want > 0) {
			t.Errorf("%s: the finding is listed: %v", step.what, listed)
		}
		if _, found, err := s.View().Finding(t.Context(), "c", "f1"); err != nil || !found {
			t.Errorf("%s: the finding can not be opened: %v", step.what, err)
		}
	}
	if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "none", Judgement: storage.Wrong}); err != storage.ErrNoFinding { //nolint:errorlint // as it is
		t.Errorf("a verdict on no finding: %v", err)
	}
	if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "f1", Judgement: "maybe"}); err == nil {
		t.Error("any word is a judgement")
	}
}

// A finding whose accounts another one holds is merged into that.
func TestFindingSaysWhatItWasMergedInto(t *testing.T) {
	s, c := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0)))
	replace(t, s, finding("f1", "", 0, time.Hour, 1, 2, 3), finding("f2", "", 0, time.Hour, 7, 8))
	replace(t, s, finding("f3", "", 0, time.Hour, 1, 2, 7, 9))
	got := ask[string](t, c, "SELECT toString(groupArray((finding_id, state, merged_into))) FROM (SELECT * FROM findings FINAL ORDER BY finding_id)")
	if want := "[('f1','merged','f3'),('f2','withdrawn',''),('f3','open','')]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Whatever another host says, a post stays in the hour of its first sight, across
// a restart as well, and each of its names deletes it.
func TestFirstSightAndOtherNames(t *testing.T) {
	o := storagetest.Options(t)
	openAgain := func() *storage.Store {
		s, err := storage.Open(t.Context(), storage.Options{Writer: o})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	s := openAgain()
	c, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	boost := func(native string, at, seen time.Duration) *post.Post {
		p := somePost(1, 1, at)
		p.Kind = post.Repost
		p.Platform, p.ID, p.NativeID = post.Mastodon, "https://one.example/users/a/statuses/104340000000000001/activity", native
		p.ObservedAt = day.Add(seen)
		return p
	}
	write(t, s, rowsOf("c", boost("one.example/5", 50*time.Minute, 51*time.Minute)))
	write(t, s, rowsOf("c", boost("two.example/9", 70*time.Minute, 71*time.Minute)))
	// Long after, when it may be forgotten: the store is asked.
	late := boost("three.example/2", 90*time.Minute, 40*time.Hour)
	write(t, openAgain(), rowsOf("c", late))
	settle(t, s)
	if at := ask[time.Time](t, c, "SELECT posted_at FROM posts FINAL"); !at.Equal(day.Add(50 * time.Minute)) {
		t.Errorf("posted at %v, want the first time that was told", at)
	}
	if n := ask[uint64](t, c, "SELECT sum(posts) FROM reach FINAL WHERE step = 3600 AND tag = ''"); n != 1 {
		t.Errorf("%d posts counted over all hours, want 1", n)
	}
	write(t, s, nil, post.Deletion{Platform: post.Mastodon, NativeID: "one.example/5", At: day})
	if deleted := ask[uint8](t, c, "SELECT deleted FROM posts FINAL"); deleted != 1 {
		t.Error("a post that came from three servers was not deleted by the name that the first gave it")
	}
}
