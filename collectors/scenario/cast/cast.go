package cast

import (
	"strconv"
	"time"

	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/words"
	"winnow/pipeline/post"
)

// Number names an account of the cast. Everything about the account follows
// from it and the seed, so that a cast of millions takes no memory. Organic
// accounts count from 0; the others come in blocks above 1<<31.
type Number uint32

// Block is a group of accounts that are not the ordinary cast.
type Block uint8

// The blocks.
const (
	Protected Block = iota
	Press
	Author // of the viral post
	Hub    // large accounts that carry the viral post further
	Crowd  // people who come for the viral post only
	Supporter
	Copier
	Piler
	Raider             // in the pools of further attacks
	Passer             // people who come for one further organic moment only
	Nobody Block = 255 // the organic cast
)

// Member is the i-th account of a block.
func Member(b Block, i int) Number { return 1<<31 | Number(b)<<24 | Number(i) }

// Block tells which block an account belongs to, and its place in it.
func (n Number) Block() (b Block, i int) {
	if n>>31 == 0 {
		return Nobody, int(n)
	}
	return Block(n >> 24 & 0x7f), int(n & 0xffffff)
}

// Platforms by their index.
var Platforms = [...]post.Platform{post.X, post.Mastodon, post.Bluesky}

// The indexes of Platforms.
const (
	OnX = iota
	OnMastodon
	OnBluesky
)

// region is a part of the organic cast that shares a time zone.
type region struct {
	Share  int                  // of the cast, percent
	Offset int                  // hours east of UTC, in summer
	langs  [words.Languages]int // percent
	Base   Number
	Size   int
}

// regions is the organic cast at scale 1.
var regions = [...]region{
	{Share: 34, Offset: 5, langs: [words.Languages]int{words.EN: 14, words.AZ: 62, words.TR: 6, words.RU: 18}}, // Azerbaijan kept summer time in 2015
	{Share: 14, Offset: 3, langs: [words.Languages]int{words.EN: 8, words.TR: 92}},
	{Share: 14, Offset: 3, langs: [words.Languages]int{words.EN: 8, words.RU: 92}},
	{Share: 10, Offset: 2, langs: [words.Languages]int{words.EN: 25, words.DE: 75}},
	{Share: 14, Offset: 1, langs: [words.Languages]int{words.EN: 100}},
	{Share: 8, Offset: -5, langs: [words.Languages]int{words.EN: 98, words.AZ: 2}},
	{Share: 6, Offset: 3, langs: [words.Languages]int{words.EN: 15, words.AR: 85}},
}

// castSize is how many organic accounts there are at scale 1. About two thirds
// of them post within four days.
const castSize = 9000

// Cast knows every account.
type Cast struct {
	seed    uint64
	start   time.Time
	Regions [len(regions)]region
	Size    int // organic accounts
	curves  *dice.Curves
	// agedCopiers and agedPilers are how many of each group, from the first on,
	// are old accounts.
	agedCopiers, agedPilers int
	pools                   []Pool
}

// Call says who is cast.
type Call struct {
	Seed  uint64
	Start time.Time
	// Scale multiplies the organic cast.
	Scale float64
	// AgedCopiers and AgedPilers are how many of each group are old accounts.
	AgedCopiers, AgedPilers int
	// Home is the region in which most people live, counted from 1; 0 for the
	// mixture of the games.
	Home int
	// Pools are those of the raiders.
	Pools  []Pool
	Curves *dice.Curves
}

// New casts a story.
func New(call Call) *Cast {
	c := &Cast{
		seed: dice.Mix(call.Seed, 0xca57), start: call.Start, Regions: regions, curves: call.Curves,
		agedCopiers: call.AgedCopiers, agedPilers: call.AgedPilers, pools: call.Pools,
	}
	for i := range c.Regions {
		r := &c.Regions[i]
		if call.Home > 0 {
			// All of them, less four in a hundred for each of the others.
			r.Share = 4
			if i == call.Home-1 {
				r.Share = 100 - 4*(len(c.Regions)-1)
			}
		}
		r.Base = Number(c.Size)
		r.Size = min(max(8, int(castSize*call.Scale)*r.Share/100), 1<<27)
		c.Size += r.Size
	}
	return c
}

