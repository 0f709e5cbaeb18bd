package stream

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
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
func startServer(o *Options) (*server.Server, error) {
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
	s.SetLoggerV2(serverLogger{o.Logger, o.Dir}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startTimeout) || !s.JetStreamEnabled() {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("start the log in %s: its store did not open; is the directory writable, and is there room on the disk?", o.Dir)
	}
	return s, nil
}

// serverLogger hands on what the embedded server says. None of it holds
// posts: JetStream speaks of streams, sequences and files.
type serverLogger struct {
	log *slog.Logger
	dir string
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
	l.log.Error("log server", "message", fmt.Sprintf(format, v...), "dir", l.dir)
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
