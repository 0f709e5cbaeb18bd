package scenario

import (
	"fmt"
	"math"
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/crowd"
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/raid"
	"winnow/collectors/scenario/words"
)

// Config says which story is told, and how large. The zero value of a field
// asks for its default; for a knob that may be switched off, a negative value
// does so.
type Config struct {
	// Seed chooses the story: another seed, other texts, times and sizes.
	Seed uint64
	// Start is the time of the first post, between 2007 and 2040; by default
	// 2015-06-10T00:00Z, two days before the games open.
	Start time.Time
	// Days is how long the story lasts; 4 by default.
	Days int
	// Scale multiplies the organic talk: 1, the default, gives about 35,000
	// posts by 7,000 accounts in four days. Attacks and the day of action keep
	// their size, so that a larger scale hides them better.
	Scale float64

	// ViralReposts is the size of the viral moment's cascade; quotes, replies,
	// mentions and copied headlines are in proportion. Default 1,800 times
	// Scale, but between 100 and 20,000.
	ViralReposts int

	// DeclaredAccounts is how many supporters take part in the declared day of
	// action; default 150.
	DeclaredAccounts int

	// CopyAccounts is how many accounts post copied praise; default 60.
	CopyAccounts int
	// CopyWaves is how often they do so; default 7.
	CopyWaves int
	// CopySpread is the jitter: how long one wave takes; default 50 s.
	CopySpread time.Duration
	// CopyAged is the share of them, 0 to 1, that are old accounts instead of
	// fresh ones; default 0.
	CopyAged float64
	// CopyDrip is the share of their posts, 0 to 1, that drip singly between
	// the first wave and the last instead of coming within a wave; default 0.
	CopyDrip float64

	// PileAccounts is how many accounts pile on; default 90.
	PileAccounts int
	// PileWaves is how often they do so; default 2.
	PileWaves int
	// PileSpread is how long one wave takes; default 10 minutes.
	PileSpread time.Duration
	// PileAged is the share of them that are old accounts with a history of
	// ordinary talk; default 0.5.
	PileAged float64

	// Joiners is how many organic accounts join an attack in the hour after
	// each wave, as a share of the attackers; default 0.1. They bear the label
	// RoleJoiner.
	Joiners float64

	// Home is the code of the language in whose country most people live, so
	// that nights are quiet; by default they are spread as at the games.
	Home string
	// Raids are further attacks, and Moments further organic moments; none by
	// default. Package grid draws them.
	Raids   []raid.Raid
	Moments []crowd.Moment
}

// home is the region of Home, counted from 1; 0 if it is of no language.
func (c *Config) home() int {
	for l, code := range words.Codes {
		if code == c.Home {
			return cast.Home(l)
		}
	}
	return 0
}

// defaultStart is two days before the opening of the first European Games.
var defaultStart = time.Date(2015, 6, 10, 0, 0, 0, 0, time.UTC)

// maxGroup bounds each planted group: numbers of accounts within a block have
// 24 bits.
const maxGroup = 1 << 20

// withDefaults returns c with every field set to what it stands for.
func (c Config) withDefaults() Config {
	if c.Start.IsZero() {
		c.Start = defaultStart
	}
	c.Start = c.Start.UTC().Truncate(time.Millisecond)
	if c.Days <= 0 {
		c.Days = 4
	}
	if !(c.Scale > 0) || math.IsInf(c.Scale, 0) {
		c.Scale = 1
	}
	knob(&c.ViralReposts, int(min(max(100, 1800*c.Scale), 20_000)), 0, maxGroup)
	knob(&c.DeclaredAccounts, 150, 0, maxGroup)
	knob(&c.CopyAccounts, 60, 0, maxGroup)
	knob(&c.CopyWaves, 7, 0, maxGroup)
	knob(&c.PileAccounts, 90, 0, maxGroup)
	knob(&c.PileWaves, 2, 0, maxGroup)
	knob(&c.CopySpread, 50*time.Second, time.Millisecond, math.MaxInt64)
	knob(&c.PileSpread, 10*time.Minute, time.Millisecond, math.MaxInt64)
	knob(&c.CopyAged, 0, 0, 1)
	knob(&c.CopyDrip, 0, 0, 1)
	knob(&c.PileAged, 0.5, 0, 1)
	knob(&c.Joiners, 0.1, 0, 1)
	return c
}

// knob sets a knob that was left alone to its preset, and bounds it.
func knob[T int | float64 | time.Duration](v *T, preset, low, high T) {
	if *v == 0 {
		*v = preset
	}
	*v = min(max(*v, low), high)
}

// version changes whenever the same Config begins to give other posts, so that
// a cursor of an older version is refused instead of resumed wrongly.
const version = 1

// fingerprint identifies the story for cursors: the same fingerprint, the same
// posts.
func (c Config) fingerprint() uint64 {
	h := uint64(version)
	for _, b := range fmt.Appendf(nil, "%+v", c) {
		h = dice.Mix(h, uint64(b))
	}
	return h
}
