package grafana

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/collectors/scenario"
	"winnow/dashboards/grafana/grafanatest"
	"winnow/pipeline"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/storagetest"
	"winnow/storage/view"
)

// story is a store that holds what `winnow demo` tells, on its way through the
// pipeline, and gaps of each kind.
type story struct {
	// conn may do everything, reader only what Grafana may.
	conn, reader driver.Conn

	view  *view.Reader
	whole grafanatest.TimeRange
	name  string
	// findings are one of each kind, by kind.
	findings map[string]string
}

const storySource = "x/stream"

func tellStory(t *testing.T) *story {
	t.Helper()
	options := storagetest.Options(t)
	store, err := storage.Open(t.Context(), storage.Options{Writer: options})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := clickhouse.Open(readerOptions(t, options))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range []interface{ Close() error }{reader, conn, store} {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	told := scenario.New(scenario.Config{Seed: 1, Scale: 0.2})
	matcher, err := campaign.NewMatcher(told.Campaigns())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Declare(t.Context(), told.Campaigns()); err != nil {
		t.Fatal(err)
	}
	log, coming := slog.New(slog.DiscardHandler), pipeline.NewArrivals()
	ingest := pipeline.NewIngest(matcher, store, coming, nil, log, time.Now)
	write := func(b feed.Batch) {
		if err := ingest.Handle(t.Context(), feed.Message{Batch: b}); err != nil {
			t.Fatal(err)
		}
	}
	for b := range told.Batches(10000) {
		write(b)
	}
	from, to := told.Span()
	s := &story{conn: conn, reader: reader, view: store.View(), name: told.Campaigns()[0].Name, findings: map[string]string{}}
	s.whole = grafanatest.TimeRange{From: from.Truncate(time.Hour), To: to.Truncate(time.Hour).Add(time.Hour), Interval: time.Minute}
	write(storyGaps(s.name, from))
	settle := pipeline.NewSettle(store, matcher, coming, nil, log, time.Now)
	if err := settle.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	insertDoubtful(t, conn, s.name, to)
	all, err := s.view.Findings(t.Context(), s.name)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		kind := f.Kind
		if f.Declared != "" {
			kind = "declared"
		}
		if f.Confidence != "early" {
			s.findings[kind] = f.ID
		}
	}
	for _, kind := range []string{"copies", "pile-on", "declared"} {
		if s.findings[kind] == "" {
			t.Fatalf("the story has no finding %q: %v", kind, s.findings)
		}
	}
	return s
}

// readerOptions are those of the user that can only read, if there is one.
func readerOptions(t *testing.T, o *clickhouse.Options) *clickhouse.Options {
	t.Helper()
	if os.Getenv(storagetest.URLVariable) != "" {
		return o
	}
	r := storagetest.Engine(t).ReaderOptions()
	r.Auth.Database = o.Auth.Database
	return r
}

// insertDoubtful writes what the story has none of: an early finding at a target,
// and a change.
func insertDoubtful(t *testing.T, conn driver.Conn, name string, at time.Time) {
	t.Helper()
	insert(t, conn, "findings (campaign, finding_id, kind, state, sentence, started_at, ended_at, bits, expected, observed, target, accounts, posts, objects, version, confidence)",
		[]any{name, "e1", "pile-on", "open", "12 accounts turned on one.", at.Add(-time.Hour), at.Add(-50 * time.Minute), 21., 0.3, 12., "someone", uint64(12), uint64(12), uint64(1), uint64(1), "early"})
	insert(t, conn, "finding_accounts (campaign, finding_id, platform, account_id, bits, first_at, last_at, posts, version)",
		[]any{name, "e1", "x", "1", 5., at.Add(-time.Hour), at.Add(-50 * time.Minute), uint64(1), uint64(1)})
	insert(t, conn, "changes (campaign, change_id, direction, state, sentence, started_at, bits, observed, expected, hold, version)",
		[]any{name, "c1", "rise", "open", "Far more posts than usual.", at.Add(-5 * time.Hour), 30., uint64(300), 20., "kept", uint64(1)})
}

// storyGaps are gaps of each kind, which overlap in part.
func storyGaps(name string, from time.Time) feed.Batch {
	at := func(hours float64) time.Time { return from.Add(time.Duration(hours * float64(time.Hour))) }
	gap := func(source, campaign string, a, b float64, cause post.Cause, share float64, fill post.Fill) post.Gap {
		g := post.Gap{Source: source, Campaign: campaign, Platform: post.X, From: at(a), Cause: cause, Share: share, Fill: fill}
		if b > 0 {
			g.To = at(b)
		}
		if source != storySource {
			g.Platform = post.Mastodon
		}
		return g
	}
	return feed.Batch{
		Source: storySource,
		Watches: []post.Watch{
			{Source: storySource, Platform: post.X, Campaign: name, Since: at(5.5)},
			{Source: "mastodon/a.example", Platform: post.Mastodon, Campaign: name, Since: at(-30)},
		},
		Gaps: []post.Gap{
			gap(storySource, "", 3, 7, post.Network, 0, post.Lost),
			gap(storySource, "", 10, 14, post.Budget, 0.25, post.Lost),
			gap(storySource, name, 12, 16, post.RateLimited, 0, post.Partly),
			gap(storySource, "", 20, 21, post.Suspended, 0, post.Filled),
			gap(storySource, name, 30, 31, post.Network, 0, post.Pending),
			gap("mastodon/a.example", "", 40, 0, post.Stalled, 0, post.Pending),
			gap("mastodon/a.example", name, -40, -30, post.Before, 0, post.Lost),
		},
	}
}
