package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"winnow/collectors"
	"winnow/dashboards/desk"
	"winnow/dashboards/desk/api"
	"winnow/dashboards/desk/coverage"
	"winnow/pipeline/campaign"
	"winnow/storage/view"
)

// deskServer is the desk on its listener.
type deskServer struct {
	url      string
	listener net.Listener
	server   *http.Server
}

// listenDesk takes the port, so that a port in use is an error before
// anything is promised. When ctx ends, open pages are no longer told of news.
func (a *App) listenDesk(ctx context.Context, r *Running, anyPort bool) (*deskServer, error) {
	var sources func() []collectors.Status
	if r.live != nil {
		sources = r.live.Status
	}
	store := shelf{r.store.View(), a.matcher}
	protected := func(name string) []campaign.Protected {
		if c, ok := a.matcher.Lookup(name); ok {
			return c.Protected
		}
		return nil
	}
	told, err := a.alertBoard(r.notifier)
	if err != nil {
		return nil, fmt.Errorf("preparing the desk: %w", err)
	}
	programs, err := api.New(api.Options{
		Protected: protected, Alerts: told,
		Store: store, Demo: a.deps.Demo, Version: a.deps.Version, Now: a.deps.Now, Log: a.deps.Log, Sources: sources,
		Status: func() api.Status {
			s, counted := r.process()
			out := api.Status{EngineUp: s.EngineUp, LastPost: s.LastPost, Notes: s.Notes}
			if counted {
				out.Waiting = &s.Waiting
			}
			return out
		},
	})
	if err != nil {
		return nil, fmt.Errorf("preparing the desk: %w", err)
	}
	pages, err := desk.New(desk.Options{
		Store:     store,
		API:       programs,
		Verdicts:  r.store,
		Bundles:   r.exporter,
		Kept:      func() []coverage.Kept { return heads(r.exporter.kept) },
		Alerts:    told,
		Protected: protected,
		Campaigns: a.book(),
		Hosts:     a.cfg.Desk.Hosts,
		Access:    r.entrance.people,
		Demo:      a.deps.Demo,
		Metrics:   promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{Registry: a.metrics}),
		Version:   a.deps.Version,
		Zone:      a.cfg.Desk.Zone(),
		Language:  a.cfg.Desk.Tongue(),
		Now:       a.deps.Now,
		Log:       a.deps.Log,
		Status:    func() desk.Status { s, _ := r.process(); s.Notes = append(s.Notes, a.note()...); return s },
		Sources:   sources,
		Ended:     ctx.Done(),
	})
	if err != nil {
		return nil, fmt.Errorf("preparing the desk: %w", err)
	}
	listen := func(address string) (net.Listener, error) { return net.Listen("tcp", address) }
	if a.service != nil {
		listen = a.service.doorstep.listen
	}
	l, err := listen(a.cfg.Desk.Listen)
	if errors.Is(err, syscall.EADDRINUSE) && anyPort {
		l, err = listen("127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("opening the desk's address: %w; set desk.listen to a free one", err)
	}
	d := &deskServer{url: "http://" + l.Addr().String() + "/", listener: l, server: newServer(pages, a.deps.Log)}
	if c := r.entrance.certificate; c != nil {
		d.url = "https://" + l.Addr().String() + "/"
		d.server.TLSConfig = c.config()
	}
	return d, nil
}

// newServer bounds what a client that is slow, or means to be, takes up.
func newServer(pages http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           pages,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		// Handshakes that fail are for others to cause, as often as they like.
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
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
	listen := d.server.Serve
	if d.server.TLSConfig != nil {
		listen = func(l net.Listener) error { return d.server.ServeTLS(l, "", "") }
	}
	if err := listen(d.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving the desk: %w", err)
	}
	if err := <-done; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stopping the desk: %w", err)
	}
	return nil
}

// shelf shows the desk configured campaigns that have no posts yet, besides
// those that have.
type shelf struct {
	*view.Reader
	matcher *campaign.Matcher
}

// Campaigns lists what is configured and what is stored.
func (s shelf) Campaigns(ctx context.Context) ([]view.CampaignSummary, error) {
	cs, err := s.Reader.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range s.matcher.Campaigns() {
		if !slices.ContainsFunc(cs, func(have view.CampaignSummary) bool { return have.Name == c.Name }) {
			cs = append(cs, view.CampaignSummary{Name: c.Name})
		}
	}
	return cs, nil
}

// Campaign finds a campaign that is configured or stored.
func (s shelf) Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error) {
	c, ok, err := s.Reader.Campaign(ctx, name)
	if err != nil || ok {
		return c, ok, err
	}
	_, ok = s.matcher.Lookup(name)
	return view.CampaignSummary{Name: name}, ok, nil
}

// note says for people that a change was taken back, if one was.
func (a *App) note() []string {
	if a.service == nil || !a.service.failed.Load() {
		return nil
	}
	return []string{"Winnow could not work by the last change of a campaign, and took it back: everything is as it was before. Its log says why."}
}

// process is what the head of every page says; counted is false if nobody knows how
// many batches wait.
func (r *Running) process() (s desk.Status, counted bool) {
	// Each is asked for itself: a store that is slow to answer must not make it
	// look as if the log were.
	const patience = 2 * time.Second
	ping, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s = desk.Status{EngineUp: r.store.Ping(ping) == nil, LastPost: r.ingest.LastPost()}
	look, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var err error
	if s.Waiting, err = r.Lag(look); err != nil {
		s.Notes = append(s.Notes, "The log does not answer: new posts are not taken in until it does.")
	}
	if r.notifier != nil {
		s.Notes = append(s.Notes, r.notifier.Notes()...)
	}
	return s, err == nil
}
