package answer

import "winnow/storage/view"

// Organic is the posts of a bucket that are neither coordinated nor declared. Counts
// are recomputed one after the other, so for a moment the parts may exceed the whole.
func Organic(p view.SeriesPoint) uint64 {
	if parts := p.CoordinatedPosts + p.DeclaredPosts; parts < p.Posts {
		return p.Posts - parts
	}
	return 0
}

// Reach is the potential reach of a campaign; nil if no account told its followers,
// which is not the same as none.
func Reach(c view.CampaignSummary) *uint64 {
	if c.Accounts > 0 && c.ReachKnown == 0 {
		return nil
	}
	return &c.PotentialReach
}

// ReachKnown says whether anybody in a series told any followers.
func ReachKnown(points []view.SeriesPoint) bool {
	for _, p := range points {
		if p.PotentialReach > 0 {
			return true
		}
	}
	return false
}

// PointReach is the potential reach of a bucket; nil if somebody posted and nobody
// told any followers.
func PointReach(p view.SeriesPoint) *uint64 {
	if p.Accounts > 0 && p.PotentialReach == 0 {
		return nil
	}
	return &p.PotentialReach
}

// Share is part of whole, 0 to 1; nil of nothing.
func Share(part, whole uint64) *float64 {
	if whole == 0 {
		return nil
	}
	share := min(1, float64(part)/float64(whole))
	return &share
}
