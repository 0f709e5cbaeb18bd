package ledger

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// Moment is one instant by two clocks: the wall's, UTC in milliseconds, which
// people may set, and the time that has run since the process started, which
// only goes forward.
type Moment struct {
	Wall time.Time
	Run  time.Duration
}

// Config is what a ledger must know of its source.
type Config struct {
	Source   string
	Platform post.Platform
	// Campaigns are the definitions' hashes of those watched now, by name.
	Campaigns map[string]string
	// Fills says that gaps can be asked for, Lookback how far back; Backfill is
	// how much of the past a new campaign wants. Zero for none.
	Fills              bool
	Lookback, Backfill time.Duration
	// Slack is how long a post may be under way: what was published that long
	// before the last sign of life may have been lost with the connection.
	Slack time.Duration
	// Closed, if not nil, is told of every stretch in which the whole source
	// missed posts, once, when it is over.
	Closed func(post.Gap)
}

// Rows are what the log is to be told.
type Rows struct {
	Gaps    []post.Gap
	Watches []post.Watch
}

// shortest is the shortest gap there is: times have milliseconds.
const shortest = time.Millisecond

// Ledger is the account of one source. It is for one goroutine at a time.
type Ledger struct {
	cfg    Config
	cursor []byte
	facts  *facts
	// reached is how far a replay came, in the platform's time.
	reached time.Time
	// since is when the open gap began to be watched by this process.
	since Moment
	line  line
	seen  time.Time
}

// line is the connection that stands now.
type line struct {
	up            bool
	live, alive   time.Time
	replay, ahead bool // ahead: the replay has caught up with the present
}

// facts change seldom, so each Mark shares them; they are replaced, never changed.
type facts struct {
	open, share *Pending
	pending     []Pending
	campaigns   map[string]Campaign
	watched     map[string]string
	source      string
}

// Mark is the account at one moment: what a batch must carry so that the next
// process goes on exactly after its posts.
type Mark struct {
	cursor        []byte
	seen, reached time.Time
	facts         *facts
}

// Seen returns until when everything was seen or is recorded as a gap.
func (m Mark) Seen() time.Time { return m.seen }

// Envelope returns what the log keeps, with what the source itself keeps.
func (m Mark) Envelope(state []byte) *Envelope {
	e := &Envelope{
		Version: version, Source: m.facts.source, Cursor: m.cursor, State: state,
		Seen: m.seen, Reached: m.reached,
		Open: m.facts.open, Share: m.facts.share, Pending: m.facts.pending,
		Campaigns: make(map[string]Campaign, len(m.facts.campaigns)),
	}
	for name, c := range m.facts.campaigns {
		if _, now := m.facts.watched[name]; now && m.seen.After(c.Seen) {
			c.Seen = m.seen
		}
		e.Campaigns[name] = c
	}
	return e
}

// New goes on with a source's account, or begins one if past is nil. A gap is
// open afterwards: the source sees nothing before Live.
func New(cfg Config, past *Envelope, now Moment) (*Ledger, Rows, error) {
	if !named(cfg.Source) {
		return nil, Rows{}, errors.New("the source has no name, or one that is too long")
	}
	if len(cfg.Campaigns) > MaxCampaigns {
		return nil, Rows{}, fmt.Errorf("source %s has %d campaigns, at most %d", cfg.Source, len(cfg.Campaigns), MaxCampaigns)
	}
	for name := range cfg.Campaigns {
		if !named(name) {
			return nil, Rows{}, fmt.Errorf("source %s: a campaign has no name, or one that is too long", cfg.Source)
		}
	}
	l := &Ledger{cfg: cfg, since: now, seen: now.Wall}
	l.facts = &facts{source: cfg.Source, watched: cfg.Campaigns, campaigns: map[string]Campaign{}}
	var rows Rows
	if past == nil {
		rows.Gaps = l.open(now, now.Wall, post.Stopped)
	} else {
		rows.Gaps = l.resume(past, now)
	}
	l.watch(past, now, &rows)
	return l, rows, nil
}

// resume takes over what the last process left.
func (l *Ledger) resume(past *Envelope, now Moment) []post.Gap {
	l.cursor, l.reached = past.Cursor, past.Reached
	l.facts.pending = slices.Clone(past.Pending)
	l.seen = past.Seen
	var rows []post.Gap
	if past.Share != nil {
		l.facts.share = past.Share
		rows = l.closeShare(past.Seen)
	}
	if past.Open != nil {
		l.facts.open = past.Open
		l.seen = past.Open.Gap.From
		return append(rows, past.Open.Gap)
	}
	from := past.Seen
	if from.After(now.Wall) {
		// The clock was put back while nothing ran. How long that was, nobody knows.
		from = now.Wall
	}
	return append(rows, l.open(now, from, post.Stopped)...)
}

// Mark returns the account as it is now.
func (l *Ledger) Mark() Mark {
	return Mark{cursor: l.cursor, seen: l.covered(), reached: l.reached, facts: l.facts}
}

// Cursor returns the source's own cursor.
func (l *Ledger) Cursor() []byte { return l.cursor }

// Missing returns the gap that is open now, sampling included.
func (l *Ledger) Missing() (post.Gap, bool) {
	switch {
	case l.facts.open != nil:
		return l.facts.open.Gap, true
	case l.facts.share != nil:
		return l.facts.share.Gap, true
	}
	return post.Gap{}, false
}

// Pending returns the gaps that are closed but not decided, in the order they
// came. They must not be changed.
func (l *Ledger) Pending() []Pending { return l.facts.pending }

// Delivered notes the cursor after a delivery, of at most MaxCursor bytes.
func (l *Ledger) Delivered(cursor []byte) {
	if cursor != nil {
		l.cursor = cursor
	}
}

// gap returns a gap of this source that nothing is decided of.
func (l *Ledger) gap(from, to time.Time, cause post.Cause) post.Gap {
	if cause == "" || len(cause) > maxCause {
		cause = post.Protocol
	}
	return post.Gap{Source: l.cfg.Source, Platform: l.cfg.Platform, From: from, To: to, Cause: cause, Fill: post.Pending}
}

// change returns the facts, to be changed.
func (l *Ledger) change() *facts {
	f := *l.facts
	f.pending = slices.Clone(f.pending)
	l.facts = &f
	return l.facts
}

// open opens the gap of the whole source.
func (l *Ledger) open(now Moment, from time.Time, cause post.Cause) []post.Gap {
	p := &Pending{Gap: l.gap(from, time.Time{}, cause), Resume: l.cursor}
	l.change().open = p
	l.since = now
	l.seen = from
	return []post.Gap{p.Gap}
}

// note keeps what people are told within its bounds.
func note(s string) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) > maxNote {
		s = strings.ToValidUTF8(s[:maxNote-len("…")], "") + "…"
	}
	return s
}

// join puts notes behind one another.
func join(a, b string) string {
	if a == "" || b == "" || a == b {
		return note(max(a, b))
	}
	return note(a + "; " + b)
}
