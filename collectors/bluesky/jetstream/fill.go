package jetstream

import (
	"context"
	"errors"
	"sync"
	"time"

	"winnow/collectors"
	"winnow/collectors/bluesky/socket"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// overlap is how far behind the end of a gap a replay goes on: hosts see the same
// event at slightly different times.
const overlap = time.Second

// errFilled ends the reading of a Fill on a network where nothing more comes.
var errFilled = errors.New("the replay has come to its end")

// Fill implements collectors.Filler: it replays the time of a gap, or a
// campaign's past, over a connection of its own.
func (s *Source) Fill(ctx context.Context, g post.Gap, _ []byte, out collectors.Out) (collectors.Filled, error) {
	if err := s.prepare(ctx); err != nil {
		return collectors.Filled{}, err
	}
	f := &replay{s: s, gap: g, out: out, in: s.intake(), last: s.o.Now()}
	f.in.only = g.Campaign
	host := s.hosts.choose(s.o.Now())
	filled, err := f.run(ctx, host)
	if ctx.Err() != nil {
		return collectors.Filled{}, context.Cause(ctx)
	}
	if fault, ok := errors.AsType[*collectors.Fault](err); ok {
		err = s.hosts.failed(host, fault, false, s.o.Now())
	}
	return filled, err
}

// replay is one Fill.
type replay struct {
	s   *Source
	gap post.Gap
	out collectors.Out
	in  *intake

	mu   sync.Mutex
	last time.Time // when a frame came

	first    time.Time // the first event's
	outdated bool
}

func (f *replay) run(parent context.Context, host int) (collectors.Filled, error) {
	st := byTime(f.gap.From)
	conn, _, err := f.s.open(parent, host, st, everything(f.out.Alive))
	if err != nil {
		return collectors.Filled{}, err
	}
	defer conn.Close()
	f.in.asked = f.s.asked(conn)
	ctx, cancel := context.WithCancelCause(parent)
	var watcher sync.WaitGroup
	defer func() {
		cancel(nil)
		watcher.Wait()
	}()
	watcher.Go(func() { f.watch(ctx, cancel, conn) })
	for {
		frame, err := conn.Next(ctx)
		if err == nil {
			err = f.frame(frame)
		}
		switch {
		case err == nil:
		case unreadable(err):
			f.in.metrics.frame(frameRejected)
		case errors.Is(err, errFilled):
			return f.filled(), nil
		default:
			return collectors.Filled{}, err
		}
	}
}

// frame delivers what a frame has that lies in the gap.
func (f *replay) frame(frame []byte) error {
	ev, err := f.in.take(frame)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.last = f.s.o.Now()
	f.mu.Unlock()
	f.outdated = f.outdated || ev.outdated
	if ev.timeUS == 0 {
		return nil
	}
	at := time.UnixMicro(ev.timeUS)
	if f.first.IsZero() {
		f.first = at.UTC()
	}
	if at.After(f.gap.To.Add(overlap)) {
		return errFilled
	}
	if at.Before(f.gap.From.Add(-rewind)) || len(ev.posts)+len(ev.deletions) == 0 {
		return nil // a server begins where it likes, up to an hour before
	}
	return f.out.Deliver(collectors.Delivery{Posts: ev.posts, Deletions: ev.deletions})
}

// filled says what was achieved once the replay is through.
func (f *replay) filled() collectors.Filled {
	from := f.gap.From
	late := f.first.After(from) && (f.outdated || f.s.o.Now().Sub(from) > Lookback && f.first.Sub(from) > rewind)
	if !late {
		return collectors.Filled{From: from, Complete: true}
	}
	return collectors.Filled{From: f.first, Note: "the host does not keep what is older"}
}

// watch ends the replay when nothing more comes: on a quiet network no event
// tells that the end of the gap has passed.
func (f *replay) watch(ctx context.Context, cancel context.CancelCauseFunc, conn *socket.Conn) {
	wait := patience * f.s.o.Pace.Idle
	ticker := time.NewTicker(max(wait/2, time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		f.mu.Lock()
		last := f.last
		f.mu.Unlock()
		if f.s.o.Now().Sub(last) < wait {
			continue
		}
		if ping(ctx, conn, f.s.o.Stall) != nil {
			cancel(&collectors.Fault{Cause: post.Stalled, Err: errors.New("the host fell silent within a replay")})
			return
		}
		f.mu.Lock()
		none := f.last.Equal(last)
		f.mu.Unlock()
		if none {
			cancel(errFilled)
			return
		}
	}
}

// ping asks a server for a sign of life, for no longer than it may be silent.
func ping(ctx context.Context, conn *socket.Conn, most time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	return conn.Ping(ctx)
}

// unreadable reports whether an error is about one message alone.
func unreadable(err error) bool {
	_, ok := errors.AsType[*wire.Reject](err)
	return ok
}
