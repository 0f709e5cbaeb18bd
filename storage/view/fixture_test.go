package view_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/storagetest"
	"winnow/storage/view"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var day = time.Date(2015, 6, 12, 0, 0, 0, 0, time.UTC)

// open returns a reader of a store as fill fills it.
func open(t *testing.T) *view.Reader {
	t.Helper()
	return fill(t, made(t))
}

// made are options for a database with all tables, as a store makes them.
func made(t *testing.T) *clickhouse.Options {
	t.Helper()
	return storagetest.Made(t, func(o *clickhouse.Options) error {
		s, err := storage.Open(t.Context(), storage.Options{Writer: o})
		if err != nil {
			return err
		}
		return s.Close()
	})
}

// fill returns a reader of a new store that holds two campaigns, one with an
// undeclared, a declared and an early finding, and whose buckets are up to date.
func fill(t *testing.T, o *clickhouse.Options) *view.Reader {
	t.Helper()
	return fillCluster(t, o, "")
}

func fillCluster(t *testing.T, o *clickhouse.Options, cluster string) *view.Reader {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{Writer: o, Cluster: cluster})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	unknown := somePost("other", 4, 3, 2*time.Hour)
	unknown.Post.Account.Followers = 0
	rows := []storage.PostRow{somePost("c", 1, 1, 0), somePost("c", 2, 2, time.Hour), somePost("c", 3, 2, 25*time.Hour), unknown}
	if err := s.Write(t.Context(), storage.Message{Rows: rows}); err != nil {
		t.Fatal(err)
	}
	early := finding("f3", "", 1, 2)
	early.Kind, early.Confidence, early.Evidence = coordination.KindFlood, coordination.ConfidenceEarly, nil
	fs := []coordination.Finding{finding("f1", "", 1, 2), finding("f2", "day of action", 2), early}
	if _, _, err := s.ReplaceFindings(t.Context(), "c", fs); err != nil {
		t.Fatal(err)
	}
	marked, err := s.Marked(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range marked {
		if err := s.Recompute(t.Context(), m.Campaign, m.Upto, m.Upto); err != nil {
			t.Fatal(err)
		}
		if err := s.RecomputeDays(t.Context(), m.Campaign, math.MaxInt64); err != nil {
			t.Fatal(err)
		}
	}
	return s.View()
}

// somePost is post number i by account a at a time after day.
func somePost(campaign string, i, a int, after time.Duration) storage.PostRow {
	return storage.PostRow{Campaign: campaign, Source: "test", Post: &post.Post{
		Platform: post.X,
		ID:       fmt.Sprint(1000 + i),
		Kind:     post.Original,
		Account:  post.Account{ID: fmt.Sprint(a), Handle: fmt.Sprintf("account%d", a), Followers: post.KnownCount(int64(100 * a))},
		PostedAt: day.Add(after),
		Text:     fmt.Sprintf("text %d", i),
		Tags:     post.NewTags("Baku2015"),
	}}
}

// finding covers the first hour of the day.
func finding(id, declared string, accounts ...int) coordination.Finding {
	from, to := day, day.Add(time.Hour)
	f := coordination.Finding{
		ID: id, Campaign: "c", Kind: coordination.KindCopies, Sentence: "they did it", From: from, To: to,
		Bits: 42, Expected: 0.5, Observed: 7, Declared: declared, Target: "2",
		Confidence: coordination.ConfidenceHigh, DetectedAt: day.Add(90 * time.Second),
		Objects: []coordination.ObjectEvidence{{Object: post.Object{Kind: post.ObjectText, ID: "t"}, Label: "text", Accounts: len(accounts), First: from, Last: to}},
	}
	for _, a := range accounts {
		f.Accounts = append(f.Accounts, coordination.AccountEvidence{Platform: post.X, AccountID: fmt.Sprint(a), Bits: 21, First: from, Last: to, Posts: 1, Signals: []coordination.Signal{coordination.SignalYoung}})
	}
	f.Posts = []coordination.PostEvidence{{Platform: post.X, PostID: "1001", AccountID: "1", Object: f.Objects[0].Object, At: from, DetectedAt: day.Add(90 * time.Second)}}
	f.Evidence = []coordination.Evidence{
		{
			Kind: coordination.EvidencePair, Object: f.Objects[0].Object,
			A: coordination.Party{Platform: post.X, AccountID: "1"}, B: coordination.Party{Platform: post.X, AccountID: "2"},
			From: from, To: to, Window: 2500 * time.Millisecond, Accounts: 2, Bits: 30, Need: 20, Counted: 30, DetectedAt: day.Add(90 * time.Second),
			Terms: []coordination.Term{
				{Name: "together", Observed: 7, Of: 9, Base: 0.5, Bits: 36},
				{Name: "looked at", Observed: 64, Bits: -6},
			},
		},
		{Kind: coordination.EvidenceCopies, Object: post.Object{Kind: post.ObjectText, ID: "unlisted"}, From: from, To: to, Window: time.Minute, Accounts: 2, Bits: 12},
	}
	return f
}
