package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// memory is a Log that keeps everything.
type memory struct {
	batches []feed.Batch
	cursors map[string][]byte
	// refuse, if set, answers before a batch is taken.
	refuse func(b feed.Batch) error
	// after, if set, is called when a batch was taken.
	after func()
}

func (m *memory) Publish(ctx context.Context, b feed.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.refuse != nil {
		if err := m.refuse(b); err != nil {
			return err
		}
	}
	m.batches = append(m.batches, b)
	if len(b.Cursor) > 0 {
		if m.cursors == nil {
			m.cursors = map[string][]byte{}
		}
		m.cursors[b.Source] = slices.Clone(b.Cursor)
	}
	if m.after != nil {
		m.after()
	}
	return nil
}

func (m *memory) Cursor(_ context.Context, source string) ([]byte, bool, error) {
	c, ok := m.cursors[source]
	return c, ok, nil
}

func (m *memory) posts() []post.Post {
	var out []post.Post
	for _, b := range m.batches {
		out = append(out, b.Posts...)
	}
	return out
}

func (m *memory) deletions() []post.Deletion {
	var out []post.Deletion
	for _, b := range m.batches {
		out = append(out, b.Deletions...)
	}
	return out
}

var errBroken = errors.New("the log broke")

// write puts content into a file of a new directory.
func write(tb testing.TB, name string, content []byte) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// replayed replays content from a file of the given name.
func replayed(t *testing.T, name string, content []byte, o Options) (*memory, Report, error) {
	t.Helper()
	var log memory
	path := write(t, name, content)
	if o.RejectDir == "" {
		o.RejectDir = filepath.Dir(path)
	}
	rep, err := Replay(context.Background(), path, &log, o)
	return &log, rep, err
}

func gzipped(tb testing.TB, content []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func zstded(tb testing.TB, content []byte) []byte {
	tb.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return w.EncodeAll(content, nil)
}

// rejectsIn reads a reject file.
func rejectsIn(t *testing.T, path string) []rejectLine {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []rejectLine
	for raw := range bytes.Lines(content) {
		var l rejectLine
		if err := json.Unmarshal(raw, &l); err != nil {
			t.Fatalf("reject file: %v in %q", err, raw)
		}
		out = append(out, l)
	}
	return out
}

// sample reads a sample of one of the decoders' packages.
func sample(tb testing.TB, path string) []byte {
	tb.Helper()
	content, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

// asArray makes an array over several lines of JSON lines.
func asArray(content []byte) []byte {
	var elements []json.RawMessage
	for raw := range bytes.Lines(content) {
		if raw = bytes.TrimSpace(raw); json.Valid(raw) {
			elements = append(elements, raw)
		}
	}
	out, err := json.MarshalIndent(elements, "", "\t")
	if err != nil {
		panic(err)
	}
	return out
}

// table4 is a table in CooRTweet's four columns.
func table4(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("object_id,account_id,content_id,timestamp_share\n")
	for i := range rows {
		fmt.Fprintf(&b, "o%d,a%d,c%d,%d\n", i%3, i%5, i, 1500000000+i)
	}
	return b.Bytes()
}
