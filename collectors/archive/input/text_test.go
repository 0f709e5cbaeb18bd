package input

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestDiskError: an error of the disk is no damage of the archive.
func TestDiskError(t *testing.T) {
	broken := errors.New("the disk broke")
	in := &Text{Reader: io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken)), src: &File{err: broken}}
	l := NewLines(in)
	if f, err := l.Next(); err != nil || string(f.Raw) != "a" {
		t.Fatalf("first: %q, %v", f.Raw, err)
	}
	if _, err := l.Next(); !errors.Is(err, broken) {
		t.Errorf("got %v, want the disk's error", err)
	}
}
