package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/cmd/config"
	"winnow/collectors"
	"winnow/collectors/bluesky/jetstream"
	"winnow/collectors/bluesky/profile"
	"winnow/collectors/dial"
	"winnow/collectors/mastodon/instance"
	"winnow/collectors/x/classic"
	"winnow/collectors/x/filtered"
	"winnow/collectors/x/spend"
	"winnow/pipeline/post"
)

// recallSince and recallMost bound what sources are reminded of when they
// start: posts that may still be reposted, deleted or looked up again.
const (
	recallSince = 3 * 24 * time.Hour
	recallMost  = 200_000
)

// stored gives the newest posts of a platform; storage.Store does.
type stored interface {
	Recent(ctx context.Context, platform post.Platform, since time.Time, limit int, f func(*post.Post) error) error
}

// sources builds the live sources that the configuration names. Without a
// store they remember nothing, which is enough to probe them.
func (a *App) sources(store stored, reg prometheus.Registerer) ([]collectors.Source, error) {
	b := builder{app: a, store: store, registerer: reg}
	c := &a.cfg.Collectors
	if c.X != nil {
		b.x(c.X)
	}
	if c.XV1 != nil {
		b.xv1(c.XV1)
	}
	for i := range c.Mastodon {
		b.mastodon(&c.Mastodon[i], fmt.Sprintf("collectors.mastodon[%d]", i))
	}
	if c.Bluesky != nil {
		b.bluesky(c.Bluesky)
	}
	return b.made, errors.Join(b.errs...)
}

// builder gathers sources, and everything that is wrong with any.
type builder struct {
	app        *App
	store      stored
	registerer prometheus.Registerer
	made       []collectors.Source
	errs       []error
}

func (b *builder) add(s collectors.Source, err error, path string) {
	if err != nil {
		b.errs = append(b.errs, fmt.Errorf("%s: %w", path, err))
		return
	}
	b.made = append(b.made, s)
}

// client is one for one source, so that none shares connections, or an
// address in a network, with another.
func (b *builder) client(proxy config.Secret, private bool, path string) (*http.Client, bool) {
	c, err := dial.New(dial.Options{
		Proxy:        proxy.Reveal(),
		AllowPrivate: private,
		UserAgent:    "winnow/" + b.app.deps.Version,
	})
	if err != nil {
		b.errs = append(b.errs, fmt.Errorf("%s: %w", path, err))
	}
	return c, err == nil
}

// recall reminds a source of the posts of a platform, the latest last.
func (b *builder) recall(platform post.Platform) func(context.Context, func(*post.Post) error) error {
	if b.store == nil {
		return nil
	}
	return func(ctx context.Context, f func(*post.Post) error) error {
		var newest []post.Post
		err := b.store.Recent(ctx, platform, b.app.deps.Now().Add(-recallSince), recallMost, func(p *post.Post) error {
			newest = append(newest, *p)
			return nil
		})
		if err != nil {
			return err
		}
		for i := range slices.Backward(newest) {
			if err := f(&newest[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

func (b *builder) x(c *config.X) {
	const path = "collectors.x"
	client, ok := b.client(c.Proxy, c.AllowPrivate, path)
	if !ok {
		return
	}
	o := filtered.Options{
		Campaigns:       b.app.matcher.Campaigns(),
		Base:            c.URL,
		HTTP:            client,
		Token:           c.BearerToken.Reveal(),
		Budget:          spend.Budget(c.Budget),
		Backfill:        c.Backfill.Duration(),
		ProbeCounts:     true,
		Recall:          b.recall(post.X),
		Enterprise:      c.Enterprise != config.XEnterprise{},
		BackfillMinutes: int(c.Enterprise.BackfillMinutes),
		Log:             b.app.deps.Log,
		Registerer:      b.registerer,
		Now:             b.app.deps.Now,
	}
	if c.Mode == "counts" {
		o.Counts = &filtered.Counts{}
	}
	s, err := filtered.New(o)
	b.add(s, err, path)
	if !c.Enterprise.Redundant {
		return
	}
	// X bills a post once a day, however many streams bring it. So this one
	// does what the first does, and fills nothing.
	o.Name, o.Redundant, o.Backfill, o.LookUps = "x/stream-2", true, 0, []time.Duration{}
	s, err = filtered.New(o)
	b.add(s, err, path)
}

func (b *builder) xv1(c *config.XV1) {
	const path = "collectors.x_v1"
	client, ok := b.client(c.Proxy, c.AllowPrivate, path)
	if !ok {
		return
	}
	s, err := classic.New(classic.Options{
		URL:        c.URL,
		HTTP:       dial.WithToken(client, c.URL, c.Token.Reveal()),
		Campaigns:  b.app.matcher.Campaigns(),
		Log:        b.app.deps.Log,
		Registerer: b.registerer,
		Now:        b.app.deps.Now,
	})
	b.add(s, err, path)
}

func (b *builder) mastodon(c *config.Mastodon, path string) {
	client, ok := b.client(c.Proxy, c.AllowPrivate, path)
	if !ok {
		return
	}
	s, err := instance.New(instance.Options{
		URL:        c.Instance,
		Campaigns:  b.app.matcher.Campaigns(),
		HTTP:       client,
		Token:      c.Token.Reveal(),
		Streaming:  c.Streaming,
		Transport:  instance.Transport(c.Transport),
		PollEvery:  c.PollEvery.Duration(),
		Backfill:   c.Backfill.Duration(),
		Log:        b.app.deps.Log,
		Registerer: b.registerer,
		Now:        b.app.deps.Now,
	})
	b.add(s, err, path)
}

func (b *builder) bluesky(c *config.Bluesky) {
	const path = "collectors.bluesky"
	client, ok := b.client(c.Proxy, c.AllowPrivate, path)
	if !ok {
		return
	}
	var profiles *profile.Client
	if c.Profiles != "none" {
		var err error
		profiles, err = profile.New(profile.Options{Base: c.Profiles, HTTP: client, Now: b.app.deps.Now, Registerer: b.registerer})
		if err != nil {
			b.errs = append(b.errs, fmt.Errorf("%s.profiles: %w", path, err))
			return
		}
	}
	pace := jetstream.Pace{Quiet: c.Quiet.Duration()}
	if c.Quiet == 0 {
		pace.Quiet = -1
	}
	s, err := jetstream.New(jetstream.Options{
		Hosts:      c.Hosts,
		Wire:       c.Wire,
		Compress:   true,
		Campaigns:  b.app.matcher.Campaigns(),
		Matcher:    b.app.matcher,
		HTTP:       client,
		Profiles:   profiles,
		Recall:     b.recall(post.Bluesky),
		Backfill:   c.Backfill.Duration(),
		Pace:       pace,
		Log:        b.app.deps.Log,
		Registerer: b.registerer,
		Now:        b.app.deps.Now,
	})
	b.add(s, err, path)
}

// Probe asks every configured live source whether it would work, one after
// the other, and tells each source's lines as they come.
func (a *App) Probe(ctx context.Context, tell func(source string, checks []collectors.Check)) error {
	all, err := a.sources(nil, nil)
	if err != nil {
		return err
	}
	const patience = time.Minute
	for _, s := range all {
		p, ok := s.(collectors.Prober)
		if !ok {
			continue
		}
		probe, cancel := context.WithTimeout(ctx, patience)
		checks := p.Probe(probe)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		tell(s.Info().Name, checks)
	}
	return nil
}
