package feed

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/pipeline/feed/stream"
)

// streamFile is the path of a file of the embedded log.
func streamFile(dir string, parts ...string) string {
	return filepath.Join(append([]string{dir, "jetstream", "$G", "streams"}, parts...)...)
}

// wantDamage sees that an error is ErrDamaged and names all of what.
func wantDamage(t *testing.T, err error, what ...string) {
	t.Helper()
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("%v; want ErrDamaged", err)
		return
	}
	for _, w := range what {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%v\ndoes not name %s", err, w)
		}
	}
}

// A log of several files that lost its first one must not look as if that had
// been trimmed: the cursors have moved past it.
func TestFirstFileOfTheLogIsGone(t *testing.T) {
	for _, acked := range []int{0, 3} {
		t.Run(fmt.Sprintf("%d acknowledged", acked), func(t *testing.T) {
			dir := t.TempDir()
			l := open(t, Options{Dir: dir})
			for k := 1; k <= acked; k++ {
				publish(t, l, sampleBatch("archive/a", 5, k))
			}
			if acked > 0 {
				consume(t, l, acked, acked)
			}
			const large, posts, text = 6, 20, 180_000 // each more than a quarter of a file
			noise := incompressible(large * posts * text)
			for k := acked + 1; k <= acked+large; k++ {
				b := sampleBatch("archive/a", posts, k)
				for i := range b.Posts {
					b.Posts[i].Text = base64.StdEncoding.EncodeToString(noise[:text])
					noise = noise[text:]
				}
				publish(t, l, b)
			}
			wantLag(t, l, large)
			closeLog(t, l)
			files, err := filepath.Glob(streamFile(dir, stream.PostsStream, "msgs", "*.blk"))
			if err != nil || len(files) < 2 {
				t.Fatalf("%d files of messages, %v: this test needs some", len(files), err)
			}
			first := files[0]
			for _, f := range files {
				if blockNumber(t, f) < blockNumber(t, first) {
					first = f
				}
			}
			if err := os.Remove(first); err != nil {
				t.Fatal(err)
			}

			l = open(t, Options{Dir: dir})
			err = l.Consume(t.Context(), func(context.Context, Message) error {
				return nil
			})
			wantDamage(t, err, fmt.Sprintf("messages %d to ", acked+1), dir)
		})
	}
}

// Without the cursors that were kept, sources would begin anew, in silence.
func TestKeptCursorsAreGone(t *testing.T) {
	dir := t.TempDir()
	l := open(t, Options{Dir: dir})
	publish(t, l, sampleBatch("archive/a", 5, 1), sampleBatch("archive/b", 5, 2))
	consume(t, l, 2, 2)
	closeLog(t, l)
	files, err := filepath.Glob(streamFile(dir, "WINNOW_STATE", "msgs", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of the state: %v", err)
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	l, err = Open(t.Context(), Options{Dir: dir})
	if err == nil {
		closeLog(t, l)
	}
	wantDamage(t, err, "cursors", "WINNOW_STATE", dir)
}

// What is acknowledged is worth little: the log says which files to move away,
// and then hands out again what it still has.
func TestAcknowledgementsAreUnreadable(t *testing.T) {
	dir := t.TempDir()
	l := open(t, Options{Dir: dir})
	publish(t, l, sampleBatch("archive/a", 5, 1), sampleBatch("archive/a", 5, 2))
	consume(t, l, 2, 1)
	closeLog(t, l)
	acks := streamFile(dir, stream.PostsStream, "obs")
	if err := os.WriteFile(filepath.Join(acks, stream.Consumer, "o.dat"), []byte("no consumer's state"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := Open(t.Context(), Options{Dir: dir})
	if err == nil {
		closeLog(t, l)
	}
	if err == nil || !strings.Contains(err.Error(), acks) {
		t.Fatalf("%v; want an error that names %s", err, acks)
	}
	if err := os.RemoveAll(acks); err != nil {
		t.Fatal(err)
	}
	l = open(t, Options{Dir: dir})
	if got := consume(t, l, 1, 1); cursors(got) != "archive/a=2" {
		t.Errorf("consumed %s, want what was not acknowledged", cursors(got))
	}
	wantCursor(t, l, "archive/a", "2")
}

// The streams' own descriptions can be made anew: what they describe is there.
func TestDescriptionsOfStreamsAreDamaged(t *testing.T) {
	for _, file := range []string{"meta.inf", "meta.sum"} {
		for _, name := range []string{stream.PostsStream, "WINNOW_STATE"} {
			t.Run(name+"/"+file, func(t *testing.T) {
				dir := t.TempDir()
				l := open(t, Options{Dir: dir})
				publish(t, l, sampleBatch("archive/a", 5, 1), sampleBatch("archive/b", 5, 2), sampleBatch("archive/b", 5, 3))
				consume(t, l, 2, 2)
				closeLog(t, l)
				if err := os.WriteFile(streamFile(dir, name, file), []byte("nothing that anybody can read"), 0o600); err != nil {
					t.Fatal(err)
				}
				l = open(t, Options{Dir: dir})
				wantCursor(t, l, "archive/a", "1")
				wantCursor(t, l, "archive/b", "3")
				if got := consume(t, l, 1, 1); cursors(got) != "archive/b=3" {
					t.Errorf("consumed %s, want what was not acknowledged", cursors(got))
				}
			})
		}
	}
}
