package table_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	archive "winnow/collectors/archive/table"
	"winnow/collectors/wire"
	"winnow/dashboards/export"
	"winnow/dashboards/export/exporttest"
	"winnow/dashboards/export/table"
	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var update = flag.Bool("update", false, "rewrite golden files")

func write(t testing.TB, f func(io.Writer, *export.Dataset) error, d export.Dataset) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b, &d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got); -update accepts it:\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	for _, tab := range table.Tables() {
		d := exporttest.Dataset()
		golden(t, tab.Name+".csv", write(t, tab.CSV, d))
		golden(t, tab.Name+".jsonl", write(t, tab.JSONLines, d))
		// What is in a Parquet file another reader tells; here is what it says of itself.
		packed := write(t, tab.Parquet, d)
		if !bytes.Equal(packed, write(t, tab.Parquet, d)) {
			t.Errorf("%s: the same dataset gives another Parquet file", tab.Name)
		}
		file, err := parquet.OpenFile(bytes.NewReader(packed), int64(len(packed)))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, tab.Name+".schema", []byte(file.Schema().String()+"\n"))
		var names []string
		for _, f := range file.Schema().Fields() {
			names = append(names, f.Name())
		}
		if diff := cmp.Diff(tab.Columns, names); diff != "" {
			t.Errorf("%s: columns of Parquet (-want +got):\n%s", tab.Name, diff)
		}
	}
}

func TestNothingIsATableToo(t *testing.T) {
	for _, tab := range table.Tables() {
		if got, want := string(write(t, tab.CSV, export.Dataset{})), strings.Join(tab.Columns, ",")+"\n"; got != want {
			t.Errorf("%s.csv is %q", tab.Name, got)
		}
		if got := write(t, tab.JSONLines, export.Dataset{}); len(got) > 0 {
			t.Errorf("%s.jsonl is %q", tab.Name, got)
		}
		packed := write(t, tab.Parquet, export.Dataset{})
		if file, err := parquet.OpenFile(bytes.NewReader(packed), int64(len(packed))); err != nil || file.NumRows() != 0 {
			t.Errorf("%s.parquet: %v", tab.Name, err)
		}
	}
}

// brokenPipe fails after so many bytes.
type brokenPipe struct{ left int }

func (b *brokenPipe) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

func TestWhatCannotBeWrittenIsSaid(t *testing.T) {
	d := exporttest.Many(2000)
	posts := table.Tables()[0]
	for format, f := range map[string]func(io.Writer, *export.Dataset) error{"CSV": posts.CSV, "Parquet": posts.Parquet, "JSON lines": posts.JSONLines} {
		if err := f(&brokenPipe{10_000}, &d); !errors.Is(err, io.ErrClosedPipe) || !strings.Contains(err.Error(), "posts as "+format) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// What the strictest parsers read is what went in, and no cell of it can be computed.
func TestCSVComesBack(t *testing.T) {
	for _, tab := range table.Tables() {
		d := exporttest.Dataset()
		text := write(t, tab.CSV, d)
		ours, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		theirs := python(t, text)
		if len(ours) != len(theirs) {
			t.Fatalf("%s: %d rows, Python reads %d", tab.Name, len(ours), len(theirs))
		}
		for i, row := range theirs {
			for k, cell := range row {
				// Go's reader makes every line end a line feed.
				if ours[i][k] != strings.ReplaceAll(cell, "\r\n", "\n") {
					t.Errorf("%s row %d: %q, Python reads %q", tab.Name, i, ours[i][k], cell)
				}
			}
		}
		if tab.Name != "posts" {
			continue
		}
		at := slices.Index(tab.Columns, "text")
		n := 0
		for i := range d.Posts {
			cell := theirs[i+1][at]
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
				t.Errorf("a spreadsheet would compute %q", cell)
			}
			want := strings.ReplaceAll(strings.ToValidUTF8(d.Posts[i].Text, "\ufffd"), "\x00", "\ufffd")
			if got := strings.TrimPrefix(cell, "'"); got != want {
				t.Errorf("a text came back as %q, want %q", got, want)
			} else if got != cell {
				n++
			}
		}
		if n != 7 { // one is of a post that was deleted
			t.Errorf("%d texts have an apostrophe, want 7", n)
		}
	}
}

// python reads CSV with the strictest parser of Python.
func python(t *testing.T, text []byte) (rows [][]string) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("install python3 to have this test: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), path, "-c", `
import csv, io, json, sys
text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="strict", newline="")
json.dump(list(csv.reader(text, strict=True)), sys.stdout)`)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// Whatever somebody writes, a spreadsheet shows it and does not compute it, and one
// apostrophe less is what was written.
func TestNoCellIsAFormula(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+@'\t\r\n＝＋－＠-].*`), rapid.SampledFrom(exporttest.Texts())).Draw(rt, "text")
		d := export.Dataset{Objects: []export.Object{{ObjectRef: export.ObjectRef{Kind: "text", ID: "t"}, Label: s}}}
		rows, err := csv.NewReader(bytes.NewReader(write(t, table.Tables()[2].CSV, d))).ReadAll()
		if err != nil {
			rt.Fatal(err)
		}
		cell := rows[1][2]
		for _, first := range "=+-@\t\r\n＝＋－＠" {
			if strings.HasPrefix(cell, string(first)) {
				rt.Fatalf("%q can be computed", cell)
			}
		}
		want := strings.NewReplacer("\r\n", "\n", "\x00", "\ufffd").Replace(strings.ToValidUTF8(s, "\ufffd"))
		if got := strings.TrimPrefix(cell, "'"); got != want {
			rt.Fatalf("%q came back as %q", want, got)
		}
	})
}

