package scenario

import (
	"strconv"
	"time"

	"winnow/pipeline/post"
)

// number names an account of the cast. Everything about the account follows
// from it and the seed, so that a cast of millions takes no memory. Organic
// accounts count from 0; the others come in blocks above 1<<31.
type number uint32

// block is a group of accounts that are not the ordinary cast.
type block uint8

const (
	blockProtected block = iota
	blockPress
	blockAuthor // of the viral post
	blockHub    // large accounts that carry the viral post further
	blockCrowd  // people who come for the viral post only
	blockSupporter
	blockCopier
	blockPiler
	blockNone block = 255 // the organic cast
)

func member(b block, i int) number { return 1<<31 | number(b)<<24 | number(i) }

func (n number) block() (b block, i int) {
	if n>>31 == 0 {
		return blockNone, int(n)
	}
	return block(n >> 24 & 0x7f), int(n & 0xffffff)
}

// platforms by their index.
var platforms = [...]post.Platform{post.X, post.Mastodon, post.Bluesky}

const (
	onX = iota
	onMastodon
	onBluesky
)

// Languages by their index.
const (
	en = iota
	az
	tr
	ru
	de
	ar
	languages
)

var langNames = [languages]string{"en", "az", "tr", "ru", "de", "ar"}

// region is a part of the organic cast that shares a time zone.
type region struct {
	share  int            // of the cast, percent
	offset int            // hours east of UTC, in summer
	langs  [languages]int // percent
	base   number
	size   int
}

var regions = [...]region{
	{share: 34, offset: 5, langs: [languages]int{en: 14, az: 62, tr: 6, ru: 18}}, // Azerbaijan kept summer time in 2015
	{share: 14, offset: 3, langs: [languages]int{en: 8, tr: 92}},
	{share: 14, offset: 3, langs: [languages]int{en: 8, ru: 92}},
	{share: 10, offset: 2, langs: [languages]int{en: 25, de: 75}},
	{share: 14, offset: 1, langs: [languages]int{en: 100}},
	{share: 8, offset: -5, langs: [languages]int{en: 98, az: 2}},
	{share: 6, offset: 3, langs: [languages]int{en: 15, ar: 85}},
}

// castSize is how many organic accounts there are at scale 1. About two thirds
// of them post within four days.
const castSize = 9000

// cast knows every account.
type cast struct {
	seed    uint64
	start   time.Time
	regions [len(regions)]region
	size    int // organic accounts
	curves  *curves
	// agedCopiers and agedPilers are how many of each group, from the first on,
	// are old accounts.
	agedCopiers, agedPilers int
}

func newCast(cfg Config, cv *curves) *cast {
	c := &cast{
		seed: mix(cfg.Seed, 0xca57), start: cfg.Start, regions: regions, curves: cv,
		agedCopiers: int(cfg.CopyAged * float64(cfg.CopyAccounts)),
		agedPilers:  int(cfg.PileAged * float64(cfg.PileAccounts)),
	}
	for i := range c.regions {
		r := &c.regions[i]
		r.base = number(c.size)
		r.size = min(max(8, int(castSize*cfg.Scale)*r.share/100), 1<<27)
		c.size += r.size
	}
	return c
}

// platform returns the index of the platform that n is on.
func (c *cast) platform(n number) int {
	b, i := n.block()
	h := mix(c.seed, uint64(n)) % 100
	switch b {
	case blockProtected:
		return i % len(platforms)
	case blockPress:
		return [...]int{onX, onX, onMastodon, onBluesky}[i%4]
	case blockCopier:
		return [...]int{onX, onX, onX, onBluesky, onX, onX, onMastodon, onX, onX, onBluesky}[i%10]
	case blockSupporter:
		h = h*97/100 + 3 // a little more of Mastodon
	case blockNone:
	default:
		return onX
	}
	switch {
	case h < 58:
		return onX
	case h < 80:
		return onMastodon
	default:
		return onBluesky
	}
}

