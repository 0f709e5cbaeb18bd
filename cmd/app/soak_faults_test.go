package app_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// fault is one thing that was broken.
type fault struct {
	kind string
	// begin and end bound what was injected; back is when the source was live
	// again.
	begin, end, back time.Time
}

// faultKinds are the ways to break a platform for about a time; each returns
// when it has mended it.
func faultKinds(ctx context.Context, l *lane, d time.Duration) map[string]func() {
	p := l.platform
	answering := func(status int, header http.Header) func() {
		return func() {
			p.Answer(status, header)
			p.Cut()
			pause(ctx, d)
			p.Answer(0, nil)
		}
	}
	return map[string]func(){
		"cut": p.Cut,
		"end": p.End,
		"refused": func() {
			p.Refuse(true)
			p.Cut()
			pause(ctx, d)
			p.Refuse(false)
		},
		"503": answering(http.StatusServiceUnavailable, nil),
		"429": func() {
			reset := time.Now().Add(d).Truncate(time.Second).Add(time.Second)
			p.Answer(http.StatusTooManyRequests, http.Header{
				"X-Rate-Limit-Reset": {strconv.FormatInt(reset.Unix(), 10)},
				"X-Ratelimit-Reset":  {reset.UTC().Format(time.RFC3339)},
			})
			p.Cut()
			pause(ctx, time.Until(reset))
			p.Answer(0, nil)
		},
		"silence": func() {
			p.Silence(true)
			pause(ctx, soakStall+d/8)
			p.Silence(false)
		},
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// breakThings breaks a platform again and again until broken ends, and waits
// each time until its source is live again. Kinds come in rounds, each once, so
// that a short run has some of all.
func (s *soak) breakThings(ctx, broken context.Context, l *lane, n int) error {
	dice := rand.New(rand.NewPCG(s.seed, uint64(n)))
	healthy, outage := 8*time.Second, 8*time.Second
	if s.length < time.Minute {
		healthy, outage = time.Second, 1500*time.Millisecond
	}
	between := func(least, most time.Duration) time.Duration {
		return least + time.Duration(dice.Int64N(int64(most-least)))
	}
	var round []string
	for {
		pause(broken, between(healthy/8, healthy))
		if broken.Err() != nil {
			return ctx.Err()
		}
		kinds := faultKinds(ctx, l, between(min(time.Second, outage/2), outage))
		if len(round) == 0 {
			round = slices.Sorted(maps.Keys(kinds))
			dice.Shuffle(len(round), func(i, j int) { round[i], round[j] = round[j], round[i] })
		}
		f := fault{kind: round[0], begin: time.Now()}
		round = round[1:]
		attempts := l.platform.Attempts()
		kinds[f.kind]()
		f.end = time.Now()
		err := s.until(ctx, l.name+" is live again after "+f.kind, func() bool { return l.platform.Attempts() > attempts && s.live(l) })
		if err != nil {
			return fmt.Errorf("a fault at %v: %w", f.begin.Sub(s.begin).Round(time.Millisecond), err)
		}
		f.back = time.Now()
		l.faults = append(l.faults, f)
	}
}