// A finding can be looked for again in its own posts.
func TestWinnowReadsItsOwnPosts(t *testing.T) {
	posts := table.Tables()[0]
	if diff := cmp.Diff([]string{"object_id", "account_id", "content_id", "timestamp_share"}, posts.Columns[:4]); diff != "" {
		t.Errorf("CooRTweet's columns (-want +got):\n%s", diff)
	}
	d := exporttest.Many(100)
	d.Posts = append(d.Posts[:100:100], exporttest.Dataset().Posts[:3]...)
	lines := strings.Split(strings.TrimSpace(string(write(t, posts.CSV, d))), "\n")
	tab, err := archive.New([]byte(lines[0]), nil)
	if err != nil {
		t.Fatal(err)
	}
	decoder := archive.NewDecoder(tab)
	var m wire.Message
	for _, line := range lines[1:] {
		decoder.Decode([]byte(line), &m)
	}
	if len(m.Rejects) > 0 || len(m.Posts) != 103 {
		t.Fatalf("%d posts, rejected %v", len(m.Posts), m.Rejects)
	}
	for i, p := range m.Posts {
		want := d.Posts[i]
		if p.ID != want.ID || p.Account.ID != want.Account.ID || !p.PostedAt.Equal(want.At.Truncate(time.Second)) || p.Shared != want.Object.Kind+":"+want.Object.ID || string(p.Platform) != want.Platform {
			t.Errorf("%+v came back as %+v", want, p)
		}
	}
	if reply, repost := m.Posts[100], m.Posts[101]; reply.ReplyTo.PostID != "999" || len(reply.Mentions) != 2 || repost.RepostOf.PostID != "998" || len(repost.Links) != 2 || len(repost.Tags) != 2 {
		t.Errorf("%+v and %+v", reply, repost)
	}
}

// ClickHouse has a reader of Parquet of its own: it must find there what JSON lines say.
func TestParquetIsReadByAnotherReader(t *testing.T) {
	e := storagetest.Engine(t)
	o := storagetest.Database(t, e.ClientOptions())
	ask := func(sql string, body io.Reader) []byte {
		t.Helper()
		q := url.Values{
			"query": {sql}, "database": {o.Auth.Database}, "date_time_output_format": {"iso"}, "output_format_json_quote_64bit_integers": {"0"},
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.URL()+"/?"+q.Encode(), body)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(o.Auth.Username, o.Auth.Password)
		resp, err := e.HTTPClient().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		out, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s %s %v", sql, resp.Status, out, err)
		}
		return out
	}
	types := map[string]string{
		"timestamp_share": "Int64", "term": "Int64", "posted_at": "DateTime64(3, 'UTC')", "first_at": "DateTime64(3, 'UTC')", "last_at": "DateTime64(3, 'UTC')",
		"hashtags": "Array(String)", "urls": "Array(String)", "mentions": "Array(String)", "signals": "Array(String)", "deleted": "Bool",
		"followers": "Nullable(UInt64)", "posts": "UInt64", "accounts": "UInt64", "evidence": "UInt64",
	}
	for _, c := range []string{"seen_at", "account_created_at", "from_at", "to_at", "detected_at"} {
		types[c] = "Nullable(DateTime64(3, 'UTC'))"
	}
	for _, c := range []string{"bits", "window_s", "evidence_bits", "need", "counted", "observed", "of", "base"} {
		types[c] = "Float64"
	}
	for _, tab := range table.Tables() {
		d := exporttest.Dataset()
		var columns []string
		for _, c := range tab.Columns {
			kind, ok := types[c]
			if !ok {
				kind = "String"
			}
			columns = append(columns, "`"+c+"` "+kind)
		}
		ask(fmt.Sprintf("CREATE TABLE %s (%s) ENGINE = Memory", tab.Name, strings.Join(columns, ", ")), nil)
		ask("INSERT INTO "+tab.Name+" FORMAT Parquet", bytes.NewReader(write(t, tab.Parquet, d)))
		got, want := lines(t, ask("SELECT * FROM "+tab.Name+" FORMAT JSONEachRow", nil)), lines(t, write(t, tab.JSONLines, d))
		if len(got) == 0 {
			t.Errorf("%s: nothing was read", tab.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-JSON lines +Parquet as ClickHouse reads it):\n%s", tab.Name, diff)
		}
	}
}

// lines are the objects of JSON lines, with times as one writes them in one way.
func lines(t *testing.T, text []byte) (out []map[string]any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	for {
		var row map[string]any
		if err := decoder.Decode(&row); err == io.EOF {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		for k, v := range row {
			s, is := v.(string)
			if when, err := time.Parse(time.RFC3339, s); is && err == nil && strings.HasSuffix(k, "_at") {
				row[k] = when.UTC()
			}
		}
		out = append(out, row)
	}
}

// peak remembers the most memory that was in use while it was written to.
type peak struct {
	written int64
	writes  int
	most    uint64
}

func (p *peak) Write(b []byte) (int, error) {
	p.written += int64(len(b))
	if p.writes++; p.writes%64 == 1 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		p.most = max(p.most, m.HeapAlloc)
	}
	return len(b), nil
}

func BenchmarkPosts(b *testing.B) {
	d := exporttest.Many(100_000)
	posts := table.Tables()[0]
	for _, f := range []struct {
		name string
		f    func(io.Writer, *export.Dataset) error
	}{{"csv", posts.CSV}, {"parquet", posts.Parquet}, {"jsonl", posts.JSONLines}} {
		b.Run(f.name, func(b *testing.B) {
			var p peak
			runtime.GC()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				p.written = 0
				if err := f.f(&p, &d); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(p.written)
			b.ReportMetric(float64(p.most-before.HeapAlloc)/1e6, "MB-peak")
			b.ReportMetric(float64(before.HeapAlloc)/1e6, "MB-dataset")
		})
	}
}
