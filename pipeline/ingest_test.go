package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"winnow/pipeline"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
	"winnow/storage"
)

var day = time.Date(2015, 6, 12, 0, 0, 0, 0, time.UTC)

// recorder keeps what it is told to write, or fails.
type recorder struct {
	err       error
	stored    []string // "campaign/post id"
	deletions int
	gaps      []post.Gap
	watches   []post.Watch
	writes    int
}

func (r *recorder) Write(_ context.Context, m storage.Message) error {
	r.writes++
	if r.err != nil {
		return r.err
	}
	m.Storing(m.Rows)
	for _, row := range m.Rows {
		r.stored = append(r.stored, row.Campaign+"/"+row.Post.ID)
	}
	r.deletions += len(m.Deletions)
	r.gaps = append(r.gaps, m.Gaps...)
	r.watches = append(r.watches, m.Watches...)
	return nil
}

func matcher(t *testing.T, cs ...campaign.Campaign) *campaign.Matcher {
	t.Helper()
	m, err := campaign.NewMatcher(cs)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func aPost(id string, tags ...string) post.Post {
	return post.Post{
		Platform: post.X, ID: id, Kind: post.Original, Account: post.Account{ID: "7"}, PostedAt: day, Text: "text",
		Tags: post.NewTags(tags...),
	}
}

func TestIngestStoresWhatBelongsToCampaigns(t *testing.T) {
	bad, late := aPost("", "Baku2015"), aPost("9", "baku2015")
	late.PostedAt = day.Add(time.Hour)
	named := aPost("4")
	named.Campaign = "by column"
	batch := feed.Batch{
		Source: "archive/x", Campaign: "by file",
		Posts:     []post.Post{aPost("1", "Baku2015"), aPost("2", "weather"), bad, late, named},
		Deletions: []post.Deletion{{Platform: post.X, NativeID: "1", At: day}},
	}
	tests := []struct {
		name      string
		campaigns []campaign.Campaign
		want      []string
		dropped   map[string]float64
	}{
		{
			"configured",
			[]campaign.Campaign{{Name: "one", Tags: []string{"#Baku2015"}}, {Name: "two", Tags: []string{"baku2015", "weather"}}},
			[]string{"one/1", "two/1", "two/2", "one/9", "two/9"},
			map[string]float64{"no-campaign": 1, "no-id": 1},
		},
		{
			"none configured", nil,
			[]string{"by file/1", "by file/2", "by file/9", "by column/4"},
			map[string]float64{"no-campaign": 0, "no-id": 1},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reg, rec := prometheus.NewRegistry(), &recorder{}
			in := pipeline.NewIngest(matcher(t, tt.campaigns...), rec, pipeline.NewArrivals(), reg, slog.New(slog.DiscardHandler), time.Now)
			b := batch
			b.Posts = append([]post.Post(nil), batch.Posts...)
			if err := in.Handle(t.Context(), feed.Message{Batch: b}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, rec.stored); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
			if rec.deletions != 1 {
				t.Errorf("%d deletions, want 1", rec.deletions)
			}
			if !in.LastPost().Equal(late.PostedAt) {
				t.Errorf("last post %v, want %v", in.LastPost(), late.PostedAt)
			}
			if n := in.Stored(); n != int64(len(tt.want)) {
				t.Errorf("%d rows counted, want %d", n, len(tt.want))
			}
			for reason, want := range tt.dropped {
				if got := counter(t, reg, "winnow_pipeline_dropped_posts_total", reason); got != want {
					t.Errorf("dropped as %s: %v, want %v", reason, got, want)
				}
			}
			if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
				t.Errorf("metrics: %v %v", problems, err)
			}
		})
	}
}

// counter and gauge read one labelled metric; 0 if it was never set.
func counter(t *testing.T, reg *prometheus.Registry, name, label string) float64 {
	t.Helper()
	return labelled(t, reg, name, label).GetCounter().GetValue()
}

func gauge(t *testing.T, reg *prometheus.Registry, name, label string) float64 {
	t.Helper()
	return labelled(t, reg, name, label).GetGauge().GetValue()
}

func labelled(t *testing.T, reg *prometheus.Registry, name, label string) *dto.Metric {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && (len(m.GetLabel()) == 0 && label == "" || len(m.GetLabel()) > 0 && m.GetLabel()[0].GetValue() == label) {
				return m
			}
		}
	}
	return nil
}

func TestIngestReportsWhatWasNotStored(t *testing.T) {
	full := errors.New("disk full")
	in := pipeline.NewIngest(matcher(t), &recorder{err: full}, pipeline.NewArrivals(), nil, slog.New(slog.DiscardHandler), time.Now)
	err := in.Handle(t.Context(), feed.Message{Batch: feed.Batch{Campaign: "c", Posts: []post.Post{aPost("1")}}})
	if !errors.Is(err, full) {
		t.Errorf("error %v: a message that was not stored must not be acknowledged", err)
	}
	if in.Stored() != 0 {
		t.Error("rows counted that were not stored")
	}
}
