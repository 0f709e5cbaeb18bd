package table

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"winnow/collectors/archive/input"
	"winnow/collectors/wire"
	"winnow/collectors/wire/wiretest"
)

// A table that encoding/csv reads without a complaint has the same fields here,
// but for rows of nothing but white space, which are none here.
func FuzzTable(f *testing.F) {
	f.Add("a,b\n\"x\ny\",\"\"\"\"\n,\n")
	f.Add("a\r\n\"b\"\r\n\n\"\"\n")
	f.Fuzz(func(t *testing.T, content string) {
		if strings.HasPrefix(content, "\xef\xbb\xbf") {
			return
		}
		r := csv.NewReader(strings.NewReader(content))
		r.FieldsPerRecord = -1
		want, err := r.ReadAll()
		if err != nil {
			return
		}
		var got [][]string
		split := fields{delim: ','}
		rows := input.NewRows(&input.Text{Reader: strings.NewReader(content)}, ',')
		for {
			f, err := rows.Next()
			if err == io.EOF {
				break
			}
			if err != nil || f.Fault != nil {
				t.Fatalf("%q: %v, %v in %q", content, err, f.Fault, f.Raw)
			}
			if strings.TrimSpace(string(f.Raw)) == "" {
				continue
			}
			row, err := split.split(f.Raw)
			if err != nil {
				t.Fatalf("%q: %v in %q", content, err, f.Raw)
			}
			for i := range row { // which encoding/csv makes of line breaks in quotes
				row[i] = strings.ReplaceAll(row[i], "\r\n", "\n")
			}
			got = append(got, append([]string(nil), row...))
		}
		want = slices.DeleteFunc(want, func(row []string) bool { return len(row) == 1 && strings.TrimSpace(row[0]) == "" })
		got = slices.DeleteFunc(got, func(row []string) bool { return len(row) == 1 && strings.TrimSpace(row[0]) == "" })
		for i := range want {
			for j := range want[i] {
				want[i][j] = strings.ReplaceAll(want[i][j], "\r\n", "\n")
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%q (-encoding/csv +here):\n%s", content, diff)
		}
	})
}

// Whatever a row holds, it becomes one post that passes its check, or one
// reject.
func FuzzRow(f *testing.F) {
	f.Add(`c,a,1434132005,Baku,o,0,c0,c1,Baku2015 x,https://a.example b,text,x,anna,en,1,2009-03-03,1,2,3,4,5,@bea`)
	f.Add(`c,a,2015-06-12 18:00:05,,,TRUE,,,,,"RT @a: ""b""",twitter,,,-1,,1.5,NA,nan,1e99,,`)
	t, err := New([]byte(strings.Join(columnNames[:], ",")), nil)
	if err != nil {
		f.Fatal(err)
	}
	d := NewDecoder(t)
	f.Fuzz(func(t *testing.T, row string) {
		var m wire.Message
		d.Decode([]byte(row), &m)
		wiretest.Check(t, &m)
		if len(m.Posts)+len(m.Rejects) != 1 {
			t.Fatalf("%d posts and %d rejects", len(m.Posts), len(m.Rejects))
		}
	})
}
