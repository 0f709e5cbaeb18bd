package embedded

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"winnow/storage/embedded/chdb"
	"winnow/storage/embedded/front"
)

// order is what the parent tells the child, as one line of JSON.
type order struct {
	Dir            string `json:"dir"`
	Library        string `json:"library"`
	Socket         string `json:"socket"`
	Secret         string `json:"secret"`
	ReaderPassword string `json:"reader_password"`
	WriterPassword string `json:"writer_password,omitempty"` // by TCP; empty: no writer there
	Listen         string `json:"listen,omitempty"`
	Memory         int64  `json:"memory"`
}

// news is what the child tells the parent, each as one line of JSON.
type news struct {
	// State is "waiting" (another process holds the directory), "ready" or "failed".
	State string `json:"state"`
	// Listen is the address of the TCP listener, with the port it got.
	Listen  string `json:"listen,omitempty"`
	Version string `json:"version,omitempty"`
	Error   string `json:"error,omitempty"`
	// Damaged says that the error is ErrDamaged.
	Damaged bool `json:"damaged,omitempty"`
}

// WriterName and ReaderName are the front's two users.
const (
	WriterName = "winnow"
	ReaderName = "reader"
)

// closeTime is how long requests under way may take when the child is told to
// end, before they are broken off.
const closeTime = 5 * time.Second

// lastTime is how long the child may take to end before it kills itself; what
// was acknowledged is on disk by then.
const lastTime = closeTime + 20*time.Second

// ChildMain is what the engine's process does: it reads its order from stdin,
// opens the store, answers requests on the socket, and ends when stdin does, on
// SIGTERM, or when ctx is cancelled, having closed the store. It returns an error
// when it could not do its work.
func ChildMain(ctx context.Context, stdin io.Reader, stdout io.Writer, log *slog.Logger) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	in := bufio.NewReader(stdin)
	var o order
	if err := json.NewDecoder(io.LimitReader(in, 64<<10)).Decode(&o); err != nil {
		return fmt.Errorf("read engine order: %w", err)
	}
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, in) // its end is the message, however it comes
	}()
	context.AfterFunc(ctx, func() {
		// A child that cannot end would keep the directory from its successor.
		time.AfterFunc(lastTime, func() { _ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL) })
	})
	tell := func(n news) error {
		if err := json.NewEncoder(stdout).Encode(n); err != nil {
			return fmt.Errorf("tell parent: %w", err)
		}
		return nil
	}
	if err := runChild(ctx, o, tell, log); err != nil {
		return errors.Join(err, tell(news{State: "failed", Error: err.Error(), Damaged: errors.Is(err, ErrDamaged)}))
	}
	return nil
}

func runChild(ctx context.Context, o order, tell func(news) error, log *slog.Logger) error {
	// The engine makes files as a server does, for all to read.
	syscall.Umask(0o077)
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return fmt.Errorf("make engine directory: %w", err)
	}
	lock := flock.New(filepath.Join(o.Dir, "engine.lock"))
	if ok, err := lock.TryLock(); err != nil {
		return fmt.Errorf("lock engine directory: %w", err)
	} else if !ok {
		if err := tell(news{State: "waiting"}); err != nil {
			return err
		}
		if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
			return fmt.Errorf("wait for the process that holds the engine directory: %w", err)
		}
	}
	defer lock.Unlock() //nolint:errcheck // the process ends

	library, err := chdb.Open(o.Library)
	if err != nil {
		return err
	}
	base, err := openStore(library, o)
	if err != nil {
		return err
	}
	// The last connection: closing it closes the store.
	defer base.Close()
	if err := checkParts(base); err != nil {
		return err
	}
	reader := front.User{Name: ReaderName, Password: o.ReaderPassword, Reader: true}
	handler, err := front.New(front.Config{
		Connect: func(settings ...string) (*chdb.Conn, error) {
			return library.Connect(append([]string{"--path=" + storePath(o.Dir)}, settings...)...)
		},
		Users:  []front.User{{Name: WriterName, Password: o.Secret}, reader},
		Limits: front.Limits{Memory: o.Memory / 2},
		Log:    log,
	})
	if err != nil {
		return err
	}
	outside := handler.For(reader, front.User{Name: WriterName, Password: o.WriterPassword})
	return serve(ctx, o, handler, outside, library.Version(), tell)
}

// serve listens until ctx ends: handler answers on the socket, outside by TCP.
func serve(ctx context.Context, o order, handler, outside *front.Handler, version string, tell func(news) error) error {
	socket, err := listenUnix(o.Socket)
	if err != nil {
		return err
	}
	servers := []*http.Server{newServer(handler)}
	listeners := []net.Listener{socket}
	ready := news{State: "ready", Version: version}
	if o.Listen != "" {
		tcp, err := net.Listen("tcp", o.Listen)
		if err != nil {
			return errors.Join(fmt.Errorf("listen for other programs: %w", err), socket.Close())
		}
		servers, listeners = append(servers, newServer(outside)), append(listeners, tcp)
		ready.Listen = tcp.Addr().String()
	}
	failed := make(chan error, len(servers))
	for i, s := range servers {
		go func() { failed <- s.Serve(listeners[i]) }()
	}
	err = tell(ready)
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-failed:
			err = fmt.Errorf("serve engine: %w", err)
		}
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	for _, s := range servers {
		if s.Shutdown(closing) != nil {
			// Requests that took too long are broken off, which kills their queries.
			_ = s.Close()
		}
	}
	handler.Wait()
	return err
}

func newServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       10 * time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
}

// listenUnix listens on a socket that only its owner can open. Its directory is
// the owner's alone already; the lock that the caller holds makes an old socket
// there a leftover.
func listenUnix(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("listen on engine socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen on engine socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("listen on engine socket: %w", err), l.Close())
	}
	return l, nil
}
