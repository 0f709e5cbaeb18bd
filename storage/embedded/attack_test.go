package embedded_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ClickHouse/ch-go/compress"
	"github.com/google/go-cmp/cmp"

	"winnow/storage/embedded"
	"winnow/storage/storagetest"
)

// attacked is an engine with a table, open to readers by TCP, and everything
// around it that an attack could leave a trace in.
type attacked struct {
	engine *embedded.Engine
	client *http.Client
	dir    string
	// temp is the child's temporary directory.
	temp string
	// host is an address that nobody has a reason to connect to; called counts who did.
	host   string
	called atomic.Int64
}

// mark is what files are called that attacks would write.
const mark = "winnow-attack"

func newAttacked(t *testing.T) *attacked {
	t.Helper()
	o := storagetest.Config(t)
	a := &attacked{dir: t.TempDir(), temp: t.TempDir(), client: &http.Client{Transport: &http.Transport{DisableCompression: true}}}
	o.Dir, o.Listen, o.ReaderPassword = a.dir, "127.0.0.1:0", "open sesame"
	o.Env = append(o.Env, "TMPDIR="+a.temp)
	a.engine = start(t, o)
	t.Cleanup(a.client.CloseIdleConnections)

	trap, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = trap.Close() })
	a.host = trap.Addr().String()
	go func() {
		for {
			c, err := trap.Accept()
			if err != nil {
				return
			}
			a.called.Add(1)
			_ = c.Close()
		}
	}()
	conn := open(t, a.engine)
	mustExec(t, conn, "CREATE TABLE posts (a Int8) ENGINE = MergeTree ORDER BY a")
	mustExec(t, conn, "INSERT INTO posts SELECT 1")
	return a
}

// corpus reads queries from package statement's test data; its tests say how
// they are written.
func (a *attacked) corpus(t *testing.T, file string) (queries []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("statement", "testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\0`, "\x00", `\u`, "\u00a0", "HOST", a.host)
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && !strings.HasPrefix(line, "##") {
			queries = append(queries, unescape.Replace(line))
		}
	}
	return queries
}

// files lists everything in the engine's two directories with its size.
func (a *attacked) files(t *testing.T) (list []string) {
	t.Helper()
	for _, dir := range []string{a.dir, a.temp} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			size := info.Size()
			if d.IsDir() {
				size = 0
			}
			list = append(list, fmt.Sprint(path, " ", size))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// marked lists files that an attack has written elsewhere.
func marked(t *testing.T) (list []string) {
	t.Helper()
	for _, dir := range []string{".", "..", "/tmp", os.TempDir()} {
		found, err := filepath.Glob(filepath.Join(dir, "*"+mark+"*"))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, found...)
	}
	return list
}

