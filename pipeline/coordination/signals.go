package coordination

import (
	"math"
	"math/bits"
)

// Signal is a sign that an account may be automated. Signals are listed beside
// an account's evidence and earn no bits: a machine is not coordinated for being
// one, and people who act together need none.
type Signal string

// The signals.
const (
	// SignalBot: the account declares itself automated.
	SignalBot Signal = "declared bot"
	// SignalBare: neither picture nor description was ever set.
	SignalBare Signal = "default profile"
	// SignalYoung: the account was opened less than 30 days before a post.
	SignalYoung Signal = "young account"
	// SignalSleepless: over three days or more there is hardly an hour of the day
	// in which it did not post.
	SignalSleepless Signal = "never sleeps"
	// SignalClockwork: it posted at equal intervals, again and again.
	SignalClockwork Signal = "posts like clockwork"
)

const (
	// sleeplessHours is in how many hours of the day, and sleeplessTime over how
	// many milliseconds, an account must have posted to need no sleep.
	sleeplessHours, sleeplessTime = 22, 3 * 24 * hourWidth
	// clockworkTimes is how many intervals in a row must be equal, to a fiftieth
	// and to two seconds, and leastInterval the shortest that counts, in
	// milliseconds: what is shorter is a thread, or a burst of reposts.
	clockworkTimes, clockworkSlack, leastInterval = 6, 2000, 60 * 1000
)

// habits is what is known of an account's ways.
type habits struct {
	last     int48 // its latest post
	equal    uint8 // intervals like the one before, in a row; the most so far is kept in clockwork
	flags    uint8
	interval uint32 // between the two before that, in milliseconds; at most 49 days
	hours    uint32 // of the day (UTC) in which it posted
}

const (
	saidBot uint8 = 1 << iota
	saidBare
	wasYoung
	wasClockwork
)

// observe takes note of a post of an account.
func (h *habits) observe(r *record) {
	h.hours |= 1 << (r.at / hourWidth % 24)
	h.flags |= r.signs
	if r.young {
		h.flags |= wasYoung
	}
	if h.last != (int48{}) {
		now, was := min(r.at-h.last.get(), math.MaxUint32), int64(h.interval)
		apart := max(now-was, was-now)
		if now >= leastInterval && (apart <= clockworkSlack || 50*apart <= now) {
			if h.equal++; h.equal >= clockworkTimes-1 {
				h.flags |= wasClockwork
				h.equal = clockworkTimes
			}
		} else {
			h.equal = 0
		}
		h.interval = uint32(now)
	}
	h.last.set(r.at)
}

// signals lists the signs that an account gave.
func (a *actor) signals() []Signal {
	var out []Signal
	h := &a.habits
	for _, x := range [...]struct {
		flag   uint8
		signal Signal
	}{{saidBot, SignalBot}, {saidBare, SignalBare}, {wasYoung, SignalYoung}, {wasClockwork, SignalClockwork}} {
		if h.flags&x.flag != 0 {
			out = append(out, x.signal)
		}
	}
	if bits.OnesCount32(h.hours) >= sleeplessHours && h.last.get()-a.since.get() >= sleeplessTime {
		out = append(out, SignalSleepless)
	}
	return out
}
