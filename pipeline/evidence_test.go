package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/feed/stream"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/evidence"
	"winnow/storage/evidence/content"
)

// forgetful stores what it is given, but for what was deleted before.
type forgetful struct{ deleted map[string]bool }

func (f forgetful) Write(_ context.Context, m storage.Message) error {
	rows := make([]storage.PostRow, len(m.Rows))
	for i, r := range m.Rows {
		if f.deleted[r.Post.ID] {
			p := *r.Post
			p.Raw = nil
			r.Post = &p
		}
		rows[i] = r
	}
	m.Storing(rows)
	return nil
}

func (f forgetful) DeletedPosts(_ context.Context, _ string, each func(post.Platform, string)) error {
	for id := range f.deleted {
		each(post.X, id)
	}
	return nil
}

// kept are the ids of the posts of which there is evidence.
func kept(t *testing.T, s *evidence.Store, campaign string) (ids []string) {
	t.Helper()
	err := s.Each(t.Context(), campaign, 1, func(e evidence.Entry) error {
		if !e.Item.Present() {
			return nil
		}
		r, err := e.Record()
		ids = append(ids, r.PostID)
		return err
	})
	if err != nil && !errors.Is(err, evidence.ErrNone) {
		t.Fatal(err)
	}
	return ids
}

func received(id, raw string) post.Post {
	p := aPost(id, "kept", "both")
	p.ObservedAt = day
	p.Received([]byte(raw), "rule 7")
	return p
}

func TestEvidenceIsKeptForThoseWhoAskForIt(t *testing.T) {
	s, err := evidence.Open(t.TempDir(), evidence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // test
	store := forgetful{deleted: map[string]bool{"3": true}}
	m := matcher(t, campaign.Campaign{Name: "kept", Tags: []string{"kept"}, Evidence: true}, campaign.Campaign{Name: "not", Tags: []string{"both"}})
	in := pipeline.NewIngest(m, store, pipeline.NewArrivals(), prometheus.NewRegistry(), slog.New(slog.DiscardHandler), time.Now)
	keep := pipeline.NewEvidence(pipeline.EvidenceOptions{Store: s, Campaigns: m, Gone: store, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	in.KeepEvidence(keep)
	clock := post.Clock{Known: true, Synchronised: true, MaxError: time.Millisecond}
	msg := func(seq uint64, posts ...post.Post) feed.Message {
		return feed.Message{
			Batch:    feed.Batch{Source: "x/stream", Posts: posts, Receipt: post.Receipt{Version: "v1", Clock: clock}},
			Position: stream.Position{Incarnation: 1, Seq: seq},
		}
	}
	bare := aPost("2", "kept")
	for _, m := range []feed.Message{
		msg(1, received("1", `{"id":"1"}`), bare, received("3", `{"id":"3"}`)),
		msg(1, received("1", `{"id":"1"}`)), // it comes again after a crash
		msg(2, received("4", `{"id":"4"}`), received("1", `{"id":"1","edited":true}`)),
	} {
		if err := in.Handle(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"1", "4", "1"}, kept(t, s, "kept")); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if got := kept(t, s, "not"); got != nil {
		t.Errorf("kept for a campaign that did not ask: %v", got)
	}
	var first content.Record
	err = s.Find(t.Context(), "kept", evidence.Search{Posts: map[string]bool{"4": true}}, func(e evidence.Entry) (err error) {
		first, err = e.Record()
		return err
	})
	want := content.Record{
		Platform: "x", PostID: "4", AccountID: "7", Source: "x/stream", Version: "v1", Query: "rule 7", ReceivedAt: day, Clock: content.Clock(clock), Raw: []byte(`{"id":"4"}`),
	}
	if diff := cmp.Diff(want, first); err != nil || diff != "" {
		t.Errorf("%v, the record (-want +got):\n%s", err, diff)
	}

	// What is deleted since goes, and with it what a campaign keeps no longer.
	store.deleted["4"] = true
	if n, err := keep.LetGo(t.Context()); n != 1 || err != nil {
		t.Errorf("%d records erased, %v; want that of the deleted post", n, err)
	}
	if diff := cmp.Diff([]string{"1", "1"}, kept(t, s, "kept")); diff != "" {
		t.Errorf("kept after a deletion (-want +got):\n%s", diff)
	}
	if n, err := keep.LetGo(t.Context()); n != 0 || err != nil {
		t.Errorf("%d records erased once more, %v", n, err)
	}
}

func TestEvidenceOfDeletedPostsStaysOnRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := evidence.Open(t.TempDir(), evidence.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close() //nolint:errcheck // test
		m := matcher(t, campaign.Campaign{Name: "kept", Tags: []string{"kept"}, Evidence: true, Keep: 48 * time.Hour})
		begin := time.Now()
		at := func(seq uint64, id string, seen time.Time) {
			t.Helper()
			r := content.Record{Platform: "x", PostID: id, AccountID: "7", Source: "x/stream", ReceivedAt: seen, Raw: []byte(id)}
			if err := s.Append(t.Context(), "kept", content.Position{Incarnation: 1, Sequence: seq}, []content.Record{r}); err != nil {
				t.Fatal(err)
			}
		}
		at(1, "old", begin.Add(-24*time.Hour))
		at(2, "new", begin.Add(24*time.Hour))
		keep := pipeline.NewEvidence(pipeline.EvidenceOptions{
			Store: s, Campaigns: m, Gone: forgetful{map[string]bool{"old": true}}, KeepDeleted: true, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- keep.Run(ctx) }()
		synctest.Wait()
		if diff := cmp.Diff([]string{"old", "new"}, kept(t, s, "kept")); diff != "" {
			t.Errorf("kept at first (-want +got):\n%s", diff)
		}
		<-time.After(49 * time.Hour)
		synctest.Wait()
		if diff := cmp.Diff([]string{"new"}, kept(t, s, "kept")); diff != "" {
			t.Errorf("kept two days later (-want +got):\n%s", diff)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
