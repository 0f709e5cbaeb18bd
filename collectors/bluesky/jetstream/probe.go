package jetstream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"winnow/collectors"
	"winnow/collectors/bluesky/sieve"
	"winnow/collectors/bluesky/socket"
)

const (
	// firstFrame is how long a host may take to send anything: on the public
	// network there are hundreds of events a second.
	firstFrame = 5 * time.Second
	// sample is for how long events are counted then.
	sample = 2 * time.Second
	// lagging is how old the newest event may be, or how wrong our clock.
	lagging = 30 * time.Second
)

// Probe implements collectors.Prober. It costs nothing but some seconds.
func (s *Source) Probe(ctx context.Context) []collectors.Check {
	out := make([]collectors.Check, len(s.hosts.list), len(s.hosts.list)+2)
	var group errgroup.Group
	for i := range s.hosts.list {
		group.Go(func() error {
			out[i] = s.probeHost(ctx, i)
			return nil
		})
	}
	_ = group.Wait() // what failed stands in the checks
	return append(out, s.probeProfiles(ctx)...)
}

func (s *Source) probeHost(ctx context.Context, i int) collectors.Check {
	name := s.hosts.list[i].Name()
	ctx, cancel := context.WithTimeout(ctx, firstFrame+sample+firstFrame)
	defer cancel()
	conn, _, err := s.open(ctx, i, start{}, everything(nil))
	if err != nil {
		text := fmt.Sprintf("%s does not answer as a Jetstream host: %v", name, err)
		advice := "the other hosts are used meanwhile; if none answers, check the network and the proxy"
		if f, ok := errors.AsType[*collectors.Fault](err); ok {
			text = fmt.Sprintf("%s does not answer as a Jetstream host: %v", name, f.Err)
			if f.Advice != "" {
				advice = f.Advice
			}
		}
		return collectors.Check{Outcome: collectors.Bad, Text: text, Advice: advice}
	}
	defer conn.Close()
	seen := watchRate(ctx, conn, s.o.Now)
	how := "the old wire"
	if !s.hosts.legacy(i) {
		how = "the new wire, plain"
		if _, compressed := conn.Bytes(); compressed {
			how = "the new wire, compressed"
		} else if s.o.Compress {
			how = "the new wire, plain because no dictionary could be had"
		}
	}
	switch lag := seen.lag.Round(100 * time.Millisecond); {
	case seen.events == 0:
		return collectors.Check{
			Outcome: collectors.Warn, Text: fmt.Sprintf("%s is open (%s), but sent nothing in %v", name, how, firstFrame),
			Advice: "fine on a small network; a public host that does this is blind: leave it out",
		}
	case seen.lag > lagging || seen.lag < -lagging:
		return collectors.Check{
			Outcome: collectors.Warn, Text: fmt.Sprintf("%s sends %.0f posts, reposts and deletions a second (%s), but its newest is %v old", name, seen.rate, how, lag),
			Advice: "check this machine's clock; if it is right, the host is behind",
		}
	default:
		return collectors.Check{
			Outcome: collectors.Good,
			Text:    fmt.Sprintf("%s sends %.0f posts, reposts and deletions a second (%s), %v after they happen", name, seen.rate, how, lag),
		}
	}
}

// traffic is what a probe saw.
type traffic struct {
	events int
	rate   float64       // events a second
	lag    time.Duration // of the newest
}

// watchRate reads until it has seen enough, or nothing for too long.
func watchRate(ctx context.Context, conn *socket.Conn, now func() time.Time) (t traffic) {
	ctx, cancel := context.WithTimeout(ctx, firstFrame)
	defer cancel()
	began := now()
	for {
		frame, err := conn.Next(ctx)
		if err != nil && !unreadable(err) {
			return t
		}
		var h sieve.Head
		if err != nil || !sieve.Scan(frame, &h) || h.TimeUS == 0 {
			continue
		}
		at := now()
		if t.events == 0 {
			began = at
		}
		t.events++
		t.lag = at.Sub(time.UnixMicro(h.TimeUS))
		spent := at.Sub(began)
		t.rate = float64(t.events) / max(spent, time.Second).Seconds()
		if spent >= sample {
			return t
		}
	}
}

// probeProfiles checks the look-up of profiles, and of protected accounts.
func (s *Source) probeProfiles(ctx context.Context) []collectors.Check {
	handles := s.protectedHandles()
	if s.o.Profiles == nil {
		if len(handles) == 0 {
			return nil
		}
		return []collectors.Check{{
			Outcome: collectors.Bad, Text: fmt.Sprintf("%d protected accounts are given by handle, and profiles are not looked up", len(handles)),
			Advice: "give their identifiers (did:plc:…), or have profiles looked up",
		}}
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTime)
	defer cancel()
	if err := s.o.Profiles.Check(ctx); err != nil {
		return []collectors.Check{{
			Outcome: collectors.Warn, Text: fmt.Sprintf("profiles cannot be looked up at %s: %v", s.o.Profiles.Base(), err),
			Advice: "posts are collected all the same; followers and names stay unknown",
		}}
	}
	out := []collectors.Check{{Outcome: collectors.Good, Text: "profiles are looked up at " + s.o.Profiles.Base()}}
	if len(handles) == 0 {
		return out
	}
	found, err := s.o.Profiles.Resolve(ctx, handles)
	if err != nil || len(found) < len(handles) {
		return append(out, collectors.Check{
			Outcome: collectors.Warn, Text: fmt.Sprintf("%d of %d protected accounts are known by their handles", len(found), len(handles)),
			Advice: "check how the handles are written, or give identifiers (did:plc:…)",
		})
	}
	return append(out, collectors.Check{Outcome: collectors.Good, Text: fmt.Sprintf("all %d protected accounts are known by their handles", len(handles))})
}
