package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"winnow/dashboards/desk"
)

// deskServer is the desk on its listener.
type deskServer struct {
	url      string
	listener net.Listener
	server   *http.Server
}

// listenDesk takes the port, so that a port in use is an error before
// anything is promised.
func (a *App) listenDesk(r *Running, anyPort bool) (*deskServer, error) {
	pages, err := desk.New(desk.Options{
		Store:   r.store,
		Hosts:   a.cfg.Desk.Hosts,
		Demo:    a.deps.Demo,
		Metrics: promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{Registry: a.metrics}),
		Version: a.deps.Version,
		Now:     a.deps.Now,
		Log:     a.deps.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("preparing the desk: %w", err)
	}
	l, err := net.Listen("tcp", a.cfg.Desk.Listen)
	if errors.Is(err, syscall.EADDRINUSE) && anyPort {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("opening the desk's address: %w; set desk.listen to a free one", err)
	}
	return &deskServer{
		url:      "http://" + l.Addr().String() + "/",
		listener: l,
		server: &http.Server{
			Handler:           pages,
			ReadHeaderTimeout: 10 * time.Second,
			ReadTimeout:       30 * time.Second,
			IdleTimeout:       2 * time.Minute,
			MaxHeaderBytes:    64 << 10,
		},
	}, nil
}

// serve answers until ctx ends, then lets requests under way finish.
func (d *deskServer) serve(ctx context.Context) error {
	done := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		done <- d.server.Shutdown(grace)
	})
	defer stop()
	if err := d.server.Serve(d.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving the desk: %w", err)
	}
	if err := <-done; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stopping the desk: %w", err)
	}
	return nil
}
