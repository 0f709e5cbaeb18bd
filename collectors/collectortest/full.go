package collectortest

import (
	"time"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// logCases are about a log that does not keep up.
func logCases() []scenario {
	return []scenario{
		{"slow log", slowLog},
		{"failing log", failingLog},
		{"full log", fullLog},
	}
}

// slowLog: a log that takes its time costs nothing.
func slowLog(s *stage) {
	s.start()
	s.live()
	s.log.set(logSlow)
	ids := s.some(300)
	s.arrive(ids...)
	s.log.set(logWorks)
	s.account(demand{})
}

// failingLog: a log whose answers are errors for a while, and mean either,
// costs nothing but that some posts come twice.
func failingLog(s *stage) {
	s.start()
	s.live()
	s.log.set(logFails)
	ids := s.some(100)
	s.within(300*time.Millisecond, func() bool { return s.status().State != collectors.Live })
	s.log.set(logWorks)
	s.arrive(append(ids, s.some(10)...)...)
	s.account(demand{})
}

// fullLog: when the log takes nothing, nothing is read, and the gap that opens
// says why; when it does again, so does the source.
func fullLog(s *stage) {
	s.buffer = 16
	s.start()
	s.live()
	s.arrive(s.some(3)...)
	s.broken(func() {
		s.log.set(logFull)
		begin := time.Now()
		notRead := func() bool { return s.status().State != collectors.Live }
		for !notRead() {
			if time.Since(begin) > s.soon {
				s.Fatalf("the log has been full for %v, and the source still reads: %s", s.soon, s.describe())
			}
			s.some(20)
			s.within(10*time.Millisecond, notRead)
		}
		s.some(20)
		s.log.set(logWorks)
	})
	s.account(demand{mayLose: true})
	found := false
	for _, g := range s.log.rows() {
		found = found || g.Cause == post.LogFull
	}
	if !found {
		s.Errorf("no gap has the cause %q; the source is %s", post.LogFull, s.describe())
	}
}
