package instance_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/mastodon/instance"
	"winnow/collectors/mastodon/mastodontest"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// A campaign's past comes as far back as is asked for, its own hashtags only.
func TestPast(t *testing.T) {
	s := server(t, mastodontest.Options{PageSize: 6})
	now := time.Now()
	wanted := make(map[string]bool)
	for h := 100; h > 0; h-- {
		id := s.PublishAt(fmt.Sprint(h, " hours ago"), now.Add(-time.Duration(h)*time.Hour))
		wanted[id] = h <= 48
	}
	o := quick(t, s)
	o.Campaigns = append(o.Campaigns, campaign.Campaign{Name: "other", Tags: []string{"other"}})
	o.BoostsEvery = -1
	src := source(t, o)
	out := newSink()
	gap := post.Gap{From: now.Add(-48*time.Hour - time.Minute), To: now, Cause: post.Before, Campaign: "games"}
	filled, err := src.Fill(t.Context(), gap, nil, out)
	if err != nil {
		t.Fatal(err)
	}
	if !filled.From.Equal(gap.From) || !filled.Complete || !strings.Contains(filled.Note, "boosts") {
		t.Errorf("filled %+v", filled)
	}
	for id, want := range wanted {
		if out.has(id) != want {
			t.Fatalf("post %s: delivered %v, want %v", id, !want, want)
		}
	}
	for _, r := range s.Requests() {
		if strings.HasSuffix(r.Path, "/other") {
			t.Error("another campaign's hashtag was asked for")
		}
	}
}

// A gap is filled forward from the newest id known, and what was just before it
// comes as well, since streams do not keep order. After a refusal it goes on.
func TestGap(t *testing.T) {
	s := server(t, mastodontest.Options{PageSize: 3, ULIDs: true})
	before := s.Publish("just before")
	src := source(t, quick(t, s))
	out, _ := stream(t, src, nil)
	out.until(t, "live", func() bool { return out.live == 1 })
	known := s.Publish("known")
	out.until(t, "the post", func() bool { return out.has(known) })
	out.mu.Lock()
	resume := out.cursor
	out.mu.Unlock()
	gap := post.Gap{From: time.Now(), Cause: post.Network}
	var missed []string
	for i := range 20 {
		missed = append(missed, s.Publish(fmt.Sprint("missed ", i)))
	}
	gap.To = time.Now()

	s.Answer(http.StatusServiceUnavailable, nil)
	if _, err := src.Fill(t.Context(), gap, resume, newSink()); err == nil {
		t.Error("a server that fails fills a gap")
	} else {
		wantFault(t, err, post.Unavailable)
	}
	s.Answer(0, nil)
	got := newSink()
	filled, err := src.Fill(t.Context(), gap, resume, got)
	if err != nil || !filled.Complete || !filled.From.Equal(gap.From) {
		t.Fatalf("%+v, %v", filled, err)
	}
	for _, id := range append(missed, before) {
		if !got.has(id) {
			t.Errorf("post %s was not filled in", id)
		}
	}
	for _, p := range got.posts {
		if strings.Contains(p.Text, "missed 19") && got.posts[len(got.posts)-1].ID != p.ID {
			t.Error("the newest is not the last")
		}
	}
}

// What the probe says, by what is wrong.
func TestProbe(t *testing.T) {
	for _, c := range []struct {
		name    string
		server  mastodontest.Options
		change  func(*instance.Options, *mastodontest.Server)
		bad     int
		text    string
		advises string
	}{
		{"all is well", mastodontest.Options{}, nil, 0, "the token is a user's", ""},
		{"no token", mastodontest.Options{}, func(o *instance.Options, _ *mastodontest.Server) { o.Token = "" }, 0, "there is no token", "read:statuses"},
		{"an application's token", mastodontest.Options{}, func(o *instance.Options, _ *mastodontest.Server) { o.Token = mastodontest.AppToken }, 2, "of an application alone", "Development"},
		{"a token without scope", mastodontest.Options{}, func(o *instance.Options, _ *mastodontest.Server) { o.Token = mastodontest.NoScopeToken }, 2, "lacks a scope", "read:statuses"},
		{"a wrong token", mastodontest.Options{}, func(o *instance.Options, _ *mastodontest.Server) { o.Token = "wrong" }, 3, "not valid", "make a new one"},
		{"no WebSocket", mastodontest.Options{NoWebSocket: true}, nil, 0, "there is no WebSocket", ""},
		{"for users only", mastodontest.Options{Private: true}, nil, 0, "shown to users only", ""},
		{"limits", mastodontest.Options{Quota: 300}, nil, 0, "of 300 requests are left", ""},
		{"nobody there", mastodontest.Options{}, func(_ *instance.Options, s *mastodontest.Server) { s.Refuse(true) }, 1, "the instance", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := server(t, c.server)
			o := options(t, s)
			if c.change != nil {
				c.change(&o, s)
			}
			checks := source(t, o).Probe(t.Context())
			bad, text, advice := 0, "", ""
			for _, check := range checks {
				if check.Outcome == collectors.Bad {
					bad++
				}
				text += check.Text + "\n"
				advice += check.Advice + "\n"
			}
			if bad != c.bad || !strings.Contains(text, c.text) || !strings.Contains(advice, c.advises) {
				t.Errorf("%d failed, want %d:\n%s%s", bad, c.bad, text, advice)
			}
			for _, token := range []string{mastodontest.UserToken, mastodontest.AppToken, mastodontest.NoScopeToken} {
				if strings.Contains(text+advice, token) {
					t.Error("a token is shown")
				}
			}
			if s.Open() != 0 {
				t.Error("a stream is left open")
			}
		})
	}
}
