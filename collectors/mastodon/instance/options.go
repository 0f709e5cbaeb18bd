package instance

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors"
	"winnow/collectors/mastodon/rest"
	"winnow/pipeline/campaign"
)

// Transport is how posts come.
type Transport string

// The transports.
const (
	Auto      Transport = "auto"      // the first of the others that works
	WebSocket Transport = "websocket" // one connection for all hashtags
	SSE       Transport = "sse"       // event streams, one for each hashtag
	Poll      Transport = "poll"      // timelines, again and again
)

// Options is what to watch, and how. Only URL, Campaigns and HTTP must be given.
type Options struct {
	// URL is the instance, "https://social.example".
	URL string
	// Campaigns are those whose hashtags are watched.
	Campaigns []campaign.Campaign
	// HTTP carries all requests; package dial makes it. It has no token.
	HTTP *http.Client
	// Token is a user's access token. It is sent to the hosts of URL and
	// Streaming and to no other. Without one timelines are polled.
	Token string
	// Streaming is the address of the streaming server if it is another host
	// than URL's. What the instance itself says of that is not followed.
	Streaming string
	// Transport is how posts come; empty is Auto.
	Transport Transport
	// PollEvery is how often each timeline is polled where they are; zero is a
	// minute.
	PollEvery time.Duration
	// CheckEvery is how often a stream is compared with each timeline; zero is
	// five minutes.
	CheckEvery time.Duration
	// Late is how late a stream may bring a post before it counts as missed;
	// zero is a minute.
	Late time.Duration
	// BoostsEvery is how often some posts are looked at for boosts; zero is 15
	// seconds, below zero is never.
	BoostsEvery time.Duration
	// BlindFor is how long timelines are polled after a stream brought nothing;
	// zero is an hour. It doubles each time, up to a day.
	BlindFor time.Duration
	// Backfill is how far a new campaign is filled into the past; zero for not.
	Backfill time.Duration
	// Stall and Ladder override Mastodon's, for tests.
	Stall  time.Duration
	Ladder collectors.Ladder
	// All and Paging are the server's quotas; zero is Mastodon's.
	All, Paging rest.Quota
	// Now tells the time; nil is the system's clock.
	Now func() time.Time
	// Log takes what happens; nil for nowhere.
	Log *slog.Logger
	// Registerer takes the metrics; nil for nowhere.
	Registerer prometheus.Registerer
}

const (
	// socketStall is two and a half times the 30 s between a server's pings,
	// eventStall three times the 15 s between heartbeats of event streams.
	socketStall = 75 * time.Second
	eventStall  = 45 * time.Second
	// lookback is how far a gap can be filled: as far as the instance keeps
	// posts, but paging has its price.
	lookback = 30 * 24 * time.Hour
)

// ladder is ours: Mastodon publishes none. Servers out of slots for streams ask
// to wait for about a minute.
var ladder = collectors.Ladder{
	Network:     collectors.Steps{First: time.Second, Factor: 2, Most: 2 * time.Minute},
	Unavailable: collectors.Steps{First: 5 * time.Second, Factor: 2, Most: 5 * time.Minute},
	RateLimited: collectors.Steps{First: time.Minute, Factor: 2, Most: 16 * time.Minute, Exact: true},
	Attempts:    60,
	Window:      15 * time.Minute,
	Healthy:     time.Minute,
}

// complete fills in what was left out, and finds mistakes.
func (o *Options) complete() (base, streaming *url.URL, err error) {
	if base, err = address(o.URL); err != nil {
		return nil, nil, fmt.Errorf("the instance's address: %w", err)
	}
	streaming = base
	if o.Streaming != "" {
		if streaming, err = address(o.Streaming); err != nil {
			return nil, nil, fmt.Errorf("the streaming server's address: %w", err)
		}
	}
	if o.HTTP == nil {
		return nil, nil, errors.New("a Mastodon source needs an HTTP client")
	}
	switch o.Transport {
	case "":
		o.Transport = Auto
	case Auto, WebSocket, SSE, Poll:
	default:
		return nil, nil, fmt.Errorf("the transport %q is unknown: it is auto, websocket, sse or poll", o.Transport)
	}
	if o.Transport == Auto && o.Token == "" {
		o.Transport = Poll // streams are for users only
	}
	setDefault(&o.PollEvery, time.Minute)
	setDefault(&o.CheckEvery, 5*time.Minute)
	setDefault(&o.Late, time.Minute)
	setDefault(&o.BlindFor, time.Hour)
	if o.BoostsEvery == 0 {
		o.BoostsEvery = 15 * time.Second
	}
	if o.Stall <= 0 {
		switch o.Transport {
		case SSE:
			o.Stall = eventStall
		case Poll:
			// A request may be due just before, and take its time.
			o.Stall = max(socketStall, 2*o.PollEvery+30*time.Second)
		default:
			o.Stall = socketStall
		}
	}
	if o.Ladder == (collectors.Ladder{}) {
		o.Ladder = ladder
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return base, streaming, nil
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// address reads the address of a server. Errors do not repeat it, since it may
// hold a password.
func address(raw string) (*url.URL, error) {
	for from, to := range map[string]string{"wss://": "https://", "ws://": "http://"} {
		if rest, ok := strings.CutPrefix(raw, from); ok {
			raw = to + rest
		}
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("it is none: write it as https://social.example")
	}
	u.Host = strings.ToLower(u.Host)
	return u, nil
}
