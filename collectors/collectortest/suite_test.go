package collectortest_test

import (
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/collectortest"
	"winnow/collectors/collectortest/linetest"
	"winnow/collectors/dial"
)

const secret = "t0ken-of-the-test"

// ladder is steep enough for a suite, and not so steep that a hot loop could
// hide in it.
var ladder = collectors.Ladder{
	Network:     collectors.Steps{First: 10 * time.Millisecond, Factor: 2, Most: 200 * time.Millisecond},
	Unavailable: collectors.Steps{First: 20 * time.Millisecond, Factor: 2, Most: 200 * time.Millisecond},
	RateLimited: collectors.Steps{First: 100 * time.Millisecond, Factor: 2, Most: 400 * time.Millisecond, Exact: true},
	Healthy:     300 * time.Millisecond,
}

// options are those of a source at a fake.
func options(t *testing.T, p *linetest.Platform) linetest.Options {
	t.Helper()
	client, err := dial.New(dial.Options{AllowPrivate: true, Timeout: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return linetest.Options{
		URL: p.URL(), Token: secret, Name: "line/test", HTTP: client, Now: time.Now,
		Stall: 600 * time.Millisecond, Ladder: ladder,
	}
}

// subject is a fake and a source of it, as wrap makes it.
func subject(t *testing.T, replay, fills bool, wrap func(collectors.Source) collectors.Source) collectortest.Subject {
	t.Helper()
	p, err := linetest.Start(secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	with := func(t *testing.T, w collectortest.With) collectors.Source {
		o := options(t, p)
		o.Replay, o.Now, o.Evidence = replay, w.Now, w.Evidence
		var s collectors.Source = linetest.New(o)
		if fills && !replay {
			s = linetest.Filling{Source: linetest.New(o)}
		}
		return wrap(s)
	}
	return collectortest.Subject{
		Platform: p,
		Source: func(t *testing.T) collectors.Source {
			return with(t, collectortest.With{Now: time.Now})
		},
		SourceWith: with,
		Fills:      fills,
		Decode:     linetest.Decode(p.URL()),
		Secrets:    []string{secret},
	}
}

func same(s collectors.Source) collectors.Source { return s }

// A sound collector passes, whether its platform replays, can be asked, or
// gives nothing back.
func TestSoundSourcesPass(t *testing.T) {
	t.Run("replay", func(t *testing.T) {
		collectortest.Run(t, func(t *testing.T) collectortest.Subject { return subject(t, true, true, same) })
	})
	t.Run("history", func(t *testing.T) {
		collectortest.Run(t, func(t *testing.T) collectortest.Subject { return subject(t, false, true, same) })
	})
	t.Run("nothing back", func(t *testing.T) {
		collectortest.Run(t, func(t *testing.T) collectortest.Subject { return subject(t, false, false, same) })
	})
}