// lang returns the language that n usually writes in.
func (c *cast) lang(n number) int {
	b, i := n.block()
	h := int(mix(c.seed^0x1a4c, uint64(n)) % 100)
	switch b {
	case blockNone:
		for r := range c.regions {
			if reg := &c.regions[r]; number(reg.size) > n-reg.base {
				return pickLang(&reg.langs, h)
			}
		}
		return en
	case blockProtected:
		return [...]int{en, az, en}[i%3]
	case blockPress:
		return [...]int{en, az, ru, tr, de, en, ar, az}[i%8]
	case blockCopier, blockPiler:
		return pickLang(&[languages]int{en: 30, az: 45, tr: 15, ru: 10}, h)
	default:
		return pickLang(&[languages]int{en: 55, az: 15, tr: 8, ru: 8, de: 12, ar: 2}, h)
	}
}

func pickLang(shares *[languages]int, h int) int {
	for l, s := range shares {
		if h -= s; h < 0 {
			return l
		}
	}
	return en
}

// fresh says whether n was opened for an attack.
func (c *cast) fresh(n number) bool {
	b, i := n.block()
	return b == blockCopier && i >= c.agedCopiers || b == blockPiler && i >= c.agedPilers
}

// protectedHandles are the accounts that the campaigns look after.
var protectedHandles = [...]struct{ local, handle, name string }{
	{"lamp_and_letter_desk", "lamp_and_letter_desk", "Lamp & Letter"},
	{"orvanetel", "orvanetel@quietquay.example", "Orvane Tel"},
	{"tessamirel", "tessamirel.blueharbour.example", "Tessa Mirel"},
}

var mastodonHosts = [...]string{
	"quietquay.example", "social.caspianwind.example", "toots.oldtown.example", "mast.lindenhof.example",
	"agora.threerivers.example", "burc.example", "vetka.example", "commons.tidewater.example",
}

const blueskyHost = ".blueharbour.example"

// account renders n. Its strings are shared by all its posts.
func (c *cast) account(n number) post.Account {
	b, _ := n.block()
	d := newDice(mix(c.seed, 0xacc), uint64(n))
	plat := c.platform(n)
	fresh := c.fresh(n)
	var a post.Account
	c.call(&a, n, &d)

	a.CreatedAt = c.created(&d, b, fresh)
	known := plat == onX || plat == onMastodon && d.chance(950) || plat == onBluesky && d.chance(600)
	if plat == onMastodon {
		a.CreatedAt = a.CreatedAt.Truncate(24 * time.Hour)
	}
	if plat == onBluesky && !known {
		a.CreatedAt = time.Time{}
	}
	if plat == onX && d.chance(20) {
		known = false
	}
	if known {
		a.Followers = post.KnownCount(c.followers(&d, b, fresh))
		a.Following = post.KnownCount(c.curves.followers.at(d.bits()))
		a.Posts = post.KnownCount(12 * c.curves.followers.at(d.bits()))
		if fresh {
			a.Following = post.KnownCount(int64(20 + d.n(300)))
			a.Posts = post.KnownCount(int64(1 + d.n(90)))
		}
	}
	a.DefaultProfile = fresh && d.chance(750) || b == blockNone && d.chance(60)
	a.Bot = plat != onX && (b == blockPress && d.chance(400) || b == blockNone && d.chance(10))
	return a
}

