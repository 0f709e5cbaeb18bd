package storage

import (
	"sync/atomic"
	"time"
)

// versionClock hands out ever-growing row versions: nanoseconds of the clock,
// but never less than one above the last, whatever the clock does.
type versionClock struct{ last atomic.Uint64 }

func (c *versionClock) next(now time.Time) uint64 {
	for {
		last := c.last.Load()
		// The lowest bit is left to marks, where it says "done".
		v := max(uint64(now.UnixNano())&^1, last+2)
		if c.last.CompareAndSwap(last, v) {
			return v
		}
	}
}

// raise makes every later version greater than seen.
func (c *versionClock) raise(seen uint64) {
	for {
		last := c.last.Load()
		if last >= seen || c.last.CompareAndSwap(last, seen&^1) {
			return
		}
	}
}
