package view_test

import (
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/storage/storagetest"
	"winnow/storage/view"
)

func TestReader(t *testing.T) { testReader(t, open(t)) }

// What the store does in the engine it does on a server, by its address alone. All
// tests run like that with "make test-server".
func TestReaderOfAServer(t *testing.T) {
	o, err := clickhouse.ParseDSN(storagetest.Server(t))
	if err != nil {
		t.Fatal(err)
	}
	r := fill(t, storagetest.Database(t, o))
	t.Run("reader", func(t *testing.T) { testReader(t, r) })
	t.Run("query", func(t *testing.T) { testQuery(t, r) })
	t.Run("audience", func(t *testing.T) { testAudience(t, r) })
	t.Run("measures", func(t *testing.T) { testMeasures(t, r) })
}

// So it does on a cluster: the shards of one process, see storagetest.Shards.
func TestReaderOfACluster(t *testing.T) {
	r := fillCluster(t, storagetest.Shards(t), storagetest.ClusterName)
	t.Run("all others answer", func(t *testing.T) {
		ctx, from, to := t.Context(), day, day.Add(48*time.Hour)
		_, gaps := r.Gaps(ctx, "c", from, to)
		_, coverage := r.Coverage(ctx, "c", from, to)
		_, sources := r.Sources(ctx)
		_, changes := r.Changes(ctx, "c")
		_, _, one := r.Change(ctx, "c", "c1")
		_, rejected := r.Rejected(ctx, "c")
		_, verdicts := r.Verdicts(ctx, "c", "f1")
		near, _, related := r.Related(ctx, "c", "f1")
		joined, edges := r.Edges(ctx, "c", "f1", 100, 20)
		if len(near) != 2 || len(joined) != 2 {
			t.Errorf("related to f1 %+v, joined in it %+v", near, joined)
		}
		if err := errors.Join(gaps, coverage, sources, changes, one, rejected, verdicts, related, edges); err != nil {
			t.Error(err)
		}
	})
	t.Run("reader", func(t *testing.T) { testReader(t, r) })
	t.Run("query", func(t *testing.T) { testQuery(t, r) })
	t.Run("audience", func(t *testing.T) { testAudience(t, r) })
	t.Run("measures", func(t *testing.T) { testMeasures(t, r) })
}

