package embedded_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"winnow/storage/embedded"
)

// curler asks the engine with curl, as anybody can.
type curler struct {
	path   string
	engine *embedded.Engine
	// writer is how the writer asks, and url where.
	writer []string
	url    string
}

// newCurler skips the test without curl, but fails it with CI=true.
func newCurler(t *testing.T, e *embedded.Engine) curler {
	t.Helper()
	path, err := exec.LookPath("curl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("install curl to have this test: %v", err)
	}
	auth := e.ClientOptions().Auth
	return curler{path, e, []string{"--unix-socket", e.Socket(), "--user", auth.Username + ":" + auth.Password}, "http://localhost"}
}

// run runs curl; what it prints is written to w, its exit code returned (0 for
// success, 22 for an HTTP status of 400 or more, 18 for an answer that broke off).
func (c curler) run(t *testing.T, w io.Writer, args ...string) (exit int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), c.path, append([]string{"--silent", "--fail-with-body", "--noproxy", "*"}, args...)...)
	cmd.Stdout = w
	err := cmd.Run()
	if e := new(exec.ExitError); errors.As(err, &e) {
		return e.ExitCode()
	}
	if err != nil {
		t.Error(err)
	}
	return 0
}

func address(base string, values []string) string {
	query := url.Values{}
	for i := 0; i < len(values); i += 2 {
		query.Set(values[i], values[i+1])
	}
	return base + "/?" + query.Encode()
}

// read asks as the reader by TCP.
func (c curler) read(t *testing.T, w io.Writer, sql string, values ...string) (exit int) {
	t.Helper()
	return c.run(t, w, "--user", embedded.ReaderName+":open sesame", "--data-binary", sql, address("http://"+c.engine.ListenAddr(), values))
}

// write asks as the writer, with further arguments for curl.
func (c curler) write(t *testing.T, w io.Writer, args []string, values ...string) (exit int) {
	t.Helper()
	return c.run(t, w, slices.Concat(c.writer, []string{"--request", "POST"}, args, []string{address(c.url, values)})...)
}

// lines counts what is written to it and keeps both ends.
type lines struct {
	n, size    int
	begin, end []byte
}

func (l *lines) Write(p []byte) (int, error) {
	l.n += bytes.Count(p, []byte{'\n'})
	l.size += len(p)
	if len(l.begin) < 200 {
		l.begin = append(l.begin, p[:min(len(p), 200)]...)
	}
	l.end = append(l.end, p[max(0, len(p)-200):]...)
	l.end = bytes.Clone(l.end[max(0, len(l.end)-200):])
	return len(p), nil
}

// One engine serves curl in all of its parts.
func TestCurl(t *testing.T) {
	c := newCurler(t, listening(t))
	t.Run("reads every format", func(t *testing.T) { testCurlReadsEveryFormat(t, c) })
	t.Run("brings data in and out", func(t *testing.T) { testCurlBringsDataInAndOut(t, c) })
	t.Run("sees errors", func(t *testing.T) { testCurlSeesErrors(t, c) })
}

func testCurlReadsEveryFormat(t *testing.T, c curler) {
	t.Helper()
	const rows = 1_000_000
	last := fmt.Sprint(rows - 1)
	query := fmt.Sprintf("SELECT number AS n, repeat('x', 50) AS s FROM numbers(%d)", rows)
	xs := strings.Repeat("x", 50)
	formats := []struct {
		name, begin, end string
		lines, size      int // 0 for any
	}{
		{"Native", "\x02", "", 0, 0},
		{"JSONEachRow", `{"n":0,"s":"` + xs + "\"}\n", `{"n":` + last + `,"s":"` + xs + "\"}\n", rows, 0},
		{"CSV", "0,\"" + xs + "\"\n", last + ",\"" + xs + "\"\n", rows, 0},
		{"TabSeparatedWithNames", "n\ts\n0\t" + xs + "\n", last + "\t" + xs + "\n", rows + 1, 0},
		{"RowBinaryWithNamesAndTypes", "\x02\x01n\x01s\x06UInt64\x06String", xs, 0, 19 + 59*rows},
		{"Parquet", "PAR1", "PAR1", 0, 0},
		{"JSON", "{\n\t\"meta\"", "}\n", 0, 0},
	}
	c.read(t, io.Discard, query+" FORMAT JSON")
	before, peak := watchMemory(t, c.engine.Pid(), func() {
		for _, f := range formats {
			var got lines
			if exit := c.read(t, &got, query, "default_format", f.name); exit != 0 {
				t.Errorf("%s: curl ended with %d: %s", f.name, exit, got.begin)
			}
			if !bytes.HasPrefix(got.begin, []byte(f.begin)) || !bytes.HasSuffix(got.end, []byte(f.end)) {
				t.Errorf("%s: got %q ... %q", f.name, got.begin, got.end)
			}
			if f.lines != 0 && got.n != f.lines || f.size != 0 && got.size != f.size || got.size < 100_000 {
				t.Errorf("%s: %d lines, %d bytes", f.name, got.n, got.size)
			}
		}
	})
	t.Logf("%d formats of %d rows: the engine's memory went from %d kB to %d kB", len(formats), rows, before, peak)
	// Parquet keeps whole groups of rows.
	if peak > before+3*allowance {
		t.Errorf("the engine grew from %d kB to %d kB", before, peak)
	}
}

