package chdb_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"winnow/storage/embedded/chdb"
	"winnow/storage/embedded/library"
)

// engine is the library with the one engine that a process can have.
var engine struct {
	library *chdb.Library
	dir     string
	err     error
}

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	path, err := library.Find("")
	if err != nil {
		engine.err = err
		return m.Run()
	}
	if engine.dir, engine.err = os.MkdirTemp("", "winnow-chdb-"); engine.err != nil {
		fmt.Fprintln(os.Stderr, engine.err)
		return 1
	}
	defer os.RemoveAll(engine.dir)
	engine.library, engine.err = chdb.Open(path)
	if engine.err != nil {
		return m.Run()
	}
	base, err := engine.library.Connect("--path=" + engine.dir)
	if err != nil {
		engine.err = err
		return m.Run()
	}
	defer base.Close()
	return m.Run()
}

func connect(t *testing.T, settings ...string) *chdb.Conn {
	t.Helper()
	if errors.Is(engine.err, library.ErrMissing) && os.Getenv("CI") != "true" {
		t.Skipf("run `make engine` to have this test: %v", engine.err)
	}
	if engine.err != nil {
		t.Fatal(engine.err)
	}
	conn, err := engine.library.Connect(append([]string{"--path=" + engine.dir}, settings...)...)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestExec(t *testing.T) {
	conn := connect(t, "--max_block_size=77")
	defer conn.Close()
	data, stats, err := conn.Exec("SELECT getSetting('max_block_size'), {a:String}, length({b:String})", "TSV",
		chdb.Param{Name: "a", Value: `x\ty`}, chdb.Param{Name: "b"})
	if err != nil || string(data) != "77\tx\\ty\t0\n" || stats.Rows != 1 {
		t.Errorf("got %q, %+v, %v", data, stats, err)
	}
	conn.Close() // twice does nothing
}

func TestErrorsHaveCodeAndName(t *testing.T) {
	conn := connect(t)
	defer conn.Close()
	var e *chdb.Error
	if _, _, err := conn.Exec("SELECT * FROM nowhere", "TSV"); !errors.As(err, &e) || e.Code != 60 || e.Name != "UNKNOWN_TABLE" || !strings.Contains(e.Message, "nowhere") {
		t.Errorf("exec: %#v", err)
	}
	if _, err := conn.Copy(io.Discard, chdb.Query{Head: "SELECT nosuch(1)", Format: "TSV"}); !errors.As(err, &e) || e.Code != 46 || strings.Contains(e.Message, "OUTFILE") {
		t.Errorf("copy: %#v", err)
	}
	if _, err := conn.Insert("INSERT INTO nowhere", "CSV"); !errors.As(err, &e) || e.Code != 60 {
		t.Errorf("insert: %#v", err)
	}
	if _, err := engine.library.Connect("--path="+engine.dir, "--max_threads=many"); !errors.Is(err, chdb.ErrConnect) {
		t.Errorf("bad setting: %v", err)
	}
	if data, _, err := conn.Exec("SELECT 1", "TSV"); err != nil || string(data) != "1\n" {
		t.Errorf("after the errors: %q, %v", data, err)
	}
}

// A result of many parts is one document, whatever the format, and never held
// as a whole.
func TestCopy(t *testing.T) {
	conn := connect(t)
	defer conn.Close()
	const rows = 1_000_000
	for format, want := range map[string]struct {
		begin, end string
		size       int
	}{
		"TSV":                        {"0\ta\n", "\n999999\ta\n", 8888890},
		"CSVWithNames":               {"\"number\",\"text\"\n0,\"a\"\n", "\n999999,\"a\"\n", 10888906},
		"JSON":                       {"{\n\t\"meta\":", "}\n", 0},
		"Parquet":                    {"PAR1", "PAR1", 0},
		"RowBinaryWithNamesAndTypes": {"\x02\x06number\x04text\x06UInt64\x06String\x00\x00", "\x01a", 2 + 26 - 1 + 10*rows},
	} {
		t.Run(format, func(t *testing.T) {
			var w parts
			stats, err := conn.Copy(&w, chdb.Query{Head: "SELECT number, {a:String} AS text FROM numbers(1000000)", Format: format}, chdb.Param{Name: "a", Value: "a"})
			if err != nil || stats.Rows != rows {
				t.Fatalf("%+v, %v", stats, err)
			}
			if !strings.HasPrefix(string(w.begin), want.begin) || !strings.HasSuffix(string(w.end), want.end) {
				t.Errorf("got %q ... %q", w.begin, w.end)
			}
			if want.size != 0 && w.size != want.size {
				t.Errorf("%d bytes, want %d", w.size, want.size)
			}
		})
	}
}

// parts keeps the two ends of what is written to it.
type parts struct {
	begin, end []byte
	size       int
}

func (w *parts) Write(p []byte) (int, error) {
	w.size += len(p)
	if w.begin == nil {
		w.begin = append(w.begin, p[:min(len(p), 100)]...)
	}
	w.end = append(w.end, p[max(0, len(p)-100):]...)
	w.end = w.end[max(0, len(w.end)-100):]
	return len(p), nil
}

var errFull = errors.New("full")

// full takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// Whatever becomes of a result, the connection is fit for the next query and no
// pipe is left.
func TestCopyThatBreaksOff(t *testing.T) {
	conn := connect(t)
	defer conn.Close()
	before := pipes(t)
	if _, err := conn.Copy(full{}, chdb.Query{Head: "SELECT number FROM numbers(10000000)", Format: "TSV"}); !errors.Is(err, errFull) {
		t.Errorf("nobody takes it: %v", err)
	}
	var e *chdb.Error
	var w parts
	if _, err := conn.Copy(&w, chdb.Query{Head: "SELECT throwIf(number = 3000000) FROM numbers(10000000)", Format: "TSV"}); !errors.As(err, &e) || e.Code != 395 || w.size == 0 {
		t.Errorf("an error after %d bytes: %v", w.size, err)
	}
	if data, _, err := conn.Exec("SELECT 1", "TSV"); err != nil || string(data) != "1\n" {
		t.Errorf("then: %q, %v", data, err)
	}
	if after := pipes(t); after > before {
		t.Errorf("%d pipes' ends before, %d after", before, after)
	}
}

// pipes counts this process's ends of pipes.
func pipes(t *testing.T) (n int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("count pipes: %v", err)
	}
	for _, e := range entries {
		// One that is gone by now is none of ours.
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(to, "pipe:") {
			n++
		}
	}
	return n
}

