package filtered_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/collectors/x/filtered"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func TestDelivers(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	s, out := source(t, options(t, x, c)), &recorder{}
	r := run(t, s, nil, out)
	eventually(t, "the stream is live", out.live)
	ids := publish(x, 500)
	repost := x.Repost(ids[0])
	eventually(t, "all posts come", func() bool { return len(out.ids()) >= 501 })
	if !out.has(repost) {
		t.Error("the repost did not come")
	}
	if err := r.stop(); !errors.Is(err, context.Canceled) {
		t.Errorf("Stream ended with %v, want the end of its context", err)
	}
	values, tags := x.Rules()
	if len(values) == 0 || tags[0] != "winnow:baku" {
		t.Errorf("X's rules are %q with tags %q", values, tags)
	}
	if sp := s.Spend(); sp.PostsToday != 501 {
		t.Errorf("%d posts metered, X delivered %d", sp.PostsToday, x.Delivered())
	}
	cursor := string(get(out, func() []byte { return out.cursor }))
	if !strings.Contains(cursor, repost) {
		t.Errorf("the cursor %s does not hold the newest id %s", cursor, repost)
	}
	for _, p := range get(out, func() []post.Post { return out.posts }) {
		if p.ObservedAt.IsZero() || p.ObservedAt.Location() != time.UTC {
			t.Fatalf("a post was observed at %v", p.ObservedAt)
		}
	}
}

func TestEditKeepsIdentity(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	s, out := source(t, options(t, x, c)), &recorder{}
	run(t, s, nil, out)
	eventually(t, "the stream is live", out.live)
	id := x.Publish("first words")
	x.Edit(id, "second thoughts")
	eventually(t, "post and edit come", func() bool { return len(out.ids()) == 2 })
	for _, got := range out.ids() {
		if got != id {
			t.Errorf("a version has the identity %s, want %s", got, id)
		}
	}
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name   string
		status int
		cause  post.Cause
		final  bool
	}{
		{"unauthorised", http.StatusUnauthorized, post.Unauthorised, true},
		{"forbidden", http.StatusForbidden, post.Unauthorised, true},
		{"unavailable", http.StatusServiceUnavailable, post.Unavailable, false},
		{"rate limited", http.StatusTooManyRequests, post.RateLimited, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := midday()
			x := fake(t, c, xtest.Options{})
			x.Answer(tt.status, nil)
			err := run(t, source(t, options(t, x, c)), nil, &recorder{}).wait()
			f, ok := errors.AsType[*collectors.Fault](err)
			if !ok || f.Cause != tt.cause || f.Final() != tt.final {
				t.Fatalf("%d: %v, want %s", tt.status, err, tt.cause)
			}
			if f.Final() && f.Advice == "" {
				t.Error("no advice for what only the operator can mend")
			}
			if strings.Contains(err.Error(), x.Token()) {
				t.Error("the token is in the error")
			}
		})
	}
}

func TestEndsWithReason(t *testing.T) {
	tests := []struct {
		name string
		end  func(x *xtest.Server)
		want []post.Cause
	}{
		{"message", (*xtest.Server).End, []post.Cause{post.Unavailable}},
		{"cut", (*xtest.Server).Cut, []post.Cause{post.Network}},
		{"end of file", (*xtest.Server).EOF, []post.Cause{post.Network}},
		{"cap reached", func(x *xtest.Server) {
			x.Raw([]byte(`{"errors":[{"title":"UsageCapExceeded","type":"https://api.x.com/2/problems/usage-capped"}]}`))
		}, []post.Cause{post.Budget}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := midday()
			x := fake(t, c, xtest.Options{})
			out := &recorder{}
			r := run(t, source(t, options(t, x, c)), nil, out)
			eventually(t, "the stream is live", out.live)
			id := x.Publish("the last one")
			eventually(t, "the post comes", func() bool { return out.has(id) })
			tt.end(x)
			f, ok := errors.AsType[*collectors.Fault](r.wait())
			if !ok || f.Cause != tt.want[0] {
				t.Fatalf("Stream ended with %v, want %s", f, tt.want)
			}
			if f.Cause == post.Budget && f.Until.IsZero() {
				t.Error("nobody says when to look for money again")
			}
		})
	}
}

