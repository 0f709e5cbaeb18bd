package app_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// disk is a small disk at a directory, in memory.
type disk struct{ dir string }

// newDisk makes a disk of so many megabytes. That takes a privilege; without it
// the test is skipped.
func newDisk(t *testing.T, dir string, megabytes int) disk {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("winnow", dir, "tmpfs", 0, size(megabytes)); err != nil {
		t.Skipf("only root can make a disk that is soon full: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return disk{dir}
}

// grow makes it larger while it is in use.
func (d disk) grow(megabytes int) error {
	return syscall.Mount("winnow", d.dir, "tmpfs", syscall.MS_REMOUNT, size(megabytes))
}

func size(megabytes int) string { return fmt.Sprintf("size=%dm", megabytes) }

// noisyPosts is how many posts a noisyBatch has.
const noisyPosts = 20

// noisyBatch is batch n of a source: posts of 20 kB that cannot be compressed.
func noisyBatch(n int) feed.Batch {
	const text = 15_000
	noise := make([]byte, text)
	dice := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)})
	b := feed.Batch{Source: "test/noise", Campaign: "noise", Cursor: strconv.AppendInt(nil, int64(n), 10)}
	for i := range noisyPosts {
		_, _ = dice.Read(noise)
		b.Posts = append(b.Posts, post.Post{
			Platform: post.X, ID: strconv.Itoa(noisyPosts*n + i + 1), Kind: post.Original, Account: post.Account{ID: strconv.Itoa(i + 1)},
			PostedAt: time.Date(2015, 6, 12, 0, 0, noisyPosts*n+i, 0, time.UTC), Text: base64.StdEncoding.EncodeToString(noise),
		})
	}
	return b
}

// heard is a log that is searched for words.
type heard struct {
	mu   sync.Mutex
	text strings.Builder
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) has(words string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Contains(h.text.String(), words)
}

// until asks again and again, until ctx ends.
func until(ctx context.Context, done func() bool) error {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
	return nil
}

// stored says how many posts the store holds once it holds all of the log.
func stored(ctx context.Context, r *app.Running) (uint64, error) {
	if err := r.WaitStored(ctx); err != nil {
		return 0, err
	}
	rows, err := r.Query(ctx, "SELECT count() FROM posts FINAL", "TSV")
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // it was only read
	text, err := io.ReadAll(rows)
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
}

// A full disk under the log stops Winnow with the reason; what was taken before
// is there when there is room again, and the source goes on from its cursor.
func TestDiskOfTheLogIsFull(t *testing.T) {
	cfg, deps := setup(t)
	d := newDisk(t, filepath.Join(cfg.DataDir, "log"), 6)
	run := func(work func(context.Context, *app.Running) error) error {
		a, err := app.New(cfg, deps)
		if err != nil {
			t.Fatal(err)
		}
		return a.Run(t.Context(), app.Role{}, work)
	}
	taken, most := 0, 50
	err := run(func(ctx context.Context, r *app.Running) error {
		for taken < most {
			killChildren(t) // little is stored meanwhile, so little is removed
			if err := r.Publish(ctx, noisyBatch(taken)); err != nil {
				return err
			}
			taken++
		}
		return nil
	})
	if !errors.Is(err, feed.ErrUnwritable) || !strings.Contains(err.Error(), d.dir) || taken == 0 {
		t.Fatalf("after %d batches: %v; want ErrUnwritable with the directory", taken, err)
	}
	if err := d.grow(100); err != nil {
		t.Fatal(err)
	}
	err = run(func(ctx context.Context, r *app.Running) error {
		cursor, _, err := r.Cursor(ctx, "test/noise")
		if err != nil {
			return err
		}
		if want := strconv.Itoa(taken - 1); string(cursor) != want {
			t.Errorf("cursor %s, want %s: that of the last batch that was taken", cursor, want)
		}
		for ; taken < most; taken++ {
			if err := r.Publish(ctx, noisyBatch(taken)); err != nil {
				return err
			}
		}
		posts, err := stored(ctx, r)
		if posts != uint64(most)*noisyPosts {
			t.Errorf("%d posts stored, want %d", posts, most*noisyPosts)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A full disk under the store stops nothing: what cannot be stored waits in the
// log, each attempt says why, and all goes on by itself when there is room.
func TestDiskOfTheStoreIsFull(t *testing.T) {
	t.Parallel()
	cfg, deps := setup(t)
	var said heard
	deps.Log = slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelWarn}))
	d := newDisk(t, filepath.Join(cfg.DataDir, "store"), 24)
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	const batches = 100
	err = a.Run(t.Context(), app.Role{}, func(ctx context.Context, r *app.Running) error {
		for n := range batches {
			if err := r.Publish(ctx, noisyBatch(n)); err != nil {
				return err
			}
		}
		waiting, stop := context.WithTimeout(ctx, 2*time.Minute)
		defer stop()
		if err := until(waiting, func() bool { return said.has("NOT_ENOUGH_SPACE") || said.has("No space left") }); err != nil {
			return fmt.Errorf("nothing was said of the full disk: %w", err)
		}
		lag, err := r.Lag(ctx)
		if err != nil {
			return err
		}
		if lag == 0 {
			t.Error("nothing waits in the log")
		}
		if err := d.grow(400); err != nil {
			return err
		}
		posts, err := stored(ctx, r)
		if posts != batches*noisyPosts {
			t.Errorf("%d posts stored, want %d", posts, batches*noisyPosts)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