func TestInsert(t *testing.T) {
	conn := connect(t)
	defer conn.Close()
	if _, _, err := conn.Exec("CREATE TABLE default.t (a UInt64, b String) ENGINE = MergeTree ORDER BY a", "TSV"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if _, _, err := conn.Exec("DROP TABLE default.t", "TSV"); err != nil {
			t.Error(err)
		}
	}()
	count := func() string {
		t.Helper()
		data, _, err := conn.Exec("SELECT count() FROM default.t", "TSV")
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(data))
	}
	push := func(chunks ...string) (*chdb.Insert, error) {
		t.Helper()
		insert, err := conn.Insert("INSERT INTO default.t (a, b)", "CSV")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range chunks {
			if err := insert.Append([]byte(c)); err != nil {
				return insert, err
			}
		}
		return insert, nil
	}
	insert, err := push("1,o", "ne\n2,", "", "two\n")
	if err != nil {
		t.Fatal(err)
	}
	stats, err := insert.Commit()
	if err != nil || stats.WrittenRows != 2 || count() != "2" {
		t.Errorf("committed: %+v, %v, %s rows", stats, err, count())
	}
	insert.Close()
	insert.Close()

	if insert, err = push("3,three\n"); err != nil {
		t.Fatal(err)
	}
	insert.Close() // not committed
	if count() != "2" {
		t.Errorf("a cancelled insert left %s rows", count())
	}
	if insert, err = push("4,four\nnonsense\n"); err == nil {
		_, err = insert.Commit()
	}
	insert.Close()
	var e *chdb.Error
	if !errors.As(err, &e) || count() != "2" {
		t.Errorf("bad data: %v, %s rows", err, count())
	}
}

func TestAnalyze(t *testing.T) {
	conn := connect(t)
	defer conn.Close()
	for sql, want := range map[string]chdb.Analysis{
		"SELECT 1":                   {Statements: 1, ReadOnly: true},
		"SELECT 1; SELECT 2":         {Statements: 2, ReadOnly: true},
		"SELECT 1; DROP TABLE x":     {Statements: 2},
		"SELECT 1 INTO OUTFILE '/a'": {Statements: 1},
		"INSERT INTO t SELECT 1":     {Statements: 1},
		"SET a = 1":                  {Statements: 1},
		"this does not parse )":      {},
		"":                           {},
	} {
		if got, err := conn.Analyze(sql); err != nil || got != want {
			t.Errorf("%q: got %+v, %v", sql, got, err)
		}
	}
}

// The library must not have taken the signals from Go: a nil dereference is
// still a panic that can be recovered from, with queries before and after.
func TestGoKeepsItsSignals(t *testing.T) {
	conn := connect(t)
	defer conn.Close()
	for range 3 {
		if data, _, err := conn.Exec("SELECT count() FROM numbers_mt(1000000)", "TSV"); err != nil || string(data) != "1000000\n" {
			t.Fatalf("%q, %v", data, err)
		}
		if recovered := dereference(nil); recovered == nil || !strings.Contains(fmt.Sprint(recovered), "nil pointer dereference") {
			t.Fatalf("recovered %v", recovered)
		}
	}
}

func dereference(p *struct{ a [64]int }) (recovered any) {
	defer func() { recovered = recover() }()
	return p.a[7]
}
