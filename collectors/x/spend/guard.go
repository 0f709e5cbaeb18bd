package spend

import (
	"fmt"
	"sync"
	"time"

	"winnow/collectors"
)

// Options are what a Guard needs.
type Options struct {
	Budget Budget
	// Every is the longest time between two decisions while posts are read;
	// zero means ten seconds.
	Every time.Duration
}

// Guard meters and decides. It is safe for concurrent use. All times are in
// any zone; days and months are UTC.
type Guard struct {
	price    float64
	reaction time.Duration

	mu    sync.Mutex
	day   period
	month period
	seen  seen
	rates rates

	// share is what was decided last, and since when. before is the share
	// until then, which X may still be delivering by.
	share, before float64
	since         time.Time
	// until is the end of a pause.
	until time.Time
	note  string
	last  time.Time // the last decision

	// posts are all that were ever paid for, to compare with what X told.
	posts uint64
	told  *told
}

// New returns a guard that has spent nothing yet.
func New(o Options) (*Guard, error) {
	if err := o.Budget.check(); err != nil {
		return nil, err
	}
	if o.Every < 0 {
		return nil, fmt.Errorf("the time between two decisions is %v, but must not be negative", o.Every)
	}
	if o.Every == 0 {
		o.Every = 10 * time.Second
	}
	return &Guard{
		price:    o.Budget.USDPerPost,
		reaction: ruleDelay + o.Every,
		day:      period{limit: o.Budget.PostsPerDay},
		month:    period{limit: o.Budget.PostsPerMonth},
		seen:     newSeen(),
		share:    1,
		before:   1,
	}, nil
}

// Read meters posts that X handed over and returns how many of them are paid
// for, which leaves out those already read on the same day.
func (g *Guard) Read(now time.Time, k Kind, ids ...string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roll(now)
	fresh := 0
	for _, id := range ids {
		if g.seen.add(id) {
			fresh++
		}
	}
	g.pay(now, k, fresh)
	return fresh
}

// Requested meters n requests that are charged like a post each.
func (g *Guard) Requested(now time.Time, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roll(now)
	g.pay(now, Request, n)
}

func (g *Guard) pay(now time.Time, k Kind, n int) {
	if n <= 0 {
		return
	}
	for _, p := range []*period{&g.day, &g.month} {
		p.used += uint64(n)
		if k == LookUp {
			p.lookUps += uint64(n)
		}
	}
	if k != Request {
		g.posts += uint64(n)
	}
	if k == Stream {
		g.rates.add(now, float64(n)/g.inForce(now))
		return
	}
	g.rates.hour(now).Other += uint64(n)
}

// inForce is the share by which X delivers: right after a change the higher of
// both, so that demand is not overstated.
func (g *Guard) inForce(now time.Time) float64 {
	s := g.share
	if now.Sub(g.since) < ruleDelay {
		s = max(s, g.before)
	}
	return max(s, steps[len(steps)-1])
}

// Unread returns how many of the posts were not read yet today: what asking
// for them would cost.
func (g *Guard) Unread(now time.Time, ids ...string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roll(now)
	n := 0
	for _, id := range ids {
		if !g.seen.has(g.seen.hash(id)) {
			n++
		}
	}
	return n
}

// Afford reports whether n more posts may be read in this way: look-ups out of
// what is kept for them, a search out of half of what is left, so that the
// stream can go on.
func (g *Guard) Afford(now time.Time, k Kind, n int) bool {
	if n <= 0 {
		return true
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roll(now)
	for _, p := range []*period{&g.day, &g.month} {
		if p.limit > 0 && uint64(n) > g.room(p, k) {
			return false
		}
	}
	return true
}

// room is how much may still be read in a period with a limit.
func (g *Guard) room(p *period, k Kind) uint64 {
	margin := p.margin(0, g.reaction)
	left := p.left()
	switch k {
	case LookUp:
		return min(p.reserve()-min(p.reserve(), p.lookUps), p.limit-min(p.limit, p.used))
	case Search:
		return (left - min(left, margin)) / 2
	case Stream, Request:
	}
	return left - min(left, margin)
}

// Left returns how many posts may still be read in this way; unlimited is
// true, and the number of no meaning, if there is no limit.
func (g *Guard) Left(now time.Time, k Kind) (posts uint64, unlimited bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roll(now)
	unlimited = true
	for _, p := range []*period{&g.day, &g.month} {
		if p.limit == 0 {
			continue
		}
		if room := g.room(p, k); unlimited || room < posts {
			posts = room
		}
		unlimited = false
	}
	return posts, unlimited
}

// Observe takes X's own figure of the posts read since X's last reset, with
// all apps of the project. X's day of reset is not ours, so its growth since
// it was first told counts: where that is more than what was metered in the
// same time, the rest is added to today and this month. The figure may lag
// behind: growing less says nothing.
func (g *Guard) Observe(now time.Time, used uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roll(now)
	if g.told == nil || used < g.told.Used {
		g.told = &told{Used: used, Posts: g.posts}
		return
	}
	grown, metered := used-g.told.Used, g.posts-min(g.posts, g.told.Posts)
	if grown <= metered {
		return
	}
	g.posts += grown - metered
	g.day.used += grown - metered
	g.month.used += grown - metered
}

// told is what X told first since its reset.
type told struct {
	// Used is X's figure, Posts what was metered until then.
	Used  uint64 `json:"used"`
	Posts uint64 `json:"posts"`
}

// Spend returns what was spent and is foreseen, for people.
func (g *Guard) Spend(now time.Time) collectors.Spend {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.roll(now)
	_, other := g.rates.slow()
	foreseen := func(p *period) uint64 {
		left := p.end.Sub(now)
		posts := other * left.Seconds()
		if resume := g.until.Sub(now); g.share > 0 {
			posts += g.share * g.rates.ahead(left)
		} else if left > resume {
			posts += g.rates.ahead(left-resume) * steps[len(steps)-1]
		}
		sum := p.used + uint64(posts)
		if p.limit > 0 {
			// More is not going to happen: the share goes down before.
			sum = min(sum, max(p.limit, p.used))
		}
		return sum
	}
	return collectors.Spend{
		PostsToday: g.day.used, PostsMonth: g.month.used,
		DayLimit: g.day.limit, MonthLimit: g.month.limit,
		ProjectedToday: foreseen(&g.day), ProjectedMonth: foreseen(&g.month),
		USDPerPost: g.price,
	}
}

// roll begins a new day or month; callers hold the lock.
func (g *Guard) roll(now time.Time) (fresh bool) {
	now = now.UTC()
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	if g.day.roll(now, day, day.AddDate(0, 0, 1)) {
		g.seen.clear()
		fresh = true
	}
	return g.month.roll(now, month, month.AddDate(0, 1, 0)) || fresh
}
