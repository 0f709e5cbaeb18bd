package storage_test

import (
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"winnow/storage"
	"winnow/storage/schema"
	"winnow/storage/storagetest"
	"winnow/storage/view"
)

// What was said before there was a history begins it, also if the migration was cut off
// and runs again.
func TestVerdictsOfThePastAreInTheHistory(t *testing.T) {
	const before = 8
	o := storagetest.Options(t)
	db := clickhouse.OpenDB(o)
	defer db.Close() //nolint:errcheck // test
	p, err := goose.NewProvider(goose.DialectClickHouse, db, schema.Files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	run(t, db, "INSERT INTO verdicts (campaign, finding_id, verdict, note, author, at, version) VALUES ('c', 'f1', 'wrong', 'a bus', 'anna', '2015-06-12 10:00:00', 7);\n")
	all, err := schema.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all[before].Statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	s, err := storage.Open(t.Context(), storage.Options{Writer: o})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // test
	replace(t, s, finding("f1", "", 0, 0, 1, 2))
	if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "f1", Judgement: storage.Unjudged, Author: "ben", At: day}); err != nil {
		t.Fatal(err)
	}
	got, err := s.View().Verdicts(t.Context(), "c", "f1")
	if err != nil {
		t.Fatal(err)
	}
	want := []view.Verdict{{Author: "ben", At: day}, {Judgement: "wrong", Note: "a bus", Author: "anna", At: day.Add(10 * time.Hour)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}
