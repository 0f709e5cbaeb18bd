package collectors

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// platform is a fake that makes a post each 100 ms and keeps all of them, so
// that a source can replay, or be asked, as far as keep reaches back.
type platform struct {
	mu    sync.Mutex
	posts []time.Time
	mode  mode
	conn  context.CancelCauseFunc
	lives []stretch
}

// mode is what the platform does to those who connect.
type mode struct {
	cause  post.Cause // of a refusal; empty for none
	silent bool
	replay time.Duration // how far back a replay reaches; 0 for none
	keep   time.Duration // how far back a fill reaches
}

// stretch is a time from one instant to another.
type stretch struct{ from, to time.Time }

func (p *platform) make(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
			p.mu.Lock()
			p.posts = append(p.posts, time.Now().UTC())
			p.mu.Unlock()
		}
	}
}

func idOf(t time.Time) string { return fmt.Sprint(t.UnixMilli()) }

// set changes what the platform does, and cuts who is connected.
func (p *platform) set(m mode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode = m
	if p.conn != nil {
		p.conn(fault(post.Network))
	}
}

// since returns the posts made in (from, to].
func (p *platform) since(from, to time.Time) []time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	var got []time.Time
	for _, t := range p.posts {
		if t.After(from) && !t.After(to) {
			got = append(got, t)
		}
	}
	return got
}

// client is a source for it; its cursor is the time of the last post.
type client struct {
	p    *platform
	info Info
}

func (c *client) Info() Info { return c.info }

func (c *client) Stream(ctx context.Context, cursor []byte, out Out) error {
	<-time.After(30 * time.Millisecond)
	line, cut := context.WithCancelCause(ctx)
	defer cut(nil)
	c.p.mu.Lock()
	m := c.p.mode
	c.p.conn = cut
	c.p.mu.Unlock()
	if m.cause != "" {
		return fault(m.cause)
	}
	begun := time.Now().UTC()
	at := begun.Add(-time.Millisecond) // a post of this very instant is sequenced after Live
	if m.replay > 0 && cursor != nil {
		var ms int64
		if _, err := fmt.Sscan(string(cursor), &ms); err != nil {
			return &Fault{Cause: post.Protocol, Err: err}
		}
		at = time.UnixMilli(ms).UTC()
		if least := begun.Add(-m.replay); at.Before(least) {
			at = least
		}
		out.Live(at)
	} else {
		out.Live(time.Time{})
	}
	seen := begun
	defer func() {
		c.p.mu.Lock()
		defer c.p.mu.Unlock()
		c.p.lives = append(c.p.lives, stretch{begun, seen})
	}()
	for {
		for _, t := range c.p.since(at, time.Now()) {
			d := onePost(idOf(t))
			d.Cursor = []byte(idOf(t))
			if err := out.Deliver(d); err != nil {
				return err
			}
			at = t
			if m.replay > 0 {
				out.Reached(t)
			}
		}
		seen = time.Now().UTC()
		out.Alive()
		wait := 100 * time.Millisecond
		if m.silent {
			wait = time.Hour
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-line.Done():
			return context.Cause(line)
		case <-time.After(wait):
		}
	}
}

// asking is a client that can also fill.
type asking struct{ client }

func (a *asking) Fill(ctx context.Context, g post.Gap, _ []byte, out Out) (Filled, error) {
	a.p.mu.Lock()
	m := a.p.mode
	a.p.mu.Unlock()
	if m.cause != "" {
		return Filled{}, fault(post.Unavailable)
	}
	from := g.From
	if least := time.Now().UTC().Add(-m.keep); from.Before(least) {
		from = least
	}
	for _, t := range a.p.since(from.Add(-time.Millisecond), g.To) {
		if err := out.Deliver(Delivery{Posts: onePost(idOf(t)).Posts}); err != nil {
			return Filled{}, err
		}
	}
	return Filled{From: from, Complete: true}, nil
}

// step is a part of a schedule.
type step struct {
	mode  mode
	last  time.Duration
	crash bool
	full  bool // the log takes nothing
	down  time.Duration
}

// drawn draws a schedule.
func drawn(t *rapid.T) (steps []step, fills bool) {
	causes := []post.Cause{"", "", "", post.Network, post.Unavailable, post.RateLimited, post.Budget}
	for range rapid.IntRange(1, 12).Draw(t, "steps") {
		steps = append(steps, step{
			mode: mode{
				cause:  rapid.SampledFrom(causes).Draw(t, "cause"),
				silent: rapid.IntRange(0, 5).Draw(t, "silent") == 0,
				replay: time.Duration(rapid.SampledFrom([]int{0, 3, 30, 3000}).Draw(t, "replay")) * time.Second,
				keep:   time.Duration(rapid.SampledFrom([]int{1, 20, 3000}).Draw(t, "keep")) * time.Second,
			},
			last:  time.Duration(rapid.IntRange(1, 20_000).Draw(t, "ms")) * time.Millisecond,
			crash: rapid.IntRange(0, 3).Draw(t, "crash") == 0,
			full:  rapid.IntRange(0, 5).Draw(t, "full") == 0,
			down:  time.Duration(rapid.IntRange(0, 10_000).Draw(t, "down")) * time.Millisecond,
		})
	}
	return steps, rapid.Bool().Draw(t, "fills")
}

