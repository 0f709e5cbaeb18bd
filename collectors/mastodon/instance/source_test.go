package instance_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"winnow/collectors"
	"winnow/collectors/mastodon/instance"
	"winnow/collectors/mastodon/mastodontest"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sink is an Out that keeps what it is given.
type sink struct {
	mu        sync.Mutex
	changed   chan struct{}
	live      int
	posts     []post.Post
	deletions []post.Deletion
	cursor    []byte
	notes     []string
	full      bool
}

func newSink() *sink { return &sink{changed: make(chan struct{}, 1)} }

func (s *sink) change(do func()) {
	s.mu.Lock()
	do()
	s.mu.Unlock()
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *sink) Alive()            {}
func (s *sink) Live(time.Time)    { s.change(func() { s.live++ }) }
func (s *sink) Reached(time.Time) {}
func (s *sink) Share(_ float64, _ post.Cause, note string) {
	s.change(func() { s.notes = append(s.notes, note) })
}

func (s *sink) Deliver(d collectors.Delivery) error {
	if s.full {
		return collectors.ErrFull
	}
	s.change(func() {
		s.posts = append(s.posts, d.Posts...)
		s.deletions = append(s.deletions, d.Deletions...)
		if d.Cursor != nil {
			s.cursor = d.Cursor
		}
	})
	return nil
}

// until waits for something.
func (s *sink) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		s.mu.Lock()
		done := ok()
		s.mu.Unlock()
		if done {
			return
		}
		select {
		case <-s.changed:
		case <-limit:
			t.Fatalf("not in time: %s", what)
		}
	}
}

// byID returns the versions of a post. The caller holds the lock, or is alone.
func (s *sink) byID(id string) (out []post.Post) {
	for _, p := range s.posts {
		if p.ID == id {
			out = append(out, p)
		}
	}
	return out
}

func (s *sink) has(id string) bool { return len(s.byID(id)) > 0 }

// stream runs a source until the end of the test or stop.
func stream(t *testing.T, s *instance.Source, cursor []byte) (out *sink, end func() error) {
	t.Helper()
	out = newSink()
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- s.Stream(ctx, cursor, out) }()
	var once sync.Once
	var err error
	end = func() error {
		once.Do(func() {
			select {
			case err = <-result:
			case <-time.After(10 * time.Second):
				cancel()
				err = <-result
			}
		})
		return err
	}
	t.Cleanup(func() { cancel(); end() }) //nolint:errcheck // looked at where it matters
	return out, end
}

func wantFault(t *testing.T, err error, cause post.Cause) *collectors.Fault {
	t.Helper()
	f, ok := errors.AsType[*collectors.Fault](err)
	if !ok || f.Cause != cause {
		t.Fatalf("%v, want a fault with the cause %s", err, cause)
	}
	return f
}

func server(t *testing.T, o mastodontest.Options) *mastodontest.Server {
	t.Helper()
	s := mastodontest.New(o)
	t.Cleanup(s.Close)
	return s
}

// quick are options by which everything comes soon.
func quick(t *testing.T, s *mastodontest.Server) instance.Options {
	t.Helper()
	o := options(t, s)
	o.CheckEvery, o.Late, o.BoostsEvery, o.PollEvery = 50*time.Millisecond, 50*time.Millisecond, 20*time.Millisecond, 20*time.Millisecond
	return o
}

func TestNewFindsMistakes(t *testing.T) {
	s := server(t, mastodontest.Options{})
	for name, change := range map[string]func(*instance.Options){
		"no address":    func(o *instance.Options) { o.URL = "" },
		"a bare host":   func(o *instance.Options) { o.URL = "social.example" },
		"a password":    func(o *instance.Options) { o.URL = "https://a:secret@social.example" },
		"odd streaming": func(o *instance.Options) { o.Streaming = "ftp://x" },
		"odd transport": func(o *instance.Options) { o.Transport = "pigeon" },
		"no client":     func(o *instance.Options) { o.HTTP = nil },
		"no campaign":   func(o *instance.Options) { o.Campaigns = nil },
		"no hashtag":    func(o *instance.Options) { o.Campaigns = []campaign.Campaign{{Name: "a", Terms: []string{"word"}}} },
		"no tag for it": func(o *instance.Options) {
			o.Campaigns = []campaign.Campaign{{Name: "a", Tags: []string{"free-speech"}}}
		},
		"odd campaign":   func(o *instance.Options) { o.Campaigns = []campaign.Campaign{{Tags: []string{"a"}}} },
		"too many tags":  func(o *instance.Options) { o.Campaigns = many(201) },
		"metrics double": func(o *instance.Options) { o.Registerer = taken(t, s) },
	} {
		o := options(t, s)
		change(&o)
		if _, err := instance.New(o); err == nil {
			t.Errorf("%s is no mistake", name)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error tells a secret", name)
		}
	}
}

