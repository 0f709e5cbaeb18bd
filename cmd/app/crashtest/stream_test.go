package crashtest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"winnow/collectors/scenario"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// stream is what the sources send: the same each time it is made.
type stream struct {
	campaigns []campaign.Campaign
	batches   []feed.Batch
}

// sources take turns, so that each has a cursor of its own.
var sources = []string{"crash/one", "crash/two"}

// batchPosts is how many posts of the story make one batch.
const batchPosts = 40

// newStream tells a story of about 2,600 posts in two campaigns, with its
// attacks, and does to its posts what platforms do.
func newStream(seed uint64) *stream {
	story := scenario.New(scenario.Config{Seed: seed, Scale: 0.05})
	dice := rand.New(rand.NewPCG(seed, 1))
	s := &stream{campaigns: story.Campaigns()}
	// Findings stay as they were found when posts are deleted afterwards, so
	// what is deleted must be evidence of none: else it would matter whether
	// they were found before.
	organic := make(map[string]bool)
	for _, l := range story.Labels() {
		organic[l.Key()] = l.Role == scenario.RoleOrganic
	}
	// later holds what comes some batches after its time.
	later := map[int][]post.Post{}
	gone := map[int][]post.Deletion{}
	n := 0
	for told := range story.Batches(batchPosts) {
		b := feed.Batch{Source: sources[n%len(sources)], Deletions: told.Deletions, Cursor: strconv.AppendInt(nil, int64(n), 10)}
		for i := range told.Posts {
			p := told.Posts[i]
			soon := n + 1 + dice.IntN(20)
			deletion := post.Deletion{Platform: p.Platform, NativeID: p.LocalID(), At: p.ObservedAt.Add(time.Minute)}
			switch d := dice.IntN(100); {
			case d < 5: // edited, and the first form comes once more after the edit
				edit := p
				edit.EditedAt = p.ObservedAt.Add(10 * time.Minute)
				edit.Text += " (edited)"
				later[soon] = append(later[soon], edit)
				later[soon+3] = append(later[soon+3], p)
			case d < 9 && organic[p.Key()]:
				gone[soon] = append(gone[soon], deletion)
			case d < 11: // deleted before it comes
				b.Deletions = append(b.Deletions, deletion)
				later[soon] = append(later[soon], p)
				continue
			case d < 15:
				later[soon] = append(later[soon], p)
			case d < 18: // late
				later[soon] = append(later[soon], p)
				continue
			}
			b.Posts = append(b.Posts, p)
		}
		b.Posts = append(b.Posts, later[n]...)
		b.Deletions = append(b.Deletions, gone[n]...)
		delete(later, n)
		delete(gone, n)
		s.cover(&b, n, told.Posts[0].ObservedAt)
		s.batches = append(s.batches, b)
		n++
	}
	for ; len(later)+len(gone) > 0; n++ {
		s.batches = append(s.batches, feed.Batch{
			Source: sources[n%len(sources)], Posts: later[n], Deletions: gone[n], Cursor: strconv.AppendInt(nil, int64(n), 10),
		})
		delete(later, n)
		delete(gone, n)
	}
	// Last come deletions alone: no post touches the hours of theirs.
	last := feed.Batch{Source: sources[n%len(sources)], Cursor: strconv.AppendInt(nil, int64(n), 10)}
	for i := range s.batches {
		for k := range s.batches[i].Posts {
			if p := &s.batches[i].Posts[k]; dice.IntN(10) == 0 && organic[p.Key()] {
				last.Deletions = append(last.Deletions, post.Deletion{Platform: p.Platform, NativeID: p.LocalID(), At: p.ObservedAt.Add(24 * time.Hour)})
			}
		}
	}
	s.batches = append(s.batches, last)
	for i := range s.campaigns {
		s.campaigns[i].Evidence = true
	}
	for _, b := range s.batches {
		for i := range b.Posts {
			p := &b.Posts[i]
			p.Received(fmt.Appendf(nil, "%s %v %q", p.ID, p.EditedAt, p.Text), "everything")
		}
	}
	return s
}

// deleted are the posts that are deleted sooner or later: what was received of them may
// be erased already or not.
func (s *stream) deleted() map[string]bool {
	out := make(map[string]bool)
	for _, b := range s.batches {
		for _, d := range b.Deletions {
			out[d.NativeID] = true
		}
	}
	return out
}

// cover says what the sources watch, and of every tenth batch that posts were
// missing before it: open at first, then over, then filled.
func (s *stream) cover(b *feed.Batch, n int, at time.Time) {
	if n < len(sources) {
		for _, c := range s.campaigns {
			b.Watches = append(b.Watches, post.Watch{Source: b.Source, Platform: post.X, Campaign: c.Name, Since: at})
		}
	}
	const often = 10
	gap := post.Gap{Source: b.Source, Platform: post.X, From: at, Cause: post.Network, Fill: post.Pending}
	switch n % often {
	case 0:
		b.Gaps = append(b.Gaps, gap)
	case 2, 4:
		before := s.batches[n-n%often].Gaps[0]
		before.To = before.From.Add(time.Minute)
		if n%often == 4 {
			before.Fill = post.Filled
		}
		b.Gaps = append(b.Gaps, before)
	}
}