// play runs a schedule in a bubble of its own and says what was wrong.
func play(steps []step, fills bool) (wrong string) {
	p := &platform{}
	life, end := context.WithCancel(context.Background())
	defer end()
	go p.make(life)

	log := newMemory()
	info := infoOf()
	info.Stall = 5 * time.Second
	begun := time.Now().UTC()
	run := func() (stop func(crash bool)) {
		var src Source = &client{p, info}
		if fills {
			a := &asking{client{p, info}}
			a.info.Lookback = time.Hour
			src = a
		}
		ctx, cancel := context.WithCancel(context.Background())
		s := New(Options{Log: log, Buffer: 50, Rand: func() float64 { return 0.5 }})
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx, src) }()
		return func(crash bool) {
			if crash {
				log.setRefuse(func(feed.Batch) error { return errors.New("killed") })
			}
			cancel()
			err := <-done
			log.setRefuse(nil)
			if err != nil && !crash {
				wrong = err.Error()
			}
		}
	}
	// untold is when the log took nothing: should the process be killed before
	// it takes something again, it cannot know what was live.
	var untold []stretch
	stop := run()
	for _, s := range steps {
		p.set(s.mode)
		from := time.Now().UTC()
		if s.full {
			log.setRefuse(func(feed.Batch) error { return feed.ErrFull })
		}
		<-time.After(s.last)
		if s.full {
			// It is asked again each second.
			untold = append(untold, stretch{from, time.Now().UTC().Add(time.Second)})
		}
		if s.crash {
			stop(true)
			<-time.After(s.down)
			stop = run()
		}
		log.setRefuse(nil)
	}
	// At the end all is well for a while.
	p.set(mode{replay: time.Hour, keep: time.Hour})
	<-time.After(time.Minute)
	until := time.Now().UTC()
	stop(false)
	if wrong != "" {
		return wrong
	}
	return audit(p, log, begun, until, untold)
}

// audit compares what the platform knows with what the log has.
func audit(p *platform, log *memory, begun, until time.Time, untold []stretch) string {
	var all []string
	have := map[string]bool{}
	for _, id := range log.ids() {
		have[id] = true
	}
	gaps := log.gaps()
	inside := func(t time.Time, which func(*post.Gap) bool) bool {
		for i := range gaps {
			g := &gaps[i]
			if which(g) && !t.Before(g.From) && (g.Open() || !t.After(g.To)) {
				return true
			}
		}
		return false
	}
	// Coverage begins where the log was told that it does.
	watched := until
	for _, b := range log.all() {
		for _, w := range b.Watches {
			watched = earlier(watched, w.Since)
		}
	}
	for _, t := range p.since(watched, until.Add(-time.Second)) {
		if have[idOf(t)] {
			continue
		}
		if !inside(t, func(*post.Gap) bool { return true }) {
			all = append(all, fmt.Sprintf("the post of %v is neither in the log nor in a gap", t.Sub(begun)))
		} else if !inside(t, func(g *post.Gap) bool { return g.Fill != post.Filled }) {
			all = append(all, fmt.Sprintf("the post of %v is missing in a gap that is called filled", t.Sub(begun)))
		}
	}
	const beat = 2 * time.Second
	for i := range gaps {
		g := &gaps[i]
		if g.Open() || g.To.Before(g.From) {
			all = append(all, fmt.Sprintf("the gap %v-%v %s", g.From.Sub(begun), g.To.Sub(begun), g.Cause))
			continue
		}
		for _, l := range p.lives {
			from, to := later(g.From, l.from), earlier(g.To, l.to)
			over := to.Sub(from)
			for _, u := range untold {
				over -= max(0, earlier(u.to, to).Sub(later(u.from, from)))
			}
			if over > beat {
				all = append(all, fmt.Sprintf("the gap %v-%v %s covers %v that were live", g.From.Sub(begun), g.To.Sub(begun), g.Cause, over))
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	for i := range gaps {
		all = append(all, fmt.Sprintf("gap %v-%v %s %s %s", gaps[i].From.Sub(begun), gaps[i].To.Sub(begun), gaps[i].Cause, gaps[i].Fill, gaps[i].Note))
	}
	for _, l := range p.lives {
		all = append(all, fmt.Sprintf("live %v-%v", l.from.Sub(begun), l.to.Sub(begun)))
	}
	return strings.Join(all[:min(len(all), 40)], "\n")
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Whatever happens to the platform, the process and the log: every post is in
// the log or inside a gap that is not called filled, and no gap covers more of
// a live time than the log may be behind.
func TestNothingIsLostWithoutAGap(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps, fills := drawn(rt)
		var wrong string
		synctest.Test(t, func(*testing.T) { wrong = play(steps, fills) })
		if wrong != "" {
			rt.Fatal(wrong)
		}
	})
}
