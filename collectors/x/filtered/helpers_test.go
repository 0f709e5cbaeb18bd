package filtered_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/x/filtered"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// soon bounds how long a test waits for what must come.
const soon = 5 * time.Second

// clock is a time that tests move; it also goes on by itself.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// midday returns a clock that stands at noon, so that no test runs over
// midnight unless it means to.
func midday() *clock {
	now := time.Now().UTC()
	noon := time.Date(now.Year(), now.Month(), 15, 12, 0, 0, 0, time.UTC)
	return &clock{ahead: noon.Sub(now)}
}

var baku = []campaign.Campaign{{Name: "baku", Tags: []string{"Baku2015"}}}

// keeping is baku with evidence kept or not.
func keeping(evidence bool) []campaign.Campaign {
	c := baku[0]
	c.Evidence = evidence
	return []campaign.Campaign{c}
}

// fake starts X, whose clock is the test's.
func fake(t *testing.T, c *clock, o xtest.Options) *xtest.Server {
	t.Helper()
	o.Now, o.Token = c.now, "hush-hush"
	s, err := xtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// dated gives answers the time of the test's clock.
type dated struct {
	http.RoundTripper
	c *clock
}

func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := d.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Header.Set("Date", d.c.now().UTC().Format(http.TimeFormat))
	}
	return resp, err
}

func client(t *testing.T, x *clock) *http.Client {
	t.Helper()
	c, err := dial.New(dial.Options{AllowPrivate: true, UserAgent: "winnow"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	c.Transport = dated{c.Transport, x}
	return c
}

// options are those for a fake, with X's times scaled down.
func options(t *testing.T, s *xtest.Server, c *clock) filtered.Options {
	t.Helper()
	return filtered.Options{
		Campaigns: baku, Base: s.URL(), HTTP: client(t, c), Token: s.Token(), Now: c.now,
		Stall: time.Second, RuleDelay: time.Millisecond, SearchLag: time.Millisecond,
		Every: 10 * time.Millisecond, LookUpEvery: 20 * time.Millisecond,
	}
}

func source(t *testing.T, o filtered.Options) *filtered.Source {
	t.Helper()
	s, err := filtered.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// recorder is an Out that notes everything.
type recorder struct {
	mu        sync.Mutex
	lives     []time.Time
	reached   []time.Time
	shares    []float64
	causes    []post.Cause
	notes     []string
	posts     []post.Post
	deletions []post.Deletion
	cursor    []byte
	alive     int
	full      bool
}

func (r *recorder) lock() func() { r.mu.Lock(); return r.mu.Unlock }

func (r *recorder) Alive()              { defer r.lock()(); r.alive++ }
func (r *recorder) Live(from time.Time) { defer r.lock()(); r.lives = append(r.lives, from) }
func (r *recorder) Reached(t time.Time) { defer r.lock()(); r.reached = append(r.reached, t) }

func (r *recorder) Share(share float64, cause post.Cause, note string) {
	defer r.lock()()
	r.shares, r.causes, r.notes = append(r.shares, share), append(r.causes, cause), append(r.notes, note)
}

func (r *recorder) Deliver(d collectors.Delivery) error {
	defer r.lock()()
	if r.full {
		return collectors.ErrFull
	}
	r.posts = append(r.posts, d.Posts...)
	r.deletions = append(r.deletions, d.Deletions...)
	if d.Cursor != nil {
		r.cursor = d.Cursor
	}
	return nil
}

// get reads something of the recorder.
func get[T any](r *recorder, f func() T) T {
	defer r.lock()()
	return f()
}

func (r *recorder) ids() []string {
	defer r.lock()()
	var out []string
	for i := range r.posts {
		out = append(out, r.posts[i].ID)
	}
	slices.Sort(out)
	return out
}

func (r *recorder) live() bool { return get(r, func() bool { return len(r.lives) > 0 }) }

func (r *recorder) has(id string) bool { return slices.Contains(r.ids(), id) }

func (r *recorder) gone(id string) bool {
	return get(r, func() bool {
		return slices.ContainsFunc(r.deletions, func(d post.Deletion) bool { return d.NativeID == id })
	})
}

func (r *recorder) lastShare() float64 {
	return get(r, func() float64 {
		if len(r.shares) == 0 {
			return 1
		}
		return r.shares[len(r.shares)-1]
	})
}

// running is a Stream under way.
type running struct {
	t      *testing.T
	cancel context.CancelFunc
	err    chan error
}

// run begins a Stream, which ends with the test at the latest.
func run(t *testing.T, s *filtered.Source, cursor []byte, out collectors.Out) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{t: t, cancel: cancel, err: make(chan error, 1)}
	go func() { r.err <- s.Stream(ctx, cursor, out) }()
	t.Cleanup(func() {
		cancel()
		if r.err != nil {
			<-r.err
		}
	})
	return r
}

// stop ends it and returns its error.
func (r *running) stop() error {
	r.t.Helper()
	r.cancel()
	return r.wait()
}

// wait waits for its end.
func (r *running) wait() error {
	r.t.Helper()
	select {
	case err := <-r.err:
		r.err = nil
		return err
	case <-time.After(soon):
		r.t.Fatal("Stream did not end")
		return nil
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(soon)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("in vain: %s", what)
		case <-tick.C:
		}
	}
}

// publish makes n posts.
func publish(s *xtest.Server, n int) []string {
	var out []string
	for i := range n {
		out = append(out, s.Publish(fmt.Sprintf("something was said %d", i)))
	}
	return out
}
