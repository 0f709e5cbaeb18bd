package jetstream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/collectors"
	"winnow/collectors/bluesky/profile"
	"winnow/collectors/bluesky/socket"
	"winnow/collectors/bluesky/track"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// Name is the name of the source.
const Name = "bluesky/jetstream"

// Lookback is how far back the source asks. The public hosts keep 36 hours.
const Lookback = 24 * time.Hour

// The values of Options.Wire.
const (
	WireAuto   = "auto" // the new wire where the host speaks it, else the old
	WireEvents = string(socket.Events)
	WireLegacy = string(socket.Legacy)
)

// publicHosts are those that Bluesky runs, the ones with both wires first.
var publicHosts = []string{
	"jetstream.us-east.bsky.network", "jetstream.us-west.bsky.network",
	"jetstream1.us-east.bsky.network", "jetstream2.us-east.bsky.network",
	"jetstream1.us-west.bsky.network", "jetstream2.us-west.bsky.network",
}

// Matcher decides which campaigns a post belongs to; *campaign.Matcher is one.
type Matcher interface {
	Match(dst []string, p *post.Post) []string
}

// Options are the source's surroundings. Matcher and HTTP are required; all
// else has a default.
type Options struct {
	// Hosts are tried in this order: names, or addresses with ws:// or wss://.
	// Empty is the public ones.
	Hosts []string
	// Wire is WireAuto, WireEvents or WireLegacy; empty is WireAuto.
	Wire string
	// Compress asks for zstd on the new wire: a third of the bytes for some
	// microseconds a frame.
	Compress bool
	// Campaigns are what is watched, as Matcher decides it.
	Campaigns []campaign.Campaign
	Matcher   Matcher
	// HTTP makes the connections.
	HTTP *http.Client
	// Profiles looks up who posts; nil for not at all.
	Profiles *profile.Client
	// Recall calls f with each post that is stored, the latest last, so that
	// reposts and deletions of them are understood after a restart. It may be
	// nil, and may stop whenever it thinks that it is enough.
	Recall func(ctx context.Context, f func(*post.Post) error) error
	// Backfill is how far back a new campaign is filled, at most Lookback.
	Backfill time.Duration
	// Posts and Contents bound what is remembered of followed posts; zero is
	// the default of package track.
	Posts, Contents int

	// Now is time.Now if nil.
	Now        func() time.Time
	Log        *slog.Logger
	Registerer prometheus.Registerer
	// Ladder and Stall replace the platform's own if not zero.
	Ladder collectors.Ladder
	Stall  time.Duration
	Pace   Pace
}

// Pace is how long the source waits for what; zero is the default of each,
// which suits Bluesky.
type Pace struct {
	// Quiet is for how long a firehose of posts may bring nothing while its
	// server is alive, before it counts as blind; negative for ever, which
	// suits small networks. A minute.
	Quiet time.Duration
	// Compare is how often the host is held against another one, Window for
	// how long; a negative Compare is never. Five minutes, ten seconds.
	Compare, Window time.Duration
	// Idle is how long nothing must come before the server is asked whether
	// there is nothing. A second.
	Idle time.Duration
	// Save is how often the cursor is stored while no post of a campaign
	// comes. Five seconds.
	Save time.Duration
	// Away is how long a host that failed is left alone. Ten minutes.
	Away time.Duration
}

func (p Pace) orDefault() Pace {
	for _, d := range []struct {
		d *time.Duration
		v time.Duration
	}{
		{&p.Quiet, time.Minute},
		{&p.Compare, 5 * time.Minute},
		{&p.Window, 10 * time.Second},
		{&p.Idle, time.Second},
		{&p.Save, 5 * time.Second},
		{&p.Away, 10 * time.Minute},
	} {
		if *d.d == 0 {
			*d.d = d.v
		}
	}
	return p
}

// stall is two of the server's pings, which come every 30 s, and slack.
const stall = 75 * time.Second

// ladder follows Bluesky's own client, which starts at 250 ms and ends at 30 s.
// No limit of attempts is published.
func ladder() collectors.Ladder {
	return collectors.Ladder{
		Network:     collectors.Steps{First: 250 * time.Millisecond, Factor: 2, Most: 30 * time.Second},
		Unavailable: collectors.Steps{First: time.Second, Factor: 2, Most: time.Minute},
		RateLimited: collectors.Steps{First: 30 * time.Second, Factor: 2, Most: 10 * time.Minute, Exact: true},
		Attempts:    60,
		Window:      5 * time.Minute,
		Healthy:     30 * time.Second,
	}
}

// Source is Bluesky's live source. It is a collectors.Filler, Enricher and
// Prober.
type Source struct {
	o       Options
	info    collectors.Info
	hosts   *hosts
	dialer  *socket.Dialer
	set     *track.Set
	recent  *recent
	metrics *metrics
	ready   readiness
	// evidence says that one of the campaigns keeps it.
	evidence bool
}

// New returns a source that watches the campaigns, or says which option is
// wrong. It connects to nothing yet.
func New(o Options) (*Source, error) {
	switch {
	case o.Matcher == nil:
		return nil, errors.New("watch Bluesky: no matcher is given")
	case o.HTTP == nil:
		return nil, errors.New("watch Bluesky: no HTTP client is given")
	case o.Wire == "":
		o.Wire = WireAuto
	case o.Wire != WireAuto && o.Wire != WireEvents && o.Wire != WireLegacy:
		return nil, fmt.Errorf("watch Bluesky: there is no wire %q: it is one of %s", o.Wire, strings.Join([]string{WireAuto, WireEvents, WireLegacy}, ", "))
	}
	if len(o.Hosts) == 0 {
		o.Hosts = publicHosts
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Stall == 0 {
		o.Stall = stall
	}
	if o.Ladder == (collectors.Ladder{}) {
		o.Ladder = ladder()
	}
	o.Pace = o.Pace.orDefault()
	hosts, err := newHosts(o.Hosts, o.Wire, o.Pace.Away)
	if err != nil {
		return nil, fmt.Errorf("watch Bluesky: %w", err)
	}
	set, err := track.New(o.Posts, o.Contents)
	if err != nil {
		return nil, fmt.Errorf("watch Bluesky: %w", err)
	}
	seen, err := newRecent()
	if err != nil {
		return nil, fmt.Errorf("watch Bluesky: %w", err)
	}
	return &Source{
		o:        o,
		evidence: campaign.AnyEvidence(o.Campaigns),
		hosts:    hosts,
		dialer:   socket.NewDialer(o.HTTP, o.Compress, o.Now),
		set:      set,
		recent:   seen,
		metrics:  newMetrics(o.Registerer, set, hosts.list),
		info: collectors.Info{
			Name: Name, Platform: post.Bluesky, Campaigns: o.Campaigns,
			Stall: o.Stall, Ladder: o.Ladder,
			Lookback: Lookback, Backfill: min(o.Backfill, Lookback),
		},
	}, nil
}

// Info implements collectors.Source.
func (s *Source) Info() collectors.Info { return s.info }

// Enrich implements collectors.Enricher.
func (s *Source) Enrich(ctx context.Context, posts []post.Post) {
	if s.o.Profiles != nil {
		s.o.Profiles.Enrich(ctx, posts)
	}
}
