package scenario

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/crowd"
	"winnow/collectors/scenario/dice"
	"winnow/collectors/scenario/raid"
	"winnow/collectors/scenario/render"
	"winnow/collectors/scenario/stage"
	"winnow/collectors/scenario/talk"
	"winnow/collectors/scenario/words"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// Scenario is one story. It is immutable: its methods may be called from many
// goroutines, and every iteration starts anew.
type Scenario struct {
	cfg   Config
	set   talk.Setting
	words *words.Stock
	from  uint64 // posts to skip

	// cues are the planted events in order of time.
	cues    []*talk.Event
	plants  []Planted
	viral   []string
	joiners map[cast.Number]bool
	raiders map[cast.Number]Role
	gone    []stage.Deletion
	// declared is the day of action as the campaign announces it.
	declared campaign.Declared
}

// New prepares the story that cfg describes. It costs some milliseconds; posts
// are made as they are asked for.
func New(cfg Config) *Scenario {
	cfg = cfg.withDefaults()
	agedCopiers := int(cfg.CopyAged * float64(cfg.CopyAccounts))
	agedPilers := int(cfg.PileAged * float64(cfg.PileAccounts))
	cv := dice.NewCurves()
	begin := cfg.Start.UnixMilli()
	s := &Scenario{cfg: cfg, words: words.NewStock(), joiners: map[cast.Number]bool{}, set: talk.Setting{
		Seed: cfg.Seed, StartMs: begin, EndMs: begin + int64(cfg.Days)*talk.DayMs, Scale: cfg.Scale, Curves: cv,
		Cast: cast.New(cast.Call{
			Seed: cfg.Seed, Start: cfg.Start, Scale: cfg.Scale, AgedCopiers: agedCopiers, AgedPilers: agedPilers,
			Home: cfg.home(), Pools: raid.Pools(cfg.Raids), Curves: cv,
		}),
		Press:   talk.NewPress(cfg.Seed, cfg.Start, cfg.Scale),
		History: 50_000,
	}}
	regulars := func(b cast.Block, n int) {
		for i := range n {
			s.set.Regulars = append(s.set.Regulars, cast.Member(b, i))
		}
	}
	regulars(cast.Supporter, cfg.DeclaredAccounts)
	regulars(cast.Piler, agedPilers)
	regulars(cast.Copier, agedCopiers)
	p := &plot{stage.New(&s.set), s}
	p.protected()
	p.viral()
	p.declared()
	p.copies()
	p.pileOn()
	raid.Plan(p.Stage, cfg.Raids)
	crowd.Plan(p.Stage, cfg.Moments)
	s.gather(p.Stage)
	joined := make(map[string]bool, len(s.joiners))
	for who := range s.joiners {
		joined[s.key(who)] = true
	}
	s.viral = slices.DeleteFunc(s.viral, func(key string) bool { return joined[key] })
	return s
}

// gather takes over what was planned.
func (s *Scenario) gather(st *stage.Stage) {
	s.cues, s.gone = st.Cues(), st.Deletions()
	slices.SortStableFunc(s.cues, func(a, b *talk.Event) int { return int(a.At - b.At) })
	slices.SortStableFunc(s.gone, func(a, b stage.Deletion) int { return int(a.At - b.At) })
	r := render.New(&s.set, s.words)
	s.raiders = map[cast.Number]Role{}
	for _, g := range st.Groups() {
		s.plants = append(s.plants, s.planted(g, r))
		for _, e := range g.Events {
			b, _ := e.Who.Block()
			if _, known := s.raiders[e.Who]; b != cast.Raider || known {
				continue
			}
			s.raiders[e.Who] = Role(g.Kind)
			if s.set.Cast.Aged(e.Who) {
				s.set.Regulars = append(s.set.Regulars, e.Who)
				s.set.History = raidHistory
			}
		}
	}
}

// raidHistory is how many of a million posts old accounts among the attackers
// make at most in a story with raids: enough that each of them has a past even
// where few people talk.
const raidHistory = 300_000

// Source is the name under which the posts are delivered: "scenario/<seed>".
func (s *Scenario) Source() string { return "scenario/" + strconv.FormatUint(s.cfg.Seed, 10) }

// Posts returns all posts in order of delivery (ObservedAt). PostedAt may go
// back by less than 60 seconds from one to the next. Each post is the
// caller's to keep and change.
func (s *Scenario) Posts() iter.Seq[*post.Post] {
	return func(yield func(*post.Post) bool) {
		g, _ := s.stream()
		r := render.New(&s.set, s.words)
		for e := g.Next(); e != nil; e = g.Next() {
			p := new(post.Post)
			r.Post(e, p)
			if !yield(p) {
				return
			}
		}
	}
}

