package feed

import (
	"context"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A disk that is full ends the log's work at once and with its reason. What was
// taken is there at the next opening, once there is room, and no more.
func TestDiskIsFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("winnow", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("only root can make a disk that is soon full: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	noise := incompressible(100 * 20 * 15_000)
	batch := func(k int) Batch {
		b := sampleBatch("archive/a", 20, k)
		for i := range b.Posts {
			b.Posts[i].Text = base64.StdEncoding.EncodeToString(noise[(20*k+i)*15_000:][:15_000])
		}
		return b
	}
	l := open(t, Options{Dir: dir})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	wantUnwritable := func(err error) {
		t.Helper()
		if !errors.Is(err, ErrUnwritable) || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "no space left") {
			t.Fatalf("%v; want ErrUnwritable with place and reason", err)
		}
	}
	taken := 0
	var err error
	for err == nil && taken < 50 {
		if err = l.Publish(ctx, batch(taken+1)); err == nil {
			taken++
		}
	}
	if taken == 0 {
		t.Fatalf("nothing was taken: %v", err)
	}
	wantUnwritable(err)
	wantUnwritable(l.Publish(ctx, batch(taken+1)))
	wantUnwritable(l.Consume(ctx, func(context.Context, Message) error { return nil }))
	closeLog(t, l)

	if err := syscall.Mount("winnow", dir, "tmpfs", syscall.MS_REMOUNT, "size=60m"); err != nil {
		t.Fatal(err)
	}
	l = open(t, Options{Dir: dir})
	wantCursor(t, l, "archive/a", strconv.Itoa(taken))
	publish(t, l, batch(taken+1))
	lag, _, err := l.Lag(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := consume(t, l, int(lag), int(lag))
	if last := string(got[len(got)-1].Batch.Cursor); last != strconv.Itoa(taken+1) {
		t.Errorf("the last message has cursor %s, want %d", last, taken+1)
	}
	for i, m := range got {
		if want := strconv.Itoa(taken + 1 - len(got) + 1 + i); string(m.Batch.Cursor) != want {
			t.Errorf("message %d has cursor %s, want %s", i, m.Batch.Cursor, want)
		}
	}
}
