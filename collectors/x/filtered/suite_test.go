package filtered_test

import (
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/collectortest"
	"winnow/collectors/dial"
	"winnow/collectors/x/filtered"
	v2 "winnow/collectors/x/v2"
	"winnow/collectors/x/xtest"
)

func TestSuite(t *testing.T) {
	collectortest.Run(t, func(t *testing.T) collectortest.Subject {
		const token = "hush-hush"
		x, err := xtest.New(xtest.Options{Token: token})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(x.Close)
		with := func(t *testing.T, w collectortest.With) collectors.Source {
			c, err := dial.New(dial.Options{AllowPrivate: true, UserAgent: "winnow", Timeout: 2 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.CloseIdleConnections)
			o := filtered.Options{
				Campaigns: keeping(w.Evidence), Base: x.URL(), HTTP: c, Token: token, Now: w.Now, Log: w.Log,
				Stall: 1500 * time.Millisecond, RuleDelay: time.Millisecond, SearchLag: time.Millisecond,
				Every: 10 * time.Millisecond, LookUpEvery: 50 * time.Millisecond,
			}
			o.Ladder = source(t, o).Info().Ladder.Scale(0.02)
			o.Ladder.Attempts = 0
			return source(t, o)
		}
		return collectortest.Subject{
			Platform: x, Fills: true, SourceWith: with, Decode: v2.Decode, Secrets: []string{token},
			Source: func(t *testing.T) collectors.Source {
				return with(t, collectortest.With{Now: time.Now})
			},
		}
	})
}
