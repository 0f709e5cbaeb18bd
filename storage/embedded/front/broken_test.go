package front_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"winnow/storage/storagetest"
)

// A client that closes its sending side has its query ended, and must not take
// what it got for the whole result.
func TestHalfClosedClientGetsNoWholeResult(t *testing.T) {
	e := storagetest.Engine(t)
	conn, err := net.Dial("unix", e.Socket())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	auth := e.ClientOptions().Auth
	query := "SELECT number FROM numbers(100000000000)"
	req, err := http.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(auth.Username, auth.Password)
	if err := req.Write(conn); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 {
		t.Fatalf("status %d", res.StatusCode)
	}
	if _, err := io.CopyN(io.Discard, res.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.UnixConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, res.Body); err == nil {
		t.Errorf("the answer ended as if it were whole, after %d more bytes", n)
	}
}

// What is asked of a query's result beside its rows is there once, also when the
// result is large.
func TestLargeResultIsOneDocument(t *testing.T) {
	e := storagetest.Engine(t)
	got := do(t, e, call{body: "SELECT number % 2 AS odd, count() AS n FROM numbers(100000) GROUP BY number, odd WITH TOTALS ORDER BY number FORMAT JSONCompact SETTINGS output_format_json_quote_64bit_integers = 0"})
	if got.status != 200 || len(got.body) < 300_000 {
		t.Fatalf("%d, %d bytes", got.status, len(got.body))
	}
	for _, part := range []string{"\"meta\":", "\"totals\":", "\"rows\": 100000"} {
		if n := strings.Count(got.body, part); n != 1 {
			t.Errorf("%s stands there %d times", part, n)
		}
	}
	if h := got.header.Get("X-ClickHouse-Format"); h != "JSONCompact" {
		t.Errorf("format %q", h)
	}
	if got := do(t, e, call{body: fmt.Sprintf("SELECT '%s' AS long FORMAT JSON", strings.Repeat("x", 1000))}); !strings.Contains(got.header.Get("X-ClickHouse-Summary"), `"result_rows":"1"`) {
		t.Errorf("summary of a small result: %q", got.header.Get("X-ClickHouse-Summary"))
	}
}
