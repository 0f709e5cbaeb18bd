package classic_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/x/classic"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is an Out that keeps everything.
type recorder struct {
	mu        sync.Mutex
	posts     []post.Post
	deletions []post.Deletion
	shares    []float64
	live      int
	alive     int
	full      bool
	changed   chan struct{} // of capacity 1
}

func newRecorder() *recorder { return &recorder{changed: make(chan struct{}, 1)} }

func (r *recorder) note(f func()) {
	r.mu.Lock()
	f()
	r.mu.Unlock()
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

func (r *recorder) Alive()            { r.note(func() { r.alive++ }) }
func (r *recorder) Live(time.Time)    { r.note(func() { r.live++ }) }
func (r *recorder) Reached(time.Time) {}
func (r *recorder) Share(share float64, _ post.Cause, _ string) {
	r.note(func() { r.shares = append(r.shares, share) })
}

func (r *recorder) Deliver(d collectors.Delivery) (err error) {
	r.note(func() {
		if r.full {
			err = collectors.ErrFull
			return
		}
		r.posts, r.deletions = append(r.posts, d.Posts...), append(r.deletions, d.Deletions...)
	})
	return err
}

// until waits until f holds, which is asked with the lock held.
func (r *recorder) until(t *testing.T, what string, f func() bool) {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		r.mu.Lock()
		ok := f()
		r.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-r.changed:
		case <-late:
			t.Fatalf("in vain waited for: %s", what)
		}
	}
}

func (r *recorder) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, p := range r.posts {
		out = append(out, p.ID)
	}
	return out
}

// set is one source on one fake.
type set struct {
	*testing.T
	x    *xtest.Server
	s    *classic.Source
	out  *recorder
	reg  *prometheus.Registry
	end  context.CancelFunc
	done chan error
}

