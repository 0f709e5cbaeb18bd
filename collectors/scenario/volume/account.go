package volume

import (
	"strings"
	"time"

	"winnow/collectors/scenario/dice"
	"winnow/pipeline/post"
)

// platforms are the networks and their shares of the accounts in percent.
var platforms = [...]struct {
	name  post.Platform
	share int
}{{post.X, 60}, {post.Bluesky, 25}, {post.Mastodon, 15}}

const (
	onX = iota
	onBluesky
	onMastodon
)

// person is an account: everything about it follows from a hash of its rank.
type person struct {
	platform int
	hash     uint64
}

func account(seed, rank uint64) person {
	p := person{hash: dice.Mix(seed^0xacc, rank)}
	n := int(p.hash % 100)
	for i := range platforms {
		if n -= platforms[i].share; n < 0 {
			p.platform = i
			break
		}
	}
	return p
}

// bits are 64 further bits of a person's.
func (p person) bits(of uint64) uint64 { return dice.Mix(p.hash, of) }

// What of a person is drawn by bits.
const (
	ofID = iota + 1
	ofHandle
	ofHost
	ofAge
	ofFollowers
	ofLang
	ofDID
)

// ink is what strings are written with: many share one piece of memory.
type ink struct {
	strings.Builder
	from int
}

// inkRoom is how much one piece holds, and inkPost what a post needs at most.
const (
	inkRoom = 64 << 10
	inkPost = 4 << 10
)

// fresh makes room for a post.
func (k *ink) fresh() {
	if k.Cap()-k.Len() < inkPost {
		k.Reset()
		k.Grow(inkRoom)
	}
	k.from = k.Len()
}

// cut returns what was written since the last cut.
func (k *ink) cut() string {
	s := k.String()[k.from:]
	k.from = k.Len()
	return s
}

func (k *ink) number(n uint64) {
	var buf [20]byte
	i := len(buf)
	for {
		i--
		buf[i] = byte('0' + n%10)
		if n /= 10; n == 0 {
			break
		}
	}
	_, _ = k.Write(buf[i:]) // never fails
}

// letters writes n letters of an alphabet of 2^width, drawn from seed.
func (k *ink) letters(alphabet string, width, n int, seed uint64) {
	var bits uint64
	left := 0
	for i := range n {
		if left < width {
			bits, left = dice.Mix(seed, uint64(i)), 64
		}
		_ = k.WriteByte(alphabet[bits&(1<<width-1)]) // never fails
		bits >>= width
		left -= width
	}
}

const (
	base32 = "abcdefghijklmnopqrstuvwxyz234567"
	tid32  = "234567abcdefghijklmnopqrstuvwxyz"
	base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#$"
)

// accountID writes X's number, the DID, or Mastodon's address of the account.
func (s *Stream) accountID(who person) string {
	switch who.platform {
	case onX:
		if n := who.bits(ofID); n%2 == 0 {
			s.ink.number(n % 3_000_000_000) // from before 2015
		} else {
			s.ink.number(700_000_000_000_000_000 + n%1_050_000_000_000_000_000)
		}
	case onBluesky:
		s.ink.WriteString("did:plc:")
		s.ink.letters(base32, 5, 24, who.bits(ofDID))
	default:
		s.ink.WriteString("https://")
		s.host(who)
		s.ink.WriteString("/@")
		s.name(who)
	}
	return s.ink.cut()
}

// host writes one of some hundred servers, most accounts being on few.
func (s *Stream) host(who person) {
	n := who.bits(ofHost) % 400
	if n < 160 {
		s.ink.WriteString("mastodon.example")
		return
	}
	n = n * n / 400
	s.ink.WriteString(s.words.langs[0].words[100+n])
	s.ink.WriteString(".example")
}

// name writes a handle without its server.
func (s *Stream) name(who person) {
	n := who.bits(ofHandle)
	words := s.words.langs[0].words
	s.ink.WriteString(words[n%uint64(len(words))])
	n /= uint64(len(words))
	s.ink.WriteString(words[n%1000])
	s.ink.number(n / 1000 % 10_000)
}