func testReader(t *testing.T, r *view.Reader) {
	t.Helper()
	ctx := t.Context()
	got, err := r.Campaigns(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want := []view.CampaignSummary{
		{
			Name: "c", Posts: 3, Accounts: 2, PotentialReach: 300, ReachKnown: 2, CoordinatedPosts: 2, CoordinatedAccounts: 2,
			SurePosts: 2, Findings: 1, DeclaredFindings: 1, EarlyFindings: 1, First: day, Last: day.Add(25 * time.Hour),
		},
		{Name: "other", Posts: 1, Accounts: 1, First: day.Add(2 * time.Hour), Last: day.Add(2 * time.Hour)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("campaigns (-want +got):\n%s", diff)
	}
	if _, ok, err := r.Campaign(ctx, "none"); ok || err != nil {
		t.Errorf("a campaign that does not exist: %v, %v", ok, err)
	}
	series, err := r.Series(ctx, "c", day, day.Add(48*time.Hour), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]view.SeriesPoint{
		{At: day, Posts: 1, Accounts: 1, PotentialReach: 100, CoordinatedPosts: 1, CoordinatedAccounts: 1},
		{At: day.Add(time.Hour), Posts: 1, Accounts: 1, PotentialReach: 200, CoordinatedPosts: 1, CoordinatedAccounts: 1},
		{At: day.Add(25 * time.Hour), Posts: 1, Accounts: 1, PotentialReach: 200},
	}, series); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
	fs, err := r.Findings(ctx, "c")
	if err != nil || len(fs) != 3 || fs[0].TargetHandle != "account2" || fs[0].ID != "f1" || fs[2].Declared != "day of action" {
		t.Errorf("findings %+v, %v", fs, err)
	}
	if fs[0].Early() || !fs[1].Early() || fs[1].Kind != "flood" || fs[0].Confidence != "high" || !fs[0].DetectedAt.Equal(day.Add(90*time.Second)) {
		t.Errorf("confidence and time of detection of %+v", fs)
	}
	d, ok, err := r.Finding(ctx, "c", "f1")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if len(d.AccountRows) != 2 || !slices.Equal(d.AccountRows[0].Signals, []string{"young account"}) || d.AccountRows[0].Handle != "account1" || *d.AccountRows[1].Followers != 200 {
		t.Errorf("accounts %+v", d.AccountRows)
	}
	if len(d.ObjectRows) != 1 || d.ObjectRows[0].Label != "text" {
		t.Errorf("objects %+v", d.ObjectRows)
	}
	if len(d.PostRows) != 1 || d.PostRows[0].Text != "text 1" || d.PostRows[0].Deleted {
		t.Errorf("posts %+v", d.PostRows)
	}
	text := view.FindingEvidence{
		Number: 1, Kind: "pair", ObjectKind: "text", ObjectID: "t", Label: "text",
		A: view.Party{Platform: "x", AccountID: "1", Handle: "account1"}, B: view.Party{Platform: "x", AccountID: "2", Handle: "account2"},
		From: day, To: day.Add(time.Hour), Window: 2500 * time.Millisecond, Accounts: 2, Bits: 30, Need: 20, Counted: 30, DetectedAt: day.Add(90 * time.Second),
		Terms: []view.EvidenceTerm{{Name: "together", Observed: 7, Of: 9, Base: 0.5, Bits: 36}, {Name: "looked at", Observed: 64, Bits: -6}},
	}
	copies := view.FindingEvidence{
		Number: 2, Kind: "copies", ObjectKind: "text", ObjectID: "unlisted", From: day, To: day.Add(time.Hour), Window: time.Minute, Accounts: 2, Bits: 12,
	}
	if diff := cmp.Diff([]view.FindingEvidence{text, copies}, d.EvidenceRows); diff != "" || d.MoreEvidence != 0 {
		t.Errorf("evidence (-want +got), %d more:\n%s", d.MoreEvidence, diff)
	}
	if d, ok, err := r.Finding(ctx, "c", "f3"); err != nil || !ok || len(d.EvidenceRows) != 0 {
		t.Errorf("a finding without evidence: %v, %v, %+v", ok, err, d.EvidenceRows)
	}
	posts, accounts, err := r.Totals(ctx)
	if err != nil || posts != 4 || accounts != 3 {
		t.Errorf("totals %d, %d, %v", posts, accounts, err)
	}
	if _, ok, err := r.Finding(ctx, "c", "none"); ok || err != nil {
		t.Errorf("a finding that does not exist: %v, %v", ok, err)
	}
}

func TestQueryAnswersInTheFormatAskedFor(t *testing.T) { testQuery(t, open(t)) }

func testQuery(t *testing.T, r *view.Reader) {
	t.Helper()
	for _, c := range []struct{ sql, format, want string }{
		{"SELECT campaign, count() AS n FROM posts FINAL GROUP BY campaign ORDER BY campaign", "CSVWithNames", "\"campaign\",\"n\"\n\"c\",3\n\"other\",1\n"},
		{view.OutcomeSQL, "JSONEachRow", `{"campaign":"c","sentence":"they did it","declared":"","confidence":"high"}
{"campaign":"c","sentence":"they did it","declared":"day of action","confidence":"high"}
{"campaign":"c","sentence":"they did it","declared":"","confidence":"early"}
`},
	} {
		result, err := r.Query(t.Context(), c.sql, c.format)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(result)
		if err = errors.Join(err, result.Close()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.sql, diff)
		}
	}
	if _, err := r.Query(t.Context(), "SELECT", "CSVWithNames"); err == nil {
		t.Error("half a statement was answered")
	}
}

func TestBucketStepIsTheShortestThatIsLongEnough(t *testing.T) {
	for wanted, want := range map[time.Duration]time.Duration{
		0:                time.Minute,
		time.Minute:      time.Minute,
		2 * time.Minute:  time.Hour,
		time.Hour:        time.Hour,
		90 * time.Minute: 24 * time.Hour,
		240 * time.Hour:  24 * time.Hour,
	} {
		if got := view.BucketStep(wanted); got != want {
			t.Errorf("%s: %s, want %s", wanted, got, want)
		}
	}
}
