package collectors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"winnow/collectors/ledger"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// memory is a log in memory.
type memory struct {
	mu      sync.Mutex
	batches []feed.Batch
	cursors map[string][]byte
	refuse  func(feed.Batch) error // nil: takes all
}

func newMemory() *memory { return &memory{cursors: map[string][]byte{}} }

func (m *memory) Publish(_ context.Context, b feed.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuse != nil {
		if err := m.refuse(b); err != nil {
			return err
		}
	}
	b.Posts, b.Gaps = slices.Clone(b.Posts), slices.Clone(b.Gaps)
	m.batches = append(m.batches, b)
	if len(b.Cursor) > 0 {
		m.cursors[b.Source] = bytes.Clone(b.Cursor)
	}
	return nil
}

func (m *memory) Cursor(_ context.Context, source string) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.cursors[source]
	return c, ok, nil
}

// setRefuse makes the log refuse from now on.
func (m *memory) setRefuse(f func(feed.Batch) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse = f
}

func (m *memory) all() []feed.Batch {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.batches)
}

// ids returns the posts in the log, in order.
func (m *memory) ids() []string {
	var ids []string
	for _, b := range m.all() {
		for i := range b.Posts {
			ids = append(ids, b.Posts[i].ID)
		}
	}
	return ids
}

// gaps returns what was said last about each gap, by beginning.
func (m *memory) gaps() []post.Gap {
	last := map[string]post.Gap{}
	for _, b := range m.all() {
		for _, g := range b.Gaps {
			last[fmt.Sprint(g.Source, "|", g.Campaign, "|", g.From.UnixMilli())] = g
		}
	}
	var all []post.Gap
	for _, g := range last {
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b post.Gap) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return bytes.Compare([]byte(a.Campaign), []byte(b.Campaign))
	})
	return all
}

// envelope returns what the log knows of a source.
func (m *memory) envelope(t *testing.T, source string) *ledger.Envelope {
	t.Helper()
	data, ok, err := m.Cursor(t.Context(), source)
	if err != nil || !ok {
		t.Fatalf("no cursor of %s: %v", source, err)
	}
	e, err := ledger.Decode(source, data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// script is a source that does what each call of Stream is told to.
type script struct {
	info Info
	// stream is called for each Stream, n counting from 1.
	stream func(ctx context.Context, n int, cursor []byte, out Out) error

	mu      sync.Mutex
	n       int
	cursors [][]byte
	at      []time.Time
}

func (s *script) Info() Info { return s.info }

func (s *script) Stream(ctx context.Context, cursor []byte, out Out) error {
	s.mu.Lock()
	s.n++
	n := s.n
	s.cursors = append(s.cursors, cursor)
	s.at = append(s.at, time.Now())
	s.mu.Unlock()
	return s.stream(ctx, n, cursor, out)
}

// attempts returns when Stream was called.
func (s *script) attempts() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.at)
}

// waits returns the times between the calls of Stream.
func (s *script) waits() []time.Duration {
	at := s.attempts()
	var waits []time.Duration
	for i := 1; i < len(at); i++ {
		waits = append(waits, at[i].Sub(at[i-1]))
	}
	return waits
}

// filler is a script that can also fill.
type filler struct {
	script
	fill func(ctx context.Context, n int, g post.Gap, resume []byte, out Out) (Filled, error)

	fmu   sync.Mutex
	fills []post.Gap
	fat   []time.Time
}

func (f *filler) Fill(ctx context.Context, g post.Gap, resume []byte, out Out) (Filled, error) {
	f.fmu.Lock()
	f.fills = append(f.fills, g)
	f.fat = append(f.fat, time.Now())
	n := len(f.fills)
	f.fmu.Unlock()
	return f.fill(ctx, n, g, resume, out)
}

func (f *filler) asked() []post.Gap {
	f.fmu.Lock()
	defer f.fmu.Unlock()
	return slices.Clone(f.fills)
}

const name = "mastodon/social.example"

func campaignOf(name string, tags ...string) campaign.Campaign {
	return campaign.Campaign{Name: name, Tags: tags}
}

// infoOf returns an Info whose ladder waits a second after every fault.
func infoOf() Info {
	second := Steps{First: time.Second, Factor: 1, Exact: true}
	return Info{
		Name: name, Platform: post.Mastodon, Campaigns: []campaign.Campaign{campaignOf("Baku", "#Baku2015")},
		Stall:  30 * time.Second,
		Ladder: Ladder{Network: second, Unavailable: second, RateLimited: second, Healthy: time.Minute},
	}
}

// onePost is a delivery of one post, whose id is its cursor.
func onePost(id string) Delivery {
	return Delivery{
		Posts:  []post.Post{{Platform: post.Mastodon, ID: id, Kind: post.Original, Account: post.Account{ID: "a"}, PostedAt: time.Now().UTC(), Text: "text of " + id}},
		Cursor: []byte("after " + id),
	}
}

// heartbeats says Alive each second until ctx ends.
func heartbeats(ctx context.Context, out Out) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
			out.Alive()
		}
	}
}

// stay goes live and stays so.
func stay(ctx context.Context, _ int, _ []byte, out Out) error {
	out.Alive()
	out.Live(time.Time{})
	return heartbeats(ctx, out)
}

func fault(c post.Cause) *Fault { return &Fault{Cause: c, Err: errors.New("as the test wants")} }

// supervised is a Supervisor at work.
type supervised struct {
	*Supervisor
	cancel context.CancelFunc
	done   chan error
}

func start(t *testing.T, o Options, sources ...Source) *supervised {
	t.Helper()
	if o.Rand == nil {
		o.Rand = func() float64 { return 0 }
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &supervised{Supervisor: New(o), cancel: cancel, done: make(chan error, 1)}
	go func() { s.done <- s.Run(ctx, sources...) }()
	t.Cleanup(cancel)
	synctest.Wait()
	return s
}

// stop ends the Supervisor, which must have got all into the log.
func (s *supervised) stop(t *testing.T) {
	t.Helper()
	s.cancel()
	if err := <-s.done; err != nil {
		t.Errorf("Run returned %v", err)
	}
}

// pass lets time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
