package jetstream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"winnow/collectors"
	"winnow/collectors/bluesky/blueskytest"
	"winnow/collectors/bluesky/jetstream"
	"winnow/collectors/bluesky/profile"
	"winnow/pipeline/post"
)

// sink is an Out that keeps everything.
type sink struct {
	mu        sync.Mutex
	changed   chan struct{}
	posts     []post.Post
	deletions []post.Deletion
	cursor    []byte
	cursors   []string
	live      []time.Time
	reached   time.Time
	full      bool
}

func newSink() *sink { return &sink{changed: make(chan struct{}, 1)} }

func (s *sink) note(f func()) {
	s.mu.Lock()
	f()
	s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *sink) Alive()                            {}
func (s *sink) Share(float64, post.Cause, string) {}
func (s *sink) Live(from time.Time)               { s.note(func() { s.live = append(s.live, from) }) }
func (s *sink) Reached(t time.Time)               { s.note(func() { s.reached = t }) }

func (s *sink) Deliver(d collectors.Delivery) (err error) {
	s.note(func() {
		if s.full {
			err = collectors.ErrFull
			return
		}
		s.posts = append(s.posts, d.Posts...)
		s.deletions = append(s.deletions, d.Deletions...)
		if d.Cursor != nil {
			s.cursor = d.Cursor
			s.cursors = append(s.cursors, string(d.Cursor))
		}
	})
	return err
}

// until waits for a condition on what came.
func (s *sink) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	timeout := time.NewTimer(10 * time.Second)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		done := ok()
		s.mu.Unlock()
		if done {
			return
		}
		select {
		case <-s.changed:
		case <-timeout.C:
			s.mu.Lock()
			defer s.mu.Unlock()
			t.Fatalf("not in time: %s; %d posts, %d deletions, live %v, reached %v", what, len(s.posts), len(s.deletions), s.live, s.reached)
		}
	}
}

func (s *sink) has(id string) bool {
	return slices.ContainsFunc(s.posts, func(p post.Post) bool { return p.ID == id })
}

func (s *sink) find(id string) post.Post {
	for _, p := range slices.Backward(s.posts) {
		if p.ID == id {
			return p
		}
	}
	return post.Post{}
}

func (s *sink) deleted(id string) bool {
	return slices.ContainsFunc(s.deletions, func(d post.Deletion) bool { return d.NativeID == id })
}

// running is a Stream under way.
type running struct {
	stop context.CancelFunc
	err  chan error
}

func run(s *jetstream.Source, cursor []byte, out collectors.Out) *running {
	ctx, stop := context.WithCancel(context.Background())
	r := &running{stop, make(chan error, 1)}
	go func() { r.err <- s.Stream(ctx, cursor, out) }()
	return r
}

// end stops a stream and waits for its end.
func (r *running) end(t *testing.T) {
	t.Helper()
	r.stop()
	if err := r.wait(t); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

// wait waits until a stream ends by itself.
func (r *running) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.err:
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the stream does not end")
		return nil
	}
}

func cause(err error) post.Cause {
	if f, ok := errors.AsType[*collectors.Fault](err); ok {
		return f.Cause
	}
	return ""
}

