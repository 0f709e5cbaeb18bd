package cast

import (
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/words"
)

// PoolSize is how many raiders a pool has numbers for, and how many people may
// come for one organic moment: the i-th of pool p is Member(Raider,
// p*PoolSize+i).
const PoolSize = 1 << 14

// MostPools is how many pools there are numbers for.
const MostPools = 1 << 24 / PoolSize

// AnyPlatform is the platform of a pool whose accounts are everywhere.
const AnyPlatform = -1

// Pool is the accounts from which a series of attacks draws.
type Pool struct {
	// Platform is the index of the one they are on, or AnyPlatform.
	Platform int
	// Lang is what they write in, except for those with a history.
	Lang int
	// Aged is how many of a hundred are old accounts with a history of
	// ordinary talk, in the languages of the organic cast.
	Aged int
	// Fresh says that the others were opened for the attacks; else they are
	// old accounts that were silent so far.
	Fresh bool
}

// Aged says whether a raider has a history of ordinary talk.
func (c *Cast) Aged(n Number) bool {
	b, i := n.Block()
	return b == Raider && int(dice.Mix(c.seed^0xa6ed, uint64(n))%100) < c.pools[i/PoolSize].Aged
}

// RegionOf returns the index of the region to which a share of the cast in
// percent leads.
func (c *Cast) RegionOf(percent int) int {
	for i := range c.Regions {
		if percent -= c.Regions[i].Share; percent < 0 {
			return i
		}
	}
	return 0
}

// local is the language of somebody who might be of the organic cast.
func (c *Cast) local(n Number, h int) int {
	r := c.RegionOf(int(dice.Mix(c.seed^0x10ca, uint64(n)) % 100))
	return pickLang(&c.Regions[r].langs, h)
}

// Home returns the region, counted from 1, in which most people write in a
// language.
func Home(lang int) int {
	best := 0
	for i := range regions {
		if regions[i].langs[lang] > regions[best].langs[lang] {
			best = i
		}
	}
	return best + 1
}

// HomeLang is the inverse of Home: the language of most people in a region
// that is counted from 1.
func HomeLang(home int) int {
	best := words.EN
	for l, share := range regions[home-1].langs {
		if share > regions[home-1].langs[best] {
			best = l
		}
	}
	return best
}
