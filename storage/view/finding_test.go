package view_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/query"
	"winnow/storage/view"
)

// withFindings is a store with findings, and a connection past it.
func withFindings(t *testing.T, fs map[string][]coordination.Finding) (*storage.Store, clickhouse.Conn) {
	t.Helper()
	o := made(t)
	s, err := storage.Open(t.Context(), storage.Options{Writer: o})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	c, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	for campaign, some := range fs {
		if _, _, err := s.ReplaceFindings(t.Context(), campaign, some); err != nil {
			t.Fatal(err)
		}
	}
	return s, c
}

// in is a finding of a campaign, so many hours after the day.
func in(campaign string, hours float64, f coordination.Finding, objects ...post.Object) coordination.Finding {
	f.Campaign, f.From, f.To = campaign, at(hours), at(hours+1)
	f.Objects = nil
	for _, o := range objects {
		f.Objects = append(f.Objects, coordination.ObjectEvidence{Object: o, Label: "label of " + o.ID, Accounts: len(f.Accounts), First: f.From, Last: f.To})
	}
	return f
}

func TestVerdictsAreKeptAndTheLastOneCounts(t *testing.T) {
	s, _ := withFindings(t, map[string][]coordination.Finding{"c": {finding("f1", "", 1, 2), finding("f2", "", 3, 4, 5)}})
	r := s.View()
	judge := func(j storage.Judgement, note string, hour float64) {
		t.Helper()
		if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "f1", Judgement: j, Note: note, Author: "anna", At: at(hour)}); err != nil {
			t.Fatal(err)
		}
	}
	// lists says which findings count, and which were judged wrong.
	lists := func(counted, rejected string) {
		t.Helper()
		for _, list := range []struct {
			what, want string
			ask        func() ([]view.FindingSummary, error)
		}{
			{"counted", counted, func() ([]view.FindingSummary, error) { return r.Findings(t.Context(), "c") }},
			{"rejected", rejected, func() ([]view.FindingSummary, error) { return r.Rejected(t.Context(), "c") }},
		} {
			fs, err := list.ask()
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, f := range fs {
				ids = append(ids, strings.TrimSpace(f.ID+" "+f.Verdict.Judgement))
			}
			if got := strings.Join(ids, ", "); got != list.want {
				t.Errorf("%s are %q, want %q", list.what, got, list.want)
			}
		}
	}
	lists("f2, f1", "")
	judge(storage.Explained, "our own day of action", 2)
	lists("f2, f1 explained", "")
	judge(storage.Wrong, "a bus timetable; <b>not</b> theirs", 3)
	lists("f2", "f1 wrong")
	judge(storage.Wrong, "a bus timetable; <b>not</b> theirs", 4) // said again
	judge(storage.Unjudged, "", 5)
	lists("f2, f1", "")
	judge(storage.Wrong, "after all", 6)
	d, ok, err := r.Finding(t.Context(), "c", "f1")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if diff := cmp.Diff(view.Verdict{Judgement: "wrong", Note: "after all", Author: "anna", At: at(6)}, d.Verdict); diff != "" {
		t.Errorf("the verdict that counts (-want +got):\n%s", diff)
	}
	if d, _, err := r.Finding(t.Context(), "c", "f2"); err != nil || d.Verdict != (view.Verdict{}) {
		t.Errorf("a finding that nobody judged: %+v, %v", d.Verdict, err)
	}
	got, err := r.Verdicts(t.Context(), "c", "f1")
	if err != nil {
		t.Fatal(err)
	}
	want := []view.Verdict{
		{Judgement: "wrong", Note: "after all", Author: "anna", At: at(6)},
		{Author: "anna", At: at(5)},
		{Judgement: "wrong", Note: "a bus timetable; <b>not</b> theirs", Author: "anna", At: at(4)},
		{Judgement: "wrong", Note: "a bus timetable; <b>not</b> theirs", Author: "anna", At: at(3)},
		{Judgement: "explained", Note: "our own day of action", Author: "anna", At: at(2)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if none, err := r.Verdicts(t.Context(), "c", "f2"); err != nil || len(none) > 0 {
		t.Errorf("history of what nobody judged: %+v, %v", none, err)
	}
}

func TestRelatedFindings(t *testing.T) {
	text, link := post.Object{Kind: post.ObjectText, ID: "t"}, post.Object{Kind: post.ObjectLink, ID: "l"}
	moment := post.Object{Kind: post.ObjectMoment, ID: "2015-06-12T00:00:00Z"}
	otherPlatform := in("d", 3, finding("platform", "", 1, 2))
	for i := range otherPlatform.Accounts {
		otherPlatform.Accounts[i].Platform = post.Mastodon
	}
	declared := in("d", -20, finding("declared", "day of action", 3, 4, 9), link)
	gone := in("c", 30, finding("gone", "", 1, 2, 3, 4), text)
	// Its accounts were others once: only those of now count.
	changed := in("d", 5, finding("changed", "", 1, 2, 3), text)
	s, c := withFindings(t, map[string][]coordination.Finding{
		"c": {in("c", 0, finding("this", "", 1, 2, 3, 4), text, link, moment), in("c", 8, finding("half", "", 1, 2, 11, 12, 13), text, link), gone},
		"d": {declared, in("d", 9, finding("object", "", 21, 22), text), in("d", 10, finding("none", "", 31, 32), moment), otherPlatform, changed},
	})
	changed = in("d", 5, finding("changed", "", 4, 41))
	for campaign, fs := range map[string][]coordination.Finding{
		"c": {in("c", 0, finding("this", "", 1, 2, 3, 4), text, link, moment), in("c", 8, finding("half", "", 1, 2, 11, 12, 13), text, link)},
		"d": {declared, in("d", 9, finding("object", "", 21, 22), text), in("d", 10, finding("none", "", 31, 32), moment), otherPlatform, changed},
	} {
		if _, _, err := s.ReplaceFindings(t.Context(), campaign, fs); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Judge(t.Context(), storage.Verdict{Campaign: "d", Finding: "object", Judgement: storage.Wrong}); err != nil {
		t.Fatal(err)
	}
	got, more, err := s.View().Related(t.Context(), "c", "this")
	if err != nil {
		t.Fatal(err)
	}
	related := func(campaign, id, declared, verdict string, hours float64, accounts, common, objects, commonObjects uint64) view.RelatedFinding {
		return view.RelatedFinding{
			Campaign: campaign, ID: id, Kind: "copies", Sentence: "they did it", StartedAt: at(hours), EndedAt: at(hours + 1), Confidence: "high",
			Declared: declared, Judgement: verdict, Accounts: accounts, CommonAccounts: common, Objects: objects, CommonObjects: commonObjects,
		}
	}
	want := []view.RelatedFinding{
		related("c", "half", "", "", 8, 5, 2, 2, 2),
		related("d", "declared", "day of action", "", -20, 3, 2, 1, 1),
		related("d", "changed", "", "", 5, 2, 1, 0, 0),
		related("d", "object", "", "wrong", 9, 2, 0, 1, 1),
	}
	if diff := cmp.Diff(want, got); diff != "" || more != 0 {
		t.Errorf("%d more (-want +got):\n%s", more, diff)
	}
	for _, id := range []string{"", "unheard"} {
		if got, more, err := s.View().Related(t.Context(), "c", id); err != nil || len(got) > 0 || more > 0 {
			t.Errorf("related to %q: %+v, %d, %v", id, got, more, err)
		}
	}

	// Both tables are read by what their keys begin with, each time.
	sql, err := os.ReadFile("queries/finding_related.sql")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := c.Query(t.Context(), "EXPLAIN indexes = 1 "+string(sql), query.Named("campaign", "c"), query.Named("id", "this"), query.Named("limit", uint32(30)))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := query.Collect(rows, "explaining", func(line *string) []any { return []any{line} })
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.Join(lines, "\n")
	read := 0
	for part := range strings.SplitSeq(plan, "ReadFromMergeTree") {
		name, _, _ := strings.Cut(part, "\n")
		if !strings.Contains(name, "finding_accounts") && !strings.Contains(name, "finding_objects") {
			continue
		}
		read++
		if !strings.Contains(part, "PrimaryKey") || !strings.Contains(part, "finding_id") || strings.Contains(part, "Condition: true") {
			t.Errorf("%s is read whole", strings.TrimSpace(name))
		}
	}
	if read < 2 {
		t.Errorf("the plan reads %d tables of evidence", read)
	}
	if t.Failed() {
		t.Log(plan)
	}
}

func TestRelatedFindingsAreBounded(t *testing.T) {
	fs := []coordination.Finding{in("c", 0, finding("this", "", 1, 2))}
	for i := range 35 {
		fs = append(fs, in("c", float64(i), finding("other"+string(rune('A'+i)), "", 1, 100+i)))
	}
	s, _ := withFindings(t, map[string][]coordination.Finding{"c": fs})
	got, more, err := s.View().Related(t.Context(), "c", "this")
	if err != nil || len(got) != 30 || more != 5 {
		t.Fatalf("%d and %d more, %v", len(got), more, err)
	}
	if got[0].StartedAt != at(34) || got[0].CommonAccounts != 1 {
		t.Errorf("the first is %+v", got[0])
	}
}

func TestEdges(t *testing.T) {
	f := finding("f1", "", 1, 2, 3)
	f.Accounts[2].Bits = 3
	link := post.Object{Kind: post.ObjectLink, ID: "l"}
	f.Objects = append(f.Objects, coordination.ObjectEvidence{Object: link, Label: "https://news.example/", Accounts: 2, First: f.From, Last: f.To})
	f.Posts = nil
	for i, who := range []string{"1", "1", "2", "3"} {
		f.Posts = append(f.Posts, coordination.PostEvidence{Platform: post.X, PostID: string(rune('a' + i)), AccountID: who, Object: f.Objects[0].Object, At: f.From.Add(time.Duration(i) * time.Second)})
	}
	f.Posts = append(f.Posts, coordination.PostEvidence{Platform: post.X, PostID: "a", AccountID: "1", Object: link, At: f.From})
	s, _ := withFindings(t, map[string][]coordination.Finding{"c": {f}})
	one, two, three := view.Party{Platform: "x", AccountID: "1"}, view.Party{Platform: "x", AccountID: "2"}, view.Party{Platform: "x", AccountID: "3"}
	pair := view.FindingEdge{A: one, B: two, Bits: 30}
	for _, test := range []struct {
		accounts, objects int
		want              []view.FindingEdge
	}{
		{100, 20, []view.FindingEdge{
			pair,
			{A: one, ObjectKind: "text", ObjectID: "t", Posts: 2},
			{A: one, ObjectKind: "link", ObjectID: "l", Posts: 1},
			{A: two, ObjectKind: "text", ObjectID: "t", Posts: 1},
			{A: three, ObjectKind: "text", ObjectID: "t", Posts: 1},
		}},
		{2, 1, []view.FindingEdge{
			pair,
			{A: one, ObjectKind: "text", ObjectID: "t", Posts: 2},
			{A: two, ObjectKind: "text", ObjectID: "t", Posts: 1},
		}},
		{0, 0, nil},
		{-1, -1, nil},
	} {
		got, err := s.View().Edges(t.Context(), "c", "f1", test.accounts, test.objects)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("of %d accounts and %d objects (-want +got):\n%s", test.accounts, test.objects, diff)
		}
	}
}
