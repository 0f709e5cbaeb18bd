package instance_test

import (
	"net/http"
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/collectortest"
	"winnow/collectors/dial"
	"winnow/collectors/mastodon"
	"winnow/collectors/mastodon/instance"
	"winnow/collectors/mastodon/mastodontest"
	"winnow/collectors/mastodon/rest"
	"winnow/pipeline/campaign"
)

// plenty is a quota that no test reaches.
var plenty = rest.Quota{Calls: 1_000_000, Per: time.Minute}

// client reaches the loopback interface.
func client(t *testing.T) *http.Client {
	t.Helper()
	c, err := dial.New(dial.Options{AllowPrivate: true, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func options(t *testing.T, server *mastodontest.Server) instance.Options {
	t.Helper()
	return instance.Options{
		URL:       server.URL(),
		Token:     mastodontest.UserToken,
		HTTP:      client(t),
		Campaigns: []campaign.Campaign{{Name: "games", Tags: []string{server.Tag()}}},
		All:       plenty,
		Paging:    plenty,
	}
}

func source(t *testing.T, o instance.Options) *instance.Source {
	t.Helper()
	s, err := instance.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSuite(t *testing.T) {
	for _, transport := range []instance.Transport{instance.WebSocket, instance.SSE, instance.Poll} {
		t.Run(string(transport), func(t *testing.T) {
			collectortest.Run(t, func(t *testing.T) collectortest.Subject {
				server := mastodontest.New(mastodontest.Options{
					Heartbeat: 50 * time.Millisecond, Polling: transport == instance.Poll,
				})
				t.Cleanup(server.Close)
				with := func(t *testing.T, w collectortest.With) collectors.Source {
					o := options(t, server)
					o.Transport, o.Now, o.Log = transport, w.Now, w.Log
					o.Stall, o.Ladder = 2*time.Second, source(t, o).Info().Ladder.Scale(0.01)
					o.Campaigns[0].Evidence = w.Evidence
					o.PollEvery = 30 * time.Millisecond
					return source(t, o)
				}
				return collectortest.Subject{
					Platform:   server,
					Source:     func(t *testing.T) collectors.Source { return with(t, collectortest.With{}) },
					SourceWith: with,
					Decode:     mastodon.Decode,
					Fills:      true,
					Secrets:    []string{mastodontest.UserToken},
				}
			})
		})
	}
}
