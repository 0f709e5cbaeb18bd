package alert

import (
	"cmp"
	"slices"
	"time"

	"winnow/pipeline/post"
)

// isNews reports whether a gap of a cause is worth telling: not what is as configured, nor
// what lies before a campaign was watched.
func isNews(cause string) bool {
	switch post.Cause(cause) {
	case post.Before, post.NotWatched, post.CountsOnly:
		return false
	}
	return true
}

// coverage tells which sources are lost and which are back, and notes what that
// means for activity that may be over.
func (b *Book) coverage(s Sight) []Alert {
	open := map[watch]Gap{}
	platforms := map[watch]string{}
	for _, src := range s.Sources {
		for _, c := range src.Campaigns {
			w := watch{src.Name, c}
			platforms[w] = src.Platform
			for _, g := range s.Gaps {
				if g.Source != src.Name || g.Campaign != "" && g.Campaign != c || !isNews(g.Cause) {
					continue
				}
				if have, ok := open[w]; !ok || g.From.Before(have.From) {
					open[w] = g
				}
			}
		}
	}
	var out []Alert
	for w, g := range open {
		if b.seen[w].IsZero() {
			b.seen[w] = s.Now
		}
		lost, known := b.Lost[w.source][w.campaign]
		if !known && s.Now.Sub(b.seen[w]) < Blink {
			continue
		}
		b.miss(w.campaign, g.From, s.Now)
		if known {
			lost.Cause = g.Cause
			b.lose(w, lost)
			continue
		}
		b.lose(w, Loss{From: g.From, Cause: g.Cause})
		out = append(out, Alert{
			Kind: CoverageLost, At: s.Now, Campaign: w.campaign, Since: g.From,
			Source: w.source, Platform: platforms[w], Cause: g.Cause,
		})
	}
	for w := range b.seen {
		if _, still := open[w]; !still {
			delete(b.seen, w)
		}
	}
	for source, campaigns := range b.Lost {
		for campaign, lost := range campaigns {
			w := watch{source, campaign}
			if _, still := open[w]; still {
				continue
			}
			b.find(w)
			// One that is no longer configured is neither lost nor back.
			if platform, watched := platforms[w]; watched {
				out = append(out, Alert{
					Kind: CoverageBack, At: s.Now, Campaign: campaign, Since: lost.From, Last: s.Now,
					Source: source, Platform: platform, Cause: lost.Cause,
				})
			}
		}
	}
	slices.SortFunc(out, func(x, y Alert) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Source, y.Source), cmp.Compare(x.Campaign, y.Campaign))
	})
	return out
}

// miss notes that a campaign with activity is not wholly seen. A source that was
// lost before it began had no part in seeing it.
func (b *Book) miss(campaign string, from, now time.Time) {
	if b.Active(campaign) && !from.Before(b.Campaigns[campaign].Activity.Since) {
		b.Campaigns[campaign].Activity.Unseen = now
	}
}
