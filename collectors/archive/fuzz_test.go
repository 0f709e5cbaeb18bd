package archive

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"winnow/collectors/wire"
	"winnow/collectors/wire/wiretest"
)

// cutUp returns the frames of a content; faults by their reason in front.
func cutUp(t *testing.T, l layout, in io.Reader) []string {
	s := shape{layout: l, table: &table{delim: ','}}
	f := s.framer(newWindow(&text{Reader: in, src: &file{}}))
	var out []string
	for {
		fr, err := f.next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if fr.record != int64(len(out)+1) {
			t.Fatalf("frame %d is numbered %d", len(out)+1, fr.record)
		}
		reason := ""
		if fr.fault != nil {
			reason = string(fr.fault.Reason)
		}
		out = append(out, reason+":"+string(fr.raw))
	}
}

// How a content is cut depends on its bytes alone, not on the pieces in which
// they arrive; every byte that is no white space, comma, bracket or line end
// comes out again, in order.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("a\nb\r\n\nc"))
	f.Add([]byte("x,\"y\nz\",1\n\"a\"\"b\",2\nopen,\"\n\n"))
	f.Add([]byte(`[{"a":"]}\"\\"},  [1,2] , 3,"x"]{"b":{}} tail`))
	f.Add([]byte("]}],{\"a\":[}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
		for _, l := range []layout{asLines, asValues, asRows} {
			whole := cutUp(t, l, bytes.NewReader(content))
			small := cutUp(t, l, iotest.OneByteReader(bytes.NewReader(content)))
			if diff := cmp.Diff(whole, small); diff != "" {
				t.Fatalf("%s: in one piece and byte by byte differ:\n%s", l, diff)
			}
			var out strings.Builder
			for _, fr := range whole {
				_, raw, _ := strings.Cut(fr, ":")
				out.WriteString(raw)
			}
			bare := func(s string) string {
				var b []byte
				for i := range len(s) {
					if strings.IndexByte(" \t\r\n,[]", s[i]) < 0 {
						b = append(b, s[i])
					}
				}
				return string(b)
			}
			if got, want := bare(out.String()), bare(string(content)); got != want {
				t.Fatalf("%s: %q came out as %q", l, want, got)
			}
		}
	})
}

// The elements of any JSON array are cut out as encoding/json sees them.
func FuzzArray(f *testing.F) {
	f.Add([]byte(`[{"a":"]}\"\\"}, [1,2] , 3,"x",null,{"b":[{}]}]`))
	f.Add([]byte("[\n]"))
	f.Fuzz(func(t *testing.T, content []byte) {
		var want []json.RawMessage
		if bytes.HasPrefix(content, []byte("\xef\xbb\xbf")) || json.Unmarshal(content, &want) != nil || want == nil {
			return
		}
		got := cutUp(t, asValues, bytes.NewReader(content))
		if len(got) != len(want) {
			t.Fatalf("%q: %d elements, want %d: %q", content, len(got), len(want), got)
		}
		for i := range want {
			if got[i] != ":"+string(want[i]) {
				t.Fatalf("%q: element %d is %q, want %q", content, i, got[i], want[i])
			}
		}
	})
}

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
		for _, fr := range cutUp(t, asRows, strings.NewReader(content)) {
			reason, raw, _ := strings.Cut(fr, ":")
			if reason != "" {
				t.Fatalf("%q: %s in %q", content, reason, raw)
			}
			if strings.TrimSpace(raw) == "" {
				continue
			}
			row, err := split.split([]byte(raw))
			if err != nil {
				t.Fatalf("%q: %v in %q", content, err, raw)
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
	t, err := newTable([]byte(strings.Join(columnNames[:], ",")), nil)
	if err != nil {
		f.Fatal(err)
	}
	d := newRowDecoder(t)
	f.Fuzz(func(t *testing.T, row string) {
		var m wire.Message
		d.decode([]byte(row), &m)
		wiretest.Check(t, &m)
		if len(m.Posts)+len(m.Rejects) != 1 {
			t.Fatalf("%d posts and %d rejects", len(m.Posts), len(m.Rejects))
		}
	})
}

// Recognising any beginning of a file neither panics nor names a format
// without a way to read it.
func FuzzGuess(f *testing.F) {
	f.Add([]byte("object_id,account_id,content_id,timestamp_share\no,a,c,1\n"), true)
	f.Add([]byte("{\"data\":{}}\n"), false)
	f.Add([]byte("[{\"account\":{},\"uri\":\"\",\"content\":\"\"}"), true)
	f.Fuzz(func(t *testing.T, head []byte, whole bool) {
		s, err := guess(head, whole, &Options{})
		if err != nil {
			return
		}
		if s.layout == asRows && s.table == nil || s.format == "" || s.layout == "" {
			t.Fatalf("%q gives %+v", head, s)
		}
	})
}
