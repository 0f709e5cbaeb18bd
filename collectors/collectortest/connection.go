package collectortest

import (
	"time"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// connectionCases are about streams that end, stall or never come about.
func connectionCases() []scenario {
	return []scenario{
		{"cut", cut},
		{"clean end", cleanEnd},
		{"end after one post, again and again", endlessEnds},
		{"connection refused", refused},
		{"stall", stall},
		{"quiet is no stall", quiet},
		{"restart", restart},
		{"restart under traffic", func(s *stage) { restartUnderTraffic(s, false) }},
		{"crash under traffic", func(s *stage) { restartUnderTraffic(s, true) }},
		{"end while waiting", endWhileWaiting},
		{"end while silent", endWhileSilent},
		{"clock ahead", func(s *stage) { wrongClock(s, 10*time.Minute) }},
		{"clock behind", func(s *stage) { wrongClock(s, -10*time.Minute) }},
	}
}

// cut: connections break without a word, in the middle of posts.
func cut(s *stage) {
	s.start()
	s.live()
	for range 3 {
		s.arrive(s.some(3)...)
		n := s.platform.Attempts()
		s.broken(func() {
			s.some(3)
			s.platform.Cut()
			s.some(3)
			s.must("the source connects again", func() bool { return s.platform.Attempts() > n })
		})
	}
	s.account(demand{})
}

// cleanEnd: the platform says goodbye.
func cleanEnd(s *stage) {
	s.start()
	s.live()
	s.arrive(s.some(3)...)
	n := s.platform.Attempts()
	s.broken(func() {
		s.platform.End()
		s.some(3)
		s.must("the source connects again", func() bool { return s.platform.Attempts() > n })
	})
	s.account(demand{})
}

// endlessEnds: each connection brings a post and ends. A post is no sign of
// health: attempts stay within the ladder.
func endlessEnds(s *stage) {
	const long = time.Second
	s.start()
	s.live()
	n := s.platform.Attempts()
	s.broken(func() {
		begin := time.Now()
		for time.Since(begin) < long {
			if s.within(tick, func() bool { return s.platform.Open() > 0 }) {
				s.publish("just one")
				s.platform.End()
			}
		}
		took := time.Since(begin)
		if got, most := s.platform.Attempts()-n, attemptsWithin(s.source.Info().Ladder.Network, took); got > most {
			s.Errorf("%d attempts to connect in %v, want at most %d", got, took.Round(time.Millisecond), most)
		} else if got == 0 {
			s.Errorf("no attempt to connect again in %v", took.Round(time.Millisecond))
		}
	})
	s.account(demand{})
}

// attemptsWithin is how many attempts a ladder allows in a time, with every
// wait as short as chance makes it, and twice that, since a fake may not end a
// connection in the way that the source takes for a fault of the network.
func attemptsWithin(steps collectors.Steps, d time.Duration) int {
	n, wait := 1, steps.First
	for spent := time.Duration(0); spent < d && n < 1000; n++ {
		if steps.Exact {
			spent += wait
		} else {
			spent += wait / 2
		}
		if steps.Factor > 0 {
			wait = time.Duration(float64(wait) * steps.Factor)
		}
		wait = min(wait+steps.Add, steps.Most)
	}
	return 2*n + 3
}

// refused: nobody listens for a while.
func refused(s *stage) {
	s.platform.Refuse(true)
	s.start()
	s.must("the source waits", func() bool { return s.status().State == collectors.Waiting })
	s.broken(func() {
		s.some(2)
		s.platform.Refuse(false)
	})
	s.arrive(s.some(2)...)
	s.broken(func() {
		s.platform.Refuse(true)
		s.platform.Cut()
		s.some(2)
		s.must("the source notices", func() bool { return !s.isLive() })
		s.platform.Refuse(false)
	})
	s.account(demand{})
}

// stall: the connection stands, and not even a heartbeat comes. That is a
// fault, and the gap begins where the silence did.
func stall(s *stage) {
	s.start()
	s.live()
	s.arrive(s.some(3)...)
	limit := s.source.Info().Stall
	if limit > 3*time.Second {
		s.Fatalf("the stall is %v: set it to about a second for the suite", limit)
	}
	s.settled()
	n := s.platform.Attempts()
	var from, noticed time.Time
	s.broken(func() {
		from = s.now()
		s.platform.Silence(true)
		s.some(2)
		over := func() bool { return s.platform.Attempts() > n || s.status().State != collectors.Live }
		if !s.within(limit+2*time.Second, over) {
			s.Fatalf("a silence of %v was not noticed; the source is %s", limit+2*time.Second, s.describe())
		}
		noticed = s.now()
		s.platform.Silence(false)
		s.must("the source connects again", func() bool { return s.platform.Attempts() > n })
	})
	if noticed.Sub(from) < limit/2 {
		s.Errorf("a silence of %v was taken for a stall of %v", noticed.Sub(from), limit)
	}
	s.account(demand{})
	found := false
	for _, g := range s.log.rows() {
		if g.Cause == post.Stalled {
			found = true
			if g.From.After(from.Add(tick)) {
				s.Errorf("the gap begins %v after the silence did", g.From.Sub(from))
			}
		}
	}
	if !found {
		s.Errorf("no gap has the cause %q; the source is %s", post.Stalled, s.describe())
	}
}

// settled waits until the gap of the start is on record and decided: filling it
// may need a connection of its own, which is none that broke. Where connecting
// took no time there is no such gap.
func (s *stage) settled() {
	s.within(time.Second, func() bool { return len(s.log.rows()) > 0 })
	s.must("the gap of the start is decided", func() bool { return s.undecided() == 0 })
}

// quiet: without posts, heartbeats keep a connection up.
func quiet(s *stage) {
	s.start()
	s.live()
	s.settled()
	n, begin := s.platform.Attempts(), time.Now()
	s.within(min(s.source.Info().Stall*3/2, 3*time.Second), func() bool { return s.platform.Attempts() > n || !s.isLive() })
	if (!s.isLive() || s.platform.Attempts() > n) && !s.starvedSince(begin) {
		s.Errorf("a connection with nothing but heartbeats did not last; the source is %s", s.describe())
	}
	s.account(demand{})
}

// restart: the next process goes on where the last one stopped.
func restart(s *stage) {
	s.start()
	s.live()
	s.arrive(s.some(5)...)
	s.stop()
	s.some(3)
	s.start()
	s.live()
	s.arrive(s.some(2)...)
	s.account(demand{})
	if s.platform.Open() > 1 {
		s.Errorf("%d streams are open, want 1", s.platform.Open())
	}
}

// restartUnderTraffic: what was on its way when the process ended, or was
// killed, is not lost in silence.
func restartUnderTraffic(s *stage, crash bool) {
	s.start()
	s.live()
	for range 3 {
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			flow := time.NewTicker(tick)
			defer flow.Stop()
			for {
				select {
				case <-stop:
					return
				case <-flow.C:
					s.publish("under way")
				}
			}
		}()
		s.within(2*beat, func() bool { return false })
		if crash {
			s.log.set(logGone)
			s.within(beat, func() bool { return false })
		}
		s.stop()
		s.log.set(logWorks)
		s.start()
		s.live()
		close(stop)
		<-stopped
	}
	s.account(demand{})
}

// endWhileWaiting: a wait between attempts does not hold up the end.
func endWhileWaiting(s *stage) {
	s.platform.Refuse(true)
	s.start()
	s.must("the source waits", func() bool { return s.status().State == collectors.Waiting })
	s.stop()
	s.platform.Refuse(false)
}

// endWhileSilent: neither does a read that brings nothing.
func endWhileSilent(s *stage) {
	s.start()
	s.live()
	s.platform.Silence(true)
	s.some(2)
	s.stop()
	s.platform.Silence(false)
	s.start()
	s.account(demand{})
}

// wrongClock: a clock that is ten minutes wrong loses nothing.
func wrongClock(s *stage, skew time.Duration) {
	s.skew = skew
	s.start()
	s.live()
	s.arrive(s.some(3)...)
	n := s.platform.Attempts()
	s.broken(func() {
		s.platform.Cut()
		s.some(3)
		s.must("the source connects again", func() bool { return s.platform.Attempts() > n })
	})
	s.account(demand{mayWait: true})
}
