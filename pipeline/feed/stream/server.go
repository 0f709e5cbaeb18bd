package stream

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	// maxPayload is the largest message of the embedded log, in bytes: what
	// NATS recommends at most, and what a batch fits in with its headers.
	maxPayload = 64 << 20
	// stateBytes is room for what the log keeps beside the posts.
	stateBytes = 256 << 20
	// startTimeout bounds how long the embedded server may take to look
	// through its files. A log of 4 GiB takes a few seconds on a slow disk.
	startTimeout = 5 * time.Minute
)

// startServer runs the NATS server inside this process, without any port.
func startServer(o *Options, broken *breakage) (*server.Server, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the log's directory: %w", err)
	}
	s, err := server.NewServer(&server.Options{
		ServerName:        "winnow-log",
		DontListen:        true,
		NoSigs:            true,
		JetStream:         true,
		StoreDir:          o.Dir,
		JetStreamMaxStore: o.MaxBytes + stateBytes,
		MaxPayload:        maxPayload,
		MaxPending:        4 * maxPayload,
		// See "What a power cut costs" in the comment of package feed.
		SyncAlways: true,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the log in %s: %w", o.Dir, err)
	}
	s.SetLoggerV2(serverLogger{o.Logger, o.Dir, broken}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startTimeout) || !s.JetStreamEnabled() {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("start the log in %s: its store did not open; is the directory writable, and is there room on the disk?", o.Dir)
	}
	return s, nil
}

// Made reports whether an embedded server has kept anything in a directory; an
// empty one may be where a disk is mounted.
func Made(dir string) (bool, error) {
	switch _, err := os.Stat(filepath.Join(dir, server.JetStreamStoreDir)); {
	case errors.Is(err, os.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look for the log: %w", err)
	}
	return true, nil
}

// breakage is that the embedded server could not write to its disk. It then
// writes nothing any more until it is started again, but only says so to its
// logger: whoever publishes waits for an answer in vain.
type breakage struct {
	once sync.Once
	done chan struct{}
	err  error
}

func newBreakage() *breakage { return &breakage{done: make(chan struct{})} }

func (b *breakage) note(dir, what string) {
	b.once.Do(func() {
		b.err = fmt.Errorf("%w in %s: %s; is the disk full? free some space and start again, nothing that was taken is lost", ErrUnwritable, dir, what)
		close(b.done)
	})
}

// serverLogger hands on what the embedded server says. None of it holds
// posts: JetStream speaks of streams, sequences and files.
type serverLogger struct {
	log    *slog.Logger
	dir    string
	broken *breakage
}

func (l serverLogger) Noticef(format string, v ...any) {
	l.log.Debug("log server", "message", fmt.Sprintf(format, v...))
}

func (l serverLogger) Warnf(format string, v ...any) {
	if strings.HasPrefix(format, "Maximum payloads over") {
		// At each start, about maxPayload, which is meant for one client in
		// the same process.
		l.Noticef(format, v...)
		return
	}
	l.log.Warn("log server", "message", fmt.Sprintf(format, v...), "dir", l.dir)
}

func (l serverLogger) Errorf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.log.Error("log server", "message", text, "dir", l.dir)
	if _, what, is := strings.Cut(strings.ToLower(format), "critical write error"); is && what != "" {
		l.broken.note(l.dir, text)
	}
}

func (l serverLogger) Fatalf(format string, v ...any) { l.Errorf(format, v...) }

func (l serverLogger) Debugf(string, ...any) {}

func (l serverLogger) Tracef(string, ...any) {}

// connectInside connects to the embedded server.
func connectInside(s *server.Server) (*nats.Conn, error) {
	nc, err := nats.Connect("", nats.InProcessServer(s), nats.NoReconnect(), nats.Name("winnow"))
	if err != nil {
		return nil, fmt.Errorf("connect to the embedded log: %w", err)
	}
	return nc, nil
}
