package instance

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/mastodon/boosts"
	"winnow/collectors/mastodon/rest"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

const (
	// remembered is how many posts are known as delivered: days of a busy
	// hashtag, in a few megabytes.
	remembered = 20_000
	// maxWatched is how many posts are looked at for boosts.
	maxWatched = 500
)

// Source watches hashtags on one instance. It implements collectors.Filler,
// collectors.Stateful and collectors.Prober.
type Source struct {
	o      Options
	info   collectors.Info
	host   string
	base   *url.URL
	stream *url.URL
	plain  *http.Client // without the token
	http   *http.Client // with it, for streams
	rest   *rest.Client
	// evidence says that one of the campaigns keeps it.
	evidence bool
	tags     []tag
	matcher  *campaign.Matcher
	metrics  *metrics
	tracker  *boosts.Tracker
	// seen are the posts delivered, by the instance's id, with the time of
	// their last edit.
	seen *lru.Cache[string, time.Time]
	// gone are the ids of deleted posts.
	gone *lru.Cache[string, struct{}]

	mu sync.Mutex
	// blindUntil is until when timelines are polled since a stream brought
	// nothing, blindFor how long that is the next time.
	blindUntil time.Time
	blindFor   time.Duration
	// without are the transports that the instance turned out not to have.
	without map[Transport]bool
	fills   progress
}

var (
	_ collectors.Filler   = (*Source)(nil)
	_ collectors.Stateful = (*Source)(nil)
	_ collectors.Prober   = (*Source)(nil)
)

// New returns a source. Errors are mistakes in o.
func New(o Options) (*Source, error) {
	base, streaming, err := o.complete()
	if err != nil {
		return nil, err
	}
	tags, watched, err := tagsOf(o.Campaigns)
	if err != nil {
		return nil, err
	}
	matcher, err := campaign.NewMatcher(o.Campaigns)
	if err != nil {
		return nil, fmt.Errorf("reading the campaigns: %w", err)
	}
	s := &Source{
		o: o, host: base.Host, base: base, stream: streaming, tags: tags, matcher: matcher,
		plain:    o.HTTP,
		http:     dial.WithToken(o.HTTP, streaming.String(), o.Token),
		evidence: campaign.AnyEvidence(watched),
		tracker:  boosts.New(maxWatched),
		blindFor: o.BlindFor,
		without:  make(map[Transport]bool),
	}
	s.rest = rest.New(rest.Options{
		Base: base, HTTP: dial.WithToken(o.HTTP, base.String(), o.Token), Now: o.Now,
		All: o.All, Paging: o.Paging, Evidence: s.evidence,
	})
	if s.seen, err = lru.New[string, time.Time](remembered); err != nil {
		return nil, fmt.Errorf("remembering posts: %w", err)
	}
	if s.gone, err = lru.New[string, struct{}](remembered); err != nil {
		return nil, fmt.Errorf("remembering deletions: %w", err)
	}
	s.info = collectors.Info{
		Name: "mastodon/" + base.Host, Platform: post.Mastodon, Campaigns: watched,
		Stall: o.Stall, Ladder: o.Ladder, Lookback: lookback, Backfill: o.Backfill,
	}
	if s.metrics, err = newMetrics(o.Registerer, s.info.Name, s.tracker.Len); err != nil {
		return nil, err
	}
	return s, nil
}

// Info implements collectors.Source.
func (s *Source) Info() collectors.Info { return s.info }

// State implements collectors.Stateful: which boosts are known.
func (s *Source) State() []byte { return s.tracker.State() }

// Restore implements collectors.Stateful.
func (s *Source) Restore(state []byte) { s.tracker.Restore(state, s.o.Now()) }

// idle closes connections that are kept for later, so that nothing is left
// running.
func (s *Source) idle() {
	s.http.CloseIdleConnections()
}

// transport returns how to listen now.
func (s *Source) transport() Transport {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.o.Transport != Auto:
		return s.o.Transport
	case s.o.Now().Before(s.blindUntil):
		return Poll
	case !s.without[WebSocket]:
		return WebSocket
	case !s.without[SSE] && len(s.tags) <= maxEventSources:
		return SSE
	default:
		return Poll
	}
}

// lacks notes that the instance does not have a transport.
func (s *Source) lacks(t Transport) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.without[t] = true
}

// blind notes that a stream brought nothing.
func (s *Source) blind() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blindUntil = s.o.Now().Add(s.blindFor)
	s.blindFor = min(2*s.blindFor, 24*time.Hour)
}

// sees notes that a stream brings posts.
func (s *Source) sees() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blindFor = s.o.BlindFor
}
