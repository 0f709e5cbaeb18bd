package pipeline_test

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"winnow/pipeline"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// large is a campaign that takes two seconds to read, and what is beside it.
type large struct {
	*ledger
	settle *pipeline.Settle
	ingest *pipeline.Ingest
	now    time.Time
}

func newLarge(t *testing.T, posts []post.Post) *large {
	t.Helper()
	l := &large{ledger: &ledger{posts: posts}, now: day.Add(30 * 24 * time.Hour)}
	l.whileReading = func() { l.now = l.now.Add(2 * time.Second) }
	coming := pipeline.NewArrivals()
	clock := func() time.Time { return l.now }
	l.settle = pipeline.NewSettle(l, matcher(t), coming, nil, slog.New(slog.DiscardHandler), clock)
	l.ingest = pipeline.NewIngest(matcher(t, campaign.Campaign{Name: "c", Tags: []string{"t"}}), &recorder{}, coming, nil, slog.New(slog.DiscardHandler), clock)
	return l
}

// come stores posts that ingest takes in.
func (l *large) come(t *testing.T, posts ...post.Post) {
	t.Helper()
	posts = slices.Clone(posts)
	if err := l.ingest.Handle(t.Context(), feed.Message{Batch: feed.Batch{Source: "s", Posts: posts}}); err != nil {
		t.Fatal(err)
	}
	l.posts = append(l.posts, posts...)
	l.byPosts, l.upto = 1, l.upto+2
}

// pass settles and returns what was asked of the store, without the recomputation.
func (l *large) pass(t *testing.T) []string {
	t.Helper()
	l.calls = nil
	if _, err := l.settle.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.byPosts = 0
	return slices.DeleteFunc(l.calls, func(s string) bool { return len(s) > 9 && s[:9] == "recompute" })
}

func tagged(posts []post.Post) []post.Post {
	out := slices.Clone(posts)
	for i := range out {
		out[i].Tags = post.NewTags("t")
	}
	return out
}

// A campaign that is long to read is read once. Then its detector goes on with what
// comes, and finds the same as one that reads everything.
func TestLargeCampaignGoesOnWithWhatComes(t *testing.T) {
	all := tagged(copies())
	l := newLarge(t, all[:30])
	l.byPosts = 1
	whole := []string{"posts", "findings", "changes"}
	if diff := cmp.Diff(whole, l.pass(t)); diff != "" {
		t.Fatalf("the first pass (-want +got):\n%s", diff)
	}
	for n := 30; n < len(all); n += 30 {
		l.come(t, all[n:n+30]...)
		l.now = l.now.Add(2 * time.Second)
		if diff := cmp.Diff([]string{"findings"}, l.pass(t)); diff != "" {
			t.Fatalf("after %d posts (-want +got):\n%s", n, diff)
		}
	}
	fresh := newLarge(t, all)
	fresh.byPosts = 1
	fresh.pass(t)
	if diff := cmp.Diff(fresh.found, l.found); diff != "" || len(l.found) == 0 {
		t.Errorf("%d findings (-read whole +gone on):\n%s", len(l.found), diff)
	}
	// When it has rested it is read again, though nothing comes, and once only.
	l.now = l.now.Add(time.Minute)
	if diff := cmp.Diff(whole, l.pass(t)); diff != "" {
		t.Errorf("after a minute (-want +got):\n%s", diff)
	}
	l.now = l.now.Add(time.Hour)
	if calls := l.pass(t); slices.Contains(calls, "posts") {
		t.Errorf("%q with nothing new", calls)
	}
}

// What a run that was killed had not read whole the next one reads, though nothing
// comes.
func TestNextRunReadsWhatWasBehind(t *testing.T) {
	all := tagged(copies())
	l := newLarge(t, all[:30])
	l.byPosts = 1
	l.pass(t)
	l.come(t, all[30:60]...)
	l.pass(t)
	next := newLarge(t, l.posts)
	next.reading = l.reading
	for _, want := range [][]string{{"posts", "findings", "changes"}, nil} {
		if diff := cmp.Diff(want, next.pass(t), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestDrainReadsToTheEnd(t *testing.T) {
	all := tagged(copies())
	l := newLarge(t, all[:30])
	l.byPosts = 1
	l.pass(t)
	l.come(t, all[30:60]...)
	l.pass(t)
	l.calls = nil
	if err := l.settle.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"posts", "findings", "changes"}, l.calls[:3]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// With more posts than may wait the campaign is read, and nothing is missed.
func TestMoreThanMayWait(t *testing.T) {
	l := newLarge(t, nil)
	l.byPosts = 1
	l.pass(t)
	var many []post.Post
	for i := range 50_100 {
		p := aPost(fmt.Sprint(i), "t")
		p.Account.ID, p.Text = fmt.Sprint("a", i), fmt.Sprint("text ", i)
		p.PostedAt = day.Add(time.Duration(i) * time.Second)
		many = append(many, p)
	}
	l.come(t, many...)
	if diff := cmp.Diff([]string{"posts", "findings", "changes"}, l.pass(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// An edit changes posts from before: the campaign is read again once it has rested.
func TestEditAsksToBeReadAgain(t *testing.T) {
	all := tagged(copies())
	l := newLarge(t, all)
	l.byPosts = 1
	l.pass(t)
	edited := all[3]
	edited.EditedAt = day.Add(time.Hour)
	l.come(t, edited)
	if diff := cmp.Diff([]string{"findings"}, l.pass(t)); diff != "" {
		t.Errorf("at once (-want +got):\n%s", diff)
	}
	l.now = l.now.Add(time.Minute)
	if diff := cmp.Diff([]string{"posts", "findings", "changes"}, l.pass(t)); diff != "" {
		t.Errorf("later (-want +got):\n%s", diff)
	}
}

// What comes is not always what the store then has: at the latest when all is settled
// only that is evidence.
func TestWhatTheStoreLeavesOutIsNoEvidence(t *testing.T) {
	all := tagged(copies())[:30]
	read := func(posts []post.Post) *large {
		l := newLarge(t, posts)
		l.byPosts = 1
		l.pass(t)
		return l
	}
	gone := read(all).found[0].Posts[3].PostID
	for name, takes := range map[string]time.Duration{"soon read": time.Millisecond, "long to read": 2 * time.Second} {
		t.Run(name, func(t *testing.T) {
			l := newLarge(t, nil)
			l.whileReading = func() { l.now = l.now.Add(takes) }
			l.come(t, all...)
			l.posts = slices.DeleteFunc(l.posts, func(p post.Post) bool { return p.ID == gone })
			l.pass(t)
			if err := l.settle.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(read(l.posts).found, l.found); diff != "" || len(l.found) == 0 {
				t.Errorf("%d findings (-read whole +settled):\n%s", len(l.found), diff)
			}
		})
	}
}
