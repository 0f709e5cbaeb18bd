package view_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/query"
	"winnow/storage/storagetest"
	"winnow/storage/view"
)

func TestWholeFinding(t *testing.T) {
	o := storagetest.Options(t)
	r := fill(t, o)
	var posts []view.WholePost
	w, ok, err := r.WholeFinding(t.Context(), "c", "f1", func(p *view.WholePost) error {
		posts = append(posts, *p)
		return nil
	})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	d, _, err := r.Finding(t.Context(), "c", "f1")
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range [][2]any{{d.FindingSummary, w.FindingSummary}, {d.ObjectRows, w.ObjectRows}, {d.EvidenceRows, w.EvidenceRows}} {
		if diff := cmp.Diff(same[0], same[1]); diff != "" {
			t.Errorf("not what the page shows (-page +whole):\n%s", diff)
		}
	}
	if len(w.AccountRows) != 2 || w.AccountRows[0].AccountID != "1" || w.AccountRows[0].Handle != "account1" || *w.AccountRows[1].Followers != 200 {
		t.Errorf("accounts %+v", w.AccountRows)
	}
	want := []view.WholePost{{
		Platform: "x", PostID: "1001", AccountID: "1", ObjectKind: "text", ObjectID: "t", At: day, SeenAt: day, Source: "test", Kind: "post",
		Handle: "account1", Text: "text 1", Tags: []string{"Baku2015"}, Links: []string{}, Mentions: []string{},
	}}
	if diff := cmp.Diff(want, posts); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
	for _, id := range []string{"", "unheard"} {
		if _, ok, err := r.WholeFinding(t.Context(), "c", id, nil); ok || err != nil {
			t.Errorf("finding %q: %v, %v", id, ok, err)
		}
	}
	stop := errors.New("enough")
	if _, _, err := r.WholeFinding(t.Context(), "c", "f1", func(*view.WholePost) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v, want the error of who takes the posts", err)
	}
}

// The posts of a finding are read in pieces, whatever their ids are made of.
func TestWholeFindingOfManyPosts(t *testing.T) {
	f := finding("f1", "", 1, 2)
	f.Posts = nil
	hostile := []string{"plain", "it's", `back\slash\n`, "tab\tand\nline", "{id:String}", "ə\u202e", "%d' OR 1=1 --"}
	for i := range 10_000 {
		for _, o := range hostile[i%6 : i%6+2] {
			f.Posts = append(f.Posts, coordination.PostEvidence{Platform: post.Archive, PostID: fmt.Sprint(o, i/100), AccountID: "1", Object: post.Object{Kind: post.ObjectShared, ID: fmt.Sprint(o, i)}, At: f.From})
		}
	}
	s, c := withFindings(t, map[string][]coordination.Finding{"c": {f}})
	r := s.View()
	seen := make(map[[3]string]bool)
	var before view.WholePost
	_, ok, err := r.WholeFinding(t.Context(), "c", "f1", func(p *view.WholePost) error {
		if key := [3]string{p.PostID, p.ObjectKind, p.ObjectID}; seen[key] || p.PostID < before.PostID || p.PostID == before.PostID && p.ObjectID < before.ObjectID {
			return fmt.Errorf("%q came after %q", key, before.PostID)
		} else {
			seen[key] = true
		}
		before = *p
		return nil
	})
	if err != nil || !ok || len(seen) != len(f.Posts) {
		t.Errorf("%d of %d posts, %v", len(seen), len(f.Posts), err)
	}

	// It is found anew while it is read.
	findAnew(t, c)
	once := false
	_, _, err = r.WholeFinding(t.Context(), "c", "f1", func(*view.WholePost) error {
		if !once {
			once = true
			findAnew(t, c)
		}
		return nil
	})
	if !errors.Is(err, view.ErrChanged) {
		t.Errorf("%v, want that it changed", err)
	}
}

// findAnew writes all findings again, as another version.
func findAnew(t *testing.T, c clickhouse.Conn) {
	t.Helper()
	for _, table := range []string{"finding_accounts", "finding_objects", "finding_posts", "finding_evidence", "findings"} {
		if err := c.Exec(t.Context(), "INSERT INTO "+table+" SELECT * REPLACE (version + 1 AS version) FROM "+table+" FINAL"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAllOfWhatPagesCut(t *testing.T) {
	s, c := withFindings(t, map[string][]coordination.Finding{"c": {finding("f1", "", 1, 2)}})
	for i := range 3 {
		if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "f1", Judgement: storage.Wrong, Author: fmt.Sprint(i), At: at(float64(i))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Exec(t.Context(), `INSERT INTO gaps (source, platform, campaign, from_at, to_at, cause, share, fill, note, version)
		SELECT 'test', 'x', 'c', {day:DateTime64(3, 'UTC')} + number, {day:DateTime64(3, 'UTC')} + number + 1, 'disconnect', 1, '', '', 1 FROM numbers(1500)`, query.Named("day", query.Milli(day))); err != nil {
		t.Fatal(err)
	}
	r := s.View()
	w, _, err := r.WholeFinding(t.Context(), "c", "f1", func(*view.WholePost) error { return nil })
	if err != nil || len(w.Verdicts) != 3 || w.Verdicts[0].Author != "2" {
		t.Errorf("verdicts %+v, %v", w.Verdicts, err)
	}
	if gaps, err := r.AllGaps(t.Context(), "c", day, at(24)); err != nil || len(gaps) != 1500 {
		t.Errorf("%d gaps, %v", len(gaps), err)
	}
}
