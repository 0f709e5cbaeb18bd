package filtered

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/collectors/x/filtered/surge"
	"winnow/collectors/x/rules"
	"winnow/collectors/x/spend"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func (c *Counts) complete() Counts {
	out := *c
	if out.Every <= 0 {
		out.Every = 5 * time.Minute
	}
	if out.Floor <= 0 {
		out.Floor = 5
	}
	if out.Factor <= 0 {
		out.Factor = 4
	}
	if out.Hold <= 0 {
		out.Hold = 15 * time.Minute
	}
	return out
}

// count asks how many posts there are until they become many.
func (s *Source) count(ctx context.Context, out collectors.Out) error {
	if !s.clock.told.Load() {
		// Any answer tells X's time, by which minutes are counted.
		if _, err := s.client.RuleCounts(ctx); err != nil {
			return err
		}
	}
	for {
		note, much, err := s.poll(ctx)
		if err != nil {
			return err
		}
		out.Alive()
		if !s.announced {
			s.announced = true
			out.Live(time.Time{})
		}
		if much {
			s.reading = s.o.Now().Add(s.o.Counts.Hold)
			s.log.Info("posts became many and are read now")
			return nil
		}
		out.Share(0, post.CountsOnly, note)
		if err := s.rest(ctx, out, s.o.Counts.Every); err != nil {
			return err
		}
	}
}

// recount counts while posts are read, when the time for reading is over, and
// tells whether they are still many.
func (st *stream) recount(ctx context.Context, inside *sync.WaitGroup, still chan<- bool) {
	if st.o.Counts == nil || st.counting || st.o.Now().Before(st.reading) {
		return
	}
	st.counting = true
	inside.Go(func() {
		_, much, err := st.poll(ctx)
		if err != nil && ctx.Err() == nil {
			// Reading on is the safe side.
			st.log.Warn("X does not count posts now", slog.Any("error", err))
			much = true
		}
		still <- much
	})
}

// poll counts the posts of each campaign once. The note says how many.
func (s *Source) poll(ctx context.Context) (note string, much bool, err error) {
	for i := range s.o.Campaigns {
		c := &s.o.Campaigns[i]
		p := s.past[c.Name]
		if p == nil {
			p = &surge.History{}
			s.past[c.Name] = p
		}
		if err := s.countOne(ctx, c, p); err != nil {
			return "", false, err
		}
		rate, many := p.Moves(s.o.Counts.Floor, s.o.Counts.Factor)
		s.metrics.counted.WithLabelValues(c.Name).Set(rate)
		if note != "" {
			note += ", "
		}
		note += fmt.Sprintf("%s %.1f", c.Name, rate)
		much = much || many
	}
	return "only counted, posts a minute: " + note, much, nil
}

// countOne adds what was counted of a campaign since the last time: the hours
// before it was known, then minutes.
func (s *Source) countOne(ctx context.Context, c *campaign.Campaign, p *surge.History) error {
	by := s.xNow().Add(-s.o.SearchLag).Truncate(time.Minute)
	if by.Sub(p.End()) > surge.Past {
		hours := by.Truncate(time.Hour)
		counts, err := s.counts(ctx, c, hours.Add(-surge.Past), hours, api.Hour)
		if err != nil {
			return err
		}
		p.Begin(hours)
		for _, c := range counts {
			p.Before(c.Start, c.End, c.N)
		}
	}
	if !p.End().Before(by) {
		return nil
	}
	counts, err := s.counts(ctx, c, p.End(), by, api.Minute)
	if err != nil {
		return err
	}
	for _, c := range counts {
		p.Add(c.Start, c.End, c.N)
	}
	return nil
}

// counts sums the counts of a campaign's queries, in stretches.
func (s *Source) counts(ctx context.Context, c *campaign.Campaign, from, to time.Time, g api.Granularity) ([]api.Count, error) {
	var sum []api.Count
	for _, q := range rules.Query(*c, s.o.rules(100)) {
		now := s.o.Now()
		if !s.guard.Afford(now, spend.Request, 1) {
			return nil, s.broke(now, "counting posts")
		}
		counts, _, err := s.client.Counts(ctx, q, from, to, g)
		if err != nil {
			return nil, err
		}
		s.guard.Requested(now, 1)
		for _, c := range counts {
			i, ok := slices.BinarySearchFunc(sum, c.Start, func(have api.Count, start time.Time) int { return have.Start.Compare(start) })
			if ok {
				sum[i].N += c.N
			} else {
				sum = slices.Insert(sum, i, c)
			}
		}
	}
	return sum, nil
}

// broke says that there is no money until midnight for something.
func (s *Source) broke(now time.Time, what string) error {
	midnight := now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	return &collectors.Fault{
		Cause: post.Budget, Until: midnight, Err: fmt.Errorf("the budget for X leaves nothing for %s", what),
		Advice: "raise posts_per_day or posts_per_month if you can pay for more",
	}
}
