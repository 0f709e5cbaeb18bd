package filtered

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"winnow/collectors"
	"winnow/collectors/wire"
	"winnow/collectors/x/api"
	"winnow/collectors/x/spend"
	"winnow/pipeline/post"
)

const (
	// batch is how many posts are handed over together at most.
	batch = 200
	// waiting and waitingBytes bound what was received and not handled yet.
	waiting      = 512
	waitingBytes = 16 << 20
)

// errQuiet ends a stream that nobody needs now.
var errQuiet = errors.New("nothing moves: counting is enough")

// Stream implements collectors.Source.
func (s *Source) Stream(ctx context.Context, cursor []byte, out collectors.Out) error {
	s.resume(cursor)
	s.announced = false
	var beside sync.WaitGroup
	defer beside.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !s.o.Redundant {
		beside.Go(func() { s.attend(ctx, out) })
	}
	for {
		if s.o.Counts != nil && !s.o.Now().Before(s.reading) {
			if err := s.count(ctx, out); err != nil {
				return err
			}
		}
		if err := s.listen(ctx, out); !errors.Is(err, errQuiet) {
			return err
		}
	}
}

// stream is one connection at work.
type stream struct {
	*Source
	out   collectors.Out
	lines chan []byte
	held  *semaphore.Weighted
	ended error // why the lines ended, once lines is closed

	live bool
	// rules brings the end of a change of rules, nil if there is none; decided
	// is what it is for. patience is until when not to try again.
	rules    chan error
	counting bool
	decided  spend.Decision
	patience time.Time
}

// listen connects and delivers until something ends that.
func (s *Source) listen(ctx context.Context, out collectors.Out) error {
	d := s.guard.Decide(s.o.Now())
	if d.Share == 0 {
		return paused(d)
	}
	delay, err := s.prepare(ctx, out, d.Percent())
	if err != nil {
		return err
	}
	var inside sync.WaitGroup
	defer inside.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	body, from, err := s.connect(ctx, out, delay > 0)
	if err != nil {
		return err
	}
	defer body.Close() //nolint:errcheck // it was only read
	s.log.Info("connected to X's stream", slog.Int("percent", d.Percent()))
	st := &stream{
		Source: s, out: out, decided: d,
		lines: make(chan []byte, waiting), held: semaphore.NewWeighted(waitingBytes),
	}
	inside.Go(func() { st.read(ctx, body) })
	err = st.run(ctx, &inside, delay, from)
	if ctx.Err() != nil || errors.Is(err, collectors.ErrFull) {
		return err
	}
	// What came already was paid for.
	cancel()
	if full := st.drain(); full != nil {
		return full
	}
	return err
}

// drain delivers what was received before the connection was given up.
func (st *stream) drain() error {
	for line := range st.lines {
		if err := st.take(line); errors.Is(err, collectors.ErrFull) {
			return err
		}
	}
	return nil
}

// read takes lines off the connection until it ends.
func (st *stream) read(ctx context.Context, body io.Reader) {
	defer close(st.lines)
	lines := api.Lines(collectors.AliveReader(body, pulse{st.out, st.Source}), 0)
	for {
		line, err := lines.Next()
		switch {
		case errors.Is(err, api.ErrTooLong):
			st.metrics.rejected.WithLabelValues(string(wire.TooLong)).Inc()
			st.guard.Requested(st.o.Now(), 1) // X bills it, whatever it was
			continue
		case err != nil:
			st.ended = err
			return
		}
		if err := st.held.Acquire(ctx, weight(line)); err != nil {
			st.ended = err
			return
		}
		select {
		case st.lines <- append([]byte(nil), line...):
		case <-ctx.Done():
			st.ended = ctx.Err()
			return
		}
	}
}

func weight(line []byte) int64 { return min(int64(len(line)), waitingBytes) }

// pulse notes when bytes came.
type pulse struct {
	collectors.Out
	s *Source
}

// Alive implements collectors.Out.
func (p pulse) Alive() {
	p.s.heard.Store(p.s.o.Now().UnixNano())
	p.Out.Alive()
}

// run handles lines and whatever else has its time.
func (st *stream) run(ctx context.Context, inside *sync.WaitGroup, delay time.Duration, from time.Time) error {
	settled := time.NewTimer(delay)
	defer settled.Stop()
	caughtUp := time.NewTimer(st.o.RuleDelay)
	defer caughtUp.Stop()
	connected := st.o.Now()
	tick := time.NewTicker(st.o.Every)
	defer tick.Stop()
	still := make(chan bool, 1)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line, ok := <-st.lines:
			if !ok {
				return st.why(ctx)
			}
			if err := st.take(line); err != nil {
				return err
			}
		case <-settled.C:
			st.goLive(from)
			continue
		case <-caughtUp.C:
			if !from.IsZero() {
				st.out.Reached(connected.Add(-late))
			}
			continue
		case err := <-st.rules:
			if err := st.changed(err); err != nil {
				return err
			}
			continue
		case <-tick.C:
			st.recount(ctx, inside, still)
		case more := <-still:
			st.counting = false
			if !more {
				return errQuiet
			}
			st.reading = st.o.Now().Add(st.o.Counts.Hold)
			continue
		}
		if err := st.decide(ctx, inside); err != nil {
			return err
		}
	}
}

// why says why the connection ended.
func (st *stream) why(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return collectors.FromError(st.ended)
}

// goLive says that everything comes through this connection now, or the share
// of it that is read.
func (st *stream) goLive(from time.Time) {
	st.live = true
	if !st.announced {
		st.announced = true
		st.out.Live(from)
	}
	if st.decided.Share < 1 || st.o.Counts != nil {
		st.share()
	}
}

func (st *stream) share() {
	if st.decided.Share < 1 {
		st.out.Share(st.decided.Share, post.Budget, st.decided.Note)
		return
	}
	st.out.Share(1, "", "")
}

// decide asks what may be read, and has the rules changed to that.
func (st *stream) decide(ctx context.Context, inside *sync.WaitGroup) error {
	now := st.o.Now()
	d := st.guard.Decide(now)
	if d.Share == 0 {
		return paused(d)
	}
	if st.o.Redundant {
		// The first stream changes the rules, by the same figures.
		if d.Percent() != st.decided.Percent() && st.live {
			st.decided = d
			st.share()
		}
		return nil
	}
	if d.Percent() == st.percent || st.rules != nil || now.Before(st.patience) {
		return nil
	}
	st.decided = d
	done := make(chan error, 1)
	st.rules = done
	inside.Go(func() {
		_, err := st.setRules(ctx, d.Percent())
		done <- err
	})
	return nil
}

// changed takes note of how a change of rules went.
func (st *stream) changed(err error) error {
	st.rules = nil
	if err == nil {
		st.percent = st.decided.Percent()
		if st.live {
			st.share()
		}
		return nil
	}
	fault := collectors.FromError(err)
	if fault.Final() {
		return err
	}
	st.patience = st.o.Now().Add(st.o.RuleDelay)
	if fault.Until.After(st.patience) {
		st.patience = fault.Until
	}
	st.log.Warn("the share of posts to read cannot be changed now", slog.Any("error", err))
	return nil
}
