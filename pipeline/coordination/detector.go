package coordination

import (
	"math"
	"slices"
	"time"

	"winnow/pipeline/post"
)

// Detector finds coordination in the posts of one campaign. What it finds is a
// function of the posts given to it: their order does not matter as long as
// none comes later than Config.Lateness. It is not safe for concurrent use.
//
// The way from a post to a finding:
//
//	Add       record.go     a post becomes a record of actions on objects,
//	          parcel.go     in few bytes,
//	          order.go      records wait until they are in order of time
//	core      core.go       texts become the founding text of their copies (package
//	                        neardup), and each action meets those before it on its object,
//	          journal.go    which are remembered in a ring
//	          pairs.go      two accounts in step, again and again: an edge
//	          attach.go     an account in step with a group
//	          bursts.go     many accounts at once: a burst
//	          copies.go     of copies,
//	          runs.go       of an object's first minutes: a ring
//	          floods.go     of newcomers with a text of their own each
//	          pileon.go     or at one account
//	          reviews.go    what shows only as time passes
//	          chance.go     how likely all that is by chance
//	Findings  community.go  edges and bursts that hang together
//	          report.go     become findings,
//	          sentence.go   in plain words
//	          declared.go   and complete where the action was declared
//
// memory.go, names.go and table.go hold the bounded containers under it.
// docs/detection.md explains the method.
type Detector struct {
	extract extractor
	waiting waiting
	core    *core
	key     []byte // of the post under way
	record  record // the one under way

	clock int64     // see Advance
	found []Finding // as of the last call of Findings
	due   int64     // see Due, as of then
	fresh bool      // whether found is up to date

	posts, late, duplicates, imprecise uint64
}

// New returns a Detector that has seen nothing.
func New(cfg Config) *Detector {
	cfg = cfg.withDefaults()
	return &Detector{extract: newExtractor(cfg), waiting: newWaiting(cfg), core: newCore(cfg)}
}

// Add takes a post in. A post that comes later than Config.Lateness, by its
// time of posting, is counted and otherwise left out, and so is one that is
// there already or whose time is not known to 10 s. p is not kept.
func (d *Detector) Add(p *post.Post) {
	// All boosts that one poll of a post finds have the time of the poll, and
	// would look as if the whole crowd had acted in the same instant. Such a
	// time is evidence of nothing, for and against, so these posts do not teach
	// the null model how soon people follow each other either.
	if p.TimeSlack > maxSlack {
		d.posts++
		d.imprecise++
		return
	}
	at := postTime(p)
	d.posts++
	if at < d.waiting.horizon {
		d.late++
		return
	}
	d.key = appendKey(d.key[:0], p.Platform, p.ID)
	id := d.waiting.id(d.key)
	known, again := d.waiting.knows(id, at)
	if known {
		d.duplicates++
		if !again {
			return
		}
	}
	d.fresh = false
	d.waiting.put(waiter{at, d.extract.pack(p, d.key)}, id, again)
	d.giveOut()
}

// giveOut has the core take in what need not wait any more.
func (d *Detector) giveOut() {
	for w, ok := d.waiting.next(); ok; w, ok = d.waiting.next() {
		d.apply(d.core, w)
	}
}

func (d *Detector) apply(c *core, w waiter) {
	w.open(&d.record, w.at)
	c.apply(&d.record)
}

// Advance says that the stream has come to a time although no post may have
// come: what is waited for on some finding may be over by then.
func (d *Detector) Advance(to time.Time) {
	if at := to.UnixMilli(); at > d.clock {
		d.clock, d.fresh = at, false
	}
}

// End says that no further post will come. Those that waited for earlier ones
// count at once then, which saves looking ahead at them.
func (d *Detector) End() {
	d.waiting.horizon = math.MaxInt64
	d.giveOut()
	d.fresh = false
}

// Due returns when, after the last call of Findings, those may change by the
// passing of time alone; zero if they will not.
func (d *Detector) Due() time.Time {
	if d.due == 0 {
		return time.Time{}
	}
	return time.UnixMilli(d.due).UTC()
}

// Findings returns what the posts so far amount to, sorted by From, then ID. It
// may be called at any time and changes nothing; between two calls without a
// new post it costs nothing.
func (d *Detector) Findings() []Finding {
	if !d.fresh {
		// Posts that wait for earlier ones count too, but in a fork: the state
		// itself moves on in order of time only.
		ahead := d.core.fork()
		for _, w := range d.waiting.all() {
			d.apply(ahead, w)
		}
		ahead.advance(d.clock)
		d.due = ahead.due()
		d.found, d.fresh = ahead.complete(ahead.report()), true
	}
	return slices.Clone(d.found)
}

// Stats says how full every bounded structure of a Detector is, and how often
// its limit was hit; see Limits.
type Stats struct {
	// Posts is how many posts were added, Late of them too late to count,
	// Duplicates there already, and Imprecise left out because their time is
	// not known well enough (see Add).
	Posts, Late, Duplicates, Imprecise uint64

	// Sizes, in entries.
	Pending, KnownPosts, Journal, Accounts, Objects, Pairs, Edges, Bursts, Members, Evidence, Labels int

	// Texts is how many founding texts are known, OwnPosts how many posts lie in
	// the window of floods, Reviews how many bursts wait to be looked at again,
	// Groups how many groups edges have formed, Enrolled how many posts of
	// declared actions are on the roll.
	Texts, OwnPosts, Reviews, Groups, Enrolled int

	// Withdrawn is how often evidence that stood was taken back.
	Withdrawn uint64
	// TextsForgotten is how many founding texts went although they were not
	// old, OwnPostsRefused how many posts found no room in the window.
	TextsForgotten, OwnPostsRefused uint64
	// PendingForced is how many posts had to be taken before their time.
	PendingForced uint64
	// KnownPostsForgotten is how often the older half of the post ids went.
	KnownPostsForgotten uint64
	// PairsForgotten counts pairs that gave way, PairsRefused those for which
	// there was no place because only edges had it.
	PairsForgotten, PairsRefused uint64
	// JournalOverwritten is how many actions left the journal.
	JournalOverwritten uint64
	// AccountsReused and ObjectsReused count rows given to somebody else.
	AccountsReused, ObjectsReused uint64
	// EdgesRefused, BurstsRefused, MembersRefused and EvidenceRefused is how
	// often there was no room for another.
	EdgesRefused, BurstsRefused, MembersRefused, EvidenceRefused uint64
	// LabelsDropped is how many objects lost what they are shown by.
	LabelsDropped uint64
	// DeclaredIgnored is how many posts matched a declared action for whose
	// name, or for whose place in its list, there was no room.
	DeclaredIgnored uint64
}

// Stats returns the present figures.
func (d *Detector) Stats() Stats {
	s := d.core.stats()
	s.Posts, s.Late, s.Duplicates, s.Imprecise = d.posts, d.late, d.duplicates, d.imprecise
	s.Pending, s.PendingForced = d.waiting.len(), d.waiting.forced
	s.KnownPosts, s.KnownPostsForgotten = d.waiting.seen.len(), d.waiting.seen.turns
	return s
}
