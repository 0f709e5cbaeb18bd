package crashtest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// target is what is killed.
type target string

const (
	winnow target = "winnow"
	engine target = "engine"
	both   target = "both"
)

// kill is one SIGKILL: some time after a point was passed for the nth time
// since the kill before.
type kill struct {
	Target target
	// Point is the begin of what the log says there; empty for any.
	Point string
	Nth   int
	After time.Duration
}

// killer hears what the process says at debug level, passes it on to whoever
// watches, and kills.
type killer struct {
	mu    sync.Mutex
	kills []kill
	seen  int
	// aimed is true from when the point of kills[0] was passed.
	aimed bool
	last  string
}

func newKiller(kills []kill) *killer { return &killer{kills: kills} }

// The lines that the process prints: where it is, and whom it killed there.
// Printed before the kill, so that the last line is true.
const (
	atLine     = "at "
	killedLine = "killed "
)

// Enabled, Handle, WithAttrs and WithGroup make it a slog.Handler.
func (k *killer) Enabled(context.Context, slog.Level) bool { return true }

func (k *killer) Handle(_ context.Context, r slog.Record) error {
	text := r.Message
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "table" || a.Key == "error" || a.Key == "err" {
			text += " " + strings.ReplaceAll(a.Value.String(), "\n", " ")
		}
		return true
	})
	k.point(text)
	return nil
}

func (k *killer) WithAttrs([]slog.Attr) slog.Handler { return k }

func (k *killer) WithGroup(string) slog.Handler { return k }

// point says where the process is, and kills if it is time.
func (k *killer) point(text string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fmt.Println(atLine + text)
	k.last = text
	if len(k.kills) == 0 || k.aimed || !strings.HasPrefix(text, k.kills[0].Point) {
		return
	}
	if k.seen++; k.seen < k.kills[0].Nth {
		return
	}
	k.aimed = true
	if after := k.kills[0].After; after > 0 {
		time.AfterFunc(after, func() {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.strike()
		})
		return
	}
	k.strike()
}

// now kills what is left to kill: the process has nothing more to do.
func (k *killer) now(ctx context.Context) {
	k.mu.Lock()
	for len(k.kills) > 0 {
		k.strike()
	}
	k.mu.Unlock()
	<-ctx.Done()
}

// strike carries out kills[0]. An engine that is not there is not killed.
func (k *killer) strike() {
	if len(k.kills) == 0 {
		return
	}
	t := k.kills[0].Target
	k.kills, k.seen, k.aimed = k.kills[1:], 0, false
	if t != engine { // said first: without its engine it may end before it is killed
		fmt.Println(killedLine + string(t))
	}
	if t != winnow {
		pid := child()
		if pid != 0 && syscall.Kill(pid, syscall.SIGKILL) == nil && t == engine {
			fmt.Println(killedLine + string(t))
		}
	}
	if t == engine {
		return
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // it takes a moment
}

// child is the process that this one started, its engine, or 0.
func child() int {
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		return 0
	}
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			continue // that thread has ended
		}
		for _, field := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil && !zombie(pid) {
				return pid
			}
		}
	}
	return 0
}

// zombie tells whether a process has ended already.
func zombie(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(text), ") ")
	return err != nil || strings.HasPrefix(state, "Z")
}
