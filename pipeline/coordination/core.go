package coordination

import (
	"strings"

	"winnow/pipeline/post"
)

// core is the state of a Detector: what the posts up to now, in order of time,
// have left behind. It can be forked.
type core struct {
	cfg            Config
	window         int64 // Config.Window in milliseconds
	paces          [paces]paceOf
	now, firstPost int64
	posts          uint64

	accounts table[string, struct{}]
	objects  table[post.Object, object]
	journal  journal
	pairs    pairTable
	edges    paged[edge]
	evidence paged[meeting]
	bursts   bursts
	labels   labels
	kinds    [objectKinds]kindStats
	traits   traits
	declared []string // names by index; 0 is "none"

	edgesRefused, evidenceRefused, declaredIgnored uint64
}

// object is what is known of an object beyond its name.
type object struct {
	kind      objectKind
	protected bool
	labelled  bool
	firsts    uint32  // accounts that acted on it
	recent    rolling // the latest of these
	// exposed counts reposts and quotes of a mentioned account's posts.
	exposed rolling
}

// kindStats is the campaign's own experience with a kind of object.
type kindStats struct {
	objects uint64 // seen so far
	// tried is how many actions could have met another one within the window
	// of a pace, met how many did. Actions in a crowd large enough for a burst
	// are left out of both: they would make an attack the yardstick for itself.
	tried, met [paces]float64
}

// company is the chance that an action of this kind has another account's on
// the same object within the window. Two in a hundred are assumed to begin
// with, and never less.
func (k *kindStats) company(p pace) float64 {
	return min(max((k.met[p]+1)/(k.tried[p]+50), leastCompany), 0.5)
}

// traits is how common the traits are that pile-ons are weighed by.
type traits struct {
	answers, short, aged, young float64
	posts                       [paces]rolling // per window of each pace
}

func newCore(cfg Config) *core {
	l := cfg.Limits
	return &core{
		cfg:    cfg,
		window: cfg.Window.Milliseconds(),
		paces: [paces]paceOf{
			fast:  {cfg.Window.Milliseconds(), minBurst},
			slow:  {cfg.SlowWindow.Milliseconds(), minSlowBurst},
			crowd: {cfg.PileOnWindow.Milliseconds(), minPileOn},
		},
		accounts: newTable[string, struct{}](l.Accounts),
		objects:  newTable[post.Object, object](l.Objects),
		journal:  journal{limit: uint64(l.Journal)},
		pairs:    newPairTable(l.Pairs),
		bursts:   newBursts(),
		labels:   newLabels(l.Labels),
		declared: []string{""},
	}
}

func (c *core) fork() *core {
	f := *c
	f.accounts, f.objects = c.accounts.fork(), c.objects.fork()
	f.journal, f.pairs = c.journal.fork(), c.pairs.fork()
	f.edges, f.evidence = c.edges.fork(), c.evidence.fork()
	f.bursts, f.labels = c.bursts.fork(), c.labels.fork()
	return &f
}

// doing is one action on its way through the core.
type doing struct {
	*record
	account, object uint32
	kind            objectKind
	link, text      uint32 // the post's first link and its text, + 1; 0 if none
	words           int    // of the text that is the object
	label           string // of the sentence that is the object
	past            uint32 // accounts that acted on the object before
	since           int64  // when the account first did
	declared        uint8
}

// apply takes in the next record in order of time.
func (c *core) apply(r *record) {
	if c.posts == 0 {
		c.firstPost = r.at
	}
	c.now = r.at
	c.posts++
	c.sweep()
	c.count(r)

	d := doing{record: r, account: c.account(r.account), declared: c.declaredIndex(r.declared)}
	for i := range r.acts {
		switch a := &r.acts[i]; {
		case a.kind == aLink && d.link == 0:
			d.link = c.object(a) + 1
		case a.kind == aText && d.text == 0:
			d.text = c.object(a) + 1
		}
	}
	for i := range r.acts {
		d.kind, d.object = r.acts[i].kind, c.object(&r.acts[i])
		c.act(&d, &r.acts[i])
	}
	if r.amplified != "" {
		id := c.object(&act{object: post.Object{Kind: post.ObjectMention, ID: r.amplified}, kind: aMention})
		c.objects.rows.mut(id).v.exposed.add(r.at, exposure)
	}
}

