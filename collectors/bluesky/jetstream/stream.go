package jetstream

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"winnow/collectors"
	"winnow/collectors/bluesky"
	"winnow/collectors/bluesky/socket"
	"winnow/pipeline/post"
)

const (
	// steady is how long a connection must have stood to be taken up again on
	// the same host when it breaks.
	steady = 10 * time.Second
	// babble is how many messages in a row may be unreadable.
	babble = 1000
	// reachedEvery is how often progress is told at most.
	reachedEvery = 100 * time.Millisecond
)

// collections are what the server is asked for.
var collections = []string{bluesky.CollectionPost, bluesky.CollectionRepost}

// Stream implements collectors.Source.
func (s *Source) Stream(ctx context.Context, cursor []byte, out collectors.Out) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	at, ok := parse(cursor)
	if !ok && len(cursor) > 0 {
		s.o.Log.Warn("the stored cursor cannot be read: going on from now", "source", Name)
	}
	i := s.hosts.choose(s.o.Now())
	r := &run{s: s, out: out, host: i, at: at, resume: at, in: s.intake(), began: s.o.Now()}
	r.start, r.repair = s.hosts.start(i, at, ok)
	if !r.start.sequence() {
		r.at.Seq = 0 // of another host, or of this one before it was set up anew
	}
	r.in.before = at.TimeUS
	err := r.run(ctx)
	return s.ended(ctx, r, err)
}

// ended notes why a connection ended and returns it as Stream does.
func (s *Source) ended(ctx context.Context, r *run, err error) error {
	if ctx.Err() != nil {
		// The supervisor's reason may be that this host fell silent.
		if f, ok := errors.AsType[*collectors.Fault](context.Cause(ctx)); ok && f.Cause == post.Stalled {
			_ = s.hosts.failed(r.host, f, false, s.o.Now()) // the supervisor has told it already
		}
		return context.Cause(ctx)
	}
	f, ok := errors.AsType[*collectors.Fault](err)
	if !ok {
		return err // what Out returned
	}
	return s.hosts.failed(r.host, f, s.o.Now().Sub(r.began) >= steady, s.o.Now())
}

// everything returns the request for all that the source reads.
func everything(alive func()) socket.Request {
	return socket.Request{Collections: collections, Accounts: true, Alive: alive}
}

// open opens host i at a start, by whichever wire it speaks. If the host does
// not reach back to a sequence number, it is asked for its time, from which on
// it sends what it has; outdated says so.
func (s *Source) open(ctx context.Context, i int, st start, req socket.Request) (c *socket.Conn, outdated bool, err error) {
	req.Host, req.Wire, req.Cursor = s.hosts.list[i], socket.Events, st.cursor
	if s.hosts.legacy(i) {
		req.Wire = socket.Legacy
	}
	for range 3 {
		c, err = s.dialer.Open(ctx, req)
		switch {
		case err == nil:
			s.hosts.opened(i, req.Wire == socket.Legacy)
			s.metrics.open(req.Host.Name(), string(req.Wire))
			return c, outdated, nil
		case errors.Is(err, socket.ErrWire) && s.o.Wire == WireAuto:
			req.Wire = socket.Legacy
		case errors.Is(err, socket.ErrTooOld) && st.sequence():
			req.Cursor, outdated = byTime(st.from).cursor, true
		default:
			return nil, false, s.refused(i, err)
		}
	}
	return nil, false, s.refused(i, err)
}

// asked is what a connection was asked for, if it is evidence.
func (s *Source) asked(c *socket.Conn) string {
	if !s.evidence {
		return ""
	}
	return c.Asked()
}

// refused makes a fault of an error of opening.
func (s *Source) refused(i int, err error) error {
	switch {
	case errors.Is(err, socket.ErrWire):
		return &collectors.Fault{
			Cause: post.Misconfigured, Err: err,
			Advice: "set the wire to auto or legacy for this host",
		}
	case errors.Is(err, socket.ErrTooOld):
		return &collectors.Fault{Cause: post.Protocol, Err: err}
	}
	if _, ok := errors.AsType[*collectors.Fault](err); ok {
		// The old wire may not be spoken any more where it was.
		s.hosts.forgetWire(i)
	}
	return err
}

// run is one connection of Stream.
type run struct {
	s     *Source
	out   collectors.Out
	host  int
	start start
	// repair says that the start lies before the cursor, where a host was blind.
	repair bool
	began  time.Time
	in     *intake
	conn   *socket.Conn

	// mu guards what the watching goroutines share with the reading one.
	mu       sync.Mutex
	live     bool
	outdated bool
	at       position
	last     time.Time // when an event came
	pinged   time.Time // when any byte came
	posts    uint64    // posts made, anybody's
	reached  int64     // the latest time told, µs
	told     time.Time // when it was told

	// The reading goroutine's own.
	resume position // what the connection began with
	begun  bool
	// plain says that events came without numbers: those that have one are not
	// to be relied on then.
	plain  bool
	newest int64 // the latest event's time, µs
	saved  time.Time
	bad    int
}

