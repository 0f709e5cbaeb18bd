package coordination

import "math"

// A run is how an object's life begins, if it begins fast: accounts that pass it
// on one soon after the other. Viral posts begin with a run and go on; a ring is
// a run and nothing after it.

const (
	// minRun is how many accounts make a run worth following.
	minRun = 5
	// runGap is the longest pause within a run and runSpan the longest run, in
	// milliseconds.
	runGap, runSpan = 90 * 1000, 250 * 1000
	// shortestRun is the shortest that earns more for being short.
	shortestRun = 15 * 1000
	// runsPrior and objectsPrior are what is known of a campaign before it
	// begins: one object in a hundred begins with a run. (19 in a thousand in a
	// week of breaking news, De Domenico et al. 2013, objects being reposted
	// accounts; 5 in a thousand reposted posts under four conference tags.)
	runsPrior, objectsPrior = 2, 200
	// runSlope is by how many bits longer runs are rarer, each time their
	// length doubles (breaking news: 1.2 from 5 to 10, 1.4 from 10 to 20).
	runSlope = 1.3
	// runQuiet is the silence that a run must be followed by, in milliseconds,
	// before it can be told from a cascade that goes on.
	runQuiet = 45 * 1000
	// runMargin is what a run must earn beyond the number of objects there were:
	// 4 bits say that one campaign in sixteen has one such by chance.
	runMargin = 4
	// stragglerBits is what each straggler costs. One for so many members may
	// follow within the hour, and one for so many strangers at any time after.
	stragglerBits         = 3
	stragglers, strangers = 5, 3
	earlyMargin           = 0
	// minRunTrials is the least number of objects that is assumed.
	minRunTrials = 512
	// newcomerTime is for how long an account is a newcomer, in milliseconds.
	newcomerTime = 10 * 60 * 1000
)

// run is the beginning of an object's life.
type run struct {
	begun int48
	n     uint16
	took  uint32 // until its latest action, in milliseconds
	burst uint32 // number + 1, once it is followed
	over  bool
}

// run lets an action on an object that is passed on go on with its run, if that
// still lasts.
func (c *core) run(d *doing) {
	r := &c.objects.rows.mut(d.object).v.run
	took := d.at - r.begun.get()
	switch {
	case r.over:
		c.straggle(r, d.kind)
	case d.past == 0:
		*r = run{begun: short(d.at), n: 1}
	case took-int64(r.took) > runGap || took > runSpan:
		r.over = true
		c.straggle(r, d.kind)
	default:
		r.n++
		r.took = uint32(took)
		switch {
		case r.burst != 0:
			if b := c.bursts.rows.mut(r.burst - 1); b.domain.declared() != d.declared {
				b.domain = domainOf(b.domain.class(), 0) // not all of it was announced
			}
			c.enter(r.burst-1, d)
			c.appointRun(r.burst - 1)
		case r.n == minRun:
			if id, ok := c.openRun(d); ok {
				r.burst = id + 1
			}
		}
	}
}

// openRun follows a run.
func (c *core) openRun(d *doing) (id uint32, ok bool) {
	var buf [maxPartners]uint64
	earlier := c.journal.since(c.objects.rows.get(d.object).latest(), d.at-runSpan, buf[:])
	declared := d.declared
	for _, n := range earlier {
		if c.journal.entry(n).declared != declared {
			declared = 0 // not all of it
		}
	}
	id, b := c.openBurst(burstKey{d.object, domainOf(classOf(d.kind), declared), running}, d)
	if b == nil {
		return 0, false
	}
	c.label(d)
	k, t := &c.kinds[d.kind], &c.traits
	b.company = (runsPrior + float64(k.runs)) / (objectsPrior + float64(k.objects))
	b.news = (t.passedNew + 1) / (t.passed + 3)
	for i := len(earlier) - 1; i >= 0; i-- {
		c.admitEntry(b, c.journal.entry(earlier[i]))
	}
	c.enter(id, d)
	if len(b.members) < minRun { // there was no room for them
		c.drop(id)
		return 0, false
	}
	c.appointRun(id)
	return id, true
}

// straggle is called when an object is passed on after its run. A few stragglers
// cost the run bits; more make it an ordinary cascade.
func (c *core) straggle(r *run, k objectKind) {
	if r.burst == 0 {
		return
	}
	id := r.burst - 1
	b := c.bursts.rows.mut(id)
	if b.settled {
		if b.much++; b.much <= len(b.members)/strangers {
			return
		}
	} else {
		if b.later++; b.later <= len(b.members)/stragglers {
			c.appointRun(id)
			return
		}
		c.kinds[k].runs++
	}
	c.drop(id)
	r.burst = 0
}

// judgeRun weighs a run: how rare it is that an object begins like this, that it
// took so short a time, that nothing followed, and that so many of the accounts
// had just come to the campaign.
func (c *core) judgeRun(b *burst) verdict {
	k, silence := len(b.members), c.now-b.last()
	v := verdict{
		bits:    c.runStart(b) + stopBits(k, silence) - stragglerBits*float64(b.later),
		trials:  runTrials(b),
		settled: silence >= settleTime,
	}
	v.need = v.trials + runMargin
	v.expected = math.Exp2(v.trials - v.bits)
	need := v.need
	if !v.settled {
		need = v.trials + earlyMargin
	}
	v.found = silence >= runQuiet && v.bits >= need
	v.weak = v.settled && v.bits >= v.trials
	return v
}

func runTrials(b *burst) float64 { return math.Log2(float64(max(b.trials, minRunTrials))) }

// runStart is what a run earns apart from its end.
func (c *core) runStart(b *burst) float64 {
	k, span := len(b.members), b.last()-b.members[0].at
	begins := -math.Log2(b.company) + runSlope*math.Log2(float64(k)/minRun)
	// Runs that stopped took any time up to the longest equally often.
	short := math.Log2(runSpan / float64(max(span, shortestRun)))
	return begins + short + newsBits(b.fresh, k, b.news)
}

// appointRun has a run reviewed when, by silence, it will have earned enough, or
// when silence can earn no more.
func (c *core) appointRun(id uint32) {
	b := c.bursts.rows.get(id)
	k, missing := len(b.members), earlyMargin+runTrials(b)-c.runStart(b)+stragglerBits*float64(b.later)
	c.appoint(id, b.last()+min(max(silenceFor(k, missing), runQuiet), settleTime))
}

// reviewRun judges a run at its time, and lets go of it if it ended without
// being a surprise.
func (c *core) reviewRun(id uint32) {
	c.review(id)
	b := c.bursts.rows.get(id)
	switch {
	case !b.settled:
		c.appoint(id, b.last()+settleTime)
	case b.found != 0:
	case c.judge(b).weak:
		// Kept, since another run by the same accounts may bear it out.
		c.kinds[b.kind].runs++
	default:
		c.kinds[b.kind].runs++
		c.objects.rows.mut(b.object).v.run.burst = 0
		c.drop(id)
	}
}
