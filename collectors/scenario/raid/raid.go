package raid

import (
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/words"
)

// Kind says what the accounts of a raid do.
type Kind string

// The kinds, with the sizes and spans that are taken where a Raid names none.
const (
	// Ring: 5 to 35 accounts repost one post within 30 s to 3 minutes, and
	// nobody reposts it after them.
	Ring Kind = "ring"
	// SlowRing is the same within 10 to 80 minutes.
	SlowRing Kind = "slow-ring"
	// Flood: 20 to 300 accounts post texts of random words within 10 s to
	// 60 s, one to three each. Nothing is shared but the tag.
	Flood Kind = "flood"
	// Mutated: 6 to 25 accounts post one text within one to 4 minutes, each
	// copy changed: letters that look alike, hidden characters, a cut end,
	// links, names in front, marks, the order of tags.
	Mutated Kind = "mutated"
	// SlowMutated is the same within one to three hours.
	SlowMutated Kind = "slow-mutated"
	// Drip: a group of 8 to 15 accounts shares the same links, texts or posts
	// in 12 to 30 rounds over the days; each round takes 20 to 90 minutes, the
	// accounts come minutes apart.
	Drip Kind = "drip"
)

// Range is from Least to Most, both included.
type Range struct{ Least, Most int }

// Spans is from Least to Most.
type Spans struct{ Least, Most time.Duration }

// Raid is a series of attacks of one kind that draw from one pool of accounts.
// The zero value of a field asks for its default.
type Raid struct {
	Kind Kind
	// Instances is how many attacks there are; 1 by default. Of drips each is
	// another group.
	Instances int
	// Accounts is how many take part in one; small ones are more frequent.
	Accounts Range
	// Span is how long one takes, or a round of a drip.
	Span Spans
	// Rounds is how often a drip's group acts.
	Rounds Range
	// Recurring is the share, 0 to 1, of an attack's accounts that were in an
	// earlier one if possible; 0 by default.
	Recurring float64
	// Aged is the share of the pool, 0 to 1, that has a history of ordinary
	// talk; 0 by default.
	Aged float64
	// Silent says that the others are old accounts that never posted before,
	// instead of fresh ones.
	Silent bool
	// Lang is the code of the language that they write in; "en" by default.
	Lang string
	// Platform is the index of the platform they are on, counted from 1; 0 is
	// all of them. Rings and drips are on one: X by default.
	Platform int
	// Deleted is the share, 0 to 1, of a raid's attacks whose posts are
	// deleted 30 s to 2 minutes later; 0 by default.
	Deleted float64
}

// kinds are the defaults.
var kinds = map[Kind]Raid{
	Ring:        {Accounts: Range{5, 35}, Span: Spans{30 * time.Second, 3 * time.Minute}, Platform: 1},
	SlowRing:    {Accounts: Range{5, 35}, Span: Spans{10 * time.Minute, 80 * time.Minute}, Platform: 1},
	Flood:       {Accounts: Range{20, 300}, Span: Spans{10 * time.Second, time.Minute}},
	Mutated:     {Accounts: Range{6, 25}, Span: Spans{time.Minute, 4 * time.Minute}},
	SlowMutated: {Accounts: Range{6, 25}, Span: Spans{time.Hour, 3 * time.Hour}},
	Drip:        {Accounts: Range{8, 15}, Span: Spans{20 * time.Minute, 90 * time.Minute}, Rounds: Range{12, 30}, Platform: 1},
}

// Kinds returns the kinds of raid.
func Kinds() []Kind { return []Kind{Ring, SlowRing, Flood, Mutated, SlowMutated, Drip} }

// withDefaults returns r with every field set to what it stands for; ok is
// false if there is no such kind.
func (r Raid) withDefaults() (Raid, bool) {
	k, ok := kinds[r.Kind]
	if !ok {
		return r, false
	}
	r.Instances = max(r.Instances, 1)
	if r.Accounts == (Range{}) {
		r.Accounts = k.Accounts
	}
	r.Accounts.Least = max(r.Accounts.Least, 1)
	r.Accounts.Most = max(r.Accounts.Most, r.Accounts.Least)
	if r.Span == (Spans{}) {
		r.Span = k.Span
	}
	r.Span.Least = max(r.Span.Least, time.Millisecond)
	r.Span.Most = max(r.Span.Most, r.Span.Least)
	if r.Rounds == (Range{}) {
		r.Rounds = k.Rounds
	}
	r.Rounds.Most = max(r.Rounds.Most, r.Rounds.Least)
	if r.Platform < 1 || r.Platform > len(cast.Platforms) {
		r.Platform = k.Platform
	}
	return r, true
}

// lang is the index of r's language.
func (r *Raid) lang() int {
	for i, code := range words.Codes {
		if code == r.Lang {
			return i
		}
	}
	return words.EN
}

// Pools returns the pools of accounts of raids, one for each.
func Pools(raids []Raid) []cast.Pool {
	out := make([]cast.Pool, len(raids))
	for i, r := range raids {
		r, _ = r.withDefaults()
		out[i] = cast.Pool{Platform: r.Platform - 1, Lang: r.lang(), Aged: int(100 * r.Aged), Fresh: !r.Silent}
	}
	return out
}
