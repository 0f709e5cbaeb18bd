package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/pipeline"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

func TestIngestStoresGapsAndWatches(t *testing.T) {
	open := post.Gap{Source: "x/stream", Platform: post.X, From: day, Cause: post.Network, Fill: post.Pending}
	closed := open
	closed.To, closed.Note = day.Add(time.Minute), "connection reset"
	odd := open
	odd.Campaign, odd.Cause, odd.Note = "games", "sunspots", strings.Repeat("é", 700)+"\xff\x00"
	nameless, early, endless := open, open, open
	nameless.Source = ""
	early.From = time.Time{}
	endless.To = day.AddDate(900, 0, 0)
	watch := post.Watch{Source: "x/stream", Platform: post.X, Campaign: "games", Since: day}
	ofAll, never := watch, watch
	ofAll.Campaign = ""
	never.Since = time.Time{}

	reg, rec := prometheus.NewRegistry(), &recorder{}
	// What is configured makes no difference: a gap is a gap.
	in := pipeline.NewIngest(matcher(t, campaign.Campaign{Name: "other", Tags: []string{"other"}}), rec, pipeline.NewArrivals(), reg, slog.New(slog.DiscardHandler), time.Now)
	err := in.Handle(t.Context(), feed.Message{Batch: feed.Batch{
		Source: "x/stream", Posts: []post.Post{aPost("1", "games")},
		Gaps:    []post.Gap{open, nameless, closed, early, odd, endless},
		Watches: []post.Watch{watch, ofAll, never},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.gaps) != 3 {
		t.Fatalf("%d gaps stored, want 3", len(rec.gaps))
	}
	note := rec.gaps[2].Note
	if len(note) < 990 || len(note) > 1000 || !utf8.ValidString(note) || strings.Contains(note, "\x00") {
		t.Errorf("note of %d bytes: %q", len(note), note)
	}
	odd.Note = note
	if diff := cmp.Diff([]post.Gap{open, closed, odd}, rec.gaps); diff != "" {
		t.Errorf("gaps, in order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]post.Watch{watch}, rec.watches); diff != "" {
		t.Errorf("watches (-want +got):\n%s", diff)
	}
	for name, labels := range map[string]map[string]float64{
		"winnow_pipeline_gap_reports_total":      {"network": 2, "other": 1, "sunspots": 0},
		"winnow_pipeline_dropped_coverage_total": {"no-source": 2, "bad-time": 3},
		"winnow_pipeline_dropped_posts_total":    {"no-campaign": 1, "no-source": 0},
	} {
		for label, want := range labels {
			if got := counter(t, reg, name, label); got != want {
				t.Errorf("%s{%s} is %v, want %v", name, label, got, want)
			}
		}
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Errorf("metrics: %v %v", problems, err)
	}
}

// Live sources send a cursor alone every few seconds: it passes from the log to
// its acknowledgement while nothing is written, even if the store is gone.
func TestCursorAloneIsAcknowledgedWithoutTheStore(t *testing.T) {
	log, err := feed.Open(t.Context(), feed.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() //nolint:errcheck // test
	for _, cursor := range []string{"1", "2", "3"} {
		if err := log.Publish(t.Context(), feed.Batch{Source: "mastodon/a.example", Cursor: []byte(cursor)}); err != nil {
			t.Fatal(err)
		}
	}
	rec := &recorder{err: errors.New("the store is gone")}
	in := pipeline.NewIngest(matcher(t), rec, pipeline.NewArrivals(), nil, slog.New(slog.DiscardHandler), time.Now)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- log.Consume(ctx, in.Handle) }()
	if err := log.WaitDrained(ctx); err != nil {
		t.Errorf("not acknowledged: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if rec.writes != 0 {
		t.Errorf("%d writes for cursors alone", rec.writes)
	}
	if cursor, _, err := log.Cursor(t.Context(), "mastodon/a.example"); err != nil || string(cursor) != "3" {
		t.Errorf("cursor %q, %v", cursor, err)
	}
}
