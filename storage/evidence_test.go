package storage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/schema"
	"winnow/storage/storagetest"
)

// withEvidence gives a finding two pieces, one of them without terms.
func withEvidence(f coordination.Finding, c coordination.Confidence, bits float64) coordination.Finding {
	f.Confidence, f.DetectedAt = c, f.From.Add(time.Minute)
	f.Evidence = []coordination.Evidence{
		{
			Kind: coordination.EvidencePair, Object: f.Objects[0].Object, A: coordination.Party{Platform: post.X, AccountID: "1"},
			From: f.From, To: f.To, Window: 1500 * time.Millisecond, Accounts: 2, Bits: bits, Need: 20, Counted: bits, DetectedAt: f.DetectedAt,
			Terms: []coordination.Term{{Name: "one", Observed: 3, Of: 4, Base: 0.5, Bits: bits}, {Name: "two", Observed: 1}},
		},
		{Kind: coordination.EvidenceFlood, Object: post.Object{Kind: post.ObjectMoment, ID: "2015-06-12T00:00:00Z"}, Bits: 7},
	}
	return f
}

// An early finding counts nobody; once it is firm its hours are counted again.
func TestEarlyFindingCountsNobodyUntilItIsFirm(t *testing.T) {
	s, c := open(t)
	posts := []*post.Post{somePost(1, 1, 0), somePost(2, 2, 10*time.Minute), somePost(3, 3, 20*time.Minute), somePost(4, 1, 3*time.Hour)}
	write(t, s, rowsOf("c", posts...))
	settle(t, s)
	organic := buckets(t, c)
	coordinated := count(posts, func(p *post.Post) bool {
		return p.Account.ID != "3" && p.PostedAt.Before(day.Add(time.Hour))
	})
	one := finding("f1", "", 0, time.Hour, 1, 2)
	for _, step := range []struct {
		name    string
		give    []coordination.Finding
		changed int
		want    []bucket
		// undecided is whether time alone may change it.
		undecided bool
	}{
		{"early", []coordination.Finding{withEvidence(one, coordination.ConfidenceEarly, 30)}, 1, organic, true},
		{"early still", []coordination.Finding{withEvidence(one, coordination.ConfidenceEarly, 30)}, 0, organic, true},
		{"firm", []coordination.Finding{withEvidence(one, coordination.ConfidenceFirm, 30)}, 1, coordinated, false},
		{"other evidence", []coordination.Finding{withEvidence(one, coordination.ConfidenceFirm, 31)}, 1, coordinated, false},
		{"early again", []coordination.Finding{withEvidence(one, coordination.ConfidenceEarly, 31)}, 1, organic, true},
		{"taken back", nil, 0, organic, false},
	} {
		if changed, _ := replace(t, s, step.give...); changed != step.changed {
			t.Errorf("%s: %d changed, want %d", step.name, changed, step.changed)
		}
		marked, err := s.Marked(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		touched := step.changed > 0 || step.give == nil
		if got := len(marked) == 1 && marked[0].ByFindings == 1; got != touched {
			t.Errorf("%s: marks %+v, want one by findings: %v", step.name, marked, touched)
		}
		settle(t, s)
		if diff := cmp.Diff(step.want, buckets(t, c)); diff != "" {
			t.Errorf("%s: buckets (-want +got):\n%s", step.name, diff)
		}
		undecided, err := s.Undecided(t.Context())
		if err != nil || (len(undecided) == 1) != step.undecided {
			t.Errorf("%s: undecided %v, %v; want any: %v", step.name, undecided, err, step.undecided)
		}
	}
	if got := ask[string](t, c, "SELECT concat(state, ' ', confidence, ' ', toString(detected_at)) FROM findings FINAL"); got != "withdrawn early 2015-06-12 00:01:00.000" {
		t.Errorf("on record is %q", got)
	}
}

func TestEvidenceHasOneRowPerTerm(t *testing.T) {
	s, c := open(t)
	f := withEvidence(finding("f1", "", 0, time.Hour, 1, 2), coordination.ConfidenceHigh, 30)
	f.Posts[0].DetectedAt = day.Add(time.Minute)
	replace(t, s, f)
	rows, err := c.Query(t.Context(), `SELECT concat(toString(evidence), '.', toString(term), ' ', kind, ' ', object_kind, ' ', account_a, ' ', toString(window_s), ' ',
		toString(from_at), ' ', toString(evidence_bits), ' ', name, ' ', toString(observed), '/', toString(of), ' ', toString(base), ' ', toString(bits))
		FROM finding_evidence FINAL ORDER BY evidence, term`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read only
	var got []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	if diff := cmp.Diff([]string{
		"1.1 pair text 1 1.5 2015-06-12 00:00:00.000 30 one 3/4 0.5 30",
		"1.2 pair text 1 1.5 2015-06-12 00:00:00.000 30 two 1/0 0 0",
		"2.0 flood moment  0 1970-01-01 00:00:00.000 7  0/0 0 0",
	}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if at := ask[time.Time](t, c, "SELECT detected_at FROM finding_posts FINAL"); !at.Equal(day.Add(time.Minute)) {
		t.Errorf("the post became evidence at %s", at)
	}
}

// A store that was written before evidence was kept is brought up to date, and
// its findings stay.
func TestFindingsOfAnOlderStoreStay(t *testing.T) {
	o := storagetest.Options(t)
	db := clickhouse.OpenDB(o)
	p, err := goose.NewProvider(goose.DialectClickHouse, db, schema.Files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		"INSERT INTO findings VALUES ('c', 'old', 'copies', 'open', 's', '2015-06-12', '2015-06-13', 42, 0.5, 7, '', '', 2, 1, 1, 'print', 2)",
		"INSERT INTO finding_posts VALUES ('c', 'old', 'x', '1001', 'text', 't', '1', '2015-06-12', 2)",
	} {
		if _, err := db.ExecContext(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	// Cut off in the middle, a migration is run again from its beginning.
	if _, err := db.ExecContext(t.Context(), "ALTER TABLE findings ADD COLUMN detected_at DateTime64(3, 'UTC') DEFAULT 0 AFTER ended_at"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := storage.Open(t.Context(), storage.Options{Writer: o})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // test
	got, ok, err := s.View().Finding(t.Context(), "c", "old")
	if err != nil || !ok || got.Confidence != "" || !got.DetectedAt.IsZero() || got.Bits != 42 || got.Early() || len(got.PostRows) != 1 || len(got.EvidenceRows) != 0 {
		t.Errorf("the old finding is %+v, %v, %v", got, ok, err)
	}
	if changed, withdrawn := replace(t, s, withEvidence(finding("old", "", 0, time.Hour, 1), coordination.ConfidenceFirm, 30)); changed != 1 || withdrawn != 0 {
		t.Errorf("%d changed, %d withdrawn", changed, withdrawn)
	}
}

// The detail of a finding with a great deal of evidence stays of a size that
// can be shown.
func TestEvidenceOfAFindingIsBounded(t *testing.T) {
	s, _ := open(t)
	write(t, s, rowsOf("c", somePost(1, 1, 0)))
	f := finding("f1", "", 0, time.Hour, 1)
	for i := range 130 {
		f.Evidence = append(f.Evidence, coordination.Evidence{Kind: coordination.EvidencePair, Bits: float64(200 - i), Terms: []coordination.Term{{Name: fmt.Sprint(i)}}})
	}
	replace(t, s, f)
	d, ok, err := s.View().Finding(t.Context(), "c", "f1")
	if err != nil || !ok || len(d.EvidenceRows) != 100 || d.MoreEvidence != 30 || d.EvidenceRows[99].Terms[0].Name != "99" {
		t.Errorf("%d pieces and %d more, %v, %v", len(d.EvidenceRows), d.MoreEvidence, ok, err)
	}
}
