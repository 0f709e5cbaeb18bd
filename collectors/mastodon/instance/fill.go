package instance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"winnow/collectors"
	"winnow/collectors/mastodon"
	"winnow/collectors/mastodon/rest"
	"winnow/pipeline/post"
)

const (
	// fillPages is how many pages of one timeline a gap may take: 20,000 posts.
	fillPages = 500
	// slackBefore and slackAfter are how far around a gap posts are taken,
	// since posts reach an instance late, and clocks are known to a second.
	slackBefore = 2 * time.Minute
	slackAfter  = 2 * time.Second
	// maxFills is how many gaps are remembered that were filled in part.
	maxFills = 16
)

// gapKey is a gap that is being filled.
type gapKey struct {
	from     int64
	campaign string
}

// progress is how far gaps were filled before something came in between: the id
// behind which to go on, by hashtag.
type progress map[gapKey]map[string]step

// step is where filling one hashtag stands.
type step struct {
	next    string
	pages   int
	reached time.Time // how far back it got, in the server's time
	done    bool
	cut     bool // ended by fillPages
}

// filling is one call of Fill.
type filling struct {
	*Source
	gap   post.Gap
	out   collectors.Out
	steps map[string]step
}

// Fill implements collectors.Filler. From a resume id it goes forward, else
// back from the newest post.
func (s *Source) Fill(ctx context.Context, g post.Gap, resume []byte, out collectors.Out) (collectors.Filled, error) {
	defer s.idle()
	f := &filling{Source: s, gap: g, out: out, steps: s.steps(g)}
	cursor := readCursor(resume, s.tags)
	for _, t := range s.tags {
		if g.Campaign != "" && !slices.Contains(t.campaigns, g.Campaign) {
			continue
		}
		var err error
		if id := cursor[t.name]; id != "" && g.Cause != post.Before {
			err = f.forward(ctx, t, id)
		} else {
			err = f.back(ctx, t)
		}
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return collectors.Filled{}, context.Cause(ctx)
		default:
			return collectors.Filled{}, explain(collectors.FromError(err))
		}
	}
	s.mu.Lock()
	delete(s.fills, keyOf(g))
	s.mu.Unlock()
	return f.filled(), nil
}

func keyOf(g post.Gap) gapKey { return gapKey{g.From.UnixNano(), g.Campaign} }

// steps returns how far a gap was filled.
func (s *Source) steps(g post.Gap) map[string]step {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fills == nil || len(s.fills) >= maxFills {
		s.fills = make(progress) // what is forgotten is only asked for again
	}
	steps := s.fills[keyOf(g)]
	if steps == nil {
		steps = make(map[string]step)
		s.fills[keyOf(g)] = steps
	}
	return steps
}

// filled is what was achieved.
func (f *filling) filled() collectors.Filled {
	out := collectors.Filled{From: f.gap.From, Complete: true}
	for _, st := range f.steps {
		if !st.cut {
			continue
		}
		if st.reached.IsZero() {
			out.Complete = false
		} else if from := st.reached.Add(-f.rest.Skew()); from.After(out.From) {
			out.From = from
		}
		out.Note = fmt.Sprintf("a hashtag had more posts than are asked for at once, %d", fillPages*rest.PageSize)
	}
	if f.o.BoostsEvery < 0 {
		if out.Note != "" {
			out.Note += "; "
		}
		out.Note += "boosts were not looked for"
	}
	return out
}

// from and to bound the posts that are wanted, in the server's time.
func (f *filling) from() time.Time {
	slack := slackBefore
	if f.o.Transport == Poll { // the last poll may have been that long before the gap
		slack = max(slack, 2*f.o.PollEvery)
	}
	return f.gap.From.Add(f.rest.Skew() - slack)
}
func (f *filling) to() time.Time { return f.gap.To.Add(f.rest.Skew() + slackAfter) }

// forward fills a hashtag from the newest id known before the gap on.
func (f *filling) forward(ctx context.Context, t tag, id string) error {
	st, begun := f.steps[t.name]
	if !begun {
		// What reached the instance late has an older id, and what was on its
		// way when the connection broke may have one as well.
		page, err := f.page(ctx, t, rest.Range{Before: id})
		if err != nil {
			return err
		}
		if err := f.deliver(page, f.from()); err != nil {
			return err
		}
		st.next = id
		f.steps[t.name] = st
	}
	for !st.done {
		page, err := f.page(ctx, t, rest.Range{After: st.next})
		if err != nil {
			return err
		}
		if err := f.deliver(page, time.Time{}); err != nil {
			return err
		}
		st.pages++
		switch {
		case page.Newest == "" || mastodon.CompareIDs(page.Newest, st.next) <= 0:
			st.done = true
		case len(page.Statuses) > 0 && !f.gap.To.IsZero() && page.Statuses[0].CreatedAt.After(f.to()):
			st.done = true
		case st.pages >= fillPages:
			st.done, st.cut = true, true
		default:
			st.next = page.Newest
		}
		f.steps[t.name] = st
	}
	return nil
}

// back fills a hashtag from the newest post down to the gap's beginning.
func (f *filling) back(ctx context.Context, t tag) error {
	st := f.steps[t.name]
	for !st.done {
		page, err := f.page(ctx, t, rest.Range{Before: st.next})
		if err != nil {
			return err
		}
		if err := f.deliver(page, f.from()); err != nil {
			return err
		}
		st.pages++
		if len(page.Statuses) > 0 {
			st.reached = page.Statuses[0].CreatedAt
		}
		switch {
		case page.Oldest == "" || st.next != "" && mastodon.CompareIDs(page.Oldest, st.next) >= 0:
			st.done = true
		case len(page.Statuses) > 0 && !slices.ContainsFunc(page.Statuses, func(s mastodon.Status) bool { return !s.CreatedAt.Before(f.from()) }):
			st.done = true
		case st.pages >= fillPages:
			st.done, st.cut = true, true
		default:
			st.next = page.Oldest
		}
		f.steps[t.name] = st
	}
	return nil
}

func (f *filling) page(ctx context.Context, t tag, r rest.Range) (rest.Page, error) {
	f.metrics.polls.Inc()
	page, err := f.rest.Timeline(ctx, t.ask, r)
	if err != nil {
		if errors.Is(err, rest.ErrNotFound) {
			return rest.Page{}, advise(err, "the instance has no timelines of hashtags: check its address")
		}
		return rest.Page{}, err
	}
	f.out.Alive()
	for _, err := range page.Rejects {
		f.reject(err)
	}
	return page, nil
}

// deliver hands over those of a page that are not from before a time.
func (f *filling) deliver(page rest.Page, from time.Time) error {
	var sts []*mastodon.Status
	for i := range page.Statuses {
		if st := &page.Statuses[i]; !st.CreatedAt.Before(from) && !f.isGone(st) {
			sts = append(sts, st)
		}
	}
	posts, used := f.decode(sts)
	if len(posts) == 0 {
		return nil
	}
	if err := f.out.Deliver(collectors.Delivery{Posts: posts}); err != nil {
		return err
	}
	f.remember(used)
	return nil
}
