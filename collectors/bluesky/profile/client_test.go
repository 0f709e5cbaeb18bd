package profile_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors/bluesky/blueskytest"
	"winnow/collectors/bluesky/profile"
	"winnow/pipeline/post"
)

func setup(t *testing.T, change func(*profile.Options)) (*blueskytest.Server, *profile.Client) {
	t.Helper()
	fake := blueskytest.New(blueskytest.Options{NoDictionary: true})
	t.Cleanup(fake.Close)
	o := profile.Options{Base: fake.URL(), HTTP: &http.Client{Transport: &http.Transport{}}, Rate: 1000, Registerer: prometheus.NewRegistry()}
	t.Cleanup(o.HTTP.CloseIdleConnections)
	if change != nil {
		change(&o)
	}
	c, err := profile.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return fake, c
}

func by(did string) post.Post {
	return post.Post{
		Platform: post.Bluesky, ID: "at://" + did + "/app.bsky.feed.post/1", Kind: post.Original,
		Account: post.Account{ID: did}, PostedAt: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC),
	}
}

// TestEnrich: each account is asked for once while it is remembered, 25 at a
// time, and what is not known stays unknown.
func TestEnrich(t *testing.T) {
	now := time.Date(2026, 6, 2, 0, 0, 0, 0, time.UTC)
	fake, c := setup(t, func(o *profile.Options) { o.Now = func() time.Time { return now } })
	var posts []post.Post
	for i := range 60 {
		did := fmt.Sprintf("did:plc:%d", i)
		if i != 7 {
			fake.SetProfile(blueskytest.Profile{
				DID: did, Handle: fmt.Sprintf("a%d.example", i), Name: " A ", Avatar: "x",
				Followers: int64(i), Follows: 2, Posts: -3, CreatedAt: "2024-01-02T03:04:05.678Z",
			})
		}
		posts = append(posts, by(did), by(did))
	}
	posts = append(posts, by("https://elsewhere.example"), post.Post{Platform: post.X, Account: post.Account{ID: "did:plc:9"}})
	c.Enrich(t.Context(), posts)
	if got := fake.Lookups(); got != 3 {
		t.Errorf("%d look-ups for 60 accounts, want 3", got)
	}
	want := post.Account{
		ID: "did:plc:4", Handle: "a4.example", Name: "A", Followers: post.KnownCount(4), Following: post.KnownCount(2),
		CreatedAt: time.Date(2024, 1, 2, 3, 4, 5, 678_000_000, time.UTC),
	}
	for _, i := range []int{8, 9} {
		if diff := cmp.Diff(want, posts[i].Account); diff != "" {
			t.Errorf("post %d (-want +got):\n%s", i, diff)
		}
	}
	for _, i := range []int{14, 120, 121} {
		if a := posts[i].Account; a.Handle != "" || a.Followers != 0 {
			t.Errorf("post %d has an author who is not known: %+v", i, a)
		}
	}
	c.Enrich(t.Context(), posts)
	if got := fake.Lookups(); got != 3 {
		t.Errorf("%d look-ups, though all were remembered", got)
	}
	now = now.Add(time.Hour)
	c.Enrich(t.Context(), posts)
	if got := fake.Lookups(); got != 4 {
		t.Errorf("%d look-ups an hour later, want one more for the account that was absent", got)
	}
	now = now.Add(6 * time.Hour)
	c.Enrich(t.Context(), posts)
	if got := fake.Lookups(); got != 7 {
		t.Errorf("%d look-ups seven hours later, want three more", got)
	}
}

// TestLimits: a service that asks to wait is not asked, and nobody is waited for
// longer than allowed.
func TestLimits(t *testing.T) {
	now := time.Date(2026, 6, 2, 0, 0, 0, 0, time.UTC)
	fake, c := setup(t, func(o *profile.Options) { o.Now = func() time.Time { return now }; o.Rate = 0.001 })
	fake.SetProfile(blueskytest.Profile{DID: "did:plc:1", Handle: "a.example"})
	fake.Answer(http.StatusTooManyRequests, http.Header{"Retry-After": {"60"}})
	p := []post.Post{by("did:plc:1")}
	c.Enrich(t.Context(), p)
	fake.Answer(0, nil)
	c.Enrich(t.Context(), p)
	if p[0].Account.Handle != "" || fake.Lookups() != 0 {
		t.Error("asked again though told to wait")
	}
	now = now.Add(2 * time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	c.Enrich(ctx, p) // the next call is minutes away by our own limit
	if p[0].Account.Handle != "" {
		t.Error("asked more often than allowed")
	}
}

func TestResolve(t *testing.T) {
	fake, c := setup(t, nil)
	fake.SetProfile(blueskytest.Profile{DID: "did:plc:1", Handle: "Anna.example"})
	got, err := c.Resolve(t.Context(), []string{"anna.example", "nobody.example"})
	if diff := cmp.Diff(map[string]string{"anna.example": "did:plc:1"}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	fake.Answer(500, nil)
	if _, err := c.Resolve(t.Context(), []string{"anna.example"}); err == nil || c.Check(t.Context()) == nil {
		t.Error("no error from a service that fails")
	}
}

func TestNew(t *testing.T) {
	for _, o := range []profile.Options{{}, {HTTP: http.DefaultClient, Base: "nowhere"}, {HTTP: http.DefaultClient, Accounts: -1}} {
		if _, err := profile.New(o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}
