package export_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/export"
	"winnow/storage/view"
)

var day = time.Date(2015, 6, 12, 0, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time { return day.Add(time.Duration(seconds * float64(time.Second))) }

var _ export.Store = (*view.Reader)(nil)

// store is one finding whose rows come in no order.
type store struct {
	changes  int
	from, to time.Time
}

func (s *store) WholeFinding(_ context.Context, campaign, id string, each func(*view.WholePost) error) (view.WholeFinding, bool, error) {
	if campaign != "c" || id != "f1" {
		return view.WholeFinding{}, false, nil
	}
	posts := []view.WholePost{
		{Platform: "x", PostID: "1001", AccountID: "1", ObjectKind: "text", ObjectID: "t", At: at(1.25), SeenAt: at(60), Source: "test", Kind: "post", Lang: "en", Handle: "anna", Text: "free them", URL: "https://x.com/anna/status/1001", Tags: []string{"Baku2015"}},
		{Platform: "x", PostID: "1001", AccountID: "1", ObjectKind: "link", ObjectID: "l", At: at(1.25), SeenAt: at(60), Source: "test", Kind: "post", Lang: "en", Handle: "anna", Text: "free them", URL: "https://x.com/anna/status/1001", Tags: []string{"Baku2015"}},
		{Platform: "x", PostID: "1002", AccountID: "2", ObjectKind: "text", ObjectID: "t", At: at(2.5), Deleted: true, Source: "test", Kind: "post"},
		{Platform: "x", PostID: "1003", AccountID: "1", ObjectKind: "text", ObjectID: "t", At: at(3)},
	}
	rand.Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
	for i := range posts {
		if err := each(&posts[i]); err != nil {
			return view.WholeFinding{}, false, err
		}
	}
	if s.changes > 0 {
		s.changes--
		return view.WholeFinding{}, false, view.ErrChanged
	}
	account := func(id string) view.WholeAccount {
		return view.WholeAccount{FindingAccount: view.FindingAccount{Platform: "x", AccountID: id, Handle: "handle" + id, Bits: 21, First: at(1), Last: at(3), Posts: 2}, Name: "Name"}
	}
	pair := func(a, b string, from float64, bits float64) view.FindingEvidence {
		return view.FindingEvidence{Kind: "pair", ObjectKind: "text", ObjectID: "t", Label: "free them", A: view.Party{Platform: "x", AccountID: a}, B: view.Party{Platform: "x", AccountID: b}, From: at(from), To: at(from + 1), Bits: bits}
	}
	return view.WholeFinding{
		FindingSummary: view.FindingSummary{
			Campaign: "c", ID: "f1", Kind: "pile-on", Sentence: "they did it", StartedAt: at(1.25), EndedAt: at(3.5), Bits: 42, Confidence: "high",
			Observed: 7, Expected: 0.04, Target: "9", TargetHandle: "target",
		},
		AccountRows: []view.WholeAccount{account("2"), account("1")},
		ObjectRows:  []view.FindingObject{{Kind: "text", ID: "t", Label: "free them", Accounts: 2, First: at(1.25), Last: at(3)}, {Kind: "link", ID: "l"}},
		// Two pieces about the same two accounts, each from another side.
		EvidenceRows: []view.FindingEvidence{pair("2", "1", 2, 30), {Kind: "copies", Bits: 25}, pair("1", "2", 1, 20)},
		Verdicts:     []view.Verdict{{Judgement: "confirmed", Note: "I know them", Author: "anna", At: at(99)}, {Judgement: "wrong", At: at(98)}},
	}, true, nil
}

func (s *store) Coverage(_ context.Context, campaign string, from, to time.Time) ([]view.Coverage, error) {
	s.from, s.to = from, to
	return []view.Coverage{{Campaign: campaign, Source: "b", From: from, To: to}, {Campaign: campaign, Source: "a", From: from, To: to}}, nil
}

func (s *store) AllGaps(_ context.Context, _ string, from, to time.Time) ([]view.Gap, error) {
	return []view.Gap{{Source: "a", From: to}, {Source: "a", From: from, Note: "refused: @anna"}}, nil
}

func hash(parts ...string) [sha256.Size]byte { return sha256.Sum256(fmt.Appendf(nil, "%q", parts)) }

func read(t *testing.T, p export.Profile) export.Dataset {
	t.Helper()
	d, err := export.Read(t.Context(), &store{}, export.Options{
		Campaign: "c", ID: "f1", Profile: p, Hash: hash, Tags: []string{"Baku2015"}, Method: map[string]string{"version": "1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestProveHasAllOfIt(t *testing.T) {
	d := read(t, export.Prove)
	one, two := export.AccountRef{Platform: "x", ID: "1"}, export.AccountRef{Platform: "x", ID: "2"}
	text, link := export.ObjectRef{Kind: "text", ID: "t"}, export.ObjectRef{Kind: "link", ID: "l"}
	var posts []string
	for _, p := range d.Posts {
		posts = append(posts, p.ID+" "+p.Object.Kind)
	}
	if diff := cmp.Diff([]string{"1001 link", "1001 text", "1002 text", "1003 text"}, posts); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
	wantPost := export.Post{
		Platform: "x", ID: "1001", Account: one, Object: link, Kind: "post", At: at(1.25), SeenAt: at(60), Source: "test", Lang: "en",
		Handle: "anna", Text: "free them", URL: "https://x.com/anna/status/1001", Tags: []string{"Baku2015"},
	}
	if diff := cmp.Diff(wantPost, d.Posts[0]); diff != "" {
		t.Errorf("a post (-want +got):\n%s", diff)
	}
	wantUses := []export.Use{
		{Account: one, Object: link, Posts: 1, First: at(1.25), Last: at(1.25)},
		{Account: one, Object: text, Posts: 2, First: at(1.25), Last: at(3)},
		{Account: two, Object: text, Posts: 1, First: at(2.5), Last: at(2.5)},
	}
	if diff := cmp.Diff(wantUses, d.Uses); diff != "" {
		t.Errorf("uses (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]export.Pair{{A: one, B: two, Bits: 30, First: at(1), Last: at(3)}}, d.Pairs); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
	wantFinding := export.Finding{
		ID: "f1", Kind: "pile-on", Sentence: "they did it", From: at(1.25), To: at(3.5), Bits: 42, Confidence: "high", Observed: 7, Expected: 0.04,
		Target: export.AccountRef{Platform: "x", ID: "9"}, TargetHandle: "target",
	}
	if diff := cmp.Diff(wantFinding, d.Finding); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
	if d.Accounts[0].AccountRef != one || d.Accounts[0].Name != "Name" || d.Objects[0].ObjectRef != link || d.Verdicts[0].Judgement != "wrong" ||
		d.Coverage[0].Source != "a" || !d.Gaps[0].From.Before(d.Gaps[1].From) || d.Tags[0] != "Baku2015" || d.Method["version"] != "1" {
		t.Errorf("something is not where it should be: %+v", d)
	}
}

func TestShareSaysTheSameOfNobody(t *testing.T) {
	d := read(t, export.Share)
	if want := "Accounts: 2. They replied to or mentioned one account at once: 3 posts within 3s, 7 coincidences where chance would give less than 0.1."; d.Finding.Sentence != want {
		t.Errorf("it claims %q", d.Finding.Sentence)
	}
	if !slices.IsSortedFunc(d.Accounts, func(a, b export.Account) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("accounts are in the order of what they hide")
	}
	if d.Pairs[0].A.ID > d.Pairs[0].B.ID {
		t.Error("a pair is in the order of what it hides")
	}
	if len(d.Posts) != 4 || len(d.Uses) != 3 || d.Gaps[0].Note != "" || d.Verdicts[1] != (view.Verdict{Judgement: "confirmed", At: at(99)}) {
		t.Errorf("%+v", d)
	}
}

func TestTheSameFindingIsTheSameDataset(t *testing.T) {
	for _, p := range []export.Profile{export.Share, export.Prove} {
		first := read(t, p)
		for range 20 {
			if diff := cmp.Diff(first, read(t, p)); diff != "" {
				t.Fatalf("%s: (-first +another):\n%s", p, diff)
			}
		}
	}
}

func TestCoverageEndsNow(t *testing.T) {
	for _, test := range []struct{ now, want time.Time }{
		{time.Time{}, at(3603.5)},
		{at(600), at(600)},
		{at(7200), at(3603.5)},
	} {
		s := &store{}
		if _, err := export.Read(t.Context(), s, export.Options{Campaign: "c", ID: "f1", Profile: export.Prove, Now: test.now}); err != nil {
			t.Fatal(err)
		}
		if !s.to.Equal(test.want) || !s.from.Equal(at(1.25-3600)) {
			t.Errorf("from %v to %v, want to %v", s.from, s.to, test.want)
		}
	}
}

func TestReadSaysWhyNot(t *testing.T) {
	for name, test := range map[string]struct {
		store store
		o     export.Options
		is    error
		says  string
	}{
		"no finding":       {o: export.Options{Campaign: "c", ID: "f2", Profile: export.Prove}, is: export.ErrNoFinding, says: "f2"},
		"too many":         {o: export.Options{Campaign: "c", ID: "f1", Profile: export.Prove, MaxPosts: 3}, is: export.ErrTooLarge, says: ": 3"},
		"no key":           {o: export.Options{Campaign: "c", ID: "f1", Profile: export.Share}, says: "key"},
		"no profile":       {o: export.Options{Campaign: "c", ID: "f1"}, says: "share or prove"},
		"changes for ever": {store: store{changes: 3}, o: export.Options{Campaign: "c", ID: "f1", Profile: export.Prove}, is: view.ErrChanged, says: "again"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := export.Read(t.Context(), &test.store, test.o)
			if err == nil || test.is != nil && !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v", err)
			}
		})
	}
	s := store{changes: 2}
	d, err := export.Read(t.Context(), &s, export.Options{Campaign: "c", ID: "f1", Profile: export.Prove, MaxPosts: 4})
	if err != nil || len(d.Posts) != 4 {
		t.Errorf("a finding that changed twice: %d posts, %v", len(d.Posts), err)
	}
}
