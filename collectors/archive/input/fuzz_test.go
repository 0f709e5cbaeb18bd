package input

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

type records interface{ Next() (Frame, error) }

// cutters are the ways of cutting a content.
var cutters = map[string]func(*Text) records{
	"lines":  func(in *Text) records { return NewLines(in) },
	"values": func(in *Text) records { return NewValues(in) },
	"rows":   func(in *Text) records { return NewRows(in, ',') },
}

// cutUp returns the frames of a content; faults by their reason in front.
func cutUp(t *testing.T, cutter string, in io.Reader) []string {
	cut := cutters[cutter](&Text{Reader: in})
	var out []string
	for {
		fr, err := cut.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if fr.Record != int64(len(out)+1) {
			t.Fatalf("frame %d is numbered %d", len(out)+1, fr.Record)
		}
		reason := ""
		if fr.Fault != nil {
			reason = string(fr.Fault.Reason)
		}
		out = append(out, reason+":"+string(fr.Raw))
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
		for l := range cutters {
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
		got := cutUp(t, "values", bytes.NewReader(content))
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
