package storage_test

import (
	"testing"
	"time"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

// Who deletes the posts of an attack takes their content away, not what was found.
func TestFindingStaysWhenItsPostsAreDeleted(t *testing.T) {
	s, c := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0), somePost(2, 2, time.Minute)))
	settle(t, s)
	firm := finding("firm", "", 0, time.Hour, 1, 2)
	firm.Confidence = coordination.ConfidenceFirm
	early := finding("early", "", 0, time.Hour, 1, 2)
	early.Confidence = coordination.ConfidenceEarly
	replace(t, s, firm, early)
	write(t, s, nil, post.Deletion{Platform: post.X, NativeID: "1001", At: day.Add(time.Hour)})
	smaller := finding("firm", "", 0, time.Hour, 2)
	if changed, withdrawn := replace(t, s, smaller); changed != 0 || withdrawn != 1 {
		t.Errorf("changed %d, withdrawn %d; want 0 and the early one", changed, withdrawn)
	}
	if changed, withdrawn := replace(t, s); changed+withdrawn != 0 {
		t.Errorf("changed %d, withdrawn %d; want the finding to stay", changed, withdrawn)
	}
	settle(t, s)
	if n := ask[uint64](t, c, "SELECT sum(coordinated_posts) FROM reach FINAL WHERE step = 0"); n != 2 {
		t.Errorf("%d posts are coordinated, want 2", n)
	}
	// More of it is still news.
	if changed, _ := replace(t, s, finding("firm", "", 0, time.Hour, 1, 2, 3)); changed != 1 {
		t.Error("a finding that grew was not written")
	}
	// Found in another one now, it need not stay on its own.
	if _, withdrawn := replace(t, s, finding("other", "", 0, time.Hour, 1, 2, 3, 4)); withdrawn != 1 {
		t.Error("a finding that another one holds was kept beside it")
	}
}