// call gives n its name, handle and id, all cut from one string.
func (c *cast) call(a *post.Account, n number, d *dice) {
	b, i := n.block()
	fresh := c.fresh(n)
	var stems [32]byte
	first, last := c.stems(stems[:0], n)
	var room [192]byte
	out := append(room[:0], first...)
	out = append(append(out, ' '), last...)
	out[0] -= 'a' - 'A'
	out[len(first)+1] -= 'a' - 'A'

	var names [64]byte
	local := append(names[:0], first...)
	switch {
	case b == blockProtected:
		out = append(out[:0], protectedHandles[i%3].name...)
		local = append(local[:0], protectedHandles[i%3].local...)
	case b == blockPress:
		out = append(out[:len(first)], " Post"...)
		local = append(append(local, last...), "_post"...)
	case fresh && b == blockCopier:
		local = append(append(local[:0], "gamesfriend_"...), first[:4]...)
		local = strconv.AppendInt(local, int64(10_000+d.n(90_000)), 10)
		local = strconv.AppendInt(local, int64(i), 10)
		out = append(out[:0], local...)
	case fresh && d.chance(600):
		local = append(local, '_')
		local = strconv.AppendInt(local, int64(1_000_000+d.n(9_000_000)), 10)
		local = strconv.AppendInt(local, int64(i), 10)
	case d.chance(250):
		local = strconv.AppendInt(append(local, last...), int64(60+d.n(45)), 10)
	default:
		local = append(append(local, '_'), last...)
	}
	name := len(out)
	out = append(out, local...)
	var handle int
	switch c.platform(n) {
	case onX:
		handle = len(out)
		// X's ids reach this range about the year 2071.
		salt := mix(c.seed, 1) % 90_000
		out = strconv.AppendUint(out, 8e18+salt*1e13+uint64(n)*977, 10)
	case onMastodon:
		host := mastodonHosts[mix(c.seed, uint64(n)+7)%uint64(len(mastodonHosts))]
		if b == blockProtected {
			host = mastodonHosts[0]
		}
		out = append(append(out, '@'), host...)
		handle = len(out)
		out = append(append(append(out, "https://"...), host...), "/@"...)
		out = append(out, local...)
	default:
		out = append(out, blueskyHost...)
		handle = len(out)
		out = appendDID(out, uint64(n), mix(c.seed, 2))
	}
	all := string(out)
	a.Name, a.Handle, a.ID = all[:name], all[name:handle], all[handle:]
}

// created returns when an account was opened: the fresh ones of an attack
// within a few days, the others over eight years.
func (c *cast) created(d *dice, b block, fresh bool) time.Time {
	age := time.Duration(30+d.n(2970)) * 24 * time.Hour
	switch {
	case fresh && b == blockCopier:
		age = 14*24*time.Hour + time.Duration(d.n(4*24))*time.Hour
	case fresh:
		age = 9*24*time.Hour + time.Duration(d.n(3*24))*time.Hour
	case b == blockNone && d.chance(25):
		age = time.Duration(1+d.n(40)) * 24 * time.Hour
	}
	at := c.start.Add(-age - time.Duration(d.n(3600_000))*time.Millisecond)
	if opened := time.Date(2006, 3, 22, 0, 0, 0, 0, time.UTC); at.Before(opened) {
		at = opened
	}
	return at
}

func (c *cast) followers(d *dice, b block, fresh bool) int64 {
	switch {
	case fresh:
		return int64(d.n(36))
	case b == blockHub:
		return 40_000 + 2*c.curves.followers.at(d.bits()|1<<63)*40
	case b == blockPress:
		return 5_000 + 30*c.curves.followers.at(d.bits())
	case b == blockProtected:
		return 8_000 + int64(d.n(50_000))
	case b == blockAuthor:
		return 2_000 + int64(d.n(9_000))
	default:
		return c.curves.followers.at(d.bits())
	}
}

// onsets begin the syllables of invented names; one of four vowels follows. A
// name of eight syllables is longer than the 15 characters that X allows, so that
// it cannot be anybody's. Consonants with which chance spells insults are left
// out.
var onsets = [16]string{"b", "br", "d", "w", "j", "l", "m", "n", "r", "s", "t", "tr", "v", "ly", "y", "sn"}

// stems returns the two halves of a name, four syllables each, unique in the
// cast: the number is mixed by a bijection on 48 bits. They are written to b.
func (c *cast) stems(b []byte, n number) (first, last []byte) {
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

// splitHandle splits "anna@host" at the last "@".
func splitHandle(h string) (local, host string) {
	for i := len(h) - 1; i >= 0; i-- {
		if h[i] == '@' {
			return h[:i], h[i+1:]
		}
	}
	return h, ""
}