func TestGhostsAreClosedOnce(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	s, out := source(t, options(t, x, c)), &recorder{}
	r := run(t, s, nil, out)
	eventually(t, "the stream is live", out.live)
	x.Haunt(true)
	x.Cut()
	_ = r.wait()

	again := &recorder{}
	r = run(t, s, nil, again)
	eventually(t, "the ghost is closed and the stream is live", again.live)
	if n := x.Asked("DELETE /2/connections/all"); n != 1 {
		t.Errorf("connections were closed %d times, want 1", n)
	}
	x.Cut()
	_ = r.wait()
	err := run(t, s, nil, &recorder{}).wait()
	if !errors.Is(err, api.ErrTooManyConnections) {
		t.Errorf("a second ghost within 15 minutes: %v, want too many connections", err)
	}
	c.add(16 * time.Minute)
	third := &recorder{}
	run(t, s, nil, third)
	eventually(t, "after 15 minutes ghosts are closed again", third.live)
}

func TestFullBufferEndsTheStream(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	out := &recorder{full: true}
	r := run(t, source(t, options(t, x, c)), nil, out)
	eventually(t, "the stream is live", out.live)
	x.Publish("no room")
	if err := r.wait(); !errors.Is(err, collectors.ErrFull) {
		t.Errorf("Stream ended with %v, want %v", err, collectors.ErrFull)
	}
}

func TestBackfillMinutes(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{Enterprise: true})
	o := options(t, x, c)
	o.Enterprise, o.BackfillMinutes = true, 5
	s, out := source(t, o), &recorder{}
	r := run(t, s, nil, out)
	eventually(t, "the stream is live", out.live)
	first := x.Publish("before the gap")
	eventually(t, "the post comes", func() bool { return out.has(first) })
	x.Cut()
	_ = r.wait()
	missed := x.Publish("in the gap")

	again := &recorder{}
	run(t, source(t, o), get(out, func() []byte { return out.cursor }), again)
	eventually(t, "what was missed comes", func() bool { return again.has(missed) })
	eventually(t, "the gap is said to be covered", func() bool {
		return get(again, func() bool { return len(again.reached) > 0 })
	})
	if from := get(again, func() time.Time { return again.lives[0] }); from.IsZero() || c.now().Sub(from) > time.Minute {
		t.Errorf("live since %v, want since before the gap", from)
	}

	c.add(10 * time.Minute)
	third := &recorder{}
	run(t, source(t, o), get(out, func() []byte { return out.cursor }), third)
	eventually(t, "the stream is live again", third.live)
	if from := get(third, func() time.Time { return third.lives[0] }); !from.IsZero() {
		t.Errorf("after ten minutes five are asked for, and the stream claims to be complete since %v", from)
	}
}

func TestUnwatchableCampaign(t *testing.T) {
	c := midday()
	x := fake(t, c, xtest.Options{})
	o := options(t, x, c)
	o.Campaigns = []campaign.Campaign{{Name: "nothing", Tags: []string{"#!!"}}}
	err := run(t, source(t, o), nil, &recorder{}).wait()
	if f, ok := errors.AsType[*collectors.Fault](err); !ok || f.Cause != post.Misconfigured || f.Advice == "" {
		t.Errorf("a campaign of nothing: %v, want %s with advice", err, post.Misconfigured)
	}
}

func TestWrongOptions(t *testing.T) {
	good := filtered.Options{Campaigns: baku, HTTP: client(t, midday())}
	if _, err := filtered.New(good); err != nil {
		t.Fatalf("good options are refused: %v", err)
	}
	for name, spoil := range map[string]func(o *filtered.Options){
		"no client":        func(o *filtered.Options) { o.HTTP = nil },
		"no campaign":      func(o *filtered.Options) { o.Campaigns = nil },
		"long backfill":    func(o *filtered.Options) { o.Backfill = 8 * 24 * time.Hour },
		"backfill minutes": func(o *filtered.Options) { o.BackfillMinutes = 6 },
		"unordered ages":   func(o *filtered.Options) { o.LookUps = []time.Duration{2, 1} },
		"negative price":   func(o *filtered.Options) { o.Budget.USDPerPost = -1 },
	} {
		o := good
		spoil(&o)
		if _, err := filtered.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
