package rest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/mastodon/mastodontest"
	"winnow/collectors/mastodon/rest"
	"winnow/pipeline/post"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ask returns a client of a server at an address.
func ask(t *testing.T, address, token string) *rest.Client {
	t.Helper()
	c, err := dial.New(dial.Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return rest.New(rest.Options{Base: base, HTTP: dial.WithToken(c, address, token), Now: time.Now})
}

func fake(t *testing.T, o mastodontest.Options) *mastodontest.Server {
	t.Helper()
	s := mastodontest.New(o)
	t.Cleanup(s.Close)
	return s
}

func wantFault(t *testing.T, err error, cause post.Cause) *collectors.Fault {
	t.Helper()
	f, ok := errors.AsType[*collectors.Fault](err)
	if !ok || f.Cause != cause {
		t.Fatalf("%v, want a fault with the cause %s", err, cause)
	}
	return f
}

// Pages follow each other without a hole in both directions, also where ids
// grow longer on the way and where they are ULIDs.
func TestTimelinePages(t *testing.T) {
	for _, ulids := range []bool{false, true} {
		s := fake(t, mastodontest.Options{PageSize: 7, ULIDs: ulids})
		var want []string
		for i := range 40 {
			want = append(want, s.Publish(fmt.Sprint("post ", i)))
		}
		c := ask(t, s.URL(), mastodontest.UserToken)
		var got []string
		page, err := c.Timeline(t.Context(), s.Tag(), rest.Range{})
		for ; err == nil && page.Items > 0; page, err = c.Timeline(t.Context(), s.Tag(), rest.Range{Before: page.Oldest}) {
			var uris []string
			for i := range page.Statuses {
				uris = append(uris, page.Statuses[i].URI)
			}
			got = append(uris, got...)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("back: %d of %d posts, %v", len(got), len(want), err)
		}
		first, err := c.Timeline(t.Context(), s.Tag(), rest.Range{After: "0"})
		if err != nil {
			t.Fatal(err)
		}
		got = nil
		for page = first; err == nil && page.Items > 0; page, err = c.Timeline(t.Context(), s.Tag(), rest.Range{After: page.Newest}) {
			for i := range page.Statuses {
				got = append(got, page.Statuses[i].URI)
			}
		}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("forward: %d of %d posts, %v", len(got), len(want), err)
		}
	}
}

// One status that cannot be read costs nothing but itself.
func TestOddItems(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `[{"id":"3","created_at":"2026-06-12T18:00:00Z","poll":7},{"id":"2","created_at":7},7,{"id":{}},{"id":"1","created_at":"2026-06-12"}]`)
	}))
	defer web.Close()
	page, err := ask(t, web.URL, "").Timeline(t.Context(), "x", rest.Range{})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Statuses) != 2 || page.Items != 5 || len(page.Rejects) != 3 || page.Oldest != "1" || page.Newest != "3" {
		t.Errorf("%d statuses of %d, %d rejects, %q to %q", len(page.Statuses), page.Items, len(page.Rejects), page.Oldest, page.Newest)
	}
}

