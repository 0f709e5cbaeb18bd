package feed

import "fmt"

// checkHole looks at the sequences between two messages that follow each
// other. JetStream steps over a message whose bytes went bad as if it had never
// been, and nothing but trimming removes messages here.
//
// A hole before a new incarnation is a lost tail: the log was opened without
// those messages, so the sources went on from the cursors before them. Any
// other hole is damage: the cursors have moved past it.
func (l *Log) checkHole(last, next Position) error {
	missing := next.Seq - last.Seq - 1
	switch {
	case missing == 0:
		return nil
	case last.Incarnation != 0 && next.Incarnation > last.Incarnation:
		l.metrics.lost.Add(float64(missing))
		l.o.Logger.Warn("the log lost its tail before it was opened; the sources went on from before",
			"first", last.Seq+1, "last", next.Seq-1)
		return nil
	}
	return l.damage(fmt.Errorf("%w: messages %d to %d are missing", ErrDamaged, last.Seq+1, next.Seq-1))
}

// damage says where the damaged log lies and what to do.
func (l *Log) damage(err error) error {
	if l.server == nil {
		return fmt.Errorf("%w (stream %s): restore the stream, or remove it and take its posts in again", err, postsStream)
	}
	return fmt.Errorf("%w (in %s): check the disk, then move that directory away and take its posts in again", err, l.o.Dir)
}
