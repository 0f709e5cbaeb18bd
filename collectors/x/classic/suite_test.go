package classic_test

import (
	"testing"
	"time"

	"winnow/collectors"
	"winnow/collectors/collectortest"
	"winnow/collectors/dial"
	"winnow/collectors/x/classic"
	v1 "winnow/collectors/x/v1"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/campaign"
)

func TestSuite(t *testing.T) {
	collectortest.Run(t, func(t *testing.T) collectortest.Subject {
		x, err := xtest.New(xtest.Options{Classic: true, Token: "very-secret-token"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(x.Close)
		with := func(t *testing.T, w collectortest.With) collectors.Source {
			client, err := dial.New(dial.Options{AllowPrivate: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(client.CloseIdleConnections)
			s, err := classic.New(classic.Options{
				URL: x.URL(), HTTP: dial.WithToken(client, x.URL(), x.Token()), Now: w.Now, Log: w.Log,
				Campaigns: []campaign.Campaign{{Name: "games", Tags: []string{"#Baku2015"}, Evidence: w.Evidence}},
				Ladder:    classic.Ladder().Scale(0.01), Stall: 1500 * time.Millisecond,
			})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		return collectortest.Subject{
			Platform: x, SourceWith: with, Decode: v1.Decode, Secrets: []string{x.Token()},
			Source: func(t *testing.T) collectors.Source { return with(t, collectortest.With{}) },
		}
	})
}