// TestFollowed: what happens later to a post of a campaign is told: reposts with
// the content of the original, edits, deletions, and the end of its author's
// account.
func TestFollowed(t *testing.T) {
	fake := serve(t, blueskytest.Options{Background: 100})
	s, out := source(t, options(t, fake.Host())), newSink()
	r := run(s, nil, out)
	out.until(t, "live", func() bool { return len(out.live) == 1 && out.live[0].IsZero() })
	id := fake.Publish("so it is")
	before := fake.Post("did:plc:somebody", "nothing of it")
	repost := fake.Repost("did:plc:fan", id)
	fake.Repost("did:plc:fan", before)
	out.until(t, "the repost", func() bool { return out.has(repost) })
	if p := out.find(repost); p.Kind != post.Repost || p.RepostOf.PostID != id || !strings.Contains(p.Text, "so it is") || len(p.Tags) != 1 || p.Tags[0].Key != "winnow" || p.Lang != "en" {
		t.Errorf("the repost is %+v", p)
	}
	first := out.find(id).PostedAt
	fake.Edit(id, "so it is today")
	out.until(t, "the edit", func() bool { return strings.Contains(out.find(id).Text, "today") })
	if p := out.find(id); !p.PostedAt.Equal(first) || p.EditedAt.Before(first) {
		t.Errorf("posted at %v, edited at %v, but first posted at %v", p.PostedAt, p.EditedAt, first)
	}
	fake.Delete(repost)
	fake.Delete(before)
	out.until(t, "the deletion", func() bool { return out.deleted(repost) })

	second := fake.Publish("and another")
	out.until(t, "another", func() bool { return out.has(second) })
	fake.Account(fake.Author(), "suspended")
	fake.Account("did:plc:somebody", "deleted")
	fake.Account(fake.Author(), "takendown")
	out.until(t, "both deletions", func() bool { return out.deleted(id) && out.deleted(second) })
	r.end(t)
	if len(out.deletions) != 3 {
		t.Errorf("%d deletions, want 3", len(out.deletions))
	}
	if len(out.posts) != 4 {
		t.Errorf("%d posts, want 4", len(out.posts))
	}
}

// TestProtected: accounts protected by handle are found by identifier, and what
// was stored before a restart is followed.
func TestProtected(t *testing.T) {
	fake := serve(t, blueskytest.Options{})
	fake.SetProfile(blueskytest.Profile{DID: "did:plc:anna22222", Handle: "Anna.example", Name: "Anna"})
	o := options(t, fake.Host())
	var err error
	if o.Profiles, err = profile.New(profile.Options{Base: fake.URL(), HTTP: o.HTTP}); err != nil {
		t.Fatal(err)
	}
	old := "at://did:plc:old/app.bsky.feed.post/3kold"
	o.Recall = func(_ context.Context, f func(*post.Post) error) error {
		return f(&post.Post{Platform: post.Bluesky, ID: old, Kind: post.Original, Text: "from before #winnow", Tags: []post.Tag{{Key: "winnow", Posted: "winnow"}}})
	}
	o.Registerer = prometheus.NewRegistry()
	s, out := source(t, o), newSink()
	r := run(s, nil, out)
	out.until(t, "live", func() bool { return len(out.live) == 1 })
	own := fake.Post("did:plc:anna22222", "good morning")
	reply := fake.Record("did:plc:x", `{"text":"hey","reply":{"parent":{"uri":"at://did:plc:anna22222/app.bsky.feed.post/1"}}}`)
	repost := fake.Repost("did:plc:x", old)
	out.until(t, "all three", func() bool { return out.has(own) && out.has(reply) && out.has(repost) })
	if p := out.find(reply); p.ReplyTo.Handle != "anna.example" {
		t.Errorf("the reply is to %+v", p.ReplyTo)
	}
	if p := out.find(repost); p.Text != "from before #winnow" {
		t.Errorf("the repost says %q", p.Text)
	}
	r.end(t)
}

// TestResume: on the same host by number, on another one by time, whatever its
// numbers; nothing is missing, and the cursor's time never goes back.
func TestResume(t *testing.T) {
	for _, c := range []struct {
		name string
		o    blueskytest.Options
	}{{"new", blueskytest.Options{Segment: 4}}, {"old", blueskytest.Options{Legacy: true}}, {"unnumbered", blueskytest.Options{Legacy: true, Unnumbered: true}}} {
		t.Run(c.name, func(t *testing.T) {
			one, two := serve(t, c.o), serve(t, c.o)
			for i := range 10 {
				two.Publish(fmt.Sprint("of another numbering ", i))
			}
			s, out := source(t, options(t, one.Host(), two.Host())), newSink()
			r := run(s, nil, out)
			out.until(t, "live", func() bool { return len(out.live) == 1 })
			a := one.Publish("first")
			out.until(t, "first", func() bool { return out.has(a) })
			r.end(t)

			b := one.Publish("meanwhile")
			r = run(s, out.cursor, out)
			out.until(t, "what came meanwhile", func() bool { return out.has(b) && len(out.live) == 2 })
			if out.live[1].IsZero() || out.live[1].After(out.find(a).PostedAt.Add(time.Millisecond)) {
				t.Errorf("live from %v, but the last post was at %v", out.live[1], out.find(a).PostedAt)
			}
			one.Refuse(true)
			one.Cut()
			if got := cause(r.wait(t)); got != post.Network {
				t.Errorf("cause %q", got)
			}
			d := two.Publish("on the other")
			r = run(s, out.cursor, out)
			out.until(t, "what the other host has", func() bool { return out.has(d) })
			r.end(t)
			last := int64(0)
			for _, cursor := range out.cursors {
				at := timeOf(t, cursor)
				if at < last {
					t.Errorf("the cursor goes back: %s after %d", cursor, last)
				}
				last = at
			}
		})
	}
}

