package embedded

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// Restarts: the first wait, the longest, and how long a child must have lived
// for its death not to count as another failure in a row. There is no last one:
// what cannot be stored waits in the log, which has room for hours, and only
// damage needs a person.
const (
	firstWait   = 100 * time.Millisecond
	longestWait = 10 * time.Second
	healthyTime = time.Minute
)

// killTime is how long a child may take to close the store after its pipe was
// closed.
const killTime = closeTime + 25*time.Second

// supervise keeps a child running until ctx ends. It reports how the first start
// went.
func (e *Engine) supervise(ctx context.Context, first chan<- error) {
	// The child is bound to the life of the thread that starts it (linux), so
	// keep to one.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(e.done)
	defer func() {
		if e.runDir != "" {
			_ = os.RemoveAll(e.runDir) // an empty directory left behind hurts nobody
		}
	}()
	report := func(err error) {
		if first != nil {
			first <- err
			first = nil
		}
	}
	wait, failures := firstWait, 0
	for {
		e.o.Log.Debug("starting engine")
		began := time.Now()
		err := e.runOnce(ctx, func() { report(nil) })
		if ctx.Err() != nil {
			return
		}
		if first != nil {
			report(fmt.Errorf("start engine: %w", err))
			return
		}
		if errors.Is(err, ErrDamaged) {
			e.mu.Lock()
			e.err = err
			e.mu.Unlock()
			return
		}
		if time.Since(began) > healthyTime {
			wait, failures = firstWait, 0
		}
		failures++
		e.o.Log.Error("engine ended by itself, starting it again", "err", err, "failures", failures, "wait", wait)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, longestWait)
	}
}

// runOnce runs one child from start to end and says how it ended. ready is
// called once it answers.
func (e *Engine) runOnce(ctx context.Context, ready func()) error {
	cmd := exec.Command(e.o.Command[0], e.o.Command[1:]...)
	cmd.Env = append(append(os.Environ(), "TZ=UTC"), e.o.Env...)
	cmd.SysProcAttr = childAttributes()
	stderr := &tail{limit: 4 << 10}
	cmd.Stderr = stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start engine process: %w", err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start engine process: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start engine process: %w", err)
	}
	e.setPid(cmd.Process.Pid)
	defer e.setPid(0)

	heard := make(chan news)
	go listen(stdout, heard)
	// A child that cannot be told has ended, which follow hears.
	_, _ = stdin.Write(e.order.line())
	err = e.follow(ctx, heard, ready)
	// Whatever happened, the pipe's end tells the child to leave.
	_ = stdin.Close() // the child may be gone already
	kill := time.AfterFunc(killTime, func() { _ = cmd.Process.Kill() })
	for range heard {
	}
	exit := cmd.Wait()
	kill.Stop()
	if ctx.Err() != nil {
		return nil
	}
	if text := stderr.String(); text != "" {
		return errors.Join(err, exit, errors.New(text))
	}
	return errors.Join(err, exit)
}

// follow hears the child until it ends or ctx does.
func (e *Engine) follow(ctx context.Context, heard <-chan news, ready func()) error {
	starting := time.NewTimer(e.o.StartTime)
	defer starting.Stop()
	waiting := ""
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-starting.C:
			return fmt.Errorf("not ready after %s%s", e.o.StartTime, waiting)
		case n, ok := <-heard:
			switch {
			case !ok:
				return errors.New("engine process ended")
			case n.State == "waiting":
				waiting = ": another process holds " + e.o.Dir
				e.o.Log.Warn("another process holds the engine's directory, waiting for it", "dir", e.o.Dir)
			case n.State == "failed" && n.Damaged:
				return &damage{n.Error}
			case n.State == "failed":
				return errors.New(n.Error)
			case n.State == "ready":
				starting.Stop()
				e.mu.Lock()
				e.listen = n.Listen
				e.mu.Unlock()
				e.o.Log.Info("engine is up", "version", n.Version, "listen", n.Listen)
				ready()
			}
		}
	}
}

func (e *Engine) setPid(pid int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pid = pid
}

// line is the order as it goes through the pipe.
func (o order) line() []byte {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err) // strings and a number always marshal
	}
	return append(b, '\n')
}

// listen passes on what the child says until it closes its output; lines that
// are not from ChildMain are the library's and dropped.
func listen(stdout io.Reader, heard chan<- news) {
	defer close(heard)
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		var n news
		if json.Unmarshal(lines.Bytes(), &n) == nil && n.State != "" {
			heard <- n
		}
	}
	// A line too long ends the scan: keep the pipe from filling up.
	_, _ = io.Copy(io.Discard, stdout)
}

// tail keeps the end of what is written to it.
type tail struct {
	mu    sync.Mutex
	buf   []byte
	limit int
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if n := len(t.buf) - t.limit; n > 0 {
		t.buf = append(t.buf[:0], t.buf[n:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.buf))
}
