package change

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"winnow/pipeline/post"
)

// Tracker follows the volume of one campaign and its tags. What it finds is a
// function of the posts given to it: their order does not matter as long as
// none comes later than Config.Lateness. Each post is to be given once. It is
// not safe for concurrent use.
//
// The way from a post to a change:
//
//	Add       order.go    records wait until they are in order of time
//	          recent.go   the latest of them are kept, with what they are about
//	          series.go   each bucket is compared with earlier days
//	          chance.go   how likely that is by chance
//	          profile.go  who and what was there before and after a change
//	Finish    sentence.go in plain words
type Tracker struct {
	cfg     Config
	actions []post.Action
	waiting waiting
	recent  recent
	joiners joiners

	begun  bool
	bucket int64 // the present one
	since  int64 // that of the first post
	whole  *series
	tags   []*series
	places map[string]int // of tags
	// warmth is what a post adds to the heat of its tags; it grows with time,
	// which is how heat fades.
	warmth float64

	// due are changes whose sides have not been compared.
	due   []*going
	found []*Change
	stats Stats
}

// New returns a Tracker that has seen nothing.
func New(cfg Config) *Tracker {
	cfg = cfg.withDefaults()
	return &Tracker{
		cfg:     cfg,
		waiting: waiting{lateness: cfg.Lateness.Milliseconds(), limit: cfg.Limits.Pending},
		recent:  recent{names: newNames(), limit: cfg.Limits.Recent},
		joiners: newJoiners(cfg.Limits.Accounts),
		places:  make(map[string]int),
	}
}

// Stats says how full every bounded structure of a Tracker is, and how often
// its limit was hit; see Limits.
type Stats struct {
	// Posts is how many posts were added, Late of them too late to count, and
	// Imprecise left out because their time is not known to a Bucket.
	Posts, Late, Imprecise uint64
	// Sizes, in entries. Names are the things that posts and accounts refer to.
	Pending, Recent, Names, Accounts, Tags, Changes int
	// PendingForced is how many posts had to be taken before their time,
	// RecentForced how many went early, AccountsForgotten how often the older
	// half went, TagsReplaced and ChangesDropped how many gave way.
	PendingForced, RecentForced, AccountsForgotten, TagsReplaced, ChangesDropped uint64
}

// Stats returns the present figures.
func (t *Tracker) Stats() Stats {
	s := t.stats
	s.Pending, s.PendingForced = len(t.waiting.heap), t.waiting.forced
	s.Recent, s.RecentForced, s.Names = t.recent.n, t.recent.forced, len(t.recent.ids)
	s.Accounts, s.AccountsForgotten = t.joiners.len(), t.joiners.turns
	s.Tags, s.Changes = len(t.tags), len(t.found)
	return s
}

// Add takes a post in. p is not kept.
func (t *Tracker) Add(p *post.Post) {
	t.stats.Posts++
	// What one poll finds has the time of the poll and would look like a rise.
	if time.Duration(p.TimeSlack)*time.Second > Bucket {
		t.stats.Imprecise++
		return
	}
	r := t.record(p)
	if r.at < t.waiting.horizon {
		t.stats.Late++
		return
	}
	t.waiting.put(r)
	for r := t.waiting.next(); r != nil; r = t.waiting.next() {
		t.apply(r)
	}
}

// record extracts what matters of a post.
func (t *Tracker) record(p *post.Post) *record {
	at := p.PostedAt.UnixMilli()
	if seen := p.ObservedAt; !seen.IsZero() {
		at = min(at, seen.UnixMilli()) // no post is newer than its first sight
	}
	r := &record{at: at, key: string(p.Platform) + "/" + p.ID, who: p.Key(), things: make([]thing, 0, 4)}
	add := func(k ItemKind, id string) {
		if id != "" && len(id) <= maxID && len(r.things) < maxItems {
			r.things = append(r.things, thing{k, id})
		}
	}
	for i := range p.Tags[:min(len(p.Tags), maxTags)] {
		if key := p.Tags[i].Key; !slices.ContainsFunc(p.Tags[:i], func(o post.Tag) bool { return o.Key == key }) {
			add(ItemTag, key)
		}
	}
	add(ItemLanguage, p.Lang)
	t.actions = p.AppendActions(t.actions[:0])
	for i := range t.actions {
		switch o := &t.actions[i].Object; o.Kind {
		case post.ObjectText:
			add(ItemText, o.ID)
		case post.ObjectLink:
			add(ItemLink, o.ID)
		case post.ObjectRepost:
			add(ItemRepost, o.ID)
		}
	}
	r.label, r.repost = clip(p.Text), p.Kind == post.Repost
	return r
}

// clip returns a copy of the first maxLabel runes of s.
func clip(s string) string {
	s = strings.TrimSpace(s)
	end, n := 0, 0
	for end < len(s) && n < maxLabel {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
		n++
	}
	return strings.Clone(s[:end])
}

// apply counts a record. Records come in order of time.
func (t *Tracker) apply(r *record) {
	b := r.at / bucketMs
	if !t.begun {
		t.begun = true
		t.start(b)
	}
	t.advance(b)
	r.joined = t.joiners.seen(r.who, r.at)
	t.makeRoom(r.at)
	t.recent.push(r)
	t.whole.now++
	for _, id := range r.items {
		if n := &t.recent.rows[id]; n.kind == ItemTag {
			s := t.follow(n.id)
			s.now++
			s.heat += t.warmth
		}
	}
}

// start begins a campaign, or begins it anew.
func (t *Tracker) start(b int64) {
	t.bucket, t.since, t.warmth = b, b, 1
	t.whole = &series{since: b, bits: changeBits, counts: newCounts(b)}
	t.tags = nil
	clear(t.places)
}

