package desk

import (
	"context"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/coverage"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

func (s *fakeStore) isWatched(source, campaign string) bool {
	for _, w := range s.watches {
		if w.Source == source && w.Campaign == campaign {
			return true
		}
	}
	return false
}

func (s *fakeStore) Gaps(ctx context.Context, campaign string, from, to time.Time) ([]view.Gap, error) {
	var all []view.Gap
	for _, g := range s.gaps {
		if !g.From.Before(to) || g.To != nil && !g.To.After(from) {
			continue
		}
		if campaign == "" || g.Campaign == campaign || g.Campaign == "" && s.isWatched(g.Source, campaign) {
			all = append(all, g)
		}
	}
	return all, s.fault(ctx)
}

// Coverage adds up gaps, which must not overlap.
func (s *fakeStore) Coverage(ctx context.Context, campaign string, from, to time.Time) ([]view.Coverage, error) {
	var all []view.Coverage
	for _, w := range s.watches {
		if campaign != "" && w.Campaign != campaign || !w.Since.Before(to) {
			continue
		}
		c := view.Coverage{Campaign: w.Campaign, Source: w.Source, Platform: string(w.Platform), From: from, To: to}
		if w.Since.After(from) {
			c.From = w.Since
		}
		for _, g := range s.gaps {
			if g.Source != w.Source || g.Campaign != "" && g.Campaign != w.Campaign {
				continue
			}
			begin, end := g.From, coverage.End(g, testNow)
			if begin.Before(c.From) {
				begin = c.From
			}
			if end.After(c.To) {
				end = c.To
			}
			if !end.After(begin) || coverage.HoleOf(g) == coverage.NoHole {
				continue
			}
			c.Gaps++
			c.Open = c.Open || g.To == nil
			if g.Fill == string(post.Partly) {
				c.Partly += end.Sub(begin)
			} else {
				c.Missing += time.Duration(float64(end.Sub(begin)) * (1 - g.Share))
			}
		}
		all = append(all, c)
	}
	return all, s.fault(ctx)
}

const (
	xStream   = "x/stream"
	mastodonA = "mastodon/lanterns.example"
	mastodonB = "mastodon/a-very-long-instance-name-for-a-server.social.example"
	jetstream = "bluesky/jetstream"
)

// liveStore is richStore watched live, with gaps of every kind: some days ago,
// some of late, one open.
func liveStore() *fakeStore {
	s := richStore()
	watch := func(platform post.Platform, source string, since time.Duration, campaigns ...string) {
		for _, c := range campaigns {
			s.watches = append(s.watches, post.Watch{Source: source, Platform: platform, Campaign: c, Since: testNow.Add(-since)})
		}
	}
	const day = 24 * time.Hour
	watch(post.X, xStream, 7*day, richName)
	watch(post.Mastodon, mastodonA, 5*day, richName, quietName)
	watch(post.Bluesky, jetstream, 7*day, richName, quietName)
	watch(post.Mastodon, mastodonB, 90*time.Minute, emptyName)

	gap := func(platform post.Platform, source, campaign string, ago, lasted time.Duration, cause post.Cause, share float64, fill post.Fill, note string) {
		g := view.Gap{
			Source: source, Platform: string(platform), Campaign: campaign, From: testNow.Add(-ago),
			Cause: string(cause), Share: share, Fill: string(fill), Note: note,
		}
		if lasted > 0 {
			to := g.From.Add(lasted)
			g.To = &to
		}
		s.gaps = append(s.gaps, g)
	}
	gap(post.X, xStream, "", 5*day, 7*time.Hour, post.Stopped, 0, post.Lost, "")
	gap(post.Mastodon, mastodonA, richName, 8*day, 3*day, post.Before, 0, post.Partly, "the server keeps the last 40 posts of a tag")
	gap(post.Mastodon, mastodonA, "", 3*day, 9*time.Hour, post.Network, 0, post.Partly, "boosts are not part of what the server hands out afterwards")
	gap(post.X, xStream, "", 40*time.Hour, 6*time.Hour, post.Budget, 0.4, post.Lost, "the day’s budget would have been used up by 16:00 UTC")
	gap(post.Bluesky, jetstream, "", 30*time.Hour, 20*time.Minute, post.Suspended, 0, post.Filled, "")
	gap(post.Mastodon, mastodonA, "", 20*time.Hour, 19*time.Minute, post.RateLimited, 0, post.Partly, "")
	gap(post.Bluesky, jetstream, "", 11*time.Hour, 4*time.Second, post.Network, 0, post.Filled, "")
	gap(post.X, xStream, "", 9*time.Hour, 25*time.Second, post.Stalled, 0, post.Pending, "")
	gap(post.X, xStream, "", 31*time.Minute, 0, post.Unauthorised, 0, post.Pending, "")
	gap(post.Mastodon, mastodonB, "", 2*time.Minute, 0, post.RateLimited, 0, post.Pending, "")
	return s
}

// liveSources are the sources of liveStore: one of each state.
func liveSources() []collectors.Status {
	ago := func(d time.Duration) time.Time { return testNow.Add(-d) }
	return []collectors.Status{
		{
			Source: xStream, Platform: post.X, State: collectors.Ended, Since: ago(31 * time.Minute), LastBytes: ago(31 * time.Minute),
			LastPost: ago(32 * time.Minute), Posts: 12_340, Fault: "the access token was refused",
			Advice: "make a new token in X's developer portal, put it into winnow.yaml, and start Winnow again",
			Missing: &post.Gap{
				Source: xStream, Platform: post.X, From: ago(31 * time.Minute), Cause: post.Unauthorised, Fill: post.Pending,
			},
			Pending: 1,
			Spend: &collectors.Spend{
				PostsToday: 12_340, DayLimit: 20_000, ProjectedToday: 18_900, PostsMonth: 210_400, MonthLimit: 400_000,
				ProjectedMonth: 505_000, USDPerPost: 0.005,
			},
		},
		{
			Source: mastodonA, Platform: post.Mastodon, State: collectors.Live, Since: ago(19 * time.Hour),
			LastBytes: ago(4 * time.Second), LastPost: ago(12 * time.Second), Posts: 803,
		},
		{
			Source: jetstream, Platform: post.Bluesky, State: collectors.Live, Since: ago(11 * time.Hour),
			LastBytes: ago(time.Second / 2), LastPost: ago(95 * time.Second), Posts: 6120,
		},
		{
			Source: mastodonB, Platform: post.Mastodon, State: collectors.Waiting, Since: ago(2 * time.Minute),
			Fault: "the server asks to wait until 18:35 UTC", RetryAt: testNow.Add(5 * time.Minute), Pending: 2,
		},
	}
}