// send asks as the reader by TCP, with values for all parameters in the corpus.
func (a *attacked) send(t *testing.T, query url.Values, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	all := url.Values{
		"param_t": {"users"}, "param_db": {"system"}, "param_d": {"system"}, "param_c": {"number"}, "param_f": {"file"},
		"param_p": {"/etc/passwd"}, "param_u": {"http://" + a.host + "/x"}, "param_n": {"1"}, "param_a": {"1"},
	}
	for k, v := range query {
		all[k] = v
	}
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+a.engine.ListenAddr()+"/?"+all.Encode(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(embedded.ReaderName, "open sesame")
	for k, v := range header {
		req.Header[k] = v
	}
	res, err := a.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// ways are how a statement can reach the engine.
var ways = map[string]func(t *testing.T, a *attacked, q string) (*http.Response, string){
	"body": func(t *testing.T, a *attacked, q string) (*http.Response, string) { return a.send(t, nil, q, nil) },
	"URL": func(t *testing.T, a *attacked, q string) (*http.Response, string) {
		return a.send(t, url.Values{"query": {q}}, "", nil)
	},
	"URL and body": func(t *testing.T, a *attacked, q string) (*http.Response, string) {
		head, rest, _ := strings.Cut(q, " ")
		return a.send(t, url.Values{"query": {head + " "}}, rest+" ", nil)
	},
	"gzip": func(t *testing.T, a *attacked, q string) (*http.Response, string) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := io.WriteString(z, q); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return a.send(t, nil, b.String(), http.Header{"Content-Encoding": {"gzip"}})
	},
	"frames": func(t *testing.T, a *attacked, q string) (*http.Response, string) {
		w := compress.NewWriter(compress.LevelZero, compress.LZ4)
		if err := w.Compress([]byte(q)); err != nil {
			t.Fatal(err)
		}
		return a.send(t, url.Values{"decompress": {"1"}}, string(w.Data), nil)
	},
	"as an insert's data": func(t *testing.T, a *attacked, q string) (*http.Response, string) {
		return a.send(t, url.Values{"query": {"INSERT INTO posts FORMAT CSV"}}, q, nil)
	},
}

// shape is how a ClickHouse server words an error.
var shape = regexp.MustCompile(`(?s)^Code: (\d+)\. DB::Exception: .+\([A-Z_]+\)\n$`)

// check tells what is wrong with the answer to an attack.
func check(res *http.Response, body string) string {
	code := res.Header.Get("X-ClickHouse-Exception-Code")
	m := shape.FindStringSubmatch(body)
	switch {
	case strings.Contains(body, "root:"):
		return "it read a file"
	case res.StatusCode < 400:
		return "it was let pass"
	case m == nil || m[1] != code:
		return "it was not refused in ClickHouse's words"
	case !slices.Contains([]string{"62", "164", "497", "115", "36"}, code):
		return "it failed for another reason"
	}
	return ""
}

// Every attack is refused however it arrives, and leaves no trace: no file, no
// connection to another host, no change in the store, and an engine that answers.
func TestAttacksLeaveNoTrace(t *testing.T) {
	a := newAttacked(t)
	attacks := a.corpus(t, "attacks.txt")
	if len(attacks) < 500 {
		t.Fatalf("only %d attacks", len(attacks))
	}
	pid, before := a.engine.Pid(), a.files(t)
	for turn, way := range slices.Sorted(maps.Keys(ways)) {
		send := ways[way]
		t.Run(way, func(t *testing.T) {
			for i, q := range attacks {
				if os.Getenv("WINNOW_LONG") == "" && i%len(ways) != turn && i%len(ways) != (turn+1)%len(ways) {
					continue // the long run sends each in each way, any other in two
				}
				if way == "URL" && strings.TrimSpace(q) == "" {
					continue // that is a ping
				}
				if res, body := send(t, a, q); check(res, body) != "" {
					t.Errorf("%q: %s: %d %s", q, check(res, body), res.StatusCode, body[:min(len(body), 300)])
				}
			}
		})
	}
	t.Run("parameters and headers", func(t *testing.T) {
		for _, c := range []struct {
			query  url.Values
			header http.Header
		}{
			{query: url.Values{"readonly": {"0"}}},
			{query: url.Values{"readonly": {"2"}}},
			{query: url.Values{"READONLY": {"0"}}},
			{query: url.Values{" readonly": {"0"}}},
			{query: url.Values{"max_execution_time": {"-1"}}},
			{query: url.Values{"max_execution_time": {"nan"}}},
			{query: url.Values{"max_execution_time": {"1e999"}}},
			{query: url.Values{"max_execution_time": {"1 --readonly=0"}}},
			{query: url.Values{"max_block_size": {"1\x00--readonly=0"}}},
			{query: url.Values{"max_memory_usage": {"0"}}},
			{query: url.Values{"max_threads": {"1000"}}},
			{query: url.Values{"profile": {"default"}}},
			{query: url.Values{"allow_ddl": {"0"}}},
			{query: url.Values{"allow_introspection_functions": {"1"}}},
			{query: url.Values{"format_schema": {"/etc/passwd:M"}}},
			{query: url.Values{"format_schema_source": {"query"}}},
			{query: url.Values{"format_template_row": {"/etc/passwd"}}},
			{query: url.Values{"format_template_resultset": {"/etc/passwd"}}},
			{query: url.Values{"output_format_schema": {"/tmp/" + mark}}},
			{query: url.Values{"format_avro_schema_registry_url": {"http://" + a.host}}},
			{query: url.Values{"additional_table_filters": {"{'posts': '1'}"}}},
			{query: url.Values{"implicit_select": {"1"}}},
			{query: url.Values{"path": {"/etc"}}},
			{query: url.Values{"config-file": {"/etc/passwd"}}},
			{query: url.Values{"query-file": {"/etc/passwd"}}},
			{query: url.Values{"queries-file": {"/etc/passwd"}}},
			{query: url.Values{"database": {"system"}}},
			{query: url.Values{"database": {"SYSTEM"}}},
			{query: url.Values{"database": {"/etc"}}},
			{header: http.Header{"X-Clickhouse-Database": {"system"}}},
			{query: url.Values{"default_format": {"Template"}, "format_template_row_format": {"${a:XML}"}}},
			{query: url.Values{"query_id": {strings.Repeat("x", 1000)}}},
			{query: url.Values{"query_id": {"a\r\nX-Injected: b"}}},
		} {
			res, body := a.send(t, c.query, "SELECT * FROM users", c.header)
			if what := check(res, body); what != "" && res.Header.Get("X-ClickHouse-Exception-Code") != "81" {
				t.Errorf("%v %v: %s: %d %s", c.query, c.header, what, res.StatusCode, body)
			}
		}
	})
	t.Run("size", func(t *testing.T) {
		for name, q := range map[string]string{
			"long":        "SELECT " + strings.Repeat("(", 1<<20),
			"brackets":    "SELECT " + strings.Repeat("(", 10_000) + "1" + strings.Repeat(")", 10_000),
			"arrays":      "SELECT " + strings.Repeat("[", 10_000) + "1" + strings.Repeat("]", 10_000),
			"NOT":         "SELECT " + strings.Repeat("NOT ", 8_000) + "1",
			"minus":       "SELECT " + strings.Repeat("- ", 10_000) + "1",
			"sum":         "SELECT 1" + strings.Repeat("+1", 10_000),
			"calls":       "SELECT " + strings.Repeat("f(", 8_000) + "1" + strings.Repeat(")", 8_000),
			"subqueries":  "SELECT * FROM " + strings.Repeat("(SELECT * FROM ", 5_000) + "numbers(1)" + strings.Repeat(")", 5_000),
			"CASE":        "SELECT " + strings.Repeat("CASE WHEN 1 THEN ", 5_000) + "1" + strings.Repeat(" ELSE 0 END", 5_000),
			"deep type":   "SELECT 1::" + strings.Repeat("Array(", 10_000) + "UInt8" + strings.Repeat(")", 10_000),
			"type's name": "SELECT CAST('1', '" + strings.Repeat("Array(", 10_000) + "UInt8" + strings.Repeat(")", 10_000) + "')",
			"comments":    "SELECT " + strings.Repeat("/*", 10_000) + " 1",
		} {
			if res, body := a.send(t, nil, q, nil); res.StatusCode < 400 || !shape.MatchString(body) {
				t.Errorf("%s: %d %.300s", name, res.StatusCode, body)
			}
		}
	})
	if diff := cmp.Diff(before, a.files(t)); diff != "" {
		t.Errorf("the engine's files have changed:\n%s", diff)
	}
	if found := marked(t); len(found) > 0 {
		t.Errorf("files were written: %v", found)
	}
	if n := a.called.Load(); n > 0 {
		t.Errorf("%d connections to another host", n)
	}
	if now := a.engine.Pid(); now != pid {
		t.Errorf("the engine is another process: %d, was %d", now, pid)
	}
	if res, body := a.send(t, nil, "SELECT count(), sum(a) FROM posts", nil); res.StatusCode != 200 || body != "1\t1\n" {
		t.Errorf("afterwards: %d %q", res.StatusCode, body)
	}
}

// What the attacks try works for the writer: the test above would see it.
func TestAttacksWorkWithoutTheRules(t *testing.T) {
	a := newAttacked(t)
	conn := open(t, a.engine)
	var passwd string
	if err := conn.QueryRow(t.Context(), "SELECT file('/etc/passwd')").Scan(&passwd); err != nil || !strings.Contains(passwd, "root:") {
		t.Errorf("read a file: %q, %v", passwd, err)
	}
	if err := conn.Exec(t.Context(), "SELECT * FROM url('http://"+a.host+"/x', CSV, 'a UInt8') SETTINGS http_max_tries = 1"); err == nil || a.called.Load() == 0 {
		t.Errorf("%d connections to the other host, %v", a.called.Load(), err)
	}
	before := len(a.files(t))
	mustExec(t, conn, "SELECT 1 INTO OUTFILE '"+filepath.Join(a.temp, mark)+"'")
	if after := len(a.files(t)); after != before+1 {
		t.Errorf("%d files, then %d", before, after)
	}
}
