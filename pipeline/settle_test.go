package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/pipeline"
	"winnow/pipeline/campaign"
	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
)

// ledger is a store of one campaign that writes down what is asked of it.
type ledger struct {
	posts []post.Post
	// byPosts and byFindings are open marks, upto the newest version.
	byPosts, byFindings uint64
	upto                uint64
	// whileReading happens after the posts were read, as by another writer.
	whileReading func()
	calls        []string
	days         int // how often they were recomputed
	reading      uint64
	found        []coordination.Finding
	changes      []change.Change
	// undecided is what an earlier run has left.
	undecided    []string
	err, readErr error
	// away is until when it does not even answer.
	away time.Time
}

func (l *ledger) Ping(context.Context) error {
	if time.Now().Before(l.away) {
		return errors.New("no answer")
	}
	return nil
}

func (l *ledger) Marked(context.Context) ([]storage.OpenMarks, error) {
	if err := l.Ping(context.Background()); err != nil {
		return nil, err
	}
	if l.err != nil || l.byPosts+l.byFindings+l.reading == 0 {
		return nil, l.err
	}
	return []storage.OpenMarks{{Campaign: "c", ByPosts: l.byPosts, ByFindings: l.byFindings, Reading: l.reading, Upto: l.upto}}, nil
}

func (l *ledger) Undecided(context.Context) ([]string, error) { return l.undecided, l.err }

func (l *ledger) Posts(_ context.Context, _ string, f func(*post.Post) error) error {
	l.calls = append(l.calls, "posts")
	for i := range l.posts {
		if err := f(&l.posts[i]); err != nil {
			return err
		}
	}
	if l.whileReading != nil {
		l.whileReading()
	}
	return l.readErr
}

func (l *ledger) ReplaceFindings(_ context.Context, _ string, fs []coordination.Finding) (int, int, error) {
	l.calls = append(l.calls, "findings")
	l.found = fs
	if len(fs) > 0 {
		l.upto += 2
		l.byFindings++
	}
	return len(fs), 0, nil
}

func (l *ledger) ReplaceChanges(_ context.Context, _ string, cs []change.Change) (int, int, error) {
	l.calls = append(l.calls, "changes")
	l.changes = cs
	return len(cs), 0, nil
}

func (l *ledger) Recompute(_ context.Context, _ string, detected, upto uint64) error {
	l.calls = append(l.calls, fmt.Sprintf("recompute %d %d", detected, upto))
	l.byFindings = 0
	if detected == l.upto || l.whileReading == nil {
		l.byPosts = 0
	}
	return nil
}

func (l *ledger) RecomputeDays(context.Context, string, uint64) error { l.days++; return nil }

func (l *ledger) MarkReading(context.Context, string) error {
	l.upto += 2
	l.reading = l.upto
	return nil
}

func (l *ledger) ReadWhole(_ context.Context, _ string, upto uint64) error {
	if l.reading <= upto {
		l.reading = 0
	}
	return nil
}

func (l *ledger) Retain(_ context.Context, campaign string, before time.Time) (time.Time, error) {
	l.calls = append(l.calls, fmt.Sprintf("retain %s %s", campaign, before.Format(time.DateTime)))
	return before, nil
}

func newSettle(t *testing.T, l *ledger) *pipeline.Settle {
	t.Helper()
	return pipeline.NewSettle(l, matcher(t), pipeline.NewArrivals(), nil, slog.New(slog.DiscardHandler), time.Now)
}

// copies are many accounts with one text within seconds, again and again.
func copies() []post.Post {
	var out []post.Post
	for wave := range 6 {
		for a := range 30 {
			p := aPost(fmt.Sprintf("%d-%d", wave, a))
			p.Account.ID = fmt.Sprint("attacker", a)
			p.Text = fmt.Sprintf("the games are a triumph of friendship and peace number %c", 'a'+wave)
			p.PostedAt = day.Add(time.Duration(wave)*time.Hour + time.Duration(a)*time.Second)
			out = append(out, p)
		}
	}
	return out
}