// A server that wants to be left alone is: at once, and until it says.
func TestLimit(t *testing.T) {
	s := fake(t, mastodontest.Options{Quota: 2, QuotaPer: time.Hour})
	c := ask(t, s.URL(), mastodontest.UserToken)
	for range 2 {
		if _, err := c.Timeline(t.Context(), s.Tag(), rest.Range{}); err != nil {
			t.Fatal(err)
		}
	}
	if left, most, _ := c.Left(); left != 0 || most != 2 {
		t.Errorf("%d of %d left", left, most)
	}
	if c.Spare() {
		t.Error("there is room to spare")
	}
	begin := time.Now()
	for range 3 {
		_, err := c.Timeline(t.Context(), s.Tag(), rest.Range{})
		f := wantFault(t, err, post.RateLimited)
		if d := time.Until(f.Until); d < 50*time.Minute || d > time.Hour {
			t.Errorf("to be tried again in %v", d)
		}
	}
	if d := time.Since(begin); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
	if n := len(s.Requests()); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

// An unexpected 429 is a fault at once, though go-mastodon would wait.
func TestTooMany(t *testing.T) {
	s := fake(t, mastodontest.Options{})
	reset := time.Now().Add(10 * time.Minute)
	s.Answer(http.StatusTooManyRequests, http.Header{"X-RateLimit-Reset": {reset.UTC().Format("2006-01-02T15:04:05.000000Z")}})
	c := ask(t, s.URL(), mastodontest.UserToken)
	_, err := c.Timeline(t.Context(), s.Tag(), rest.Range{})
	f := wantFault(t, err, post.RateLimited)
	if d := f.Until.Sub(reset).Abs(); d > time.Second {
		t.Errorf("until %v, want %v", f.Until, reset)
	}
	_, err = c.Timeline(t.Context(), s.Tag(), rest.Range{})
	wantFault(t, err, post.RateLimited)
	if n := len(s.Requests()); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestFaults(t *testing.T) {
	for body, cause := range map[string]post.Cause{
		"<html>a page</html>": post.Protocol, "": post.Network, `{"a":1}`: post.Protocol, `[{"id":`: post.Network, `"x"`: post.Protocol,
		`[` + strings.Repeat(`{"id":"1"},`, 2_000_000) + `{}]`: post.Protocol,
	} {
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
		_, err := ask(t, web.URL, "").Timeline(t.Context(), "x", rest.Range{})
		web.Close()
		f, ok := errors.AsType[*collectors.Fault](err)
		if !ok || f.Cause != cause {
			t.Errorf("%.20q: %v, want %s", body, err, cause)
		}
	}
	s := fake(t, mastodontest.Options{Private: true})
	for token, says := range map[string]string{"": "token of a user", mastodontest.NoScopeToken: "lacks a scope", "wrong": "not valid"} {
		_, err := ask(t, s.URL(), token).Timeline(t.Context(), s.Tag(), rest.Range{})
		if f := wantFault(t, err, post.Unauthorised); !strings.Contains(f.Err.Error(), says) || f.Advice == "" {
			t.Errorf("%q: %v", token, f)
		}
	}
	c := ask(t, s.URL(), mastodontest.UserToken)
	if _, err := c.Status(t.Context(), "404"); !errors.Is(err, rest.ErrNotFound) {
		t.Errorf("a status that is not there: %v", err)
	}
	n := len(s.Requests())
	for _, id := range []string{"", "../../x", "a?b", strings.Repeat("1", 65)} {
		if _, err := c.Status(t.Context(), id); err == nil {
			t.Errorf("%q is an id", id)
		}
	}
	if len(s.Requests()) != n {
		t.Error("an id that is none was asked for")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Status(ctx, "1"); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

// Boosts are listed page by page, and later only those that came since.
func TestBoostedBy(t *testing.T) {
	s := fake(t, mastodontest.Options{PageSize: 5})
	uri := s.Publish("boost this")
	id := uri[strings.LastIndexByte(uri, '/')+1:]
	for n := range 12 {
		s.Boost(uri, n+2)
	}
	c := ask(t, s.URL(), mastodontest.UserToken)
	list := func(since string) (n int, next string) {
		older := ""
		for {
			b, err := c.BoostedBy(t.Context(), id, older, since)
			if err != nil {
				t.Fatal(err)
			}
			if older == "" {
				next = b.Since
			}
			n += len(b.Accounts)
			if older = b.Older; older == "" {
				return n, next
			}
		}
	}
	n, since := list("")
	if n != 12 || since == "" {
		t.Fatalf("%d boosts, then those since %q", n, since)
	}
	if n, _ := list(since); n != 0 {
		t.Errorf("%d boosts are new, want none", n)
	}
	s.Boost(uri, 99)
	if n, _ := list(since); n != 1 {
		t.Errorf("%d boosts are new, want 1", n)
	}
}