// author fills in what the platform tells about an account with a post:
// Bluesky's stream names it and tells nothing.
func (s *Stream) author(a *post.Account, who person, ms int64) {
	a.ID = s.accountID(who)
	if who.platform == onBluesky {
		return
	}
	s.name(who)
	if who.platform == onMastodon {
		s.ink.WriteByte('@')
		s.host(who)
	}
	a.Handle = s.ink.cut()
	words := s.words.langs[0].words
	n := who.bits(ofHandle)
	s.ink.WriteString(words[n%1000])
	s.ink.WriteByte(' ')
	s.ink.WriteString(words[n/1000%uint64(len(words))])
	a.Name = s.ink.cut()
	age := who.bits(ofAge)
	a.CreatedAt = s.cfg.Start.Add(-time.Duration(age%(14*365*24*3600)) * time.Second)
	if who.platform == onMastodon {
		a.CreatedAt = a.CreatedAt.Truncate(24 * time.Hour)
	}
	// Followers grow by the day, the number of posts by the minute.
	day := ms/86_400_000 - s.cfg.Start.Unix()/86_400
	known := heavy(who.bits(ofFollowers))
	a.Followers = post.KnownCount(known + known*day/2000)
	a.Following = post.KnownCount(heavy(who.bits(ofFollowers + 100)))
	a.Posts = post.KnownCount(heavy(age) + (ms-s.cfg.Start.UnixMilli())/60_000)
	a.DefaultProfile = age%23 == 0
	a.Bot = who.platform == onMastodon && age%19 == 0
}

// heavy turns bits into a number with a heavy tail: its median is some hundred,
// one in a thousand is more than 100,000.
func heavy(bits uint64) int64 {
	u := bits >> 40 & 0xffff
	return int64(u*u>>22) + int64(1<<40/(1<<20+(bits&0xfffff)*(bits>>20&0xfffff)))
}

// xEpoch is when the numbers of X begin, in milliseconds of Unix time.
const xEpoch = 1_288_834_974_657

// identify gives a post its ids and its address.
func (s *Stream) identify(p *post.Post, who person, ms int64, noise uint64) {
	switch who.platform {
	case onX:
		p.ID = s.snowflake(ms, noise)
		s.ink.WriteString("https://x.com/")
		s.ink.WriteString(p.Account.Handle)
		s.ink.WriteString("/status/")
		s.ink.WriteString(p.ID)
		p.URL = s.ink.cut()
	case onBluesky:
		s.ink.WriteString("at://")
		s.ink.WriteString(p.Account.ID)
		s.ink.WriteString("/app.bsky.feed.post/")
		s.tid(ms, noise)
		p.ID = s.ink.cut()
		s.ink.WriteString("https://bsky.app/profile/")
		s.ink.WriteString(p.Account.ID)
		s.ink.WriteString("/post/")
		s.ink.WriteString(p.ID[len(p.ID)-13:])
		p.URL = s.ink.cut()
	default:
		n := uint64(ms)<<16 | noise&0xffff
		base := p.Account.ID // https://host/@name
		at := strings.LastIndexByte(base, '@')
		s.ink.WriteString(base[:at])
		s.ink.WriteString("users/")
		s.ink.WriteString(base[at+1:])
		s.ink.WriteString("/statuses/")
		s.ink.number(n)
		p.ID = s.ink.cut()
		// Winnow reads one server: its id of a post from elsewhere is another.
		s.ink.WriteString("mastodon.example/")
		s.ink.number(n + noise>>16&0xffffff)
		p.NativeID = s.ink.cut()
		s.ink.WriteString(base)
		s.ink.WriteByte('/')
		s.ink.number(n)
		p.URL = s.ink.cut()
	}
}

func (s *Stream) snowflake(ms int64, noise uint64) string {
	s.ink.number(uint64(ms-xEpoch)<<22 | noise&(1<<22-1))
	return s.ink.cut()
}

// tid writes Bluesky's key of a record: microseconds and ten bits of a clock,
// thirteen letters that sort by time.
func (s *Stream) tid(ms int64, noise uint64) {
	n := (uint64(ms)*1000+noise>>10%1000)<<10 | noise&1023
	var key [13]byte
	for i := len(key) - 1; i >= 0; i-- {
		key[i] = tid32[n&31]
		n >>= 5
	}
	_, _ = s.ink.Write(key[:]) // never fails
}