func timeOf(t *testing.T, cursor string) (us int64) {
	t.Helper()
	i := strings.LastIndex(cursor, `"time_us":`)
	if _, err := fmt.Sscanf(cursor[i:], `"time_us":%d`, &us); i < 0 || err != nil {
		t.Fatalf("%s has no time: %v", cursor, err)
	}
	return us
}

// TestTooOld: where the host does not reach back to the cursor, it says from
// when on it is complete.
func TestTooOld(t *testing.T) {
	fake := serve(t, blueskytest.Options{})
	s, out := source(t, options(t, fake.Host())), newSink()
	r := run(s, nil, out)
	out.until(t, "live", func() bool { return len(out.live) == 1 })
	a := fake.Publish("first")
	out.until(t, "first", func() bool { return out.has(a) })
	r.end(t)
	fake.Publish("lost")
	b := fake.Publish("kept")
	fake.Trim(1)
	r = run(s, out.cursor, out)
	out.until(t, "what is kept", func() bool { return out.has(b) })
	r.end(t)
	if got, want := out.live[1].Truncate(time.Millisecond), out.find(b).PostedAt; !got.Equal(want) {
		t.Errorf("live from %v, want %v", got, want)
	}
}

// TestRenumbered: a host that was set up anew is asked by time instead.
func TestRenumbered(t *testing.T) {
	fake := serve(t, blueskytest.Options{})
	for range 5 {
		fake.Publish("before")
	}
	s, out := source(t, options(t, fake.Host())), newSink()
	r := run(s, nil, out)
	out.until(t, "live", func() bool { return len(out.live) == 1 })
	a := fake.Publish("first")
	out.until(t, "first", func() bool { return out.has(a) })
	r.end(t)
	fake.Trim(1)
	fake.Renumber()
	r = run(s, out.cursor, out)
	out.until(t, "live again", func() bool { return len(out.live) == 2 }) // with a number that lies ahead
	fake.Publish("in between")
	if got := cause(r.wait(t)); got != post.Protocol {
		t.Errorf("cause %q", got)
	}
	b := fake.Publish("after")
	r = run(s, out.cursor, out)
	out.until(t, "both", func() bool { return out.has(b) && len(out.posts) >= 3 })
	r.end(t)
}

// TestBlind: a host that swallows posts while all else goes on is left, and what
// it swallowed comes from another one.
func TestBlind(t *testing.T) {
	one, two := serve(t, blueskytest.Options{Background: 2000}), serve(t, blueskytest.Options{Background: 2000})
	o := options(t, one.Host(), two.Host())
	o.Pace.Compare, o.Pace.Window = 300*time.Millisecond, 400*time.Millisecond
	s, out := source(t, o), newSink()
	r := run(s, nil, out)
	out.until(t, "progress", func() bool { return !out.reached.IsZero() })
	one.Blind(true)
	one.Publish("swallowed")
	a := two.Publish("swallowed")
	if got := cause(r.wait(t)); got != post.Blind {
		t.Fatalf("cause %q", got)
	}
	r = run(s, out.cursor, out)
	out.until(t, "what was swallowed", func() bool { return out.has(a) })
	r.end(t)
	if len(out.live) != 2 || out.live[1].After(out.find(a).PostedAt) {
		t.Errorf("live %v, but the post was at %v", out.live, out.find(a).PostedAt)
	}
}

// TestQuiet: a firehose that brings nothing, though its server is alive, is blind.
func TestQuiet(t *testing.T) {
	fake := serve(t, blueskytest.Options{})
	o := options(t, fake.Host())
	o.Pace.Quiet = 300 * time.Millisecond
	if got := cause(run(source(t, o), nil, newSink()).wait(t)); got != post.Blind {
		t.Errorf("cause %q", got)
	}
}

