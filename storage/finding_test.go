package storage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
)

func finding(id string, declared string, from, to time.Duration, accounts ...int) coordination.Finding {
	f := coordination.Finding{
		ID: id, Campaign: "c", Kind: coordination.KindCopies, Sentence: "they did it", From: day.Add(from), To: day.Add(to),
		Bits: 42, Expected: 0.5, Observed: 7, Declared: declared, Target: "2",
		Objects: []coordination.ObjectEvidence{{Object: post.Object{Kind: post.ObjectText, ID: "t"}, Label: "text", Accounts: len(accounts), First: day.Add(from), Last: day.Add(to)}},
	}
	for _, a := range accounts {
		f.Accounts = append(f.Accounts, coordination.AccountEvidence{Platform: post.X, AccountID: fmt.Sprint(a), Bits: 21, First: day.Add(from), Last: day.Add(to), Posts: 1})
	}
	f.Posts = []coordination.PostEvidence{{Platform: post.X, PostID: "1001", AccountID: "1", Object: f.Objects[0].Object, At: day.Add(from)}}
	return f
}

func replace(t *testing.T, s *storage.Store, fs ...coordination.Finding) (changed, withdrawn int) {
	t.Helper()
	changed, withdrawn, err := s.ReplaceFindings(t.Context(), "c", fs)
	if err != nil {
		t.Fatal(err)
	}
	return changed, withdrawn
}

// A writer that is killed after the evidence and before its finding leaves a
// finding whose evidence is hidden by newer rows. It is mended by the next pass,
// even if that comes to the finding as it was.
func TestFindingWhoseNewEvidenceWasCutOffIsWrittenAgain(t *testing.T) {
	s, c := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0), somePost(2, 2, time.Minute)))
	f := finding("f", "", 0, time.Minute, 1, 2)
	if changed, _ := replace(t, s, f); changed != 1 {
		t.Fatal("the finding was not written")
	}
	const evidence = `SELECT count() FROM finding_accounts FINAL
		WHERE (finding_id, version) IN (SELECT finding_id, version FROM findings FINAL WHERE state = 'open')`
	if n := ask[uint64](t, c, evidence); n != 2 {
		t.Fatalf("%d accounts of the finding, want 2", n)
	}
	err := c.Exec(t.Context(), "INSERT INTO finding_accounts SELECT * REPLACE (version + 2 AS version) FROM finding_accounts")
	if err != nil {
		t.Fatal(err)
	}
	if changed, _ := replace(t, s, f); changed != 1 {
		t.Errorf("%d findings written, want the one whose evidence is hidden", changed)
	}
	if n := ask[uint64](t, c, evidence); n != 2 {
		t.Errorf("%d accounts of the finding, want 2", n)
	}
	if changed, _ := replace(t, s, f); changed != 0 {
		t.Errorf("%d findings written although nothing changed", changed)
	}
}

func TestFindingsMovePostsToTheCoordinatedSideAndBack(t *testing.T) {
	s, c := open(t)
	var posts []*post.Post
	for i := range 12 {
		posts = append(posts, somePost(i, i%4, time.Duration(i)*20*time.Minute))
	}
	write(t, s, rowsOf("c", posts...))
	settle(t, s)

	inside := func(p *post.Post, from, to time.Duration, accounts ...string) bool {
		for _, a := range accounts {
			if p.Account.ID == a {
				return !p.PostedAt.Before(day.Add(from)) && !p.PostedAt.After(day.Add(to))
			}
		}
		return false
	}
	one := finding("f1", "", 20*time.Minute, 2*time.Hour, 1, 2)
	if changed, withdrawn := replace(t, s, one); changed != 1 || withdrawn != 0 {
		t.Errorf("changed %d, withdrawn %d; want 1, 0", changed, withdrawn)
	}
	settle(t, s)
	want := count(posts, func(p *post.Post) bool { return inside(p, 20*time.Minute, 2*time.Hour, "1", "2") })
	if diff := cmp.Diff(want, buckets(t, c)); diff != "" {
		t.Errorf("buckets with a finding (-want +got):\n%s", diff)
	}
	if changed, withdrawn := replace(t, s, one); changed != 0 || withdrawn != 0 {
		t.Errorf("the same finding again: changed %d, withdrawn %d; want 0, 0", changed, withdrawn)
	}
	if left, err := s.Marked(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("marks after nothing changed: %+v, %v", left, err)
	}

	// The finding loses an account: evidence of the earlier form counts no more.
	smaller := finding("f1", "", 20*time.Minute, 2*time.Hour, 1)
	if changed, _ := replace(t, s, smaller); changed != 1 {
		t.Errorf("changed %d, want 1", changed)
	}
	settle(t, s)
	want = count(posts, func(p *post.Post) bool { return inside(p, 20*time.Minute, 2*time.Hour, "1") })
	if diff := cmp.Diff(want, buckets(t, c)); diff != "" {
		t.Errorf("buckets with a smaller finding (-want +got):\n%s", diff)
	}

	// Declared activity is a side of its own.
	replace(t, s, finding("f1", "day of action", 20*time.Minute, 2*time.Hour, 1))
	settle(t, s)
	want = count(posts, func(*post.Post) bool { return false })
	for i := range want {
		for _, p := range posts {
			if inside(p, 20*time.Minute, 2*time.Hour, "1") && inBucket(p, want[i]) {
				want[i].DeclaredPosts++
			}
		}
	}
	if diff := cmp.Diff(want, buckets(t, c)); diff != "" {
		t.Errorf("buckets with a declared finding (-want +got):\n%s", diff)
	}

	if _, withdrawn := replace(t, s); withdrawn != 1 {
		t.Errorf("withdrawn %d, want 1", withdrawn)
	}
	settle(t, s)
	want = count(posts, func(*post.Post) bool { return false })
	if diff := cmp.Diff(want, buckets(t, c)); diff != "" {
		t.Errorf("buckets after withdrawal (-want +got):\n%s", diff)
	}
	if state := ask[string](t, c, "SELECT state FROM findings FINAL"); state != "withdrawn" {
		t.Errorf("state %q: a withdrawn finding must stay on record", state)
	}
}
