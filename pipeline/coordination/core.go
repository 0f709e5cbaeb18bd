package coordination

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"

	"winnow/pipeline/neardup"
)

// core is the state of a Detector: what the posts up to now, in order of time,
// have left behind. It can be forked.
type core struct {
	cfg            Config
	window         int64 // Config.Window in milliseconds
	paces          [paces]paceOf
	now, firstPost int64
	posts          uint64

	accounts table[actor]
	objects  table[object]
	copies   *neardup.Index
	acts     []act  // of the post under way
	text     []byte // key of its text
	journal  journal
	pairs    pairTable
	edges    paged[edge]
	evidence paged[meeting]
	meetings nameStore // keys of the posts of these
	bursts   bursts
	reviews  reviews
	own      ownPosts
	groups   groups
	labels   labels
	kinds    [objectKinds]kindStats
	traits   traits
	roll     roll
	declared []string // names by index; 0 is "none"

	edgesRefused, evidenceRefused, declaredIgnored uint64
}

// actor is what is known of an account beyond its name.
type actor struct {
	since int48  // its first post in the campaign
	own   int48  // its latest post that passes nothing on
	made  uint16 // objects that it was the first to act on
	habits
	flood uint32
	group uint32           // number + 1, see attach.go
	did   [meetable]uint32 // first actions on objects
}

// newcomer reports whether the account came to the campaign only just now.
func (a *actor) newcomer(at int64) bool { return at-a.since.get() <= newcomerTime }

// object is what is known of an object beyond its name.
type object struct {
	kind      objectKind
	protected bool
	labelled  bool
	firsts    uint32  // accounts that acted on it
	recent    rolling // the latest of these
	run       run     // how its actions began
	// exposed counts reposts and quotes of a mentioned account's posts.
	exposed rolling
}

// kindStats is the campaign's own experience with a kind of object.
type kindStats struct {
	objects uint64 // seen so far, maxMade of each account
	// runs is how many of them began with a run of minRun accounts that turned
	// out to be no finding.
	runs uint64
	// tried is how many actions could have met another one within the window
	// of a pace, met how many did. Actions in a crowd large enough for a burst
	// are left out of both: they would make an attack the yardstick for itself.
	tried, met [paces]float64
}

// company is the chance that an action of this kind has another account's on
// the same object within the window. Two in a hundred are assumed to begin
// with, and never less than leastCompany.
func (k *kindStats) company(p pace) float64 {
	return min(max((k.met[p]+1)/(k.tried[p]+50), leastCompany), 0.5)
}

// traits is how common the traits are that pile-ons are weighed by.
type traits struct {
	answers, short, aged, young float64
	// passed counts accounts' first actions of passing on, passedNew those of
	// newcomers.
	passed, passedNew float64
	posts             [paces]rolling // per window of each pace
}

func newCore(cfg Config) *core {
	l := cfg.Limits
	return &core{
		cfg:    cfg,
		window: cfg.Window.Milliseconds(),
		paces: [paces]paceOf{
			fast:    {cfg.Window.Milliseconds(), minBurst},
			minutes: {cfg.MinutesWindow.Milliseconds(), minBurst},
			hours:   {cfg.HoursWindow.Milliseconds(), minSlowBurst},
			crowd:   {cfg.PileOnWindow.Milliseconds(), minPileOn},
			running: {runSpan, minRun},
			flood:   {cfg.Window.Milliseconds(), minFlood},
		},
		accounts: newTable[actor](l.Accounts),
		objects:  newTable[object](l.Objects),
		copies:   neardup.NewIndex(neardup.Limits{Clusters: l.Texts}),
		journal:  journal{limit: uint64(l.Journal)},
		pairs:    newPairTable(l.Pairs),
		bursts:   newBursts(),
		labels:   newLabels(l.Labels),
		declared: []string{""},
	}
}

func (c *core) fork() *core {
	f := *c
	f.acts, f.text = nil, nil
	f.accounts, f.objects, f.copies = c.accounts.fork(), c.objects.fork(), c.copies.Fork()
	f.journal, f.pairs = c.journal.fork(), c.pairs.fork()
	f.edges, f.evidence, f.meetings = c.edges.fork(), c.evidence.fork(), c.meetings.fork()
	f.bursts, f.labels = c.bursts.fork(), c.labels.fork()
	f.roll = c.roll.fork()
	f.reviews, f.own, f.groups = c.reviews.fork(), c.own.fork(), c.groups.fork()
	return &f
}

