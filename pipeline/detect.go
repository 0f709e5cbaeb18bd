package pipeline

import (
	"context"
	"time"

	"winnow/pipeline/change"
	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
)

// Findings and changes are a function of a campaign's stored posts. A campaign that
// is soon read is read whole whenever posts come. Of one that takes longer the
// detector is kept, and is given what comes: findings are there within seconds
// however large the campaign is. Now and then it is read whole all the same, since
// what comes too late, an edit, or a change of volume shows only then.

const (
	// longRead is what a campaign must take to be read for its detector to be kept.
	longRead = time.Second
	// readRest is how many times as long as reading a campaign took it is left at
	// what comes.
	readRest = 20
	// maxLive bounds the detectors that are kept: a large one takes some hundred
	// megabytes.
	maxLive = 4
)

// live is a detector that goes on with what comes.
type live struct {
	detector *coordination.Detector
	read     rest // when the campaign was read whole
	behind   bool // whether anything came since
}

// isToRead is true of a campaign that is to be read whole although nothing new came:
// its detector went on with what came and it has rested, or that was another run's.
func (s *Settle) isToRead(m storage.OpenMarks) bool {
	l := s.live[m.Campaign]
	if l == nil {
		return m.Reading > 0
	}
	return l.behind && (s.final || l.read.over(s.now(), readRest))
}

// detect brings the findings of a campaign, and its changes where it is read whole,
// in line with its posts. Marks by posts need not be of any that came: deletions
// change posts too.
func (s *Settle) detect(ctx context.Context, m storage.OpenMarks) error {
	s.log.Debug("detecting")
	begin, name := s.now(), m.Campaign
	came := s.coming.take(name)
	l := s.live[name]
	if l == nil || came.missed || s.isToRead(m) || s.final && len(came.posts) > 0 {
		if err := s.readWhole(ctx, name, came.posts); err != nil {
			return err
		}
		if m.Reading > 0 {
			return s.store.ReadWhole(ctx, name, m.Upto)
		}
		return nil
	}
	for _, p := range came.posts {
		l.detector.Add(p)
	}
	if !l.behind && (m.ByPosts > 0 || len(came.posts) > 0 || came.old) {
		// Before anything of it is dealt with, so that a crash leaves it known.
		if err := s.store.MarkReading(ctx, name); err != nil {
			return err
		}
		l.behind = true
	}
	// As of the begin: what has not come by now is no silence.
	l.detector.Advance(begin)
	if err := s.replaceFindings(ctx, name, l.detector, begin); err != nil {
		return err
	}
	s.log.Debug("detection went on", "posts", len(came.posts), "took", s.now().Sub(begin))
	return nil
}

// readWhole detects over all stored posts of a campaign, and those on their way where
// its detector is to go on with what comes.
func (s *Settle) readWhole(ctx context.Context, name string, coming []*post.Post) error {
	begin := s.now()
	delete(s.live, name)
	d := coordination.New(s.config(name))
	c := change.New(change.Config{Campaign: name})
	posts := 0
	err := s.store.Posts(ctx, name, func(p *post.Post) error {
		d.Add(p)
		c.Add(p)
		posts++
		return nil
	})
	if err != nil {
		return err
	}
	var kept *live
	if s.now().Sub(begin) >= longRead {
		kept = &live{detector: d, behind: len(coming) > 0}
	}
	// What was stored after it was read is marked, and read next time. A detector that is
	// kept would miss it: it is given all that comes, which is not always what the store
	// then has, such as an older look at a post that was edited, and so is behind.
	if kept != nil && kept.behind {
		if err := s.store.MarkReading(ctx, name); err != nil {
			return err
		}
		for _, p := range coming {
			d.Add(p)
		}
	}
	d.Advance(begin)
	if err := s.replaceFindings(ctx, name, d, begin); err != nil {
		return err
	}
	found := c.Finish()
	changed, withdrawn, err := s.store.ReplaceChanges(ctx, name, found)
	if err != nil {
		return err
	}
	s.metrics.tracking(c.Stats())
	s.metrics.changes.WithLabelValues(eventChanged).Add(float64(changed))
	s.metrics.changes.WithLabelValues(eventWithdrawn).Add(float64(withdrawn))
	if kept != nil {
		kept.read = rest{at: s.now(), took: s.now().Sub(begin)}
		s.keep(name, kept)
	}
	s.log.Debug("detection ran", "posts", posts, "took", s.now().Sub(begin))
	return nil
}

// keep keeps a detector, in place of the one whose campaign was read longest ago if
// there are too many.
func (s *Settle) keep(name string, l *live) {
	if len(s.live) >= maxLive {
		oldest := ""
		for n, o := range s.live {
			if oldest == "" || o.read.at.Before(s.live[oldest].read.at) {
				oldest = n
			}
		}
		delete(s.live, oldest)
	}
	s.live[name] = l
	s.metrics.live.Set(float64(len(s.live)))
}

func (s *Settle) replaceFindings(ctx context.Context, name string, d *coordination.Detector, now time.Time) error {
	found := d.Findings()
	changed, withdrawn, err := s.store.ReplaceFindings(ctx, name, found)
	if err != nil {
		return err
	}
	s.remember(name, now, d.Due())
	s.metrics.detection(d.Stats())
	if _, known := s.campaigns.Lookup(name); known { // archives make campaigns without number
		s.metrics.open.WithLabelValues(name).Set(float64(len(found)))
	}
	s.metrics.findings.WithLabelValues(eventChanged).Add(float64(changed))
	s.metrics.findings.WithLabelValues(eventWithdrawn).Add(float64(withdrawn))
	return nil
}