func many(n int) []campaign.Campaign {
	c := campaign.Campaign{Name: "many"}
	for i := range n {
		c.Tags = append(c.Tags, fmt.Sprint("tag", i))
	}
	return []campaign.Campaign{c}
}

// taken is a registry in which the source is already.
func taken(t *testing.T, s *mastodontest.Server) prometheus.Registerer {
	reg := prometheus.NewRegistry()
	o := options(t, s)
	o.Registerer = reg
	source(t, o)
	return reg
}

func TestInfo(t *testing.T) {
	s := server(t, mastodontest.Options{})
	o := options(t, s)
	o.Campaigns = append(o.Campaigns, campaign.Campaign{Name: "words", Terms: []string{"word"}})
	o.Transport = instance.SSE
	info := source(t, o).Info()
	if info.Name != "mastodon/"+s.Host() || info.Stall != 45*time.Second || len(info.Campaigns) != 1 || info.Campaigns[0].Name != "games" {
		t.Errorf("%q, stall %v, %d campaigns", info.Name, info.Stall, len(info.Campaigns))
	}
	o.Transport, o.PollEvery = instance.Poll, time.Hour
	if info = source(t, o).Info(); info.Stall <= time.Hour {
		t.Errorf("timelines are polled every hour, and a stall is %v", info.Stall)
	}
}

