package throttle

import "time"

// Pace is how often something may be tried: Burst times at once, then once every
// Interval.
type Pace struct {
	Burst    int
	Interval time.Duration
}

// Try spends one attempt of whoever's account is, and returns how long to wait
// if there is none left. It is the generic cell rate algorithm: the account is
// the moment from which on all attempts are there again.
func (p Pace) Try(account *time.Time, now time.Time) (wait time.Duration) {
	next := *account
	if next.Before(now) {
		next = now
	}
	next = next.Add(p.Interval)
	if wait := next.Sub(now) - time.Duration(p.Burst)*p.Interval; wait > 0 {
		return wait
	}
	*account = next
	return 0
}

// GiveBack returns an attempt that was none.
func (p Pace) GiveBack(account *time.Time) { *account = account.Add(-p.Interval) }
