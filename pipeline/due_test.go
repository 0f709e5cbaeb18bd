package pipeline_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

// talkAndRing are two days of people who talk and pass things on at leisure,
// then one post that many accounts repost within a minute.
func talkAndRing() (posts []post.Post, last time.Time) {
	rng := rand.New(rand.NewPCG(4, 1))
	add := func(p post.Post) string {
		p.ID = fmt.Sprint(len(posts))
		posts = append(posts, p)
		return p.ID
	}
	repost := func(of, by string, at time.Time) {
		p := aPost("")
		p.Kind, p.Account.ID, p.PostedAt, p.Text = post.Repost, by, at, ""
		p.RepostOf = post.Ref{PostID: of, AccountID: "7"}
		add(p)
	}
	for i := range 400 {
		p := aPost("")
		p.Account.ID, p.PostedAt = fmt.Sprint("organic", rng.IntN(300)), day.Add(time.Duration(rng.Int64N(int64(48*time.Hour))))
		p.Text = fmt.Sprintf("number %d of %d words on %d matters", i, rng.IntN(1e6), rng.IntN(1e6))
		id := add(p)
		for range rng.IntN(4) {
			repost(id, fmt.Sprint("organic", rng.IntN(300)), p.PostedAt.Add(time.Duration(rng.ExpFloat64()*float64(3*time.Hour))))
		}
	}
	source := aPost("")
	source.PostedAt, source.Text = day.Add(72*time.Hour), "the games are a triumph"
	id := add(source)
	for i := range 25 {
		repost(id, fmt.Sprint("ring", i), source.PostedAt.Add(time.Duration(1+i)*time.Second))
	}
	return posts, source.PostedAt.Add(25 * time.Second)
}

// confidences are those of what was found, in order.
func confidences(fs []coordination.Finding) (out []coordination.Confidence) {
	for _, f := range fs {
		out = append(out, f.Confidence)
	}
	return out
}

// A finding that is early when the last post has come is settled although no
// post comes after it.
func TestSilenceSettlesEarlyFindings(t *testing.T) {
	posts, last := talkAndRing()
	l := &ledger{posts: posts, byPosts: 1, upto: 10}
	now := last.Add(time.Minute)
	s := pipeline.NewSettle(l, matcher(t), pipeline.NewArrivals(), nil, slog.New(slog.DiscardHandler), func() time.Time { return now })
	pass := func(want int) {
		t.Helper()
		l.calls = nil
		if n, err := s.Pass(t.Context()); err != nil || n != want {
			t.Fatalf("%d campaigns settled at %s, %v; want %d", n, now, err, want)
		}
	}
	pass(1)
	if got := confidences(l.found); len(got) != 1 || got[0] != coordination.ConfidenceEarly {
		t.Fatalf("found %v at once, want one early finding", got)
	}
	now = now.Add(30 * time.Second)
	pass(0)
	for range 90 {
		now = now.Add(time.Minute)
		if _, err := s.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := confidences(l.found); len(got) != 1 || got[0] == coordination.ConfidenceEarly {
		t.Fatalf("found %v after the hour, want one finding that is early no more", got)
	}
	// Nothing is left that time could change, so nothing is read any more.
	now = now.Add(24 * time.Hour)
	pass(0)
	if len(l.calls) > 0 {
		t.Errorf("calls %v long after", l.calls)
	}
}

// What an earlier run left undecided is looked at once by the next.
func TestEarlyFindingsOfAnEarlierRunAreSettled(t *testing.T) {
	posts, last := talkAndRing()
	l := &ledger{posts: posts, upto: 10, undecided: []string{"c"}}
	s := pipeline.NewSettle(l, matcher(t), pipeline.NewArrivals(), nil, slog.New(slog.DiscardHandler), func() time.Time { return last.Add(3 * time.Hour) })
	if n, err := s.Pass(t.Context()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	// The mark is that of the finding; those of posts that detection has not
	// seen stay.
	if diff := cmp.Diff([]string{"posts", "findings", "changes", "recompute 0 12"}, l.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if got := confidences(l.found); len(got) != 1 || got[0] == coordination.ConfidenceEarly {
		t.Errorf("found %v hours later", got)
	}
	if n, err := s.Pass(t.Context()); err != nil || n != 0 {
		t.Errorf("a second pass settled %d campaigns, %v", n, err)
	}
}

// A pass that failed leaves what is due to the next.
func TestWhatIsDueOutlivesAFailure(t *testing.T) {
	posts, last := talkAndRing()
	l := &ledger{posts: posts, upto: 10, undecided: []string{"c"}}
	s := pipeline.NewSettle(l, matcher(t), pipeline.NewArrivals(), nil, slog.New(slog.DiscardHandler), func() time.Time { return last.Add(3 * time.Hour) })
	gone := errors.New("store is gone")
	l.readErr = gone
	if _, err := s.Pass(t.Context()); !errors.Is(err, gone) {
		t.Fatalf("error %v, want that of the store", err)
	}
	l.readErr = nil
	if n, err := s.Pass(t.Context()); err != nil || n != 1 || len(l.found) != 1 {
		t.Errorf("%d campaigns settled, %v, found %v", n, err, confidences(l.found))
	}
}
