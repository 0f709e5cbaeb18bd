// Package wiretest checks decoders against goldens. It is for tests only.
package wiretest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

var update = flag.Bool("update", false, "write the goldens instead of comparing with them")

// Decoder reads one message.
type Decoder func(raw []byte, m *wire.Message)

// line is what one input line amounts to, as it stands in a golden.
type line struct {
	Posts     []post.Post     `json:"posts,omitempty"`
	Deletions []post.Deletion `json:"deletions,omitempty"`
	Ignored   []string        `json:"ignored,omitempty"`
	Rejects   []string        `json:"rejects,omitempty"`
}

// Golden decodes each line of testdata/<name>.jsonl and compares the outcome
// with testdata/<name>.golden.json. With evidence the outcome is the same, and
// each post carries bytes that come to it again.
func Golden(t *testing.T, name string, decode Decoder) {
	t.Helper()
	var got []line
	for _, raw := range Lines(t, filepath.Join("testdata", name+".jsonl")) {
		var m wire.Message
		decode(raw, &m)
		l := line{Posts: m.Posts, Deletions: m.Deletions, Ignored: m.Ignored}
		for _, r := range m.Rejects {
			l.Rejects = append(l.Rejects, r.Error())
		}
		got = append(got, l)
		evidence(t, raw, decode, &m)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s: run with -update if this is meant (-want +got):\n%s", golden, diff)
	}
}

// evidence checks what posts carry of a message whose outcome without is known.
func evidence(t *testing.T, raw []byte, decode Decoder, bare *wire.Message) {
	t.Helper()
	m := wire.Message{Evidence: true, Query: "asked"}
	buffer := bytes.Clone(raw)
	decode(buffer, &m)
	clear(buffer) // as a source does that reads the next message into it
	got := slices.Clone(m.Posts)
	for i := range got {
		p := &got[i]
		var again wire.Message
		decode(p.Raw, &again)
		if !bytes.Contains(raw, p.Raw) || p.Query != "asked" || len(again.Posts) != 1 || again.Posts[0].ID != p.ID {
			t.Errorf("post %s carries %q, for %q", p.ID, p.Raw, p.Query)
		}
		p.Raw, p.Query = nil, ""
	}
	if diff := cmp.Diff(bare.Posts, got); diff != "" {
		t.Errorf("evidence changes a post (-without +with):\n%s", diff)
	}
}

// Lines returns the lines of a file that are not blank.
func Lines(tb testing.TB, path string) [][]byte {
	tb.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	var out [][]byte
	for raw := range bytes.Lines(content) {
		if raw = bytes.TrimSpace(raw); len(raw) > 0 {
			out = append(out, raw)
		}
	}
	return out
}

// Fuzz fuzzes a decoder, seeded with the lines of testdata/*.jsonl. Whatever
// the bytes: it does not panic, every post it lets through passes its own
// check and does not change when tidied again, something comes of every
// message, and the same bytes give the same outcome.
func Fuzz(f *testing.F, decode Decoder) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.jsonl"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds in testdata: %v", err)
	}
	for _, file := range files {
		for _, raw := range Lines(f, file) {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m, again wire.Message
		decode(bytes.Clone(raw), &m)
		Check(t, &m)
		decode(bytes.Clone(raw), &again)
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatalf("the same bytes gave two outcomes:\n%s", diff)
		}
	})
}

// Check fails unless everything in m may be handed on.
func Check(t *testing.T, m *wire.Message) {
	t.Helper()
	if len(m.Posts)+len(m.Deletions)+len(m.Ignored)+len(m.Rejects) == 0 {
		t.Fatal("a message came to nothing at all")
	}
	for _, p := range m.Posts {
		if err := p.Check(); err != nil {
			t.Fatalf("a post was let through that is none: %v", err)
		}
		if p.ObservedAt.IsZero() {
			t.Fatal("a post was let through without the time of its observation")
		}
		before, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		p.Tidy()
		after, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before, after) {
			t.Fatalf("a post was not tidy:\n%s\n%s", before, after)
		}
	}
	for _, d := range m.Deletions {
		if d.NativeID == "" || d.Platform == "" || d.At.Year() < 2006 || d.At.Year() > 2099 {
			t.Fatalf("a deletion was let through that is none: %+v", d)
		}
	}
	for _, r := range m.Rejects {
		if r.Reason == "" {
			t.Fatal("a reject without a reason")
		}
	}
}
