package coordination

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"winnow/pipeline/post"
)

// declaredShare is the share of a finding's posts that must match a declared
// action for the finding to be declared.
const declaredShare = 0.8

// report turns the evidence into findings.
func (c *core) report() []Finding {
	var found []Finding
	for _, p := range c.communities() {
		found = append(found, c.finding(p))
	}
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(a.From.Compare(b.From), strings.Compare(a.ID, b.ID))
	})
	return found
}

// tally collects what a finding lists.
type tally struct {
	core     *core
	accounts map[uint32]*AccountEvidence
	objects  map[uint32]*objectTally
	posts    []postTally
	latest   map[string]uint32 // the last of posts, + 1, by the key of the post
	declared map[uint8]int     // evidence posts by declared action
}

type objectTally struct {
	accounts    map[uint32]struct{}
	first, last int64
}

// postTally is one post on one object.
type postTally struct {
	post            string // key
	account, object uint32
	at, seen        int64
	before          uint32 // the one before of the same post + 1
}

// add enters one post of one account on one object, which became evidence at the
// time seen.
func (t *tally) add(account, object uint32, at int64, key string, declared uint8, seen int64) {
	last := t.latest[key]
	for n := last; n != 0; n = t.posts[n-1].before {
		if p := &t.posts[n-1]; p.object == object {
			p.seen = min(p.seen, seen)
			return
		}
	}
	t.posts = append(t.posts, postTally{key, account, object, at, seen, last})
	t.latest[key] = uint32(len(t.posts))
	t.declared[declared]++
	when := time.UnixMilli(at).UTC()
	a := t.account(account, when, when)
	if last == 0 {
		a.Posts++
	}
	if when.Before(a.First) {
		a.First = when
	}
	if when.After(a.Last) {
		a.Last = when
	}
	o := t.objects[object]
	if o == nil {
		o = &objectTally{accounts: make(map[uint32]struct{}), first: at, last: at}
		t.objects[object] = o
	}
	o.accounts[account] = struct{}{}
	o.first, o.last = min(o.first, at), max(o.last, at)
}

func (t *tally) account(account uint32, first, last time.Time) *AccountEvidence {
	a := t.accounts[account]
	if a == nil {
		who := t.core.party(account)
		a = &AccountEvidence{
			Platform: who.Platform, AccountID: who.AccountID, First: first, Last: last,
			Signals: t.core.accounts.rows.get(account).v.signals(),
		}
		t.accounts[account] = a
	}
	return a
}

// summary is what a finding's sentence is made of.
type summary struct {
	kind              Kind
	accounts, objects int
	noun              objectKind // what the objects are; noEvidence if of several kinds
	runs              int
	bursts, peak      int // how many, and the accounts of the densest
	span              time.Duration
	meetings          int // of pairs
	window            time.Duration
	expected          float64
	byPairs, passedOn bool
	young, aged       int
	newcomers         int
}

// listed is how many posts, at most, the evidence of a community lists.
func (c *core) listed(p community) int {
	n := 0
	for _, id := range p.edges {
		n += 2 * int(c.edges.get(id).listed)
	}
	for _, id := range p.bursts {
		n += len(c.bursts.rows.get(id).members)
	}
	return n
}

