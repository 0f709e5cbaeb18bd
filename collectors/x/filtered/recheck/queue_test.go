package recheck_test

import (
	"fmt"
	"testing"
	"time"

	"winnow/collectors/x/filtered/recheck"
	"winnow/pipeline/post"
)

var (
	start = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	ages  = []time.Duration{15 * time.Minute, 2 * time.Hour, 24 * time.Hour}
)

func posts(n int, at time.Time) []post.Post {
	out := make([]post.Post, n)
	for i := range out {
		out[i] = post.Post{ID: fmt.Sprint(1_000_000 + i), PostedAt: at}
	}
	return out
}

func TestEachAgeInTurn(t *testing.T) {
	q := recheck.New(ages)
	q.Add(posts(3, start), start)
	for stage, age := range ages {
		if _, batch := q.Due(start.Add(age-time.Second), 100); len(batch) > 0 {
			t.Fatalf("%d posts are due before the age of %v", len(batch), age)
		}
		got, batch := q.Due(start.Add(age), 2)
		if got != stage || len(batch) != 2 {
			t.Fatalf("at the age of %v: stage %d with %d posts, want %d with 2", age, got, len(batch), stage)
		}
		q.Again(got, batch)
		got, batch = q.Due(start.Add(age), 100)
		if len(batch) != 3 || batch[0].ID != 1_000_000 {
			t.Fatalf("put back, %d posts are due, want 3 in their order", len(batch))
		}
		q.Pass(got, batch, start.Add(age))
	}
	if n := q.Size(); n != 0 {
		t.Errorf("%d posts wait after the last age", n)
	}
}

func TestOldPostsWaitForTheNextAge(t *testing.T) {
	q := recheck.New(ages)
	q.Add(posts(1, start), start.Add(time.Hour))
	q.Add(posts(1, start.Add(-48*time.Hour)), start)
	if q.Size() != 1 {
		t.Fatalf("%d posts wait, want one: the other is older than every age", q.Size())
	}
	if stage, batch := q.Due(start.Add(2*time.Hour), 100); stage != 1 || len(batch) != 1 {
		t.Errorf("stage %d with %d posts, want 1 with 1", stage, len(batch))
	}
}

func TestBound(t *testing.T) {
	q := recheck.New(ages)
	for i := range 4 {
		if n := q.Add(posts(recheck.Most/4, start), start); n > 0 {
			t.Fatalf("%d do not fit in quarter %d", n, i+1)
		}
	}
	if n := q.Add(posts(7, start), start); n != 7 || q.Size() != recheck.Most {
		t.Errorf("%d of 7 did not fit, %d wait; want 7 and %d", n, q.Size(), recheck.Most)
	}
}

func TestVersions(t *testing.T) {
	q := recheck.New(ages)
	edited := post.Post{ID: "5", NativeID: "8", PostedAt: start}
	again := post.Post{ID: "5", NativeID: "9", PostedAt: start}
	late := post.Post{ID: "5", NativeID: "7", PostedAt: start}
	q.Add([]post.Post{edited, again, late, {ID: "no number", PostedAt: start}}, start)
	_, batch := q.Due(start.Add(time.Hour), 100)
	if len(batch) == 0 || q.Version(batch[0]) != "9" {
		t.Fatalf("%d posts are due; want the ninth version of post 5", len(batch))
	}
	q.Drop(batch[0])
	if got := q.Version(batch[0]); got != "5" {
		t.Errorf("after it is gone its version is %s, want 5", got)
	}
}