func testCurlBringsDataInAndOut(t *testing.T, c curler) {
	t.Helper()
	var said bytes.Buffer
	if exit := c.write(t, &said, []string{"--data-binary", "CREATE TABLE t (n UInt64, s String, at DateTime('UTC')) ENGINE = MergeTree ORDER BY n"}); exit != 0 {
		t.Fatal(exit, said.String())
	}
	const rows = 50_000
	var csvRows, jsonRows bytes.Buffer
	w, enc := csv.NewWriter(&csvRows), json.NewEncoder(&jsonRows)
	for n := range rows {
		if err := errors.Join(w.Write([]string{fmt.Sprint(n), "a \"b\", c\nd", "2015-06-12 12:00:00"}),
			enc.Encode(map[string]any{"n": rows + n, "s": "é\n", "at": "2015-06-12 12:00:01"})); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	dir := t.TempDir()
	for format, data := range map[string][]byte{"CSV": csvRows.Bytes(), "JSONEachRow": jsonRows.Bytes()} {
		file := filepath.Join(dir, format)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		said.Reset()
		if exit := c.write(t, &said, []string{"--data-binary", "@" + file}, "query", "INSERT INTO t FORMAT "+format); exit != 0 || said.Len() > 0 {
			t.Errorf("%s: curl ended with %d: %s", format, exit, &said)
		}
	}
	said.Reset()
	if c.read(t, &said, "SELECT count(), uniqExact(n), countIf(s = 'a \"b\", c\\nd'), countIf(s = 'é\\n'), toUnixTimestamp(max(at)) FROM t"); said.String() != "100000\t100000\t50000\t50000\t1434110401\n" {
		t.Errorf("stored: %s", &said)
	}
	// What comes out as Parquet or Native goes in again.
	for i, format := range []string{"Parquet", "Native"} {
		var out bytes.Buffer
		if exit := c.read(t, &out, "SELECT DISTINCT n, s, at FROM t", "default_format", format); exit != 0 {
			t.Fatalf("%s: curl ended with %d", format, exit)
		}
		file := filepath.Join(dir, format)
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		said.Reset()
		if exit := c.write(t, &said, []string{"--data-binary", "@" + file}, "query", "INSERT INTO t FORMAT "+format); exit != 0 {
			t.Errorf("%s: curl ended with %d: %s", format, exit, &said)
		}
		said.Reset()
		if c.read(t, &said, "SELECT count(), uniqExact(n, s, at) FROM t"); said.String() != fmt.Sprintf("%d\t100000\n", 100_000*(i+2)) {
			t.Errorf("%s, in again: %s", format, &said)
		}
	}
	said.Reset()
	if exit := c.write(t, &said, []string{"--data-binary", "1,a"}, "query", "INSERT INTO t FORMAT CSV"); exit != 22 || !strings.HasPrefix(said.String(), "Code: 27. DB::Exception: ") {
		t.Errorf("bad data: curl ended with %d: %s", exit, &said)
	}
}

func testCurlSeesErrors(t *testing.T, c curler) {
	t.Helper()
	for sql, want := range map[string]struct {
		status int
		text   string
	}{
		"SELECT * FROM nowhere":                              {404, "Code: 60. DB::Exception: "},
		"SELECT 1 +":                                         {400, "Code: 62. DB::Exception: Syntax error"},
		"INSERT INTO t VALUES (1)":                           {500, "Code: 164. DB::Exception: "},
		"SELECT 1 INTO OUTFILE '/tmp/x'":                     {403, "Code: 497. DB::Exception: "},
		"SELECT throwIf(number = 10, 'no') FROM numbers(20)": {500, "Code: 395. DB::Exception: no"},
	} {
		var said bytes.Buffer
		exit := c.run(t, &said, "--user", embedded.ReaderName+":open sesame", "--data-binary", sql, "--write-out", "%{http_code} %header{x-clickhouse-exception-code}", "http://"+c.engine.ListenAddr()+"/")
		code, _, _ := strings.Cut(strings.TrimPrefix(want.text, "Code: "), ".")
		if exit != 22 || !strings.HasPrefix(said.String(), want.text) || !strings.HasSuffix(said.String(), fmt.Sprintf("\n%d %s", want.status, code)) || strings.Contains(said.String(), "OUTFILE '/dev") {
			t.Errorf("%s: curl ended with %d: %s", sql, exit, &said)
		}
	}
	// In the midst of a result, whatever the format and the encoding: curl knows
	// that the answer is not whole.
	for _, format := range []string{"JSONEachRow", "CSV", "JSON", "Parquet", "Native"} {
		for _, more := range [][]string{nil, {"--compressed"}} {
			var got lines
			exit := c.run(t, &got, append(slices.Clone(more), "--user", embedded.ReaderName+":open sesame",
				"--data-binary", "SELECT number, throwIf(number = 400000) FROM numbers(1000000)", address("http://"+c.engine.ListenAddr(), []string{"default_format", format}))...)
			if exit == 0 || exit == 22 && got.size > 10_000 || exit != 22 && got.size == 0 {
				t.Errorf("%s %v: curl ended with %d after %d bytes: %q", format, more, exit, got.size, got.end)
			}
			if more == nil && !bytes.Contains(got.end, []byte("395")) && !bytes.Contains(got.begin, []byte("395")) && !bytes.Contains(got.end, []byte("__exception__")) {
				t.Errorf("%s: the error is not told: %q", format, got.end)
			}
		}
	}
	// A curl that has had enough takes its query with it.
	if exit := c.run(t, io.Discard, "--user", embedded.ReaderName+":open sesame", "--max-time", "1",
		"--data-binary", "SELECT sum(sipHash64(number)) AS abandoned FROM numbers(100000000000000)", "http://"+c.engine.ListenAddr()+"/"); exit != 28 {
		t.Errorf("curl ended with %d and not for want of time", exit)
	}
	conn := open(t, c.engine)
	waitFor(t, func() bool {
		var n uint64
		if err := conn.QueryRow(t.Context(), "SELECT count() FROM system.processes WHERE query LIKE '%abandoned%' AND query NOT LIKE '%system.processes%'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
}
