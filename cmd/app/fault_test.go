package app_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"winnow/cmd/app"
	"winnow/collectors/archive"
)

// killChildren kills the processes that this one started: its engine.
func killChildren(t *testing.T) (killed int) {
	t.Helper()
	return signalChildren(t, syscall.SIGKILL)
}

func signalChildren(t *testing.T, s syscall.Signal) (hit int) {
	t.Helper()
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(lists) == 0 {
		t.Skip("this system does not list a process's children under /proc")
	}
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			continue // that thread has ended
		}
		for _, field := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(field)
			if err != nil {
				t.Fatal(err)
			}
			if p, err := os.FindProcess(pid); err == nil && p.Signal(s) == nil {
				hit++
			}
		}
	}
	return hit
}

// A fault of the engine, again and again, costs no post: what was not stored
// waits in the log until the engine is back.
func TestEngineMayDie(t *testing.T) {
	cfg, deps := setup(t)
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "story.csv")
	writeCSV(t, file, 6000)
	err = a.Run(t.Context(), app.Role{}, func(ctx context.Context, r *app.Running) error {
		kills, died := 0, 0
		_, err := archive.Replay(ctx, file, r, archive.Options{BatchPosts: 300, RejectDir: t.TempDir(), Progress: func(p archive.Progress) {
			if p.Posts >= int64(1000+2000*kills) && kills < 3 {
				died += killChildren(t) // none while it is starting again
				kills++
			}
		}})
		if err != nil {
			return err
		}
		if died == 0 {
			t.Error("the engine was never killed")
		}
		if err := r.Drain(ctx); err != nil {
			return err
		}
		posts, _, err := r.View().Totals(ctx)
		if posts != 6000 {
			t.Errorf("%d posts stored, want 6000", posts)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