// Batches returns the same posts in batches of n, the last one shorter, with
// the deletions up to then. Each carries the cursor by which From goes on after
// it.
func (s *Scenario) Batches(n int) iter.Seq[feed.Batch] {
	n = max(n, 1)
	return func(yield func(feed.Batch) bool) {
		g, clock := s.stream()
		r := render.New(&s.set, s.words)
		at := s.from
		for {
			b := feed.Batch{Source: s.Source(), Posts: make([]post.Post, 0, n)}
			for len(b.Posts) < n {
				e := g.Next()
				if e == nil {
					break
				}
				b.Posts = b.Posts[:len(b.Posts)+1]
				r.Post(e, &b.Posts[len(b.Posts)-1])
			}
			if len(b.Posts) == 0 {
				return
			}
			at += uint64(len(b.Posts))
			seen := b.Posts[len(b.Posts)-1].ObservedAt.UnixMilli()
			for _, d := range s.gone {
				if clock < d.At && d.At <= seen {
					b.Deletions = append(b.Deletions, r.Deletion(d.Event, d.At))
				}
			}
			clock = seen
			b.Cursor = s.cursor(at)
			if !yield(b) {
				return
			}
		}
	}
}

// stream starts the story at the place where s starts, and says when the last
// post before it was delivered.
func (s *Scenario) stream() (g *talk.Stream, clock int64) {
	g = talk.NewStream(&s.set, s.cues)
	for range s.from {
		e := g.Next()
		if e == nil {
			break
		}
		clock = e.Obs
	}
	return g, clock
}

// cursorHead begins every cursor; what follows are the fingerprint of the
// story and the number of posts delivered.
const cursorHead = "scenario"

func (s *Scenario) cursor(at uint64) []byte {
	return fmt.Appendf(nil, "%s %016x %d", cursorHead, s.cfg.fingerprint(), at)
}

// From returns the same story starting after the batch that carried cursor; an
// empty cursor is the beginning. What lies before is planned again, at some
// millions of posts a second. It fails if the cursor is damaged or belongs to
// another story.
func (s *Scenario) From(cursor []byte) (*Scenario, error) {
	at := uint64(0)
	if len(cursor) > 0 {
		f := strings.Split(string(cursor), " ")
		if len(f) != 3 || f[0] != cursorHead {
			return nil, fmt.Errorf("read cursor of %s: not a scenario's cursor", s.Source())
		}
		if f[1] != fmt.Sprintf("%016x", s.cfg.fingerprint()) {
			return nil, fmt.Errorf("read cursor of %s: it belongs to another configuration or version; start over with an empty data directory or another seed", s.Source())
		}
		var err error
		if at, err = strconv.ParseUint(f[2], 10, 63); err != nil {
			return nil, fmt.Errorf("read cursor of %s: %w", s.Source(), err)
		}
	}
	from := *s
	from.from = at
	return &from, nil
}

// Campaigns returns what the operator of this story watches: "Baku2015", the
// games' own tag with everybody it protects, and "FreeVoices", the rights
// groups' part of the talk.
func (s *Scenario) Campaigns() []campaign.Campaign {
	var protected []campaign.Protected
	for i, p := range cast.ProtectedHandles {
		plat := cast.Platforms[i]
		account := "@" + p.Handle
		if i == cast.OnBluesky {
			account = s.set.Cast.Account(cast.Member(cast.Protected, i)).ID
		}
		protected = append(protected, campaign.Protected{Platform: plat, Account: account})
	}
	declared := func() []campaign.Declared {
		if s.cfg.DeclaredAccounts == 0 {
			return nil
		}
		d := s.declared
		d.Tags, d.Texts = slices.Clone(d.Tags), slices.Clone(d.Texts)
		return []campaign.Declared{d}
	}
	return []campaign.Campaign{
		{
			Name:      "Baku2015",
			Tags:      []string{"#Baku2015", "#Bakı2015", "#Bakü2015", "#Баку2015", "#باكو2015", "#FreeVoicesBaku"},
			Terms:     []string{"European Games", "political prisoners", "siyasi məhbus", "politische Gefangene"},
			Protected: protected,
			Declared:  declared(),
		},
		{
			Name:      "FreeVoices",
			Tags:      []string{"FreeVoicesBaku", "FreeVoices", "PoliticalPrisoners"},
			Terms:     []string{"political prisoners", "political prisoner"},
			Protected: protected[:1:1],
			Declared:  declared(),
		},
	}
}

// Span returns when the story begins and ends.
func (s *Scenario) Span() (from, to time.Time) {
	return time.UnixMilli(s.set.StartMs).UTC(), time.UnixMilli(s.set.EndMs).UTC()
}
