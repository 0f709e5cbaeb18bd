package profile

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"winnow/pipeline/post"
)

const (
	// DefaultBase is Bluesky's public service, which needs no account.
	DefaultBase = "https://public.api.bsky.app"

	perCall      = 25 // accounts a call, by the service's own rule
	atOnce       = 4  // calls under way
	defaultRate  = 5  // calls a second
	defaultKeep  = 6 * time.Hour
	defaultCache = 50_000
	// absentKeep is for accounts that the service does not show: suspended
	// ones, and new ones that it does not know yet.
	absentKeep = 15 * time.Minute
	callTime   = 15 * time.Second
	maxAnswer  = 4 << 20
	maxDID     = 256
)

// Options say where and how much to ask. Only HTTP is required.
type Options struct {
	// Base is the service's address; DefaultBase if empty.
	Base string
	HTTP *http.Client
	// Rate is the most calls a second, of 25 accounts each; 5 if zero.
	Rate float64
	// Accounts is how many are remembered, 50,000 if zero; Keep for how long,
	// 6 hours if zero.
	Accounts int
	Keep     time.Duration
	// Now is time.Now if nil.
	Now        func() time.Time
	Registerer prometheus.Registerer
}

// Client looks accounts up. It is safe for concurrent use.
type Client struct {
	o       Options
	base    *url.URL
	known   *lru.Cache[string, account]
	limit   *rate.Limiter
	paused  pause
	metrics *metrics
}

// New returns a client, or says what is wrong with the options.
func New(o Options) (*Client, error) {
	if o.HTTP == nil {
		return nil, errors.New("look up profiles: no HTTP client is given")
	}
	if o.Base == "" {
		o.Base = DefaultBase
	}
	base, err := url.Parse(o.Base)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("look up profiles: %q is no web address: give it like %s", o.Base, DefaultBase)
	}
	if o.Rate == 0 {
		o.Rate = defaultRate
	}
	if o.Accounts == 0 {
		o.Accounts = defaultCache
	}
	if o.Keep == 0 {
		o.Keep = defaultKeep
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	known, err := lru.New[string, account](o.Accounts)
	if err != nil {
		return nil, fmt.Errorf("look up profiles: make room for %d accounts: %w", o.Accounts, err)
	}
	c := &Client{o: o, base: base, known: known, limit: rate.NewLimiter(rate.Limit(o.Rate), max(int(2*o.Rate), 1))}
	c.metrics = newMetrics(o.Registerer, func() float64 { return float64(known.Len()) })
	return c, nil
}

// Enrich fills in what is known of the authors of posts, asking for those that
// it does not know, for no longer than ctx lasts. What it does not find out
// stays unknown.
func (c *Client) Enrich(ctx context.Context, posts []post.Post) {
	if ask := c.missing(posts); len(ask) > 0 {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for dids := range slices.Chunk(ask, perCall) {
			group.Go(func() error {
				_, err := c.ask(ctx, dids, false)
				return err // a service that fails is not asked for the rest
			})
		}
		_ = group.Wait() // counted where it happened; the posts go on without
	}
	for i := range posts {
		if posts[i].Platform != post.Bluesky {
			continue
		}
		if a, ok := c.known.Get(posts[i].Account.ID); ok {
			a.fill(&posts[i])
		}
	}
}

// missing returns the authors of whom nothing recent is known, each once.
func (c *Client) missing(posts []post.Post) []string {
	now := c.o.Now()
	var out []string
	seen := make(map[string]bool)
	for i := range posts {
		p := &posts[i]
		did := p.Account.ID
		if p.Platform != post.Bluesky || seen[did] || !strings.HasPrefix(did, "did:") || len(did) > maxDID {
			continue
		}
		seen[did] = true
		if a, ok := c.known.Peek(did); ok && !a.stale(now, c.o.Keep) {
			continue
		}
		out = append(out, did)
	}
	return out
}

// Resolve returns the identifiers (DIDs) of accounts by their handles, in lower
// case, as far as the service knows them. An error says that it could not be
// asked for all.
func (c *Client) Resolve(ctx context.Context, handles []string) (map[string]string, error) {
	out := make(map[string]string)
	for some := range slices.Chunk(handles, perCall) {
		got, err := c.ask(ctx, some, true)
		if err != nil {
			return out, err
		}
		for did, a := range got {
			if a.handle != "" {
				out[strings.ToLower(a.handle)] = did
			}
		}
	}
	return out, nil
}

// Check asks for one account that every service knows, to see whether it answers.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.ask(ctx, []string{"bsky.app"}, true)
	return err
}

// Base returns the address of the service.
func (c *Client) Base() string { return c.base.String() }