func (c *core) finding(p community) Finding {
	t := tally{
		core: c, accounts: make(map[uint32]*AccountEvidence), objects: make(map[uint32]*objectTally),
		latest: make(map[string]uint32, c.listed(p)), declared: make(map[uint8]int),
	}
	s := summary{window: c.cfg.Window}
	var edges, bursts struct{ bits, expected, observed float64 }
	edges.bits = p.bits
	slices.Sort(p.edges)
	counts := make(map[uint32]bool, len(p.tree))
	for _, id := range p.tree {
		counts[id] = true
	}
	var items, others []Evidence // of edges, of bursts
	for _, id := range p.edges {
		g := c.edges.get(id)
		items = append(items, c.evidenceOfEdge(g, p, counts[id]))
		s.window = max(s.window, time.Duration(g.apart)*time.Millisecond)
		edges.expected += g.expected
		edges.observed += float64(g.n)
		first, last := time.UnixMilli(g.first).UTC(), time.UnixMilli(g.last).UTC()
		for n := g.evidence; n != 0; {
			m := c.evidence.get(n - 1)
			seen := max(g.founding.at, p.since, m.atA, m.atB)
			t.add(m.accountA, m.object, m.atA, c.meetings.get(m.postA), m.declaredA, seen)
			if !g.attached { // the others have edges of their own
				t.add(m.accountB, m.object, m.atB, c.meetings.get(m.postB), m.declaredB, seen)
			}
			n = m.prev
		}
		both := []uint32{g.a, g.b}
		share := g.bits / 2
		if g.attached {
			both, share = both[:1], g.bits
		}
		for _, account := range both {
			a := t.account(account, first, last)
			a.Bits += share
			if last.After(a.Last) {
				a.Last = last
			}
		}
	}
	passedOn := 0
	of := make(map[uint32]marks)
	ws := c.weighed(p.bursts)
	for i := range ws {
		w := &ws[i]
		b := c.bursts.rows.get(w.burst)
		bursts.bits += w.bits
		kept := 0
		for i := range b.members {
			m := &b.members[i]
			if !w.keep(m.account) {
				continue
			}
			kept++
			t.add(m.account, b.object, m.at, m.post, b.domain.declared(), max(w.verdict.since, m.at))
			of[m.account] |= m.marks
			switch {
			case b.pace == flood: // what its own group earned for it
				t.accounts[m.account].Bits += b.tide.stratumBits(m.marks.stratum())
			case !w.known[i]:
				t.accounts[m.account].Bits += w.verdict.bits / float64(len(b.members))
			}
		}
		others = append(others, c.evidenceOfBurst(b, w, kept))
		if 2*w.fresh <= len(b.members) {
			continue // mostly the posts of another burst
		}
		bursts.expected += w.verdict.expected
		bursts.observed += float64(b.peak)
		s.bursts++
		s.peak = max(s.peak, b.peak)
		s.span = max(s.span, time.Duration(b.span)*time.Millisecond)
		if b.pace == running {
			s.runs++
		}
		if b.kind != aMention && (!b.kind.copied() || b.headline()) {
			passedOn++
		}
		s.newcomers += b.fresh
	}
	for _, m := range of {
		if m&isAged != 0 {
			s.aged++
		}
		if m&isYoung != 0 {
			s.young++
		}
	}
	s.passedOn = passedOn > 0 && passedOn == s.bursts

	f := Finding{Campaign: c.cfg.Campaign, Kind: kindOfClass(p.domain.class())}
	// The same coincidences may be in both: the stronger reading stands.
	f.Bits, f.Expected, f.Observed = bursts.bits, bursts.expected, bursts.observed
	if edges.bits > bursts.bits {
		f.Bits, f.Expected, f.Observed = edges.bits, edges.expected, edges.observed
		s.byPairs, s.meetings = true, int(edges.observed)
		discount(others)
	} else {
		discount(items)
	}
	f.Evidence = slices.Concat(items, others)
	sortEvidence(f.Evidence)
	if f.Kind == KindPileOn {
		f.Target = c.name(c.bursts.rows.get(p.bursts[0]).object)
	}
	f.Confidence = confidence(p, ws)
	t.fill(&f)
	for n, name := range c.declared[1:] {
		if float64(t.declared[uint8(n+1)]) >= declaredShare*float64(len(t.posts)) {
			f.Declared = name
		}
	}
	f.ID = c.findingID(f.Kind, c.founded(p))
	s.kind, s.accounts, s.objects = f.Kind, len(f.Accounts), len(f.Objects)
	s.noun = nounOf(f.Objects)
	s.expected = f.Expected
	f.Sentence = s.sentence()
	return f
}

// weighed is a burst and what it adds to a finding.
type weighed struct {
	burst   uint32
	verdict verdict
	bits    float64
	fresh   int                       // members whose post no burst before has
	known   []bool                    // the others
	keep    func(account uint32) bool // whether the finding lists an account
}

