package app_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/bluesky/blueskytest"
	"winnow/collectors/bluesky/jetstream"
	"winnow/collectors/collectortest"
	"winnow/collectors/dial"
	"winnow/collectors/mastodon/instance"
	"winnow/collectors/mastodon/mastodontest"
	"winnow/collectors/mastodon/rest"
	"winnow/collectors/x/filtered"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/campaign"
)

// soakTag is in every post.
const soakTag = "Baku2015"

// lane is a source beside the fake of its platform.
type lane struct {
	name     string
	platform collectortest.Platform
	source   collectors.Source
	faults   []fault // by one goroutine, then read

	mu    sync.Mutex
	posts []soaked
}

// soaked is a post that was published between two times.
type soaked struct {
	id         string
	begin, end time.Time
}

func (l *lane) add(p soaked) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.posts = append(l.posts, p)
}

func (l *lane) published() []soaked {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.posts)
}

// soakLadder lets sources connect again within five seconds after a fault,
// however long it was: the ladders of the platforms are for days.
var soakLadder = collectors.Ladder{
	Network:     collectors.Steps{First: 20 * time.Millisecond, Factor: 2, Most: time.Second},
	Unavailable: collectors.Steps{First: 100 * time.Millisecond, Factor: 2, Most: 2 * time.Second},
	RateLimited: collectors.Steps{First: 500 * time.Millisecond, Factor: 2, Most: 2 * time.Second, Exact: true},
	Healthy:     time.Second,
}

// soakQuota is none: a real server would let fewer pages be asked for in ten
// minutes than so many outages need.
var soakQuota = rest.Quota{Calls: 1_000_000, Per: time.Minute}

func soakClient(t *testing.T) *http.Client {
	t.Helper()
	c, err := dial.New(dial.Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func newLane(p collectortest.Platform, s collectors.Source) *lane {
	return &lane{name: s.Info().Name, platform: p, source: s}
}

func xLane(t *testing.T, campaigns []campaign.Campaign) *lane {
	t.Helper()
	x, err := xtest.New(xtest.Options{Token: "soak", Tag: "#" + soakTag})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	s, err := filtered.New(filtered.Options{
		Campaigns: campaigns, Base: x.URL(), HTTP: soakClient(t), Token: "soak",
		Stall: soakStall, Ladder: soakLadder, RuleDelay: time.Millisecond, SearchLag: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	return newLane(x, s)
}

func mastodonLane(t *testing.T, campaigns []campaign.Campaign) *lane {
	t.Helper()
	m := mastodontest.New(mastodontest.Options{Tag: soakTag})
	t.Cleanup(m.Close)
	s, err := instance.New(instance.Options{
		URL: m.URL(), Campaigns: campaigns, HTTP: soakClient(t), Token: mastodontest.UserToken,
		All: soakQuota, Paging: soakQuota, BoostsEvery: -1,
		Stall: soakStall, Ladder: soakLadder,
	})
	if err != nil {
		t.Fatal(err)
	}
	return newLane(m, s)
}

func blueskyLane(t *testing.T, campaigns []campaign.Campaign) *lane {
	t.Helper()
	b := blueskytest.New(blueskytest.Options{Tag: soakTag, Background: 200})
	t.Cleanup(b.Close)
	matcher, err := campaign.NewMatcher(campaigns)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jetstream.New(jetstream.Options{
		Hosts: []string{b.Host()}, Campaigns: campaigns, Matcher: matcher, HTTP: soakClient(t), Compress: true,
		Stall: soakStall, Ladder: soakLadder,
	})
	if err != nil {
		t.Fatal(err)
	}
	return newLane(b, s)
}
