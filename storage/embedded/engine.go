package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/embedded/library"
)

// Options say how to run the engine.
type Options struct {
	// Dir is the data directory; it is made if missing and belongs to one engine
	// at a time.
	Dir string
	// Library is the path of the engine's library, as package library finds it.
	Library string
	// Command starts the child, by default this program with the arguments
	// "engine" and "--child". The child must call ChildMain.
	Command []string
	// Env is added to the child's environment, as "NAME=value".
	Env []string
	// Listen is a TCP address for other programs, such as "127.0.0.1:8123"; empty
	// for none.
	Listen string
	// ReaderPassword is the password of the user "reader"; needed with Listen.
	ReaderPassword string
	// WriterPassword lets the user "winnow" in at Listen, too; empty keeps it out.
	// That user may do everything, reading and writing files of this machine among it.
	WriterPassword string
	// MemoryLimit bounds the engine's memory in bytes, 2 GiB by default. One
	// query gets at most half of it.
	MemoryLimit int64
	// StartTime is how long the child may take to be ready, 60 s by default,
	// waiting for a predecessor included.
	StartTime time.Duration
	// Log takes the engine's comings and goings; nil discards them.
	Log *slog.Logger
}

// Engine is a running engine in a child process.
type Engine struct {
	o      Options
	order  order
	runDir string // made for the socket when the data directory's path is too long

	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex
	err    error
	listen string
	pid    int
}

// maxSocketPath is the longest path of a socket that all platforms take.
const maxSocketPath = 100

// Start runs the engine and returns when it answers. Errors say what is in the
// way: a library that is missing, a directory that another process holds.
func Start(ctx context.Context, o Options) (*Engine, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MemoryLimit == 0 {
		o.MemoryLimit = 2 << 30
	}
	if o.StartTime == 0 {
		o.StartTime = time.Minute
	}
	if o.Listen != "" && o.ReaderPassword == "" {
		return nil, errors.New("start engine: listening on TCP needs a password for readers")
	}
	if len(o.Command) == 0 {
		self, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("start engine: %w", err)
		}
		o.Command = []string{self, "engine", "--child"}
	}
	e := &Engine{o: o, done: make(chan struct{})}
	if err := e.prepare(); err != nil {
		return nil, fmt.Errorf("start engine: %w", err)
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	e.cancel = cancel
	first := make(chan error, 1)
	go e.supervise(run, first)
	select {
	case err := <-first:
		if err != nil {
			<-e.done
			return nil, err
		}
		return e, nil
	case <-ctx.Done():
		cancel()
		<-e.done
		return nil, fmt.Errorf("start engine: %w", ctx.Err())
	}
}

// prepare makes the directories and the child's order.
func (e *Engine) prepare() error {
	dir, err := filepath.Abs(e.o.Dir)
	if err != nil {
		return err
	}
	lib, err := filepath.Abs(e.o.Library)
	if err != nil {
		return err
	}
	if !library.IsFile(lib) {
		return fmt.Errorf("%s: %w", e.o.Library, library.ErrMissing)
	}
	run := filepath.Join(dir, "run")
	if len(filepath.Join(run, "engine.sock")) > maxSocketPath {
		if run, err = os.MkdirTemp("", "winnow-"); err != nil {
			return err
		}
		e.runDir = run
	}
	if err := os.MkdirAll(run, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(run, 0o700); err != nil {
		return err
	}
	e.order = order{
		Dir: dir, Library: lib, Socket: filepath.Join(run, "engine.sock"),
		Secret: rand.Text(), ReaderPassword: e.o.ReaderPassword, WriterPassword: e.o.WriterPassword,
		Listen: e.o.Listen, Memory: e.o.MemoryLimit,
	}
	if e.order.ReaderPassword == "" {
		e.order.ReaderPassword = rand.Text()
	}
	return nil
}

// ClientOptions are clickhouse-go's options for everything: schema, inserts,
// queries. They stay right when the engine is started again.
func (e *Engine) ClientOptions() *clickhouse.Options {
	return e.options(WriterName, e.order.Secret)
}

// ReaderOptions are clickhouse-go's options for the user that can only read.
func (e *Engine) ReaderOptions() *clickhouse.Options {
	return e.options(ReaderName, e.order.ReaderPassword)
}

func (e *Engine) options(user, password string) *clickhouse.Options {
	return &clickhouse.Options{
		Protocol: clickhouse.HTTP,
		// Never dialled; this name is one that no proxy is asked for.
		Addr:        []string{"localhost:8123"},
		Auth:        clickhouse.Auth{Database: "default", Username: user, Password: password},
		DialContext: func(ctx context.Context, _ string) (net.Conn, error) { return e.dial(ctx) },
		DialTimeout: 10 * time.Second,
		// Between the request's end and the answer's beginning, so also for a long insert.
		ReadTimeout:  10 * time.Minute,
		MaxOpenConns: 8,
		MaxIdleConns: 8,
	}
}

func (e *Engine) dial(ctx context.Context) (net.Conn, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", e.order.Socket)
	if err != nil {
		return nil, fmt.Errorf("reach engine: %w", err)
	}
	return c, nil
}

// HTTPClient reaches the engine at URL, over its socket. Requests need a user.
func (e *Engine) HTTPClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return e.dial(ctx) },
	}}
}

// URL is the engine's address for HTTPClient.
func (e *Engine) URL() string { return "http://localhost" }

// Socket is the path of the engine's Unix socket.
func (e *Engine) Socket() string { return e.order.Socket }

// ListenAddr is the address of the TCP listener, empty without one.
func (e *Engine) ListenAddr() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.listen
}

// Pid is the child's process id, 0 while there is none.
func (e *Engine) Pid() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pid
}

// Done is closed when the engine has ended for good: after Close, or when the
// store was found damaged as it was started again.
func (e *Engine) Done() <-chan struct{} { return e.done }

// Err is why the engine ended by itself; nil before Done and after Close.
func (e *Engine) Err() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// Close ends the engine: requests under way get a few seconds, then the store is
// closed. When ctx ends first the child is killed, which costs nothing that was
// acknowledged.
func (e *Engine) Close(ctx context.Context) error {
	e.cancel()
	select {
	case <-e.done:
		return nil
	case <-ctx.Done():
	}
	if pid := e.Pid(); pid != 0 {
		if p, err := os.FindProcess(pid); err == nil {
			_ = p.Kill() // it may just have ended
		}
	}
	<-e.done
	return fmt.Errorf("close engine: killed: %w", ctx.Err())
}