// run reads until something ends it.
func (r *run) run(parent context.Context) error {
	s := r.s
	now := s.o.Now()
	r.last, r.pinged, r.saved = now, now, now
	conn, outdated, err := s.open(parent, r.host, r.start, everything(r.alive))
	if err != nil {
		return err
	}
	defer conn.Close()
	r.conn, r.outdated = conn, outdated
	r.in.asked = s.asked(conn)
	if outdated {
		r.at.Seq = 0
	}
	if r.start.cursor == 0 {
		r.goLive(time.Time{})
	}
	ctx, cancel := context.WithCancelCause(parent)
	var watchers sync.WaitGroup
	defer func() {
		cancel(nil)
		watchers.Wait()
		r.tell(time.UnixMicro(r.newest)) // what was not told yet
	}()
	watchers.Go(func() { r.watch(ctx, cancel) })
	watchers.Go(func() { r.compare(ctx, cancel) })
	for {
		frame, err := conn.Next(ctx)
		switch {
		case err == nil:
			err = r.frame(frame)
		case unreadable(err):
			r.in.reject(err)
			r.bad++
			err = nil
		}
		if err != nil {
			return err
		}
		if r.bad >= babble {
			return &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("%d messages in a row could not be read", babble)}
		}
	}
}

func (r *run) alive() {
	now := r.s.o.Now()
	r.mu.Lock()
	r.pinged = now
	r.mu.Unlock()
	r.out.Alive()
}

// goLive says once that the connection stands.
func (r *run) goLive(from time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.live {
		return
	}
	r.live = true
	r.reached = from.UnixMicro()
	if from.IsZero() {
		r.reached = 0
	}
	r.out.Live(from)
}

// frame deals with one frame.
func (r *run) frame(frame []byte) error {
	ev, err := r.in.take(frame)
	if err != nil {
		return err
	}
	now := r.s.o.Now()
	if ev.unreadable {
		r.bad++
		return nil
	}
	r.bad = 0
	if ev.timeUS == 0 {
		r.mu.Lock()
		r.outdated = r.outdated || ev.outdated
		r.mu.Unlock()
		return nil
	}
	ev.timeUS = min(ev.timeUS, now.UnixMicro()) // a clock that goes ahead promises nothing
	if !r.begun {
		r.begun = true
		if err := r.begin(&ev, now); err != nil {
			return err
		}
	}
	host := r.s.hosts.list[r.host].Name()
	r.plain = r.plain || ev.seq == 0
	r.mu.Lock()
	r.last = now
	if r.plain {
		r.at.Seq, ev.seq = 0, 0
	}
	if ev.isPost {
		r.posts++
	}
	r.at.advance(host, ev.seq, ev.timeUS, now)
	at := r.at
	r.mu.Unlock()

	if len(ev.posts)+len(ev.deletions) > 0 || now.Sub(r.saved) >= r.s.o.Pace.Save || r.resume == (position{}) {
		if err := r.out.Deliver(collectors.Delivery{Posts: ev.posts, Deletions: ev.deletions, Cursor: at.encode()}); err != nil {
			return err
		}
		r.saved = now
		r.s.recent.add(ev.key)
		if r.resume == (position{}) {
			r.resume = at // there is a cursor from now on
		}
	}
	r.progress(ev.timeUS, now)
	return nil
}

// begin says, with the first event of a replay, since when everything comes.
func (r *run) begin(ev *event, now time.Time) error {
	r.mu.Lock()
	live, outdated := r.live, r.outdated
	r.mu.Unlock()
	if r.start.sequence() && !outdated && ev.seq > 0 {
		// The first one back is the last one that was had. A host that was set
		// up anew counts from the beginning again: its numbers mean other events.
		if ev.seq < r.start.cursor || ev.seq == r.start.cursor && ev.timeUS < r.resume.TimeUS-renumbering.Microseconds() {
			r.s.hosts.renumbered(r.host, r.start.cursor)
			return &collectors.Fault{Cause: post.Protocol, Err: errors.New("the host numbers its events anew")}
		}
	}
	if live {
		return nil
	}
	from := r.start.from
	first := time.UnixMicro(ev.timeUS).UTC()
	late := first.After(from) && (outdated || now.Sub(from) > Lookback && first.Sub(from) > rewind)
	if late {
		from = first // the old wire does not tell that it begins later
	}
	r.goLive(from)
	return nil
}

// renumbering is more than the times of events on one host go astray.
const renumbering = 10 * time.Minute

// progress tells how far the stream has come.
func (r *run) progress(timeUS int64, now time.Time) {
	r.s.metrics.behind(now.Sub(time.UnixMicro(timeUS)).Seconds())
	if r.repair && timeUS >= r.resume.TimeUS {
		r.s.hosts.seen()
		r.repair = false
	}
	r.newest = max(r.newest, timeUS)
	r.mu.Lock()
	tell := timeUS > r.reached && (now.Sub(r.told) >= reachedEvery || now.Before(r.told))
	if tell {
		r.reached, r.told = timeUS, now
	}
	r.mu.Unlock()
	if tell {
		r.out.Reached(time.UnixMicro(timeUS).UTC())
	}
}
