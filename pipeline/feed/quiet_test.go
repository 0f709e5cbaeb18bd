package feed

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// While it is quiet nothing is taken; what was taken before is handled; and what is
// scrubbed is in no file any more, but the cursors are.
func TestQuietAndScrub(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		o.TrimEvery = time.Hour // what is left is for Scrub
		l := open(t, o)
		ctx, cancel := context.WithCancel(t.Context())
		handled := make(chan string, 100)
		ended := make(chan error, 1)
		go func() {
			ended <- l.Consume(ctx, func(_ context.Context, m Message) error {
				handled <- string(m.Batch.Cursor)
				return nil
			})
		}()
		publish(t, l, sampleBatch("archive/a ə", 2, 1), sampleBatch("mastodon/b.example", 2, 2))
		later := make(chan error, 1)
		err := l.Quiet(ctx, func(ctx context.Context) error {
			if n := len(handled); n != 2 {
				t.Errorf("%d batches were handled, want both", n)
			}
			cursors, err := l.Cursors(ctx)
			if diff := cmp.Diff(map[string][]byte{"archive/a ə": []byte("1"), "mastodon/b.example": []byte("2")}, cursors); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			go func() { later <- l.Publish(ctx, sampleBatch("archive/a ə", 2, 3)) }()
			if o.URL == "" && frames(t, o.Dir) == 0 {
				t.Error("no file holds a batch before: they are not looked for in the right way")
			}
			if err := l.Scrub(ctx); err != nil {
				return err
			}
			if n := storedMessages(t, l); n != 0 {
				t.Errorf("%d messages are left", n)
			}
			if o.URL == "" && frames(t, o.Dir) != 0 {
				t.Error("a file holds a batch")
			}
			return nil
		})
		if err := errors.Join(err, <-later); err != nil {
			t.Fatal(err)
		}
		wantCursor(t, l, "mastodon/b.example", "2")
		wantCursor(t, l, "archive/a ə", "3")
		if err := l.WaitDrained(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		closeLog(t, l)
		l = open(t, o)
		wantCursor(t, l, "mastodon/b.example", "2")
		wantLag(t, l, 0)
	})
}

// frames is how many files hold a batch: each is a frame of zstd.
func frames(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && !d.Type().IsRegular() {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
			n++
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