// doing is one action on its way through the core.
type doing struct {
	*record
	account, object uint32
	kind            objectKind
	// The post's first link, its text and the first account it names, + 1; 0 if
	// there is none.
	link, text, named uint32
	words             int    // of the text that is the object
	past              uint32 // accounts that acted on the object before
	since             int64  // when the account first did
	declared          uint8
	marks             marks
	joins             bool // someone else acted on one of its objects just before
}

// apply takes in the next record in order of time.
func (c *core) apply(r *record) {
	if c.posts == 0 {
		c.firstPost = r.at
	}
	c.accounts.begin()
	c.objects.begin()
	c.advance(r.at)
	c.posts++
	c.count(r)

	d := doing{record: r, account: c.account(r.account), declared: c.declaredIndex(r.declared), marks: r.traits()}
	a := &c.accounts.rows.mut(d.account).v
	a.observe(r)
	if a.newcomer(r.at) {
		d.marks |= isNew
	}
	acts := c.place(r)
	for i := range acts {
		switch a := &acts[i]; {
		case a.kind == aLink && d.link == 0:
			d.link = c.object(a) + 1
			d.marks |= isDressed
		case a.kind == aMention && d.named == 0:
			d.named = c.object(a) + 1
		case a.kind == aText && d.text == 0:
			d.text = c.object(a) + 1
		}
	}
	for i := range acts {
		d.kind, d.object = acts[i].kind, c.object(&acts[i])
		c.act(&d, &acts[i])
	}
	c.floods(&d)
	if r.amplified != "" {
		id := c.object(&act{object: r.amplified, kind: aMention})
		c.objects.rows.mut(id).v.exposed.add(r.at, exposure)
	}
}

// place returns what a post does, its text included, which becomes an object
// here: the founding text of those it is a copy of. What people make comes
// before what they pass on, since of several objects that two posts share only
// the first counts. The record stays as it is: it may come again, see fork.
func (c *core) place(r *record) []act {
	if !r.copies {
		return r.acts
	}
	id, _ := c.copies.Place(&r.sketch, r.at)
	c.text = hex.AppendEncode(append(c.text[:0], byte(aText)), binary.BigEndian.AppendUint64(nil, id))
	text := act{object: string(c.text), kind: aText, words: r.sketch.Words()}
	c.acts = append(append(c.acts[:0], text), r.acts...)
	return c.acts
}

// act weighs an account's action on an object, if it is the account's first.
func (c *core) act(d *doing, a *act) {
	o := c.objects.rows.get(d.object)
	if e := c.journal.entry(o.latest()); e != nil && e.account != d.account && d.at-e.at <= joinTime {
		d.joins = true
	}
	c.enroll(d)
	o = c.objects.rows.get(d.object)
	d.past = o.v.firsts
	d.since = d.at
	if d.past > 0 && !c.firstTime(d) {
		return
	}
	d.words = a.words
	switch {
	case d.kind == aMention:
		c.burst(d, crowd)
	case d.kind.copied():
		c.meet(d)
		for _, p := range copyPaces {
			if counts(p, d.marks, d.declared) {
				c.burst(d, p)
			}
		}
	case d.kind == aLink:
		c.meet(d)
		c.burst(d, fast)
	default:
		c.learn(d, fast, c.meet(d))
		c.run(d)
		c.traits.passed++
		if d.marks&isNew != 0 {
			c.traits.passedNew++
		}
	}
	c.note(d)
}

// firstTime reports whether the account did not act on the object before. Who
// addressed another account for the first time within the last day counts as a
// newcomer again after a window: pile-ons come in rushes.
func (c *core) firstTime(d *doing) bool {
	e := c.journal.acted(c.accounts.rows.get(d.account).latest(), d.object)
	if e == nil {
		return true
	}
	if since := e.at - int64(e.age); d.kind == aMention && d.at-since <= newcomer && d.at-e.at > c.paces[crowd].width {
		d.since = since
		return true
	}
	return false
}

// recent returns the latest actions on the object of the one under way within so
// many milliseconds, the latest first, how many of them are within
// Config.Window, and how many of those there are in all.
func (c *core) recent(d *doing, width int64, buf *[maxPartners]uint64) (entries []uint64, now int, dense float64) {
	o := c.objects.rows.get(d.object)
	entries = c.journal.since(o.latest(), d.at-width, buf[:])
	now = len(entries)
	for now > 0 && c.journal.entry(entries[now-1]).at < d.at-c.window {
		now--
	}
	dense = float64(now)
	if now == maxPartners {
		dense = max(dense, o.v.recent.count(d.at, c.window))
	}
	return entries, now, dense
}