func TestSettleDetectsThenRecomputesWhatFindingsTouched(t *testing.T) {
	l := &ledger{posts: copies(), byPosts: 3, upto: 10}
	reg := prometheus.NewRegistry()
	known := matcher(t, campaign.Campaign{Name: "c", Tags: []string{"tag"}})
	n, err := pipeline.NewSettle(l, known, pipeline.NewArrivals(), reg, slog.New(slog.DiscardHandler), time.Now).Pass(t.Context())
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if diff := cmp.Diff([]string{"posts", "findings", "changes", "recompute 10 12"}, l.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if len(l.found) == 0 || len(l.found[0].Accounts) != 30 {
		t.Errorf("found %+v, want the 30 accounts", l.found)
	}
	for name, label := range map[string]string{
		"winnow_detector_entries": "texts", "winnow_findings_open": "c", "winnow_change_entries": "recent",
	} {
		if gauge(t, reg, name, label) == 0 {
			t.Errorf("%s{%s} is 0 after a finding", name, label)
		}
	}
	if gauge(t, reg, "winnow_settle_success_timestamp_seconds", "") == 0 {
		t.Error("a pass without an error is no success")
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Errorf("metrics: %v %v", problems, err)
	}
}

// Archives make campaigns without number: only those of the configuration have a
// metric of their own.
func TestCampaignsOfArchivesHaveNoMetric(t *testing.T) {
	l := &ledger{posts: copies(), byPosts: 3, upto: 10}
	reg := prometheus.NewRegistry()
	if _, err := pipeline.NewSettle(l, matcher(t), pipeline.NewArrivals(), reg, slog.New(slog.DiscardHandler), time.Now).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := testutil.GatherAndCount(reg, "winnow_findings_open"); err != nil || n > 0 || len(l.found) == 0 {
		t.Errorf("%d metrics of campaigns after %d findings, %v", n, len(l.found), err)
	}
}

func TestSettleFindsChangesInTheSamePass(t *testing.T) {
	l := &ledger{byPosts: 1, upto: 10}
	add := func(at time.Time) {
		p := aPost(fmt.Sprint(len(l.posts)))
		p.Account.ID, p.PostedAt = fmt.Sprint("account", len(l.posts)), at
		l.posts = append(l.posts, p)
	}
	for hour := range 72 {
		add(day.Add(time.Duration(hour) * time.Hour))
	}
	for i := range 200 {
		add(day.Add(72*time.Hour + time.Duration(i)*time.Second))
	}
	reg := prometheus.NewRegistry()
	if _, err := pipeline.NewSettle(l, matcher(t), pipeline.NewArrivals(), reg, slog.New(slog.DiscardHandler), time.Now).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"posts", "findings", "changes", "recompute 10 10"}, l.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	i := slices.IndexFunc(l.changes, func(c change.Change) bool { return c.Tag == "" })
	if i < 0 || l.changes[i].Direction != change.Rise || !l.changes[i].From.Equal(day.Add(72*time.Hour)) || l.changes[i].Observed != 200 {
		t.Errorf("changes %+v, want the rise of 200 posts after three days", l.changes)
	}
	if gauge(t, reg, "winnow_change_entries", "changes") == 0 {
		t.Error("winnow_change_entries{changes} is 0 after a change")
	}
}

func TestPostsThatCameDuringDetectionAskForItAgain(t *testing.T) {
	l := &ledger{posts: copies()[:1], byPosts: 1, upto: 10}
	l.whileReading = func() { l.upto = 20 }
	s := newSettle(t, l)
	if _, err := s.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"posts", "findings", "changes", "recompute 10 20"}, l.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if l.byPosts == 0 {
		t.Fatal("the ledger took back the mark of a post that detection has not seen")
	}
}

func TestMarksByFindingsNeedNoDetection(t *testing.T) {
	l := &ledger{byFindings: 2, upto: 10}
	if _, err := newSettle(t, l).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"recompute 10 10"}, l.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestRunTriesAgainAndGivesUpInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone := errors.New("part is damaged")
		l := &ledger{err: gone}
		begin := time.Now()
		err := newSettle(t, l).Run(t.Context())
		if !errors.Is(err, gone) {
			t.Errorf("error %v, want that of the store", err)
		}
		if took := time.Since(begin); took < 30*time.Second {
			t.Errorf("gave up after %s: a store that restarts needs longer", took)
		}
	})
}

// Collectors and log go on while the store is away, so settling must not end them.
func TestRunWaitsForAStoreThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{posts: copies()[:1], byPosts: 1, upto: 2, away: time.Now().Add(6 * time.Hour)}
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Hour)
		defer cancel()
		if err := newSettle(t, l).Run(ctx); err != nil {
			t.Error(err)
		}
		if len(l.calls) == 0 {
			t.Error("nothing was settled when the store was back")
		}
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{posts: copies()[:1], byPosts: 1, upto: 2}
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		if err := newSettle(t, l).Run(ctx); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"posts", "findings", "changes", "recompute 2 2"}, l.calls); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}
