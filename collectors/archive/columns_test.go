package archive

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors/archive/format"
	"winnow/collectors/archive/table"
)

// TestSameID: a content_id that comes again is the same post; both rows are
// handed on, and the store keeps one.
func TestSameID(t *testing.T) {
	log, rep, err := replayed(t, "a.csv", []byte("object_id,account_id,content_id,timestamp_share\no1,a,c,1434132005\no2,a,c,1434132005\n"), Options{})
	if err != nil || rep.Posts != 2 || log.posts()[0].ID != log.posts()[1].ID {
		t.Errorf("%d posts, %v", rep.Posts, err)
	}
}

func TestColumns(t *testing.T) {
	const content = "tweet,user,when,body\nc,a,1434132005,#Baku2015\n"
	mapped := map[string]string{"content_id": "tweet", "account_id": "USER", "timestamp_share": "when", "text": "body"}
	log, _, err := replayed(t, "a.csv", []byte(content), Options{Columns: mapped})
	if err != nil || len(log.posts()) != 1 || len(log.posts()[0].Tags) != 1 {
		t.Errorf("mapped: %+v, %v", log.posts(), err)
	}
	for _, c := range []struct {
		name    string
		columns map[string]string
		format  format.Name
		want    table.ColumnsError
	}{
		{"none is ours", nil, "", table.ColumnsError{Missing: []string{"content_id", "account_id", "timestamp_share"}}},
		{"named as CSV", nil, format.CSV, table.ColumnsError{Missing: []string{"content_id", "account_id", "timestamp_share"}}},
		{"one is mapped", map[string]string{"content_id": "tweet"}, "", table.ColumnsError{Missing: []string{"account_id", "timestamp_share"}}},
		{"mapped to nothing", map[string]string{"content_id": "tweet", "account_id": "user", "timestamp_share": "when", "text": "txt"}, "", table.ColumnsError{NotInFile: []string{"text=txt"}}},
		{"not ours", map[string]string{"content_id": "tweet", "account_id": "user", "timestamp_share": "when", "txt": "body"}, "", table.ColumnsError{Unknown: []string{"txt"}}},
	} {
		log, _, err := replayed(t, "a.csv", []byte(content), Options{Columns: c.columns, Format: c.format})
		var got *table.ColumnsError
		if !errors.As(err, &got) {
			t.Errorf("%s: got %v, want a *table.ColumnsError", c.name, err)
			continue
		}
		c.want.Header = []string{"tweet", "user", "when", "body"}
		if diff := cmp.Diff(c.want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if !strings.Contains(err.Error(), "--columns") || !strings.Contains(err.Error(), `"tweet", "user", "when", "body"`) {
			t.Errorf("%s: the error says neither what to do nor what is there: %v", c.name, err)
		}
		if len(log.batches) > 0 {
			t.Errorf("%s: something was published", c.name)
		}
	}
}
