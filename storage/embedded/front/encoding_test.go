package front_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"winnow/storage/storagetest"
)

// encoding is one in which a body can come, both ways.
type encoding struct {
	pack   func(w io.Writer) (io.WriteCloser, error)
	unpack func(r io.Reader) (io.Reader, error)
}

var encodings = map[string]encoding{
	"gzip": {
		func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
		func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	},
	"deflate": {
		func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriter(w), nil },
		func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) },
	},
	"br": {
		func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriter(w), nil },
		func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	},
	"zstd": {
		func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) },
		func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	},
}

func (e encoding) packed(t *testing.T, body string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := e.pack(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (e encoding) unpacked(t *testing.T, body string) string {
	t.Helper()
	r, err := e.unpack(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// framed is ClickHouse's own compression, in several frames.
func framed(t *testing.T, body string) string {
	t.Helper()
	w, b := compress.NewWriter(compress.LevelZero, compress.LZ4), ""
	for half := range 2 {
		if err := w.Compress([]byte(body[half*len(body)/2 : (half+1)*len(body)/2])); err != nil {
			t.Fatal(err)
		}
		b += string(w.Data)
	}
	return b
}

// Statements, inserts and results, small and large, come through every encoding.
func TestEncodingsBothWays(t *testing.T) {
	o := storagetest.Options(t)
	e := storagetest.Engine(t)
	with := func(values ...string) url.Values {
		q := url.Values{"database": {o.Auth.Database}}
		for i := 0; i < len(values); i += 2 {
			q.Set(values[i], values[i+1])
		}
		return q
	}
	if got := do(t, e, call{query: with(), body: "CREATE TABLE t (a UInt64, b String) ENGINE = MergeTree ORDER BY a"}); got.status != 200 {
		t.Fatal(got.body)
	}
	var rows, document strings.Builder
	const n = 60_000
	for i := range n {
		fmt.Fprintf(&rows, "%d,row %d\n", i, i)
		fmt.Fprintf(&document, "%d\trow %d\n", i, i)
	}
	for name, enc := range encodings {
		t.Run(name, func(t *testing.T) {
			send := http.Header{"Content-Encoding": {name}}
			take := http.Header{"Accept-Encoding": {name}}
			if got := do(t, e, call{query: with(), body: enc.packed(t, "TRUNCATE TABLE t"), header: send}); got.status != 200 {
				t.Fatal(got.body)
			}
			if got := do(t, e, call{query: with("query", "INSERT INTO t FORMAT CSV"), body: enc.packed(t, rows.String()), header: send}); got.status != 200 {
				t.Fatal(got.body)
			}
			got := do(t, e, call{query: with("enable_http_compression", "1"), body: "SELECT * FROM t ORDER BY a", header: take})
			if got.status != 200 || got.header.Get("Content-Encoding") != name {
				t.Fatalf("%d, encoding %q", got.status, got.header.Get("Content-Encoding"))
			}
			if enc.unpacked(t, got.body) != document.String() {
				t.Error("the rows came back different")
			}
			got = do(t, e, call{query: with(), body: "SELECT 1", header: take})
			if got.header.Get("Content-Encoding") != name || enc.unpacked(t, got.body) != "1\n" {
				t.Errorf("a small result: %q", got.body)
			}
			got = do(t, e, call{query: with("enable_http_compression", "0"), body: "SELECT 1", header: take})
			if got.header.Get("Content-Encoding") != "" || got.body != "1\n" {
				t.Errorf("switched off: %q", got.body)
			}
			got = do(t, e, call{query: with(), body: "SELECT nosuch(1)", header: take})
			if got.header.Get("Content-Encoding") != "" || !strings.HasPrefix(got.body, "Code: 46. ") {
				t.Errorf("an error: %q", got.body)
			}
			cut := enc.packed(t, rows.String())
			got = do(t, e, call{query: with("query", "INSERT INTO t FORMAT CSV"), body: cut[:len(cut)/2], header: send})
			if got.status != 500 || !strings.HasPrefix(got.body, "Code: 33. ") {
				t.Errorf("a body cut short: %d %q", got.status, got.body)
			}
		})
	}
	t.Run("frames", func(t *testing.T) {
		if got := do(t, e, call{query: with("query", "TRUNCATE TABLE t")}); got.status != 200 {
			t.Fatal(got.body)
		}
		if got := do(t, e, call{query: with("query", "INSERT INTO t FORMAT CSV", "decompress", "1"), body: framed(t, rows.String())}); got.status != 200 {
			t.Fatal(got.body)
		}
		// All in the body, and once only.
		if got := do(t, e, call{query: with("decompress", "1"), body: framed(t, "INSERT INTO t FORMAT CSV 60000,row 60000\n")}); got.status != 200 {
			t.Fatal(got.body)
		}
		document.WriteString("60000\trow 60000\n")
		got := do(t, e, call{query: with("compress", "1"), body: "SELECT * FROM t ORDER BY a"})
		b, err := io.ReadAll(compress.NewReader(strings.NewReader(got.body)))
		// Its reader wraps the end of the input.
		if err != nil && !errors.Is(err, io.EOF) || string(b) != document.String() {
			t.Errorf("%d bytes, %v", len(b), err)
		}
	})
}