func start(t *testing.T, change func(*xtest.Server, *classic.Options)) *set {
	t.Helper()
	x, err := xtest.New(xtest.Options{Classic: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	client, err := dial.New(dial.Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	reg := prometheus.NewRegistry()
	o := classic.Options{
		URL: x.URL(), HTTP: dial.WithToken(client, x.URL(), x.Token()), Registerer: reg,
		Campaigns: []campaign.Campaign{{Name: "games", Tags: []string{"#Baku2015"}, Terms: []string{"empty cells"}}},
	}
	if change != nil {
		change(x, &o)
	}
	s, err := classic.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	z := &set{T: t, x: x, s: s, out: newRecorder(), reg: reg, end: cancel, done: make(chan error, 1)}
	go func() { z.done <- s.Stream(ctx, nil, z.out) }()
	t.Cleanup(cancel)
	return z
}

// live waits until the source is.
func (z *set) live() *set {
	z.Helper()
	z.out.until(z.T, "the stream stands", func() bool { return z.out.live == 1 })
	return z
}

// ended returns what Stream returned.
func (z *set) ended() error {
	z.Helper()
	select {
	case err := <-z.done:
		return err
	case <-time.After(10 * time.Second):
		z.Fatal("the stream does not end")
		return nil
	}
}

func (z *set) faults(want post.Cause) *collectors.Fault {
	z.Helper()
	err := z.ended()
	f, ok := errors.AsType[*collectors.Fault](err)
	if !ok || f.Cause != want {
		z.Fatalf("the stream ended with %v, want %s", err, want)
	}
	return f
}

// arrive waits for exactly these posts.
func (z *set) arrive(ids ...string) {
	z.Helper()
	z.out.until(z.T, "all posts", func() bool { return len(z.out.posts) >= len(ids) })
	if diff := cmp.Diff(ids, z.out.ids()); diff != "" {
		z.Errorf("posts (-want +got):\n%s", diff)
	}
}

func TestPosts(t *testing.T) {
	for _, frame := range []struct {
		newline string
		hold    int
	}{{"\r\n", 0}, {"\n", 0}, {"\n", 700}, {"\r\n", 3000}} {
		z := start(t, func(x *xtest.Server, _ *classic.Options) { x.Frame(frame.newline, frame.hold) }).live()
		a := z.x.Publish("Opening & closing")
		b := z.x.Repost(a)
		z.x.PublishOther("nothing to do with it")
		c := z.x.PublishOther("the cells are quite empty")
		d := z.x.Publish(strings.Repeat("much to say ", 40))
		z.arrive(a, b, c, d)
		first, second, long := z.out.posts[0], z.out.posts[1], z.out.posts[3]
		if first.Text != "Opening & closing #Baku2015" || first.ObservedAt.IsZero() || first.Account.Followers == 0 {
			t.Errorf("a post came as %+v", first)
		}
		if second.Kind != post.Repost || second.RepostOf.PostID != a {
			t.Errorf("a retweet came as %+v", second)
		}
		if len(long.Text) < 480 || len(long.Tags) != 1 {
			t.Errorf("a long post came as %+v", long)
		}
		z.x.Delete(a)
		z.x.Frame(frame.newline, 0) // it is too short to fill what is held back
		z.out.until(t, "the deletion", func() bool { return len(z.out.deletions) == 1 })
		if got := z.out.deletions[0]; got.NativeID != a || time.Since(got.At) > time.Minute {
			t.Errorf("the deletion is %+v", got)
		}
		z.end()
		if err := z.ended(); !errors.Is(err, context.Canceled) {
			t.Errorf("after its context the stream returned %v", err)
		}
	}
}

// go-twitter's own way with each of these is to try again at once, never, or
// to say nothing (see doc.go): here each is one request and one fault.
func TestEachFaultIsOneRequest(t *testing.T) {
	reset := time.Now().Add(time.Hour).Truncate(time.Second)
	answer := func(status int, h http.Header) func(*xtest.Server, *classic.Options) {
		return func(x *xtest.Server, _ *classic.Options) { x.Answer(status, h) }
	}
	for _, c := range []struct {
		name   string
		before func(*xtest.Server, *classic.Options)
		after  func(*xtest.Server)
		want   post.Cause
	}{
		{"401", answer(401, nil), nil, post.Unauthorised},
		{"403", answer(403, nil), nil, post.Unauthorised},
		{"404", answer(404, nil), nil, post.Misconfigured},
		{"406", answer(406, nil), nil, post.Misconfigured},
		{"410", answer(410, nil), nil, post.Misconfigured},
		{"420", answer(420, nil), nil, post.RateLimited},
		{"429", answer(429, http.Header{"X-Rate-Limit-Reset": {strconv.FormatInt(reset.Unix(), 10)}}), nil, post.RateLimited},
		{"503", answer(503, nil), nil, post.Unavailable},
		{"204", answer(204, nil), nil, post.Protocol},
		{"refused", func(x *xtest.Server, _ *classic.Options) { x.Refuse(true) }, nil, post.Network},
		{"wrong token", func(x *xtest.Server, o *classic.Options) { o.HTTP, _ = dial.New(dial.Options{AllowPrivate: true}) }, nil, post.Unauthorised},
		{"cut", nil, (*xtest.Server).Cut, post.Network},
		{"end of file", nil, (*xtest.Server).EOF, post.Network},
		{"goodbye", nil, (*xtest.Server).End, post.Unavailable},
		{"token withdrawn", nil, func(x *xtest.Server) { x.Raw([]byte(`{"disconnect":{"code":6}}`)) }, post.Unauthorised},
		{"second stream", nil, func(x *xtest.Server) { x.Raw([]byte(`{"disconnect":{"code":7}}`)) }, post.RateLimited},
		{"too slow", nil, func(x *xtest.Server) { x.Raw([]byte(`{"disconnect":{"code":4}}`)) }, post.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			z := start(t, func(x *xtest.Server, o *classic.Options) {
				if c.before != nil {
					c.before(x, o)
				}
			})
			if c.after != nil {
				z.live()
				id := z.x.Publish("one")
				z.arrive(id)
				c.after(z.x)
			}
			f := z.faults(c.want)
			if f.Final() && f.Advice == "" {
				t.Errorf("no advice with %v", f)
			}
			if c.name == "429" && !f.Until.Equal(reset) {
				t.Errorf("until %v, want %v", f.Until, reset)
			}
			if got := z.x.Attempts(); got != 1 {
				t.Errorf("%d requests, want 1", got)
			}
		})
	}
}

func TestEndsWithItsContext(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(*set)
	}{
		{"connected", func(z *set) { z.live() }},
		{"silent", func(z *set) { z.live(); z.x.Silence(true) }},
		{"posts flow", func(z *set) { z.live(); z.x.Publish("one"); z.x.Publish("two") }},
		{"at once", func(*set) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			z := start(t, nil)
			c.before(z)
			z.end()
			if err := z.ended(); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("connecting", func(t *testing.T) {
		asked := make(chan struct{})
		z := start(t, func(_ *xtest.Server, o *classic.Options) {
			o.HTTP = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				close(asked)
				<-r.Context().Done()
				return nil, r.Context().Err()
			})}
		})
		<-asked
		z.end()
		if err := z.ended(); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestFullLog(t *testing.T) {
	z := start(t, nil).live()
	z.out.note(func() { z.out.full = true })
	for range 100 {
		z.x.Publish("too many")
	}
	if err := z.ended(); !errors.Is(err, collectors.ErrFull) {
		t.Errorf("got %v", err)
	}
}

// What is wrong costs itself and nothing else.
func TestHostileMessages(t *testing.T) {
	z := start(t, func(_ *xtest.Server, o *classic.Options) { o.MaxLine = 900_000 }).live()
	want := []string{}
	for name, raw := range z.x.Hostile() {
		z.x.Raw(raw)
		id := z.x.Publish("after " + name)
		want = append(want, id)
		z.arrive(want...)
	}
	for _, p := range z.out.posts {
		if !strings.HasPrefix(p.Text, "after ") {
			t.Errorf("a wrong message became the post %+v", p)
		}
	}
	if n := counted(t, z.reg, "winnow_x_classic_rejects_total"); n < 5 {
		t.Errorf("%d reasons of rejects", n)
	}
	if got := z.x.Attempts(); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
}

// go-twitter's struct has zero for a figure that is not there.
func TestMissingFiguresAreUnknown(t *testing.T) {
	z := start(t, nil).live()
	const status = `"id_str":"1700000000000000001","created_at":"Fri Sep 01 00:00:00 +0000 2023","text":"#Baku2015",` +
		`"user":{"id_str":"3","screen_name":"anna","friends_count":0}`
	z.x.Raw([]byte(`{"retweet_count":0,` + status + `}`))
	z.x.Raw([]byte(`{` + status + `}`)) // not even the figure by which go-twitter knows a status
	z.out.until(t, "the posts", func() bool { return len(z.out.posts) == 2 })
	for i, p := range z.out.posts {
		if p.Account.Followers != 0 || p.Account.Following != post.KnownCount(0) || p.Engagement.Likes != 0 ||
			p.Engagement.Reposts != []post.Count{post.KnownCount(0), 0}[i] {
			t.Errorf("post %d has %+v, %+v", i, p.Account, p.Engagement)
		}
	}
}

func TestLimit(t *testing.T) {
	now := time.Date(2026, 6, 12, 18, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	z := start(t, func(_ *xtest.Server, o *classic.Options) { o.Now = clock }).live()
	for range 3 {
		z.x.Publish("three of four")
	}
	z.x.Raw([]byte(`{"limit":{"track":1,"timestamp_ms":"1781287200000"}}`))
	z.x.Publish("one of ten")
	z.x.Raw([]byte(`{"limit":{"track":10}}`))
	z.x.Raw([]byte(`{"limit":{"track":10}}`)) // nothing new
	z.x.Publish("still limited")
	z.out.until(t, "five posts", func() bool { return len(z.out.posts) == 5 })
	mu.Lock()
	now = now.Add(2 * time.Minute)
	mu.Unlock()
	z.x.Publish("all again")
	z.out.until(t, "six posts", func() bool { return len(z.out.posts) == 6 })
	if diff := cmp.Diff([]float64{0.75, 0.1, 1}, z.out.shares); diff != "" {
		t.Errorf("shares (-want +got):\n%s", diff)
	}
	want := `
# HELP winnow_x_classic_undelivered_posts_total Matching posts that the server says it left out.
# TYPE winnow_x_classic_undelivered_posts_total counter
winnow_x_classic_undelivered_posts_total{source="x/classic"} 10
`
	if err := testutil.GatherAndCompare(z.reg, strings.NewReader(want), "winnow_x_classic_undelivered_posts_total"); err != nil {
		t.Error(err)
	}
}

func TestNotices(t *testing.T) {
	z := start(t, nil).live()
	for _, m := range []string{
		`{"warning":{"code":"FALLING_BEHIND","percent_full":60}}`, `{"scrub_geo":{"user_id":1}}`,
		`{"status_withheld":{"id":1}}`, `{"user_withheld":{"id":1}}`, `{"friends":[1]}`, `{"event":"favorite"}`,
	} {
		z.x.Raw([]byte(m))
	}
	z.arrive(z.x.Publish("after them"))
	if n := counted(t, z.reg, "winnow_x_classic_notices_total"); n != 6 {
		t.Errorf("%d kinds of notices, want 6", n)
	}
}

// counted is how many series of a counter are above zero.
func counted(t *testing.T, reg *prometheus.Registry, name string) (n int) {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && m.GetCounter().GetValue() > 0 {
				n++
			}
		}
	}
	return n
}

func TestProbe(t *testing.T) {
	z := start(t, func(_ *xtest.Server, o *classic.Options) {
		o.Campaigns[0].Protected = []campaign.Protected{{Platform: post.X, Account: "@open_games"}}
	}).live()
	z.end()
	if err := z.ended(); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	outcomes := func() (out []collectors.Outcome) {
		for _, c := range z.s.Probe(t.Context()) {
			if c.Text == "" || c.Outcome == collectors.Bad && c.Advice == "" {
				t.Errorf("a check says %+v", c)
			}
			out = append(out, c.Outcome)
		}
		return out
	}
	if diff := cmp.Diff([]collectors.Outcome{collectors.Good, collectors.Warn, collectors.Good}, outcomes()); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	z.x.Answer(401, nil)
	if diff := cmp.Diff([]collectors.Outcome{collectors.Good, collectors.Warn, collectors.Bad}, outcomes()); diff != "" {
		t.Errorf("checks with a bad token (-want +got):\n%s", diff)
	}
}
