package evidence_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"winnow/storage/evidence"
)

// page is where the recipes stand.
const page = "../../docs/evidence.md"

// recipes are the blocks of shell on the page, by the comment in their first line.
func recipes(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, block := range strings.Split(string(text), "```sh\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		name, _, _ := strings.Cut(block, "\n")
		out[strings.TrimPrefix(name, "# ")] = block
	}
	return out
}

// program fails in CI and skips elsewhere where a program is missing.
func program(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

// The page tells how to check evidence without Winnow. What it says is run here as it
// stands there: on sound files it finds nothing, and on others it does.
func TestShell(t *testing.T) {
	for _, name := range []string{"sh", "sha256sum", "zstd"} {
		program(t, name)
	}
	dir := evidence.Memory(t)
	s := open(t, dir)
	for n := range 5 {
		keep(t, s, uint64(n+1), records(2*n+1, 2*n+2))
	}
	head, err := s.Head(games)
	if err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(dir, evidence.Folder(games))
	if err := os.Mkdir(filepath.Join(base, "records"), 0o700); err != nil {
		t.Fatal(err)
	}
	var commitment string
	if err := s.Excerpt(t.Context(), games, evidence.Excerpt{Records: []uint64{6}, Content: true}, func(path string, data []byte) error {
		if filepath.Dir(path) != "records" {
			return nil
		}
		return os.WriteFile(filepath.Join(base, path), data, 0o600)
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Each(t.Context(), games, 6, func(e evidence.Entry) error {
		if e.Number == 6 {
			commitment = e.Commitment.String()
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	all := recipes(t)
	run := func(name string) string {
		t.Helper()
		script, ok := all[name]
		if !ok {
			t.Fatalf("%s has no recipe %q", page, name)
		}
		c := exec.CommandContext(t.Context(), "sh", "-eu", "-c", script)
		c.Dir = base
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	const links, heads, one, contents = "every link of a segment", "every head", "one record", "the records of a segment"
	if got := run(links); got != "" {
		t.Errorf("%s: %s", links, got)
	}
	if got, want := run(heads), head.String()+"\n"; got != want {
		t.Errorf("%s: %q, want %q", heads, got, want)
	}
	if got := run(one); strings.Count(got, commitment) != 2 {
		t.Errorf("%s: %q", one, got)
	}
	if got := run(contents); got != "" {
		t.Errorf("%s: %q", contents, got)
	}
	turn := func(name string, at int) {
		t.Helper()
		path := filepath.Join(base, name)
		data, err := os.ReadFile(path)
		if err == nil {
			data[at] ^= 1
			err = os.WriteFile(path, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// In the commitment of the first line.
	turn("000001.chain", 180)
	if got := run(links); !strings.Contains(got, "record 1 ") {
		t.Errorf("%s: %q", links, got)
	}
	if got := run(contents); !strings.Contains(got, "record 1 ") {
		t.Errorf("%s: %q", contents, got)
	}
	turn("heads", 20)
	if got := run(heads); !strings.Contains(got, "segment 1 ") {
		t.Errorf("%s: %q", heads, got)
	}
}
