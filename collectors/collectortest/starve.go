package collectortest

import (
	"sync"
	"time"
)

const (
	// look is how often the process looks whether it runs.
	look = 10 * time.Millisecond
	// starvation is how late a look must be for the machine to be too busy for
	// heartbeats to be on time.
	starvation = 150 * time.Millisecond
)

// watchSelf notes when this process did not get to run, since the silence that
// its own fake then keeps is nobody's mistake. It returns what ends it.
func (s *stage) watchSelf() (end func()) {
	stop := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		ticker := time.NewTicker(look)
		defer ticker.Stop()
		for last := time.Now(); ; {
			select {
			case <-stop:
				return
			case <-ticker.C:
			}
			now := time.Now()
			if now.Sub(last) > starvation {
				s.mu.Lock()
				s.starved = append(s.starved, outage{last, now})
				s.mu.Unlock()
			}
			last = now
		}
	})
	return func() {
		close(stop)
		watching.Wait()
	}
}

// starvedSince reports whether the process did not get to run after a time.
func (s *stage) starvedSince(t time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.starved {
		if o.end.After(t) {
			return true
		}
	}
	return false
}
