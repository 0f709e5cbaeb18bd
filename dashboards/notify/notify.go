package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"winnow/collectors"
	"winnow/dashboards/desk/words"
	"winnow/dashboards/notify/alert"
	"winnow/dashboards/notify/message"
	"winnow/dashboards/notify/pace"
	"winnow/dashboards/private"
	"winnow/storage/view"
)

// Store is what alerts are read from; view.Reader is one.
type Store interface {
	// Campaigns returns the totals of all campaigns that have posts.
	Campaigns(ctx context.Context) ([]view.CampaignSummary, error)
	// Findings returns the open findings of a campaign that nobody judged wrong.
	Findings(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	// Finding returns one with its evidence.
	Finding(ctx context.Context, campaign, id string) (view.FindingDetail, bool, error)
	// Measures adds up a campaign in a span of time.
	Measures(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]view.Measures, error)
	// Sources returns the sources and the campaigns that they watch or once watched.
	Sources(ctx context.Context) ([]view.Source, error)
	// Gaps returns the gaps in a span of time, with "" all there are.
	Gaps(ctx context.Context, campaign string, from, to time.Time) ([]view.Gap, error)
}

// Sender delivers a message, once; channel.Channel is one.
type Sender interface {
	Send(ctx context.Context, m message.Message) error
}

// Receiver is somebody to be told.
type Receiver struct {
	Name   string
	Sender Sender
	// Campaigns and Kinds are those to be told of; none means all. What concerns no
	// campaign is told to everybody.
	Campaigns []string
	Kinds     []alert.Kind
	// Handles and Texts add those of findings to messages.
	Handles, Texts bool
	Limits         pace.Limits
}

// wants reports whether a receiver is to be told of an alert.
func (r *Receiver) wants(a alert.Alert) bool {
	return (len(r.Kinds) == 0 || slices.Contains(r.Kinds, a.Kind)) &&
		(len(r.Campaigns) == 0 || a.Campaign == "" || slices.Contains(r.Campaigns, a.Campaign))
}

// Options are what a Notifier needs.
type Options struct {
	Receivers []Receiver
	Store     Store
	// Sources tells how the live sources are; nil if there are none.
	Sources func() []collectors.Status
	// Watched are the names of the configured campaigns: of what is no longer
	// configured no coverage is missed.
	Watched []string
	// Desk is the address of the desk as receivers reach it, ending with a slash;
	// empty for no links.
	Desk string
	// Tell tells alerts, in one language and zone; nil means English and UTC.
	Tell *words.Teller
	// Path is the file that is kept.
	Path       string
	Registerer prometheus.Registerer
	Log        *slog.Logger
	Now        func() time.Time
}

// Notifier tells people. Run is to be called once.
type Notifier struct {
	o       Options
	metrics *metrics

	mu    sync.Mutex
	state state
	// kept is what the file holds.
	kept []byte
	// failed is the last error of keeping the state or of looking; nil if all is
	// well.
	failed error
	doing  []*delivery
}

// New reads what was told before, and starts nothing. A file of ours that is
// damaged is an error.
func New(o Options) (*Notifier, error) {
	s, err := load(o.Path)
	if err != nil {
		return nil, err
	}
	if o.Tell == nil {
		o.Tell = words.InEnglish(time.UTC, o.Now)
	}
	n := &Notifier{o: o, state: s, metrics: newMetrics(o.Registerer, o.Receivers)}
	names := make([]string, 0, len(o.Receivers))
	for i := range o.Receivers {
		r := &o.Receivers[i]
		if slices.Contains(names, r.Name) {
			return nil, fmt.Errorf("two receivers of alerts have the name %q", r.Name)
		}
		names = append(names, r.Name)
		if n.state.Boxes[r.Name] == nil {
			n.state.Boxes[r.Name] = &pace.Box{}
		}
		n.doing = append(n.doing, &delivery{receiver: r, box: n.state.Boxes[r.Name], wake: make(chan struct{}, 1)})
	}
	for name, box := range n.state.Boxes {
		if slices.Contains(names, name) {
			continue
		}
		if waiting := len(box.Waiting); waiting > 0 {
			o.Log.Warn("alerts waited for a receiver that is no longer configured", "alerts", waiting)
		}
		delete(n.state.Boxes, name)
	}
	n.count()
	return n, nil
}

// Run looks and sends until ctx ends. What goes wrong is shown by Notes and the
// metrics; nothing of it ends Run.
func (n *Notifier) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		n.watch(ctx)
		return nil
	})
	for _, d := range n.doing {
		g.Go(func() error {
			n.deliver(ctx, d)
			return nil
		})
	}
	return g.Wait()
}

const (
	// every is how often the store is looked at.
	every = 15 * time.Second
	// patience bounds the questions of one look.
	patience = time.Minute
)

// watch looks again and again.
func (n *Notifier) watch(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			n.look(ctx)
		}
	}
}

// look asks the store once, puts what is to be told into the boxes, and keeps both.
func (n *Notifier) look(ctx context.Context) {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	sight, err := n.sight(within)
	// Looking asks the store for numbers, so nobody waits for the lock meanwhile.
	n.mu.Lock()
	book := n.state.Book.Clone()
	n.mu.Unlock()
	alerts := book.Look(sight)
	if ctx.Err() != nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.state.Book = book
	for _, a := range alerts {
		n.metrics.alerts.WithLabelValues(string(a.Kind)).Inc()
		for _, d := range n.doing {
			if d.receiver.wants(a) {
				d.box.Add(a)
				d.nudge()
			}
		}
	}
	err = errors.Join(err, n.keep())
	if err != nil && n.failed == nil {
		n.o.Log.Warn("what is to be told of could not be read or kept; it is tried again", "err", err)
	}
	n.failed = err
	n.metrics.looked(err)
	n.count()
}

// keep writes the state if it changed; callers hold the lock.
func (n *Notifier) keep() error {
	data, err := json.Marshal(n.state)
	if err == nil && !bytes.Equal(data, n.kept) {
		err = private.Replace(n.o.Path, data)
	}
	if err != nil {
		return fmt.Errorf("keeping what people were told: %w", err)
	}
	n.kept = data
	return nil
}

// count shows what waits; callers hold the lock, or nobody else has n yet.
func (n *Notifier) count() {
	for _, d := range n.doing {
		n.metrics.waiting.WithLabelValues(d.receiver.Name).Set(float64(len(d.box.Waiting)))
	}
}

// Notes says in sentences what is amiss now.
func (n *Notifier) Notes() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var notes []string
	if n.failed != nil {
		notes = append(notes, "Alerts may come late: what is to be told of cannot be read or kept at the moment.")
	}
	for _, d := range n.doing {
		if s := d.note(n.o.Tell); s != "" {
			notes = append(notes, s)
		}
	}
	return notes
}
