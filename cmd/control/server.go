package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/go-json-experiment/json"
)

// maxBody bounds one request: a batch of 5,000 posts at their longest would
// not fit, real ones take about a hundredth.
const maxBody = 256 << 20

// Listen opens the socket of a data directory, for its owner only.
func Listen(dir string) (net.Listener, error) {
	path, err := SocketPath(dir)
	if err != nil {
		return nil, err
	}
	// Whoever holds the lock may take away what a killed owner left behind.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("removing the socket of an earlier owner: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("opening the control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("closing the control socket to others: %w", err), l.Close())
	}
	return l, nil
}

// Serve answers on a listener until ctx ends.
func Serve(ctx context.Context, l net.Listener, o Owner, log *slog.Logger) error {
	srv := &http.Server{
		Handler:           handler(o, log),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving the control socket: %w", err)
	}
	return nil
}

func handler(o Owner, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, f func(w http.ResponseWriter, r *http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			if err := f(w, r); err != nil {
				if r.Context().Err() == nil {
					log.Debug("control request failed", "request", pattern, "error", err)
				}
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	handle("POST /v1/batches", func(w http.ResponseWriter, r *http.Request) error {
		var sent parcel
		if err := json.UnmarshalRead(r.Body, &sent); err != nil {
			return fmt.Errorf("reading a batch: %w", err)
		}
		b, err := sent.open()
		if err != nil {
			return fmt.Errorf("reading a batch: %w", err)
		}
		if err := o.Publish(r.Context(), b); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	handle("GET /v1/cursor", func(w http.ResponseWriter, r *http.Request) error {
		cursor, ok, err := o.Cursor(r.Context(), r.URL.Query().Get("source"))
		if err != nil {
			return err
		}
		if !ok {
			w.WriteHeader(http.StatusNoContent)
			return nil
		}
		_, err = w.Write(cursor)
		return err
	})
	handle("POST /v1/drain", func(w http.ResponseWriter, r *http.Request) error {
		if err := o.Drain(r.Context()); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	handle("POST /v1/query", func(w http.ResponseWriter, r *http.Request) error {
		sql, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return fmt.Errorf("reading the query: %w", err)
		}
		result, err := o.Query(r.Context(), string(sql), r.URL.Query().Get("format"))
		if err != nil {
			return err
		}
		defer result.Close() //nolint:errcheck // read only
		if _, err := io.Copy(w, result); err != nil {
			// Part of the result is out: only a cut connection can say so.
			panic(http.ErrAbortHandler)
		}
		return nil
	})
	handle("POST /v1/rebuild", func(w http.ResponseWriter, r *http.Request) error { return rebuild(o, w, r) })
	handle("POST /v1/export", func(w http.ResponseWriter, r *http.Request) error { return export(o, w, r) })
	handle("POST /v1/forget", func(w http.ResponseWriter, r *http.Request) error { return forget(o, w, r) })
	handle("POST /v1/backup", func(w http.ResponseWriter, r *http.Request) error { return backup(o, w, r) })
	handle("POST /v1/stop", func(w http.ResponseWriter, r *http.Request) error {
		if err := o.Stop(r.Context()); err != nil {
			return err
		}
		w.WriteHeader(http.StatusNoContent)
		return nil
	})
	handle("POST /v1/report", func(w http.ResponseWriter, r *http.Request) error { return report(o, w, r) })
	return mux
}
