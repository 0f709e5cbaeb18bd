package view_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/storage"
	"winnow/storage/storagetest"
	"winnow/storage/view"
)

// What was judged last holds, what was taken back is gone, and other campaigns know
// nothing of it.
func TestVerdicts(t *testing.T) {
	s, err := storage.Open(t.Context(), storage.Options{Writer: storagetest.Options(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Write(t.Context(), storage.Message{Rows: []storage.PostRow{somePost("c", 1, 1, 0)}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ReplaceFindings(t.Context(), "c", []coordination.Finding{finding("f1", "", 1, 2), finding("f2", "", 1, 2), finding("f3", "", 1, 2)}); err != nil {
		t.Fatal(err)
	}
	for i, v := range []storage.Verdict{
		{Finding: "f1", Judgement: storage.Wrong, Note: "no", Author: "ben"},
		{Finding: "f1", Judgement: storage.Explained, Note: "a choir <b>", Author: "anna"},
		{Finding: "f2", Judgement: storage.Confirmed, Author: "anna"},
		{Finding: "f3", Judgement: storage.Wrong, Author: "anna"},
		{Finding: "f2", Judgement: storage.Unjudged, Author: "anna"},
	} {
		v.Campaign, v.At = "c", day.Add(time.Duration(i)*time.Minute)
		if err := s.Judge(t.Context(), v); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.View().Verdicts(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	want := []view.Verdict{
		{Finding: "f3", Judgement: "wrong", Author: "anna", At: day.Add(3 * time.Minute)},
		{Finding: "f1", Judgement: "explained", Note: "a choir <b>", Author: "anna", At: day.Add(time.Minute)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if other, err := s.View().Verdicts(t.Context(), "other"); err != nil || len(other) > 0 {
		t.Errorf("another campaign: %v, %v", other, err)
	}
}