// TestFull: what the log did not take comes again, though it was seen before.
func TestFull(t *testing.T) {
	fake := serve(t, blueskytest.Options{})
	s, out := source(t, options(t, fake.Host())), newSink()
	r := run(s, nil, out)
	out.until(t, "live", func() bool { return len(out.live) == 1 })
	a := fake.Publish("first")
	out.until(t, "first", func() bool { return out.has(a) })
	out.note(func() { out.full = true })
	b := fake.Publish("refused")
	if err := r.wait(t); !errors.Is(err, collectors.ErrFull) {
		t.Errorf("ended with %v", err)
	}
	out.note(func() { out.full = false })
	r = run(s, out.cursor, out)
	out.until(t, "what was refused", func() bool { return out.has(b) })
	r.end(t)
	if n := len(out.posts); n != 2 {
		t.Errorf("%d posts, want each once", n)
	}
}

// TestFill replays a campaign's past, as far as the host has it.
func TestFill(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) }) // the last of all
	for _, busy := range []float64{0, 300} {
		fake := serve(t, blueskytest.Options{Background: busy})
		from := time.Now().Add(-time.Hour)
		ids := []string{fake.Publish("one"), fake.Publish("two")}
		g := post.Gap{Source: jetstream.Name, Campaign: "c", From: from, To: time.Now(), Cause: post.Before}
		s, out := source(t, options(t, fake.Host())), newSink()
		filled, err := s.Fill(t.Context(), g, nil, out)
		if err != nil || !filled.Complete || !filled.From.Equal(from) {
			t.Fatalf("filled %+v, %v", filled, err)
		}
		for _, id := range ids {
			if !out.has(id) {
				t.Errorf("a post of the past is missing")
			}
		}
		g.Campaign = "other"
		out = newSink()
		if _, err := s.Fill(t.Context(), g, nil, out); err != nil || len(out.posts) != 0 {
			t.Errorf("%d posts of another campaign, %v", len(out.posts), err)
		}
		fake.Trim(1)
		g.Campaign = "c"
		filled, err = s.Fill(t.Context(), g, nil, newSink())
		if err != nil || filled.Complete || !filled.From.After(from) || filled.Note == "" {
			t.Errorf("filled %+v, %v, though the host keeps less", filled, err)
		}
	}
}

// TestProbe says what works and what does not.
func TestProbe(t *testing.T) {
	fake := serve(t, blueskytest.Options{Background: 500})
	fake.SetProfile(blueskytest.Profile{DID: "did:plc:bsky", Handle: "bsky.app"})
	dead := serve(t, blueskytest.Options{})
	dead.Answer(403, nil)
	o := options(t, fake.Host(), dead.Host())
	var err error
	if o.Profiles, err = profile.New(profile.Options{Base: fake.URL(), HTTP: o.HTTP}); err != nil {
		t.Fatal(err)
	}
	var got []collectors.Outcome
	checks := source(t, o).Probe(t.Context())
	for _, c := range checks {
		got = append(got, c.Outcome)
		if c.Text == "" || c.Outcome != collectors.Good && c.Advice == "" {
			t.Errorf("a check without words: %+v", c)
		}
	}
	want := []collectors.Outcome{collectors.Good, collectors.Bad, collectors.Good, collectors.Warn}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: %+v", got, want, checks)
	}
	if !strings.Contains(checks[0].Text, "compressed") {
		t.Errorf("not compressed: %s", checks[0].Text)
	}
}

func TestNew(t *testing.T) {
	good := options(t, "ws://127.0.0.1:1")
	for name, spoil := range map[string]func(*jetstream.Options){
		"matcher": func(o *jetstream.Options) { o.Matcher = nil },
		"client":  func(o *jetstream.Options) { o.HTTP = nil },
		"wire":    func(o *jetstream.Options) { o.Wire = "morse" },
		"host":    func(o *jetstream.Options) { o.Hosts = []string{"gopher://x"} },
		"path":    func(o *jetstream.Options) { o.Hosts = []string{"example.com/subscribe"} },
	} {
		o := good
		spoil(&o)
		if _, err := jetstream.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