// Platform returns the index of the platform that n is on.
func (c *Cast) Platform(n Number) int {
	b, i := n.Block()
	h := dice.Mix(c.seed, uint64(n)) % 100
	switch b {
	case Protected:
		return i % len(Platforms)
	case Press:
		return [...]int{OnX, OnX, OnMastodon, OnBluesky}[i%4]
	case Copier:
		return [...]int{OnX, OnX, OnX, OnBluesky, OnX, OnX, OnMastodon, OnX, OnX, OnBluesky}[i%10]
	case Supporter:
		h = h*97/100 + 3 // a little more of Mastodon
	case Raider:
		if p := c.pools[i/PoolSize].Platform; p != AnyPlatform {
			return p
		}
	case Passer:
		// They meet where the moment is.
		h = dice.Mix(c.seed, uint64(Member(b, i/PoolSize*PoolSize))) % 100
	case Nobody:
	default:
		return OnX
	}
	switch {
	case h < 58:
		return OnX
	case h < 80:
		return OnMastodon
	default:
		return OnBluesky
	}
}

// Lang returns the language that n usually writes in.
func (c *Cast) Lang(n Number) int {
	b, i := n.Block()
	h := int(dice.Mix(c.seed^0x1a4c, uint64(n)) % 100)
	switch b {
	case Nobody:
		for r := range c.Regions {
			if reg := &c.Regions[r]; Number(reg.Size) > n-reg.Base {
				return pickLang(&reg.langs, h)
			}
		}
		return words.EN
	case Protected:
		return [...]int{words.EN, words.AZ, words.EN}[i%3]
	case Press:
		return [...]int{words.EN, words.AZ, words.RU, words.TR, words.DE, words.EN, words.AR, words.AZ}[i%8]
	case Raider:
		if c.Aged(n) {
			return c.local(n, h)
		}
		return c.pools[i/PoolSize].Lang
	case Passer:
		return c.local(n, h)
	case Copier, Piler:
		return pickLang(&[words.Languages]int{words.EN: 30, words.AZ: 45, words.TR: 15, words.RU: 10}, h)
	default:
		return pickLang(&[words.Languages]int{words.EN: 55, words.AZ: 15, words.TR: 8, words.RU: 8, words.DE: 12, words.AR: 2}, h)
	}
}

func pickLang(shares *[words.Languages]int, h int) int {
	for l, s := range shares {
		if h -= s; h < 0 {
			return l
		}
	}
	return words.EN
}

// Fresh says whether n was opened for an attack.
func (c *Cast) Fresh(n Number) bool {
	b, i := n.Block()
	switch b {
	case Copier:
		return i >= c.agedCopiers
	case Piler:
		return i >= c.agedPilers
	case Raider:
		return c.pools[i/PoolSize].Fresh && !c.Aged(n)
	default:
		return false
	}
}

// ProtectedHandles are the accounts that the campaigns look after.
var ProtectedHandles = [...]struct{ local, Handle, name string }{
	{"lamp_and_letter_desk", "lamp_and_letter_desk", "Lamp & Letter"},
	{"orvanetel", "orvanetel@quietquay.example", "Orvane Tel"},
	{"tessamirel", "tessamirel.blueharbour.example", "Tessa Mirel"},
}

var mastodonHosts = [...]string{
	"quietquay.example", "social.caspianwind.example", "toots.oldtown.example", "mast.lindenhof.example",
	"agora.threerivers.example", "burc.example", "vetka.example", "commons.tidewater.example",
}

const blueskyHost = ".blueharbour.example"

// Account renders n. Its strings are shared by all its posts.
func (c *Cast) Account(n Number) post.Account {
	b, _ := n.Block()
	d := dice.New(dice.Mix(c.seed, 0xacc), uint64(n))
	plat := c.Platform(n)
	fresh := c.Fresh(n)
	var a post.Account
	c.call(&a, n, &d)

	a.CreatedAt = c.created(&d, b, fresh)
	known := plat == OnX || plat == OnMastodon && d.Chance(950) || plat == OnBluesky && d.Chance(600)
	if plat == OnMastodon {
		a.CreatedAt = a.CreatedAt.Truncate(24 * time.Hour)
	}
	if plat == OnBluesky && !known {
		a.CreatedAt = time.Time{}
	}
	if plat == OnX && d.Chance(20) {
		known = false
	}
	if known {
		a.Followers = post.KnownCount(c.followers(&d, b, fresh))
		a.Following = post.KnownCount(c.curves.Followers.At(d.Bits()))
		a.Posts = post.KnownCount(12 * c.curves.Followers.At(d.Bits()))
		if fresh {
			a.Following = post.KnownCount(int64(20 + d.N(300)))
			a.Posts = post.KnownCount(int64(1 + d.N(90)))
		}
	}
	a.DefaultProfile = fresh && d.Chance(750) || b == Nobody && d.Chance(60)
	a.Bot = plat != OnX && (b == Press && d.Chance(400) || b == Nobody && d.Chance(10))
	return a
}

