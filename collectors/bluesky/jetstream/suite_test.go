package jetstream_test

import (
	"net/http"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/bluesky"
	"winnow/collectors/bluesky/blueskytest"
	"winnow/collectors/bluesky/jetstream"
	"winnow/collectors/collectortest"
	"winnow/collectors/dial"
	"winnow/pipeline/campaign"
)

// campaigns are what the tests watch.
func campaigns() []campaign.Campaign {
	return []campaign.Campaign{{
		Name: "c", Tags: []string{"winnow"}, Terms: []string{"political prisoners"},
		Protected: []campaign.Protected{{Account: "did:plc:protected"}, {Account: "@Anna.example"}},
	}}
}

// pace suits a network with a post now and then.
func pace() jetstream.Pace {
	return jetstream.Pace{Quiet: -1, Compare: -1, Idle: 50 * time.Millisecond, Save: 100 * time.Millisecond, Away: 200 * time.Millisecond}
}

func client(t testing.TB) *http.Client {
	t.Helper()
	c, err := dial.New(dial.Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func options(t testing.TB, hosts ...string) jetstream.Options {
	t.Helper()
	m, err := campaign.NewMatcher(campaigns())
	if err != nil {
		t.Fatal(err)
	}
	steps := collectors.Steps{First: 20 * time.Millisecond, Factor: 2, Most: 200 * time.Millisecond}
	return jetstream.Options{
		Hosts: hosts, Campaigns: campaigns(), Matcher: m, HTTP: client(t), Compress: true, Pace: pace(),
		Stall:  time.Second,
		Ladder: collectors.Ladder{Network: steps, Unavailable: steps, RateLimited: steps, Healthy: time.Second},
	}
}

func source(t testing.TB, o jetstream.Options) *jetstream.Source {
	t.Helper()
	s, err := jetstream.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func serve(t testing.TB, o blueskytest.Options) *blueskytest.Server {
	t.Helper()
	s := blueskytest.New(o)
	t.Cleanup(s.Close)
	return s
}

// TestSuite runs on a busy network on the new wire, and on a quiet one on the
// old wire as it was before it had numbers.
func TestSuite(t *testing.T) {
	for name, o := range map[string]blueskytest.Options{
		"new wire":        {Background: 200},
		"old, unnumbered": {Legacy: true, Unnumbered: true, Segment: 5},
	} {
		t.Run(name, func(t *testing.T) {
			collectortest.Run(t, func(t *testing.T) collectortest.Subject {
				fake := serve(t, o)
				with := func(t *testing.T, w collectortest.With) collectors.Source {
					o := options(t, fake.Host())
					o.Now, o.Log, o.Campaigns[0].Evidence = w.Now, w.Log, w.Evidence
					return source(t, o)
				}
				return collectortest.Subject{
					Platform: fake, Fills: true, Decode: bluesky.Decode, SourceWith: with,
					Source: func(t *testing.T) collectors.Source { return with(t, collectortest.With{}) },
				}
			})
		})
	}
}
