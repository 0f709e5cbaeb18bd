package classic

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// Stall is the longest silence of a sound v1.1 stream: it says that it lives
// every 30 seconds, and X asked to take three missed ones for the end.
const Stall = 90 * time.Second

// Ladder is how long clients of the v1.1 stream were asked to wait.
func Ladder() collectors.Ladder {
	return collectors.Ladder{
		Network:     collectors.Steps{Add: 250 * time.Millisecond, Factor: 1, Most: 16 * time.Second},
		Unavailable: collectors.Steps{First: 5 * time.Second, Factor: 2, Most: 320 * time.Second, Exact: true},
		RateLimited: collectors.Steps{First: time.Minute, Factor: 2, Most: 16 * time.Minute, Exact: true},
		Attempts:    15, Window: 15 * time.Minute,
		Healthy: time.Minute,
	}
}

// Options says which server to read and what to ask it for.
type Options struct {
	// Name is the source's name; empty for "x/classic".
	Name string
	// URL is scheme and host of the server, and the path in front of
	// "/1.1/statuses/filter.json" if there is one.
	URL string
	// HTTP sends the request with the credentials that the server wants. It
	// must have no timeout of its own for whole answers.
	HTTP *http.Client
	// Campaigns are what is watched; at least one thing in them must be
	// trackable, and all of it must fit into one request (see Track).
	Campaigns []campaign.Campaign
	// MaxLine is the longest message that is read, in bytes; zero for 4 MiB.
	MaxLine int
	// Ladder and Stall replace the platform's own if they are not zero.
	Ladder collectors.Ladder
	Stall  time.Duration
	// Now tells the time; nil for time.Now.
	Now        func() time.Time
	Log        *slog.Logger
	Registerer prometheus.Registerer
}

// Source is a v1.1 stream. It implements collectors.Source and
// collectors.Prober.
type Source struct {
	o       Options
	target  *url.URL
	track   Track
	metrics *metrics
	// asked is what was asked for, empty unless it is evidence.
	asked string
}

var (
	_ collectors.Source = (*Source)(nil)
	_ collectors.Prober = (*Source)(nil)
)

// New returns a source. It fails if the address is none, or if what the
// campaigns watch does not fit into one request.
func New(o Options) (*Source, error) {
	target, err := url.Parse(strings.TrimSuffix(o.URL, "/"))
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return nil, errors.New("the address of a v1.1 stream's server must be like https://stream.example")
	}
	if o.HTTP == nil {
		return nil, errors.New("a v1.1 stream needs an HTTP client that sends its credentials")
	}
	if o.Name == "" {
		o.Name = "x/classic"
	}
	if o.MaxLine <= 0 {
		o.MaxLine = api.MaxLine
	}
	if o.Ladder == (collectors.Ladder{}) {
		o.Ladder = Ladder()
	}
	if o.Stall <= 0 {
		o.Stall = Stall
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	track, err := NewTrack(o.Campaigns)
	if err != nil {
		return nil, err
	}
	s := &Source{o: o, target: target, track: track}
	if campaign.AnyEvidence(o.Campaigns) {
		s.asked = path + "?" + track.values().Encode()
	}
	if s.metrics, err = newMetrics(o.Registerer, o.Name); err != nil {
		return nil, err
	}
	return s, nil
}

// Info implements collectors.Source.
func (s *Source) Info() collectors.Info {
	return collectors.Info{
		Name: s.o.Name, Platform: post.X, Campaigns: s.o.Campaigns,
		Stall: s.o.Stall, Ladder: s.o.Ladder,
	}
}

// Track returns what is asked for, and what cannot be.
func (s *Source) Track() Track { return s.track }

// Probe implements collectors.Prober: it opens the stream and closes it again.
// A server that allows one connection may end the one of a running Winnow.
func (s *Source) Probe(ctx context.Context) []collectors.Check {
	checks := []collectors.Check{{
		Outcome: collectors.Good,
		Text:    fmt.Sprintf("asks for %d of %d keywords and %d accounts", len(s.track.Keywords), MaxKeywords, len(s.track.Follow)),
	}}
	for _, u := range s.track.Unwatchable {
		checks = append(checks, collectors.Check{Outcome: collectors.Warn, Text: u})
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	body, err := s.connect(ctx, s.track.values())
	if err != nil {
		fault := collectors.FromError(err)
		return append(checks, collectors.Check{
			Outcome: collectors.Bad, Text: "the stream does not open: " + fault.Err.Error(), Advice: fault.Advice,
		})
	}
	_ = body.Close() // nothing was wanted of it
	return append(checks, collectors.Check{Outcome: collectors.Good, Text: "the stream opens"})
}