// One hashtag in two spellings is asked for once.
func TestOneSubscriptionPerTag(t *testing.T) {
	s := server(t, mastodontest.Options{Tag: "Bakı2015"})
	o := quick(t, s)
	o.Transport = instance.SSE
	o.Campaigns = []campaign.Campaign{{Name: "a", Tags: []string{"#Bakı2015", "BAKI2015"}}, {Name: "b", Tags: []string{"baki2015"}}}
	out, _ := stream(t, source(t, o), nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	if n := s.Open(); n != 1 {
		t.Errorf("%d streams for one hashtag", n)
	}
}

// Where a transport is missing, the next is used.
func TestTransports(t *testing.T) {
	for _, c := range []struct {
		noSocket, noEvents bool
		open               int
	}{{false, false, 1}, {true, false, 1}, {true, true, 0}} {
		s := server(t, mastodontest.Options{NoWebSocket: c.noSocket, NoEventSource: c.noEvents})
		out, _ := stream(t, source(t, quick(t, s)), nil)
		out.until(t, "live", func() bool { return out.live == 1 })
		id := s.Publish("hello")
		out.until(t, "the post", func() bool { return out.has(id) })
		if s.Open() != c.open {
			t.Errorf("%+v: %d streams", c, s.Open())
		}
	}
	s := server(t, mastodontest.Options{NoWebSocket: true})
	o := quick(t, s)
	o.Transport = instance.WebSocket
	_, end := stream(t, source(t, o), nil)
	if f := wantFault(t, end(), post.Misconfigured); !strings.Contains(f.Advice, "auto") {
		t.Errorf("advice %q", f.Advice)
	}
}

// Without a token timelines are polled, and nothing else is tried.
func TestWithoutToken(t *testing.T) {
	s := server(t, mastodontest.Options{})
	o := quick(t, s)
	o.Token = ""
	out, _ := stream(t, source(t, o), nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	id := s.Publish("hello")
	out.until(t, "the post", func() bool { return out.has(id) })
	s.Edit(id, "edited")
	out.until(t, "the edit", func() bool { return len(out.byID(id)) > 1 && strings.Contains(out.byID(id)[1].Text, "edited") })
	for _, r := range s.Requests() {
		if strings.Contains(r.Path, "streaming") || r.Token != "" {
			t.Errorf("%s was asked for with token %q", r.Path, r.Token)
		}
	}
}

// Some hashtags may be refused; if all are, that is a fault.
func TestRefusedTags(t *testing.T) {
	s := server(t, mastodontest.Options{RefuseTags: []string{"other"}})
	o := quick(t, s)
	o.Transport = instance.WebSocket
	o.Campaigns[0].Tags = append(o.Campaigns[0].Tags, "other")
	out, _ := stream(t, source(t, o), nil)
	out.until(t, "a note", func() bool { return len(out.notes) == 1 })
	id := s.Publish("hello")
	out.until(t, "the post", func() bool { return out.has(id) })

	o.Campaigns[0].Tags = []string{"other"}
	_, end := stream(t, source(t, o), nil)
	wantFault(t, end(), post.Unavailable) // the fake refuses with 500
}

// A post that the stream did not bring comes from the timeline.
func TestMissedPost(t *testing.T) {
	s := server(t, mastodontest.Options{})
	out, _ := stream(t, source(t, quick(t, s)), nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	brought := s.Publish("brought")
	missed := s.PublishAt("missed", time.Now())
	out.until(t, "both", func() bool { return out.has(brought) && out.has(missed) })
	if n := len(out.byID(brought)); n != 1 {
		t.Errorf("a post that came was delivered %d times", n)
	}
}

// A stream that accepts and stays silent is given up for polling.
func TestBlindStream(t *testing.T) {
	s := server(t, mastodontest.Options{Mute: true, ULIDs: true})
	src := source(t, quick(t, s))
	out, end := stream(t, src, nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	var ids []string
	for i := range 5 {
		ids = append(ids, s.Publish(fmt.Sprint("unseen ", i)))
	}
	wantFault(t, end(), post.Blind)
	for _, id := range ids {
		if !out.has(id) {
			t.Error("a post that a timeline showed was not delivered")
		}
	}
	again, _ := stream(t, src, out.cursor)
	again.until(t, "live", func() bool { return again.live == 1 })
	id := s.Publish("polled")
	again.until(t, "a post by polling", func() bool { return again.has(id) })
	if s.Open() != 0 {
		t.Error("a stream is open again")
	}
}

// When blindness is over a stream is tried again, without an interruption.
func TestStreamIsTriedAgain(t *testing.T) {
	s := server(t, mastodontest.Options{Mute: true})
	o := quick(t, s)
	o.BlindFor = 300 * time.Millisecond
	src := source(t, o)
	out, end := stream(t, src, nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	for range 5 {
		s.Publish("unseen")
	}
	wantFault(t, end(), post.Blind)
	n := s.Attempts()
	again, _ := stream(t, src, out.cursor)
	again.until(t, "live", func() bool { return again.live == 1 })
	for deadline := time.Now().Add(10 * time.Second); s.Attempts() == n; {
		if time.Now().After(deadline) {
			t.Fatal("no stream is tried again")
		}
		id := s.Publish("in between")
		again.until(t, "a post by polling", func() bool { return again.has(id) || s.Attempts() > n })
	}
}

// A log that is full ends the stream with the error that says so.
func TestFull(t *testing.T) {
	s := server(t, mastodontest.Options{})
	src := source(t, quick(t, s))
	out, end := stream(t, src, nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	out.change(func() { out.full = true })
	s.Publish("too much")
	if err := end(); !errors.Is(err, collectors.ErrFull) {
		t.Errorf("ended with %v", err)
	}
}

// What an instance says of its streaming server is not followed, and neither is
// a redirect: the token goes where the operator said.
func TestTokenStays(t *testing.T) {
	var asked []string
	var mu sync.Mutex
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.Header.Get("Authorization"))
	}))
	defer thief.Close()
	s := server(t, mastodontest.Options{Streaming: strings.Replace(thief.URL, "http", "ws", 1)})
	src := source(t, quick(t, s))
	checks := src.Probe(t.Context())
	if !slices.ContainsFunc(checks, func(c collectors.Check) bool {
		return c.Outcome == collectors.Warn && strings.Contains(c.Text, "its streams are at")
	}) {
		t.Errorf("nobody is told of the other host: %+v", checks)
	}
	out, _ := stream(t, src, nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	s.Answer(http.StatusFound, http.Header{"Location": {thief.URL}})
	s.Cut()
	o := quick(t, s)
	_, end := stream(t, source(t, o), nil)
	if _, ok := errors.AsType[*collectors.Fault](end()); !ok {
		t.Error("a redirect is no fault")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 0 {
		t.Errorf("another host was asked, with %q", asked)
	}
}
