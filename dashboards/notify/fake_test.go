package notify

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors"
	"winnow/dashboards/notify/channel"
	"winnow/dashboards/notify/message"
	"winnow/dashboards/notify/pace"
	"winnow/storage/view"
)

// canaries stand in every handle and text of the fake store, and must show
// nowhere unless asked for.
const (
	canaryHandle = "canaryhandle"
	canaryText   = "canary text of a post"
)

// world is a store and live sources that a test changes.
type world struct {
	mu       sync.Mutex
	findings map[string][]view.FindingSummary
	gaps     []view.Gap
	spend    *collectors.Spend
	posts    uint64 // of each campaign, since ever
	ours     uint64 // coordinated ones
	broken   error
}

func (w *world) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// Campaigns implements Store.
func (w *world) Campaigns(context.Context) ([]view.CampaignSummary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []view.CampaignSummary
	for name, fs := range w.findings {
		out = append(out, view.CampaignSummary{Name: name, Posts: w.posts, Findings: uint64(len(fs)), Last: time.Now()})
	}
	slices.SortFunc(out, func(a, b view.CampaignSummary) int { return strings.Compare(a.Name, b.Name) })
	return out, w.broken
}

// Findings implements Store.
func (w *world) Findings(_ context.Context, campaign string) ([]view.FindingSummary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.findings[campaign]), w.broken
}

// Finding implements Store.
func (w *world) Finding(_ context.Context, campaign, id string) (view.FindingDetail, bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.findings[campaign] {
		if f.ID == id {
			return view.FindingDetail{
				FindingSummary: f,
				AccountRows:    []view.FindingAccount{{Platform: "x", AccountID: "7", Handle: canaryHandle}},
				ObjectRows:     []view.FindingObject{{Kind: "text", Label: canaryText}},
				PostRows:       []view.FindingPost{{Handle: canaryHandle, Text: canaryText}},
			}, true, w.broken
		}
	}
	return view.FindingDetail{}, false, w.broken
}

// Measures implements Store.
func (w *world) Measures(context.Context, string, time.Time, time.Time, time.Duration) ([]view.Measures, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return []view.Measures{{Platform: "x", Posts: w.posts, CoordinatedPosts: w.ours}}, w.broken
}

// Sources implements Store.
func (w *world) Sources(context.Context) ([]view.Source, error) {
	return []view.Source{{Name: "mastodon/social.example", Platform: "mastodon", Campaigns: []string{"games", "gone"}}}, w.broken
}

// Gaps implements Store.
func (w *world) Gaps(context.Context, string, time.Time, time.Time) ([]view.Gap, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.gaps), w.broken
}

func (w *world) sources() []collectors.Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return []collectors.Status{
		{Source: "mastodon/social.example", Platform: "mastodon", State: collectors.Live},
		{Source: "x/stream", Platform: "x", State: collectors.Live, Spend: w.spend},
	}
}

// attack adds a firm finding that ends now.
func (w *world) attack(campaign, id string) {
	now := time.Now()
	w.change(func() {
		if w.findings == nil {
			w.findings = map[string][]view.FindingSummary{}
		}
		w.posts, w.ours = 1000, 250
		w.findings[campaign] = append(w.findings[campaign], view.FindingSummary{
			Campaign: campaign, ID: id, Kind: "pile-on", Sentence: "41 accounts replied within 50 s of each other.", StartedAt: now.Add(-time.Minute), EndedAt: now,
			Bits: 40, Confidence: "high", Target: "target-" + canaryHandle, TargetHandle: canaryHandle, Accounts: 41, Posts: 250,
		})
	})
}

// mailbox is a receiver that keeps what it gets.
type mailbox struct {
	mu       sync.Mutex
	messages []message.Message
	at       []time.Time
	tries    int
	// fail, if not nil, is asked before each.
	fail func(try int) error
}

// Send implements Sender.
func (m *mailbox) Send(ctx context.Context, msg message.Message) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tries++
	if m.fail != nil {
		if err := m.fail(m.tries); err != nil {
			return err
		}
	}
	m.messages, m.at = append(m.messages, msg), append(m.at, time.Now())
	return ctx.Err()
}

// tried returns how often something was sent, in vain or not.
func (m *mailbox) tried() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.tries
}

// all returns everything that came, as people read it.
func (m *mailbox) all() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, msg := range m.messages {
		out = append(out, msg.Subject+"\n"+msg.Text(func(s string) string { return s }))
	}
	return strings.Join(out, "\n---\n")
}

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.messages)
}

// to is a receiver of everything.
func to(name string, m *mailbox) Receiver {
	return Receiver{Name: name, Sender: m, Limits: pace.Limits{PerHour: 6}}
}

// start runs a notifier in the bubble of a test until the function that it returns
// is called.
func start(t *testing.T, path string, w *world, receivers ...Receiver) (*Notifier, func()) {
	t.Helper()
	n, err := New(Options{
		Receivers: receivers, Store: w, Sources: w.sources, Watched: []string{"games"}, Desk: "https://desk.example.org/",
		Path: path, Registerer: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler), Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	return n, func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func file(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "notify.json")
}

// pass lets some time go by, in steps, so that every loop has its turn.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

var errPassing = &channel.Failure{Err: errors.New("no connection")}