// learn adds an action to the campaign's experience with its kind.
func (c *core) learn(d *doing, p pace, recent int) {
	k := &c.kinds[d.kind]
	if recent+1 >= c.paces[p].least {
		return
	}
	k.tried[p]++
	if recent > 0 {
		k.met[p]++
	}
}

// note enters an action into the journal.
func (c *core) note(d *doing) {
	a, o := c.accounts.rows.mut(d.account), c.objects.rows.mut(d.object)
	if o.v.firsts == 0 && a.v.made < maxMade {
		a.v.made++
		c.kinds[d.kind].objects++
	}
	n := c.journal.push(entry{
		at: d.at, age: uint32(min(d.at-d.since, math.MaxUint32)), account: d.account, object: d.object,
		link: d.link, text: d.text, named: d.named, declared: d.declared, kind: d.kind, marks: d.marks,
	}, d.key, a.latest(), o.latest())
	a.chain.set(int64(n))
	o.chain = a.chain
	if k := classOf(d.kind); d.past > 0 && k < meetable {
		a.v.did[k]++
	}
	o.v.firsts++
	o.v.recent.add(d.at, c.window)
}

// account returns the number of an account.
func (c *core) account(key string) uint32 {
	id, tag, ok := c.accounts.find(key)
	if !ok {
		id = c.accounts.add(key, tag, c.journal.tail())
		c.accounts.rows.mut(id).v.since.set(c.now)
	}
	return id
}

// object returns the number of the object that an action is about.
func (c *core) object(a *act) uint32 {
	id, tag, ok := c.objects.find(a.object)
	if !ok {
		id = c.objects.add(a.object, tag, c.journal.tail())
		c.objects.rows.mut(id).v.kind = a.kind
	}
	if a.protected && !c.objects.rows.get(id).v.protected {
		c.objects.rows.mut(id).v.protected = true
	}
	return id
}

// declaredIndex returns the number of a declared action's name.
func (c *core) declaredIndex(name string) uint8 {
	for i, known := range c.declared {
		if known == name {
			return uint8(i)
		}
	}
	if len(c.declared) > maxDeclared {
		c.declaredIgnored++
		return 0
	}
	// Not in place: forks share what was there.
	c.declared = append(c.declared[:len(c.declared):len(c.declared)], strings.Clone(name))
	return uint8(len(c.declared) - 1)
}

// count adds a post to the campaign's traits.
func (c *core) count(r *record) {
	t := &c.traits
	for p := range c.paces {
		t.posts[p].add(r.at, c.paces[p].width)
	}
	if r.answers {
		t.answers++
		if r.words <= fewWords {
			t.short++
		}
	}
	if r.ageKnown {
		t.aged++
		if r.young {
			t.young++
		}
	}
}

func (c *core) stats() Stats {
	s := Stats{
		Journal:  int(c.journal.ring.n),
		Accounts: int(c.accounts.rows.n), Objects: int(c.objects.rows.n),
		Pairs: c.pairs.n, Edges: int(c.edges.n), Evidence: int(c.evidence.n),
		Bursts: c.bursts.live, Members: c.bursts.members, Labels: c.labels.len(),
		PairsForgotten: c.pairs.forgotten, PairsRefused: c.pairs.refused,
		AccountsReused: c.accounts.reused, ObjectsReused: c.objects.reused,
		EdgesRefused: c.edgesRefused, EvidenceRefused: c.evidenceRefused,
		BurstsRefused: c.bursts.refused, MembersRefused: c.bursts.membersRefused,
		LabelsDropped: c.labels.dropped, DeclaredIgnored: c.declaredIgnored + c.roll.ignored,
	}
	texts := c.copies.Stats()
	s.Texts, s.TextsForgotten = texts.Clusters, texts.Evicted
	s.OwnPosts, s.OwnPostsRefused = len(c.own.window)-c.own.lo, c.own.refused
	s.Reviews, s.Groups, s.Enrolled = len(c.reviews.heap), int(c.groups.parent.n), int(c.roll.entries.n)
	s.Withdrawn = c.bursts.withdrawn
	if c.journal.head > c.journal.limit {
		s.JournalOverwritten = c.journal.head - c.journal.limit
	}
	return s
}
