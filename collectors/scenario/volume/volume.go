package volume

import (
	"math"
	"time"

	"winnow/collectors/scenario/dice"
	"winnow/pipeline/post"
)

// Config says what to make.
type Config struct {
	Seed uint64
	// Posts is how many there are in all.
	Posts int
	// Start is the first hour, by default 1 March 2024, 00:00 UTC; Days is how
	// many days the posts are spread over, 60 by default.
	Start time.Time
	Days  int
}

// Busy is the campaign with most of the posts.
const Busy = "busy"

// campaigns are the names and their shares of the posts in percent.
var campaigns = [...]struct {
	name  string
	share int
}{{Busy, 72}, {"steady", 14}, {"regional", 8}, {"small", 4}, {"quiet", 2}}

// Stream makes posts in order of time. It is not safe for concurrent use.
type Stream struct {
	cfg      Config
	dice     dice.Dice
	ink      ink
	words    vocabulary
	accounts int
	// upto is how many posts there are before the end of each hour.
	upto    []int
	hour    int
	made    int
	recents [len(campaigns)][len(platforms)]recents
	tags    [len(campaigns)][]post.Tag
}

// New prepares a stream. It costs some milliseconds.
func New(cfg Config) *Stream {
	if cfg.Start.IsZero() {
		cfg.Start = time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	}
	if cfg.Days == 0 {
		cfg.Days = 60
	}
	s := &Stream{cfg: cfg, dice: dice.New(cfg.Seed, 1), words: newVocabulary(cfg.Seed), accounts: max(cfg.Posts/20, 100)}
	for c := range s.tags {
		s.tags[c] = s.words.tags(cfg.Seed+uint64(c), tagsPerCampaign)
	}
	weights := make([]float64, cfg.Days*24)
	all := 0.0
	for h := range weights {
		weights[h] = 1 + 0.8*math.Cos(2*math.Pi*float64(h%24-18)/24)
		if s.burst(h) {
			weights[h] *= 5
		}
		all += weights[h]
	}
	sum := 0.0
	s.upto = make([]int, len(weights))
	for h, w := range weights {
		sum += w
		s.upto[h] = int(math.Round(sum / all * float64(cfg.Posts)))
	}
	return s
}

// burst says whether something happens in an hour that all talk about.
func (s *Stream) burst(hour int) bool { return dice.Mix(s.cfg.Seed^0xb5, uint64(hour))%40 == 0 }

// Begin and End bound the time that the posts are spread over.
func (s *Stream) Begin() time.Time { return s.cfg.Start }

// End is explained at Begin.
func (s *Stream) End() time.Time { return s.cfg.Start.AddDate(0, 0, s.cfg.Days) }

// Next makes the next n posts, fewer at the end and none after it. A post's
// Campaign is the one it belongs to. They are the caller's to keep.
func (s *Stream) Next(n int) []post.Post {
	out := make([]post.Post, min(n, s.cfg.Posts-s.made))
	for i := range out {
		for s.made >= s.upto[s.hour] {
			s.hour++
		}
		first := 0
		if s.hour > 0 {
			first = s.upto[s.hour-1]
		}
		const hourMs = int64(time.Hour / time.Millisecond)
		in := int64(s.upto[s.hour] - first)
		k := int64(s.made - first)
		at := s.cfg.Start.UnixMilli() + int64(s.hour)*hourMs + (k*hourMs+s.dice.Ms(hourMs))/in
		s.fill(&out[i], min(at, s.cfg.Start.UnixMilli()+int64(s.hour+1)*hourMs-1))
		s.made++
	}
	return out
}

// fill makes one post.
func (s *Stream) fill(p *post.Post, ms int64) {
	d := &s.dice
	c := s.campaign()
	who := account(s.cfg.Seed, s.rank())
	s.ink.fresh()
	p.Campaign = campaigns[c].name
	p.Platform = platforms[who.platform].name
	p.PostedAt = time.UnixMilli(ms).UTC()
	p.ObservedAt = time.UnixMilli(ms + 400 + d.Ms(6000)).UTC()
	s.author(&p.Account, who, ms)
	s.identify(p, who, ms, d.Bits())
	near := &s.recents[c][who.platform]
	switch kind := d.N(100); {
	case kind < 45 && near.n > 0:
		s.repost(p, near.pick(d))
		return
	case kind < 65 && near.n > 0:
		p.Kind = post.Reply
		p.ReplyTo = near.pick(d).ref
		p.Mentions = []post.Mention{{AccountID: p.ReplyTo.AccountID, Handle: p.ReplyTo.Handle}}
	case kind < 70 && near.n > 0:
		p.Kind = post.Quote
		p.QuoteOf = near.pick(d).ref
	default:
		p.Kind = post.Original
	}
	s.write(p, c, who)
	near.add(original{
		ref:  post.Ref{PostID: p.ID, AccountID: p.Account.ID, Handle: p.Account.Handle},
		lang: p.Lang, text: p.Text, tags: p.Tags, links: p.Links, images: p.Images,
	}, d)
}

// campaign draws a campaign: in bursts nearly all talk is about one.
func (s *Stream) campaign() int {
	if s.burst(s.hour) && s.dice.Chance(800) {
		return 0
	}
	n := s.dice.N(100)
	for c := range campaigns {
		if n -= campaigns[c].share; n < 0 {
			return c
		}
	}
	return 0
}

// rank draws an account: Zipf with exponent 0.6, by which the busiest of five
// million accounts writes one post in 500.
func (s *Stream) rank() uint64 {
	u := float64(s.dice.Bits()>>11) / (1 << 53)
	return uint64(u * u * math.Sqrt(u) * float64(s.accounts))
}

// Account is the account that writes the rank-th most posts.
func (s *Stream) Account(rank int) (post.Platform, string) {
	who := account(s.cfg.Seed, uint64(rank))
	s.ink.fresh()
	return platforms[who.platform].name, s.accountID(who)
}
