package notify

import (
	"context"
	"errors"
	"slices"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/notify/alert"
	"winnow/storage/view"
)

// sight asks the store what is the case. With an error it holds what could be read.
func (n *Notifier) sight(ctx context.Context) (alert.Sight, error) {
	s := alert.Sight{Now: n.o.Now()}
	running := n.running()
	s.Budgets = budgets(running)
	err := errors.Join(n.readCoverage(ctx, &s, running), n.readCampaigns(ctx, &s))
	return s, err
}

func (n *Notifier) running() []collectors.Status {
	if n.o.Sources == nil {
		return nil
	}
	return n.o.Sources()
}

// readCampaigns reads the findings of campaigns in which there may be news: where
// something was posted lately, or something was told.
func (n *Notifier) readCampaigns(ctx context.Context, s *alert.Sight) error {
	all, err := n.o.Store.Campaigns(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range all {
		if s.Now.Sub(c.Last) > alert.Fresh && !n.knows(c.Name) || c.Findings == 0 && !n.knows(c.Name) {
			continue
		}
		findings, err := n.o.Store.Findings(ctx, c.Name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.Campaigns = append(s.Campaigns, alert.Campaign{
			Name: c.Name, Findings: findings,
			Numbers: func(since time.Time) alert.Numbers { return n.numbers(ctx, c.Name, since, s.Now) },
		})
	}
	return errors.Join(errs...)
}

func (n *Notifier) knows(campaign string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.state.Book.Knows(campaign)
}

// numbers measures a campaign since a time. Where that cannot be read, an alert goes
// without; the next look measures again.
func (n *Notifier) numbers(ctx context.Context, campaign string, since, now time.Time) alert.Numbers {
	const minutes = 6 * time.Hour // beyond, buckets of an hour are exact enough and far fewer
	step := time.Minute
	if now.Sub(since) > minutes {
		step = time.Hour
	}
	platforms, err := n.o.Store.Measures(ctx, campaign, since.Truncate(step), now.Add(step), step)
	if err != nil {
		return alert.Numbers{}
	}
	var sum alert.Numbers
	for _, m := range platforms {
		sum.Posts += m.Posts
		sum.Coordinated += m.CoordinatedPosts
	}
	return sum
}

// readCoverage reads which sources run and what they do not see.
func (n *Notifier) readCoverage(ctx context.Context, s *alert.Sight, running []collectors.Status) error {
	if len(running) == 0 {
		s.Coverage = true
		return nil
	}
	known, err := n.o.Store.Sources(ctx)
	if err != nil {
		return err
	}
	// What touches this moment: open gaps do, however old.
	gaps, err := n.o.Store.Gaps(ctx, "", s.Now.Add(-time.Second), s.Now.Add(time.Second))
	if err != nil {
		return err
	}
	for _, r := range running {
		i := slices.IndexFunc(known, func(k view.Source) bool { return k.Name == r.Source })
		if i < 0 {
			continue
		}
		src := alert.Source{Name: r.Source, Platform: string(r.Platform)}
		for _, c := range known[i].Campaigns {
			if slices.Contains(n.o.Watched, c) {
				src.Campaigns = append(src.Campaigns, c)
			}
		}
		s.Sources = append(s.Sources, src)
	}
	for _, g := range gaps {
		if g.To == nil && coverage.HoleOf(g) == coverage.FullHole {
			s.Gaps = append(s.Gaps, alert.Gap{Source: g.Source, Campaign: g.Campaign, From: g.From, Cause: g.Cause})
		}
	}
	s.Coverage = true
	return nil
}

// budgets are those of the sources that cost something.
func budgets(running []collectors.Status) []alert.Budget {
	var out []alert.Budget
	for _, r := range running {
		if r.Spend != nil {
			out = append(out, alert.Budget{
				Source: r.Source, Platform: string(r.Platform),
				PostsToday: r.Spend.PostsToday, DayLimit: r.Spend.DayLimit, PostsMonth: r.Spend.PostsMonth, MonthLimit: r.Spend.MonthLimit,
			})
		}
	}
	return out
}
