package grid

import (
	"time"

	"winnow/collectors/scenario"
	"winnow/collectors/scenario/crowd"
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/raid"
	"winnow/collectors/scenario/words"
)

// scales are the sizes of campaigns: 300 to 7,600 organic posts a day.
var scales = [...]float64{0.04, 0.065, 0.1, 0.16, 0.25, 0.4, 0.63, 1}

// homes are the languages of campaigns; "" is the mixture of the games.
var homes = [...]string{"en", "", "de", "az", "ru", "tr", "ar"}

// ages are the shares of attackers with a history in the campaign.
var ages = [...]float64{0, 0.5, 1, 0.25, 0.75}

// mostDays is how many days the largest campaigns have; others up to 5.
const mostDays = 3

// Config draws the story of a seed.
func Config(seed uint64) scenario.Config {
	c := Organic(seed)
	d := dice.New(dice.Mix(seed, 0x6a1d), 2)
	dr := &drawer{d: &d, age: ages[seed%uint64(len(ages))], home: c.Home}
	off := func(n *int, permille, value int) {
		if *n = -1; d.Chance(permille) {
			*n = value
		}
	}
	off(&c.DeclaredAccounts, 500, dr.small(20, 150))

	off(&c.CopyAccounts, 500, dr.small(10, 60))
	c.CopyWaves = dr.between(2, 7)
	c.CopySpread = dr.seconds(15, 240)
	c.CopyAged = dr.aged()
	if c.CopyDrip = -1; d.Chance(300) {
		c.CopyDrip = float64(dr.between(1, 6)) / 10
	}

	off(&c.PileAccounts, 600, dr.small(15, 120))
	c.PileWaves = dr.between(1, 3)
	c.PileSpread = dr.seconds(120, 1800)
	c.PileAged = dr.aged()
	c.Joiners = float64(dr.between(0, 5)) / 10
	for _, share := range []*float64{&c.CopyAged, &c.PileAged, &c.Joiners} {
		if *share == 0 {
			*share = -1 // 0 asks for the default
		}
	}

	for _, k := range raid.Kinds() {
		if r, ok := dr.raid(k); ok {
			c.Raids = append(c.Raids, r)
		}
	}
	return c
}

// Organic draws the same story without any attack, or action that was declared.
func Organic(seed uint64) scenario.Config {
	d := dice.New(dice.Mix(seed, 0x6a1d), 1)
	dr := &drawer{d: &d}
	c := scenario.Config{
		Seed: seed, Scale: scales[seed%uint64(len(scales))], Home: homes[seed%uint64(len(homes))],
		DeclaredAccounts: -1, CopyAccounts: -1, PileAccounts: -1,
	}
	// Any hour, since some acts of the story have their place in it.
	c.Start = time.Date(2015, 6, 1, dr.between(0, 60*24), 0, 0, 0, time.UTC)
	c.Days = dr.between(2, 5)
	if c.Scale > 0.5 {
		c.Days = min(c.Days, mostDays)
	}
	if c.ViralReposts = -1; d.Chance(500) {
		c.ViralReposts = dr.small(100, 1200)
	}
	least := map[crowd.Kind]int{crowd.Cascade: 2, crowd.Headline: 1, crowd.News: 1, crowd.Chant: 1, crowd.Start: 1}
	for _, k := range crowd.Kinds() {
		c.Moments = append(c.Moments, crowd.Moment{Kind: k, Count: dr.between(least[k], 2*least[k]+2)})
	}
	return c
}

// drawer draws settings.
type drawer struct {
	d    *dice.Dice
	age  float64
	home string
}

func (r *drawer) between(least, most int) int { return least + r.d.N(most-least+1) }

// small draws small numbers more often.
func (r *drawer) small(least, most int) int {
	return min(r.between(least, most), r.between(least, most))
}

func (r *drawer) seconds(least, most int) time.Duration {
	return time.Duration(r.small(least, most)) * time.Second
}

// aged is the seed's share of accounts with a history; one group in five has
// another.
func (r *drawer) aged() float64 {
	if r.d.Chance(200) {
		return ages[r.d.N(len(ages))]
	}
	return r.age
}

// lang is a language of attackers: in half of the cases that of the campaign.
func (r *drawer) lang() string {
	if r.home != "" && r.d.Chance(500) {
		return r.home
	}
	return words.Codes[r.d.N(words.Languages)]
}

// frequency is how often a kind of raid has no part in a story, in thousandths,
// and how many instances it has otherwise.
var frequency = map[raid.Kind]struct{ none, least, most int }{
	raid.Ring:        {150, 1, 5},
	raid.SlowRing:    {300, 1, 4},
	raid.Flood:       {300, 1, 3},
	raid.Mutated:     {150, 1, 5},
	raid.SlowMutated: {300, 1, 4},
	raid.Drip:        {400, 1, 2},
}

// raid draws the raids of a kind; false if there are none.
func (r *drawer) raid(k raid.Kind) (raid.Raid, bool) {
	f := frequency[k]
	out := raid.Raid{
		Kind: k, Instances: r.between(f.least, f.most), Recurring: float64(r.between(0, 8)) / 10,
		Aged: r.aged(), Silent: r.d.Chance(500), Lang: r.lang(), Platform: r.d.N(4),
	}
	if k == raid.Flood {
		out.Deleted = float64(r.between(0, 2)) / 2
	}
	return out, !r.d.Chance(f.none)
}