// follow returns the series of a tag. If there is no room, the coolest makes
// place, as in the Space-Saving algorithm (Metwally, Agrawal, El Abbadi 2005):
// the new one may have had as many posts as the old one.
func (t *Tracker) follow(tag string) *series {
	if i, ok := t.places[tag]; ok {
		return t.tags[i]
	}
	if len(t.tags) < t.cfg.Limits.Tags {
		s := &series{tag: tag, since: t.since, bits: tagBits(t.cfg.Limits.Tags), counts: newCounts(t.bucket)}
		t.places[tag] = len(t.tags)
		t.tags = append(t.tags, s)
		s.backdate()
		return s
	}
	t.stats.TagsReplaced++
	i := 0
	for j, o := range t.tags {
		if o.heat < t.tags[i].heat {
			i = j
		}
	}
	s := t.tags[i]
	if g := s.open; g != nil {
		// Nobody follows it any further.
		g.To = timeOf(max(g.from+1, t.bucket))
		if !g.compared {
			t.compare(g)
		}
	}
	delete(t.places, s.tag)
	t.places[tag] = i
	// With r posts in each bucket, heat that halves in a day levels out at
	// r / ln(2) days.
	unseen := s.heat / t.warmth * math.Ln2 / float64(perDay)
	*s = series{tag: tag, since: t.since, bits: s.bits, heat: s.heat, unseen: unseen, counts: counts{first: t.bucket, total: s.total}}
	s.backdate()
	return s
}

// backdate gives a series that begins in the middle the expectations of the
// buckets before.
func (s *series) backdate() {
	for i := range s.mean {
		s.mean[i] = max(leastMean, s.unseen)
	}
}

// advance closes buckets until b is the present one.
func (t *Tracker) advance(b int64) {
	for n := int64(0); t.bucket < b; n++ {
		if n > memoryDays*perDay {
			// Too long a silence: nobody knows what is usual now.
			t.compareAll()
			t.start(b)
			return
		}
		t.close(false)
		t.bucket++
		// Fading by growing what is new, until numbers get large.
		if t.warmth *= math.Exp2(1. / float64(perDay)); t.warmth > 1e100 {
			for _, s := range t.tags {
				s.heat /= t.warmth
			}
			t.warmth = 1
		}
	}
}

// close ends the present bucket for all series.
func (t *Tracker) close(partial bool) {
	t.closeSeries(t.whole, partial)
	for _, s := range t.tags {
		t.closeSeries(s, partial)
	}
	for _, g := range slices.Clone(t.due) {
		if t.bucket-g.from+1 >= afterSide {
			t.compare(g)
		}
	}
}

func (t *Tracker) closeSeries(s *series, partial bool) {
	was := s.open
	g, over := s.close(t.bucket, partial)
	if g == nil {
		return
	}
	if was == nil {
		t.enlist(g)
	}
	if over && !g.compared {
		t.compare(g)
	}
}

// enlist keeps a new change, and drops the weakest if there are too many.
func (t *Tracker) enlist(g *going) {
	g.Campaign, g.From = t.cfg.Campaign, timeOf(g.from)
	sum := sha256.Sum256([]byte(strings.Join([]string{"change", g.Campaign, g.Tag, string(g.Direction), strconv.FormatInt(g.From.UnixMilli(), 10)}, "\x00")))
	g.ID = hex.EncodeToString(sum[:8])
	// A tag that lost its place and came back within ten minutes is not told twice.
	if slices.ContainsFunc(t.found, func(c *Change) bool { return c.ID == g.ID }) {
		g.compared = true
		return
	}
	t.due = append(t.due, g)
	t.found = append(t.found, g.Change)
	if len(t.found) > t.cfg.Limits.Changes {
		t.stats.ChangesDropped++
		weakest := slices.MinFunc(t.found, func(a, b *Change) int { return cmp.Or(cmp.Compare(a.Bits, b.Bits), cmp.Compare(a.ID, b.ID)) })
		t.found = slices.DeleteFunc(t.found, func(c *Change) bool { return c == weakest })
		t.due = slices.DeleteFunc(t.due, func(g *going) bool { return g.Change == weakest })
	}
}

// makeRoom drops records that no comparison can need any more. For want of
// room it drops others too, after the comparisons that need them were made.
func (t *Tracker) makeRoom(now int64) {
	horizon := now - (beforeSide+afterSide+2*longest)*bucketMs
	for t.recent.n > 0 && t.recent.at(0).at < horizon {
		t.recent.pop()
	}
	for t.recent.n >= t.recent.limit {
		oldest := t.recent.at(0).at
		for _, g := range slices.Clone(t.due) {
			if oldest >= (g.from-beforeSide)*bucketMs {
				t.compare(g)
			}
		}
		t.recent.pop()
		t.recent.forced++
	}
}

// Finish ends the stream and returns its changes, sorted by From, then Tag,
// then Direction. The Tracker takes no post after that.
func (t *Tracker) Finish() []Change {
	for _, r := range t.waiting.rest() {
		t.apply(r)
	}
	if !t.begun {
		return nil
	}
	t.close(true)
	t.compareAll()
	out := make([]Change, len(t.found))
	for i, c := range t.found {
		c.Sentence = c.sentence()
		out[i] = *c
	}
	slices.SortFunc(out, func(a, b Change) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Tag, b.Tag), cmp.Compare(a.Direction, b.Direction))
	})
	return out
}

func timeOf(b int64) time.Time { return time.UnixMilli(b * bucketMs).UTC() }
