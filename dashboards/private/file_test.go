package private

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestFile(t *testing.T) {
	f := File{Path: filepath.Join(t.TempDir(), "below", "names"), What: "the names"}
	if _, err := f.Read(); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "read the names: ") {
		t.Fatalf("a file that is not there: %v", err)
	}
	// Changes side by side are all kept.
	var all sync.WaitGroup
	for _, line := range []string{"a\n", "b\n", "c\n", "d\n"} {
		all.Go(func() {
			if err := f.Change(func(text string) (string, error) { return text + line, nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	text, err := f.Read()
	if err != nil || len(text) != 8 {
		t.Fatalf("%q, %v", text, err)
	}
	if info, err := os.Stat(f.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	refused := errors.New("no")
	if err := f.Change(func(string) (string, error) { return "gone", refused }); !errors.Is(err, refused) || err.Error() != "no" {
		t.Errorf("a change that is refused: %v", err)
	}
	if now, err := f.Read(); now != text || err != nil {
		t.Errorf("a change that was refused made %q of it, %v", now, err)
	}
	if left, err := filepath.Glob(f.Path + "*.new"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := os.WriteFile(f.Path, make([]byte, maxSize+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Read(); err == nil || !strings.Contains(err.Error(), "is it the right file?") {
		t.Errorf("a file that is too large: %v", err)
	}
	if err := os.Chmod(f.Path, 0o602); err != nil {
		t.Fatal(err)
	}
	changed := func(string) (string, error) { return "", errors.New("changed") }
	if err := f.Change(changed); err == nil || !strings.Contains(err.Error(), "can be written by others") {
		t.Errorf("a file that others can write: %v", err)
	}
}
