package archive

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/collectors/archive/format"
	"winnow/collectors/archive/input"
	"winnow/collectors/archive/table"
	"winnow/pipeline/post"
)

// TestTruncated: of a compressed file that is cut anywhere, what can be read is
// kept, in order, and the cut is one reject.
func TestTruncated(t *testing.T) {
	content := table4(12_000)
	for _, c := range []struct {
		name string
		data []byte
		min  int64 // posts in the largest piece
	}{{"gzip", gzipped(t, content), 3_000}, {"zstd", zstded(t, content), 3_000}} {
		var most int64
		for i := range 12 {
			cut := c.data[:len(c.data)*(i+1)/13]
			log, rep, err := replayed(t, "a.csv.z", cut, Options{})
			if errors.Is(err, format.ErrNothingReadable) {
				continue
			}
			if err != nil {
				t.Fatalf("%s cut at %d: %v", c.name, len(cut), err)
			}
			if rep.Rejected["truncated"] != 1 || len(rep.Rejected) != 1 || !rep.Finished {
				t.Errorf("%s cut at %d: rejected %v, finished %v; want truncated once, finished", c.name, len(cut), rep.Rejected, rep.Finished)
			}
			for j, p := range log.posts() {
				if want := "c" + itoa(j); p.ID != want {
					t.Fatalf("%s cut at %d: post %d is %s, want %s", c.name, len(cut), j, p.ID, want)
				}
			}
			most = max(most, rep.Posts)
		}
		if most < c.min {
			t.Errorf("%s: at most %d posts were kept", c.name, most)
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// TestDamaged: other damage to the compression, and what stands behind it.
func TestDamaged(t *testing.T) {
	whole := gzipped(t, table4(10))
	wrongSum := bytes.Clone(whole)
	wrongSum[len(wrongSum)-6] ^= 1
	for _, c := range []struct {
		name   string
		data   []byte
		posts  int64
		reason post.Reason
	}{
		{"rubbish behind", append(bytes.Clone(whole), "rubbish and more"...), 10, input.Corrupt},
		{"wrong checksum", wrongSum, 10, input.Corrupt},
		{"two members", append(bytes.Clone(whole), gzipped(t, []byte("o,a,c,1500000000\n"))...), 11, ""},
		{"array without end", []byte(`[{"id":"1","uri":"https://a.example/1","content":"","created_at":"2026-01-01T00:00:00Z","account":{"url":"https://a.example/@a"}}`), 1, input.Truncated},
		{"array that ends within", []byte(`[{"id":"1","uri":"https://a.example/1","content":"","created_at":"2026-01-01T00:00:00Z","account":{"url":"https://a.example/@a"}},{"id":`), 1, input.Truncated},
	} {
		_, rep, err := replayed(t, "a", c.data, Options{})
		if err != nil || rep.Posts != c.posts {
			t.Errorf("%s: %d posts, %v; want %d", c.name, rep.Posts, err, c.posts)
		}
		if c.reason != "" && rep.Rejected[string(c.reason)] != 1 || rep.RejectedTotal() > 1 || c.reason == "" && rep.RejectedTotal() != 0 {
			t.Errorf("%s: rejected %v, want %q", c.name, rep.Rejected, c.reason)
		}
	}
}

// TestTooLong: a record beyond every bound is stepped over, in lines, arrays
// and tables, and the reject file holds its beginning.
func TestTooLong(t *testing.T) {
	long := strings.Repeat("x", input.MaxRecord+1000)
	status := `{"id":"1","uri":"https://a.example/1","content":"ok","created_at":"2026-01-01T00:00:00Z","account":{"url":"https://a.example/@a"}}`
	for _, c := range []struct{ name, content string }{
		{"lines", status + "\n{\"content\":\"" + long + "\"}\n" + status + "\n"},
		{"array", "[" + status + ",\n{\"content\":\"" + long + "\"},\n" + status + "]"},
		{"table", "object_id,account_id,content_id,timestamp_share\no,a,c1,1500000000\no,a,c2," + long + "\no,a,c3,1500000000\n"},
	} {
		_, rep, err := replayed(t, "a", []byte(c.content), Options{})
		if err != nil || rep.Posts != 2 || rep.Rejected["too-long"] != 1 || rep.RejectedTotal() != 1 {
			t.Errorf("%s: %d posts, rejected %v, %v; want 2 and one too long", c.name, rep.Posts, rep.Rejected, err)
			continue
		}
		l := rejectsIn(t, rep.RejectFile)[0]
		if len(l.Raw) != input.MaxRaw || !l.Cut || l.Bytes < int64(len(long)) || l.Bytes > int64(len(long))+100 || l.Record != 2 {
			t.Errorf("%s: the reject has %d of %d bytes, cut %v, record %d", c.name, len(l.Raw), l.Bytes, l.Cut, l.Record)
		}
	}
}

func TestNothingReadable(t *testing.T) {
	for _, c := range []struct {
		name, content string
		format        format.Name
		want          string
	}{
		{"empty", "", "", "empty"},
		{"blank", " \n\n", "", "empty"},
		{"prose", "Dear diary\nnothing happened\n", "", "tried x-v1.1, x-v2, mastodon, bluesky, csv"},
		{"other JSON", "{\"a\":1}\n{\"b\":2}\n", "", "--format"},
		{"empty array", "[]", "", "tried"},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00,,,", "", "tried"},
		{"UTF-16", "\xff\xfea\x00,\x00", "", "iconv"},
		{"the wrong format", "object_id,account_id\n", format.XV2, "x-v2"},
		{"all bad", "{\"did\":\"d\",\"kind\":\"commit\",\"commit\":{\"collection\":\"app.bsky.feed.post\"}}\n", "", "all 1 records were rejected"},
		{"a header alone", "object_id,account_id,content_id,timestamp_share\n", "", "not one record"},
		{"half a gzip header", "\x1f\x8b\x08", "", "compressed"},
	} {
		log, rep, err := replayed(t, c.name, []byte(c.content), Options{Format: c.format})
		if !errors.Is(err, format.ErrNothingReadable) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want nothing readable and %q", c.name, err, c.want)
		}
		if len(log.batches) > 0 || rep.Finished {
			t.Errorf("%s: something was published", c.name)
		}
	}
	if _, _, err := replayed(t, "a", table4(1), Options{Format: "parquet"}); err == nil || !strings.Contains(err.Error(), "parquet") {
		t.Errorf("a format that is none: got %v", err)
	}
}

func TestRejectFile(t *testing.T) {
	content := append(table4(1), "o,a,c,\xff\no,a,c\xff,1500000000\nshort\n"...)
	_, rep, err := replayed(t, "a.csv", content, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Base(rep.RejectFile) != "a.csv.rejects.jsonl" {
		t.Errorf("the reject file is %s", rep.RejectFile)
	}
	info, err := os.Stat(rep.RejectFile)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	lines := rejectsIn(t, rep.RejectFile)
	want := []rejectLine{
		{Record: 2, Line: 3, Reason: post.BadTime, Detail: "timestamp_share", Raw: "byxhLGMs/w==", Encoding: "base64", Bytes: 7},
		{Record: 3, Line: 4, Reason: post.BadUTF8, Detail: "id", Raw: "byxhLGP/LDE1MDAwMDAwMDA=", Encoding: "base64", Bytes: 17},
		{Record: 4, Line: 5, Reason: table.WrongFields, Detail: "1 fields, the header has 4", Raw: "short", Bytes: 5},
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d", len(lines), len(want))
	}
	for i := range want {
		if lines[i] != want[i] {
			t.Errorf("line %d:\n%+v, want\n%+v", i, lines[i], want[i])
		}
	}
}

// TestRejectFileGuards: no file of somebody else is written over.
func TestRejectFileGuards(t *testing.T) {
	path := write(t, "a.csv", append(table4(3), "short\n"...))
	rejects := path + ".rejects.jsonl"
	options := Options{RejectDir: filepath.Dir(path)}
	leave := func(content string) {
		t.Helper()
		if err := os.WriteFile(rejects, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leave("dear diary\n")
	if _, err := Replay(context.Background(), path, &memory{}, options); err == nil || !strings.Contains(err.Error(), "is no reject file") {
		t.Errorf("a file of somebody else: got %v", err)
	}
	if content, err := os.ReadFile(rejects); err != nil || string(content) != "dear diary\n" {
		t.Errorf("the diary is now %q, %v", content, err)
	}
	none := Options{RejectDir: filepath.Join(filepath.Dir(path), "none")}
	if _, err := Replay(context.Background(), path, &memory{}, none); err == nil || !strings.Contains(err.Error(), "create the reject file") {
		t.Errorf("no such directory: got %v", err)
	}
	// What a crash left of a line goes; an older run's file is begun anew.
	leave(`{"record":1,"line":1,"reason":"x","bytes":1}` + "\n" + `{"rec`)
	rep, err := Replay(context.Background(), path, &memory{}, options)
	if err != nil {
		t.Fatal(err)
	}
	if lines := rejectsIn(t, rep.RejectFile); len(lines) != 1 || lines[0].Reason != table.WrongFields {
		t.Errorf("the reject file holds %+v", lines)
	}
}

// TestFileChanges: a file that grows while it is read is not called done.
func TestFileChanges(t *testing.T) {
	path := write(t, "a.csv", table4(100))
	log := &memory{}
	grown := false
	log.after = func() {
		if !grown {
			grown = true
			if err := os.WriteFile(path, table4(101), 0o600); err != nil {
				t.Error(err)
			}
		}
	}
	// More batches than are read ahead, so that the end comes after the change.
	rep, err := Replay(context.Background(), path, log, Options{BatchPosts: 5, RejectDir: filepath.Dir(path)})
	if err == nil || !strings.Contains(err.Error(), "was changed") || rep.Finished {
		t.Errorf("got %v, finished %v", err, rep.Finished)
	}
}

// TestOpenQuote: a quote that never closes costs its own line and no other,
// near the end of the file and far from it.
func TestOpenQuote(t *testing.T) {
	const header = "content_id,account_id,timestamp_share,text\n"
	row := "c,a,1434132005,words\n"
	for _, n := range []int{1, input.MaxRow/len(row) + 1000} {
		content := header + row + "c,a,1434132005,\"he said\n" + strings.Repeat(row, n)
		_, rep, err := replayed(t, "a.csv", []byte(content), Options{})
		if err != nil || rep.Posts != int64(n+1) || rep.Rejected["open-quote"] != 1 || rep.RejectedTotal() != 1 {
			t.Errorf("%d rows after it: %d posts, rejected %v, %v", n, rep.Posts, rep.Rejected, err)
			continue
		}
		if l := rejectsIn(t, rep.RejectFile)[0]; l.Line != 3 || l.Raw != "c,a,1434132005,\"he said" {
			t.Errorf("%d rows after it: the reject is line %d: %s", n, l.Line, l.Raw)
		}
	}
}