// weighed puts bursts in the order of what they earn, and counts each post
// once: a text, its sentences and its picture are one surprise, not three.
func (c *core) weighed(bursts []uint32) []weighed {
	ws := make([]weighed, 0, len(bursts))
	for _, id := range bursts {
		ws = append(ws, weighed{burst: id, verdict: c.judge(c.bursts.rows.get(id))})
	}
	slices.SortFunc(ws, func(a, b weighed) int {
		x, y := c.bursts.rows.get(a.burst), c.bursts.rows.get(b.burst)
		return cmp.Or(cmp.Compare(b.verdict.bits, a.verdict.bits), cmp.Compare(x.at, y.at),
			strings.Compare(c.name(x.object), c.name(y.object)), cmp.Compare(x.pace, y.pace))
	})
	keep := c.rushers(bursts)
	seen := make(map[string]bool)
	for i := range ws {
		w := &ws[i]
		b := c.bursts.rows.get(w.burst)
		w.known = make([]bool, len(b.members))
		for n := range b.members {
			if w.known[n] = seen[b.members[n].post]; !w.known[n] {
				seen[b.members[n].post] = true
				w.fresh++
			}
		}
		w.bits = w.verdict.bits * float64(w.fresh) / float64(max(1, len(b.members)))
		w.keep = keep
	}
	return ws
}

func kindOfClass(c class) Kind {
	switch c {
	case byReposts:
		return KindReposts
	case byPileOn:
		return KindPileOn
	case byFlood:
		return KindFlood
	default:
		return KindCopies
	}
}

// nounOf returns the kind of the objects if it is one.
func nounOf(objects []ObjectEvidence) objectKind {
	if len(objects) == 0 {
		return noEvidence
	}
	k := objects[0].Object.Kind
	for i := range objects {
		if objects[i].Object.Kind != k {
			return noEvidence
		}
	}
	return kindOf(k)
}

// fill writes the lists of a finding.
func (t *tally) fill(f *Finding) {
	f.Posts = make([]PostEvidence, 0, len(t.posts))
	f.Accounts = make([]AccountEvidence, 0, len(t.accounts))
	f.Objects = make([]ObjectEvidence, 0, len(t.objects))
	objects := make(map[uint32]post.Object, len(t.objects))
	for o := range t.objects {
		objects[o] = t.core.objectAt(o)
	}
	for i := range t.posts {
		p := &t.posts[i]
		platform, id := splitKey(p.post)
		f.Posts = append(f.Posts, PostEvidence{
			Platform: platform, PostID: id, AccountID: t.accounts[p.account].AccountID,
			Object: objects[p.object], At: time.UnixMilli(p.at).UTC(),
			DetectedAt: time.UnixMilli(p.seen).UTC(),
		})
	}
	for _, a := range t.accounts {
		f.Accounts = append(f.Accounts, *a)
	}
	for o, e := range t.objects {
		f.Objects = append(f.Objects, ObjectEvidence{
			Object: objects[o], Label: t.core.shown(o), Accounts: len(e.accounts),
			First: time.UnixMilli(e.first).UTC(), Last: time.UnixMilli(e.last).UTC(),
		})
	}
	f.sort()
	for i := range f.Posts {
		if at := f.Posts[i].DetectedAt; i == 0 || at.Before(f.DetectedAt) {
			f.DetectedAt = at
		}
	}
	for i := range f.Accounts {
		if a := &f.Accounts[i]; i == 0 || a.First.Before(f.From) {
			f.From = a.First
		}
		if a := &f.Accounts[i]; i == 0 || a.Last.After(f.To) {
			f.To = a.Last
		}
	}
}

// findingID is 16 hex digits of a hash of campaign, kind, founding object (its
// kind and id) and the start of the founding window (Unix milliseconds).
func (c *core) findingID(kind Kind, f founding) string {
	h := sha256.New()
	o := c.objectAt(f.object)
	for _, s := range []string{c.cfg.Campaign, string(kind), string(o.Kind), o.ID} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		h.Write([]byte(s))
	}
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(f.start)))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// highBits is what evidence must earn beyond what it had to, by trials alone, to
// be relied on: 10 bits is a chance of one in a thousand.
const highBits = 10

// confidence is that of the best evidence a finding has.
func confidence(p community, ws []weighed) Confidence {
	best := ConfidenceEarly
	if len(p.edges) > 0 {
		best = ConfidenceFirm
		if p.bits >= edgeBits+loneEdgeBits {
			return ConfidenceHigh
		}
	}
	for _, w := range ws {
		switch v := w.verdict; {
		case v.settled && !v.doubtful && v.bits >= v.trials+highBits:
			return ConfidenceHigh
		case v.settled:
			best = ConfidenceFirm
		}
	}
	return best
}