// call gives n its name, handle and id, all cut from one string.
func (c *Cast) call(a *post.Account, n Number, d *dice.Dice) {
	b, i := n.Block()
	fresh := c.Fresh(n)
	var stems [32]byte
	first, last := c.Stems(stems[:0], n)
	var room [192]byte
	out := append(room[:0], first...)
	out = append(append(out, ' '), last...)
	out[0] -= 'a' - 'A'
	out[len(first)+1] -= 'a' - 'A'

	var names [64]byte
	local := append(names[:0], first...)
	switch {
	case b == Protected:
		out = append(out[:0], ProtectedHandles[i%3].name...)
		local = append(local[:0], ProtectedHandles[i%3].local...)
	case b == Press:
		out = append(out[:len(first)], " Post"...)
		local = append(append(local, last...), "_post"...)
	case fresh && b == Copier:
		local = append(append(local[:0], "gamesfriend_"...), first[:4]...)
		local = strconv.AppendInt(local, int64(10_000+d.N(90_000)), 10)
		local = strconv.AppendInt(local, int64(i), 10)
		out = append(out[:0], local...)
	case fresh && d.Chance(600):
		local = append(local, '_')
		local = strconv.AppendInt(local, int64(1_000_000+d.N(9_000_000)), 10)
		local = strconv.AppendInt(local, int64(i), 10)
	case d.Chance(250):
		local = strconv.AppendInt(append(local, last...), int64(60+d.N(45)), 10)
	default:
		local = append(append(local, '_'), last...)
	}
	name := len(out)
	out = append(out, local...)
	var handle int
	switch c.Platform(n) {
	case OnX:
		handle = len(out)
		// X's ids reach this range about the year 2071.
		salt := dice.Mix(c.seed, 1) % 90_000
		out = strconv.AppendUint(out, 8e18+salt*1e13+uint64(n)*977, 10)
	case OnMastodon:
		host := mastodonHosts[dice.Mix(c.seed, uint64(n)+7)%uint64(len(mastodonHosts))]
		if b == Protected {
			host = mastodonHosts[0]
		}
		out = append(append(out, '@'), host...)
		handle = len(out)
		out = append(append(append(out, "https://"...), host...), "/@"...)
		out = append(out, local...)
	default:
		out = append(out, blueskyHost...)
		handle = len(out)
		out = appendDID(out, uint64(n), dice.Mix(c.seed, 2))
	}
	all := string(out)
	a.Name, a.Handle, a.ID = all[:name], all[name:handle], all[handle:]
}

// created returns when an account was opened: the fresh ones of an attack
// within a few days, the others over eight years.
func (c *Cast) created(d *dice.Dice, b Block, fresh bool) time.Time {
	age := time.Duration(30+d.N(2970)) * 24 * time.Hour
	switch {
	case fresh && b == Copier:
		age = 14*24*time.Hour + time.Duration(d.N(4*24))*time.Hour
	case fresh:
		age = 9*24*time.Hour + time.Duration(d.N(3*24))*time.Hour
	case b == Nobody && d.Chance(25):
		age = time.Duration(1+d.N(40)) * 24 * time.Hour
	}
	at := c.start.Add(-age - time.Duration(d.N(3600_000))*time.Millisecond)
	if opened := time.Date(2006, 3, 22, 0, 0, 0, 0, time.UTC); at.Before(opened) {
		at = opened
	}
	return at
}

func (c *Cast) followers(d *dice.Dice, b Block, fresh bool) int64 {
	switch {
	case fresh:
		return int64(d.N(36))
	case b == Hub:
		return 40_000 + 2*c.curves.Followers.At(d.Bits()|1<<63)*40
	case b == Press:
		return 5_000 + 30*c.curves.Followers.At(d.Bits())
	case b == Protected:
		return 8_000 + int64(d.N(50_000))
	case b == Author:
		return 2_000 + int64(d.N(9_000))
	default:
		return c.curves.Followers.At(d.Bits())
	}
}

// onsets begin the syllables of invented names; one of four vowels follows. A
// name of eight syllables is longer than the 15 characters that X allows, so that
// it cannot be anybody's. Consonants with which chance spells insults are left
// out.
var onsets = [16]string{"b", "br", "d", "w", "j", "l", "m", "n", "r", "s", "t", "tr", "v", "ly", "y", "sn"}

// Stems returns the two halves of a name, four syllables each, unique in the
// cast: the number is mixed by a bijection on 48 bits. They are written to b.
func (c *Cast) Stems(b []byte, n Number) (first, last []byte) {
	const mask = 1<<48 - 1
	x := (uint64(n)*0x9e3779b97f4b + c.seed) & mask
	x = ((x ^ x>>23) * 0xd6e8feb86659) & mask
	x ^= x >> 25
	half := 0
	for i := range 8 {
		if i == 4 {
			half = len(b)
		}
		b = append(b, onsets[x&15]...)
		b = append(b, "aeio"[x>>4&3])
		x >>= 6
	}
	return b[:half], b[half:]
}
