package collectortest

import (
	"slices"
	"time"

	"winnow/pipeline/post"
)

// demand is what an account asks beyond the ordinary.
type demand struct {
	// mayLose: even where the platform fills, a gap may stay.
	mayLose bool
	// mayInvent: messages of unknown content may have been posts.
	mayInvent bool
	// mayWait: gaps may be undecided, since the clock is wrong.
	mayWait bool
}

// rounding is how much a time loses by being kept in milliseconds.
const rounding = 2 * time.Millisecond

// account is the oracle. The source must be live. What was published is in the
// log, or lies in a gap that is not said to be filled; and where the platform
// gives afterwards what was missed, all of it is in the log. Nothing is in the
// log that was not published or that Check refuses; each post carries what it
// came in, or nothing where no evidence is kept; no gap is there without a fault;
// no secret is anywhere.
func (s *stage) account(d demand) {
	s.Helper()
	s.live()
	s.arrive(s.publish("the last of all"))
	s.mu.Lock()
	all, outages := s.published, s.outages
	s.mu.Unlock()

	strict := s.subject.Fills && !d.mayLose
	var missing []published
	// Gaps are filled one after another, and each may need a connection.
	wait := s.soon
	if wait == patience {
		wait += time.Duration(s.undecided()) * time.Second
	}
	s.within(wait, func() bool {
		missing = missing[:0]
		for _, p := range all {
			if !s.log.has(p.id) && (strict && !p.early || !s.excused(p)) {
				missing = append(missing, p)
			}
		}
		return len(missing) == 0 && (d.mayWait || s.undecided() == 0)
	})
	for i, p := range missing {
		if i == 3 {
			s.Errorf("and %d more posts", len(missing)-i)
			break
		}
		switch {
		case !s.excused(p):
			s.Errorf("a post published at %s is neither in the log nor in a gap; the source is %s", p.begin.Add(s.skew).Format("04:05.000"), s.describe())
		default:
			s.Errorf("a post published at %s was not filled in; the source is %s", p.begin.Add(s.skew).Format("04:05.000"), s.describe())
		}
	}
	if n := s.undecided(); n > 0 && !d.mayWait {
		s.Errorf("%d gaps are open or not decided; the source is %s", n, s.describe())
	}

	known := map[string]bool{}
	for _, p := range all {
		known[p.id] = true
	}
	for _, id := range s.log.ids() {
		if !known[id] && !d.mayInvent {
			s.Errorf("post %s is in the log, and was never published under this id", id)
		}
		for _, p := range s.log.of(id) {
			if err := p.Check(); err != nil {
				s.Errorf("a post that cannot be taken in reached the log: %v", err)
			}
			if wrong := s.unproven(&p); wrong != "" {
				s.Errorf("post %s: %s", id, wrong)
			}
		}
	}
	s.mu.Lock()
	outages = append(slices.Clone(outages), s.starved...)
	s.mu.Unlock()
	for _, g := range s.log.rows() {
		if !s.justified(g, outages) {
			s.Errorf("a gap without a fault: %s – %s %s %s", g.From.Format("04:05.000"), g.To.Format("04:05.000"), g.Cause, g.Note)
		}
	}
	s.discreet()
}

// excused reports whether a gap that stays covers when a post was made.
func (s *stage) excused(p published) bool {
	begin, end := p.begin.Add(s.skew-rounding), p.end.Add(s.skew+rounding)
	for _, g := range s.log.rows() {
		if g.Fill != post.Filled && !g.From.After(end) && (g.Open() || !g.To.Before(begin)) {
			return true
		}
	}
	return false
}

// undecided counts the gaps of which more is to come.
func (s *stage) undecided() (n int) {
	for _, g := range s.log.rows() {
		if g.Open() || g.Fill == post.Pending {
			n++
		}
	}
	return n
}

// justified reports whether something was broken when a gap was.
func (s *stage) justified(g post.Gap, outages []outage) bool {
	switch g.Cause {
	case post.Stopped, post.NotWatched, post.Before:
		return true // the suite starts and stops sources everywhere
	case post.LogFull:
		if s.buffer > 0 {
			return true // what was missed may come back faster than so small a buffer empties
		}
	}
	for _, o := range outages {
		if !g.From.After(o.end.Add(s.skew+rounding)) && (g.Open() || !g.To.Before(o.begin.Add(s.skew-beat))) {
			return true
		}
	}
	return false
}

// discreet looks for secrets in whatever was said.
func (s *stage) discreet() {
	s.Helper()
	if which := s.secret(s.said.String()); which != "" {
		s.Errorf("%s is in a log line", which)
	}
	if s.supervisor != nil {
		st := s.status()
		if which := s.secret(st.Fault + "\n" + st.Advice); which != "" {
			s.Errorf("%s is in the status", which)
		}
	}
	for _, g := range s.log.rows() {
		if which := s.secret(g.Note + "\n" + g.Source); which != "" {
			s.Errorf("%s is in a gap's row", which)
		}
	}
}