// act weighs an account's action on an object, if it is the account's first.
func (c *core) act(d *doing, a *act) {
	o := c.objects.rows.get(d.object)
	d.past = o.v.firsts
	d.since = d.at
	if d.past > 0 && !c.firstTime(d) {
		return
	}
	d.words, d.label = a.words, a.label
	if d.kind == aMention {
		c.burst(d, crowd)
	} else {
		c.meet(d)
		c.burst(d, fast)
		switch {
		case !d.kind.copied():
		case d.declared != 0:
			c.burst(d, slow)
		case d.past > 0:
			// Twenty minutes are enough for people to say the same by
			// themselves when something moves them all; see crowdChance. So
			// the slow window is for what was declared, and learns elsewhere.
			var buf [maxPartners]uint64
			recent, _ := c.recent(d, slow, &buf)
			c.learn(d, slow, len(recent))
		default:
			c.learn(d, slow, 0)
		}
	}
	c.note(d)
}

// firstTime reports whether the account did not act on the object before. Who
// addressed another account for the first time within the last day counts as a
// newcomer again after a window: pile-ons come in rushes.
func (c *core) firstTime(d *doing) bool {
	e := c.journal.acted(c.accounts.rows.get(d.account).chain, d.object)
	if e == nil {
		return true
	}
	if d.kind == aMention && d.at-e.since <= newcomer && d.at-e.at > c.paces[crowd].width {
		d.since = e.since
		return true
	}
	return false
}

// recent returns the latest actions on the object of the one under way, within
// a pace's window, the latest first, and how many there are in all.
func (c *core) recent(d *doing, p pace, buf *[maxPartners]uint64) (entries []uint64, dense float64) {
	o := c.objects.rows.get(d.object)
	entries = c.journal.since(o.chain, d.at-c.paces[p].width, buf[:])
	dense = float64(len(entries))
	if len(entries) == maxPartners && p == fast {
		dense = max(dense, o.v.recent.count(d.at, c.window))
	}
	return entries, dense
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
	n := c.journal.push(entry{
		at: d.at, since: d.since, post: d.key, account: d.account, object: d.object, link: d.link, text: d.text,
		declared: d.declared, kind: d.kind, marks: d.marks(), prevAccount: a.chain, prevObject: o.chain,
	})
	a.chain, o.chain = n, n
	o.v.firsts++
	o.v.recent.add(d.at, c.window)
}

// account returns the number of an account.
func (c *core) account(key string) uint32 {
	id, ok := c.accounts.find(key)
	if !ok {
		return c.accounts.add(key, c.posts, c.journal.tail())
	}
	if c.accounts.rows.get(id).touched != c.posts {
		c.accounts.rows.mut(id).touched = c.posts
	}
	return id
}

// object returns the number of the object that an action is about.
func (c *core) object(a *act) uint32 {
	id, ok := c.objects.find(a.object)
	if !ok {
		key := a.object
		key.ID = strings.Clone(key.ID) // it may be part of a whole line
		id = c.objects.add(key, c.posts, c.journal.tail())
		c.objects.rows.mut(id).v.kind = a.kind
		c.kinds[a.kind].objects++
	}
	if r := c.objects.rows.get(id); r.touched != c.posts || a.protected && !r.v.protected {
		w := c.objects.rows.mut(id)
		w.touched = c.posts
		w.v.protected = w.v.protected || a.protected
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
	c.declared = append(c.declared[:len(c.declared):len(c.declared)], name)
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
		LabelsDropped: c.labels.dropped, DeclaredIgnored: c.declaredIgnored,
	}
	if c.journal.head > c.journal.limit {
		s.JournalOverwritten = c.journal.head - c.journal.limit
	}
	return s
}
