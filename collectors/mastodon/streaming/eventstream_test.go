package streaming

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// read returns all events of a stream, as "name|data".
func read(r io.Reader, most int) ([]string, error) {
	s := newEventStream(r, most)
	var out []string
	for {
		e, err := s.next()
		if err != nil {
			return out, err
		}
		out = append(out, e.name+"|"+string(e.data))
	}
}

func TestEventStream(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"as Mastodon sends it", ":)\nevent: update\ndata: {\"a\":1}\n\nevent: delete\ndata: 112\n\n:thump\n\n", []string{`update|{"a":1}`, "delete|112"}},
		{"carriage returns", "event: update\r\ndata: 1\r\n\r\nevent: delete\rdata: 2\r\r", []string{"update|1", "delete|2"}},
		{"many lines", "data: a\ndata:b\ndata\ndata:  c\n\n", []string{"|a\nb\n\n c"}},
		{"no data, no event", "event: update\n\ndata: 1\n\n", []string{"|1"}},
		{"other fields", "id: 7\nretry: 1\nfoo\ndata: 1\n\n", []string{"|1"}},
		{"the last of two names", "event: a\nevent: b\ndata: 1\n\n", []string{"b|1"}},
		{"an end in the middle", "data: 1\n\ndata: 2\n", []string{"|1"}},
		{"heartbeats within", "event: update\n:thump\ndata: 1\n:thump\n\n", []string{"update|1"}},
		{"nothing", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := read(strings.NewReader(c.in), 100)
			if !errors.Is(err, io.EOF) {
				t.Errorf("ended with %v", err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEventStreamIsBounded(t *testing.T) {
	for _, in := range []string{strings.Repeat("x", 1000), "data: " + strings.Repeat("x", 1000), strings.Repeat("data: xxxxxxxx\n", 100)} {
		if got, err := read(strings.NewReader(in), 100); !errors.Is(err, errTooLong) || got != nil {
			t.Errorf("%d events, %v", len(got), err)
		}
	}
}

// However a stream is cut into pieces, and whether its lines end in \n or in
// \r\n, the events are the same, and no event is longer than is allowed.
func FuzzEventStream(f *testing.F) {
	f.Add(":)\nevent: update\ndata: {}\n\n:thump\n\n")
	f.Add("data: a\r\ndata: b\r\r\ndata\n\n")
	f.Add("\r\n\n\r:\n\rdata:\n\n")
	f.Fuzz(func(t *testing.T, in string) {
		const most = 64
		whole, err := read(strings.NewReader(in), most)
		for _, e := range whole {
			if _, data, _ := strings.Cut(e, "|"); len(data) > 2*most {
				t.Fatalf("%d bytes of data", len(data))
			}
		}
		pieces, errPieces := read(iotest.OneByteReader(strings.NewReader(in)), most)
		if !errors.Is(errPieces, err) {
			t.Fatalf("whole ends with %v, byte by byte with %v", err, errPieces)
		}
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Fatal(diff)
		}
		if strings.Contains(in, "\r") {
			return
		}
		other, errOther := read(strings.NewReader(strings.ReplaceAll(in, "\n", "\r\n")), most)
		if !errors.Is(errOther, err) {
			t.Fatalf("with \\n it ends with %v, with \\r\\n with %v", err, errOther)
		}
		if diff := cmp.Diff(whole, other); diff != "" {
			t.Fatal(diff)
		}
	})
}
