package change

import (
	"testing"
	"time"
)

func TestSentence(t *testing.T) {
	rise := Change{
		Direction: Rise, From: at(11, 14, 20), To: at(11, 15, 10), Observed: 910, Expected: 41.2, Peak: at(11, 14, 30), PeakObserved: 310, PeakExpected: 8.04,
		Before: Side{Accounts: 120}, After: Side{Posts: 910, Accounts: 402}, Newcomers: 350, Stayed: 8, StayedPosts: 25, Usual: 41.2, Hold: HoldDrowned,
		Rose: []Item{{Kind: ItemText}, {Kind: ItemText}, {Kind: ItemLink}, {Kind: ItemLanguage}},
	}
	with := func(change func(*Change)) Change {
		c := rise
		change(&c)
		return c
	}
	for _, tc := range []struct {
		name string
		c    Change
		want string
	}{
		{"a rise that is over", rise, "From 12 Jun 14:20 to 15:10 UTC, 910 posts where 41 would be usual at this time; at the peak, from 14:30 on, " +
			"310 posts in 10 minutes instead of 8.0. It is by 402 accounts, 350 of them never seen here before. Of the 120 of the day before, 8 went on, " +
			"with 3 % of the posts: at least half of what is usual, and less than half of what came. What rose most: 2 texts, 1 link and 1 language."},
		{"one that goes on", with(func(c *Change) { c.To, c.Observed, c.Rose, c.Hold = time.Time{}, 310, c.Rose[:1], HoldKept }), "Since 12 Jun 14:20 UTC, " +
			"310 posts where 41 would be usual at this time. It is by 402 accounts, 350 of them never seen here before. Of the 120 of the day before, 8 went on, " +
			"with 3 % of the posts. What rose most: 1 text."},
		{"one over night, by new ones", with(func(c *Change) {
			c.To, c.PeakObserved, c.Rose, c.Hold, c.Newcomers = at(12, 1, 0), 910, nil, HoldNew, 0
		}), "From 12 Jun 14:20 to 13 Jun 01:00 UTC, 910 posts where 41 would be usual at this time. " +
			"It is by 402 accounts; hardly anyone had posted in the day before."},
		{"one that lasts, taken over", with(func(c *Change) {
			c.To, c.Lasting, c.PeakObserved, c.Rose, c.Hold, c.StayedPosts = time.Time{}, true, 910, nil, HoldTaken, 1
		}), "Since 12 Jun 14:20 UTC, 910 posts where 41 would be usual at this time. It has lasted for a day and is the new usual since. " +
			"It is by 402 accounts, 350 of them never seen here before. Of the 120 of the day before, 8 went on, with less than 1 % of the posts: " +
			"less than half of what is usual, and less than half of what came."},
		{"a fall", Change{Direction: Fall, From: at(11, 2, 0), To: at(11, 3, 0), Observed: 1, Expected: 90}, "From 12 Jun 02:00 to 03:00 UTC, 1 post where 90 would be usual at this time. " +
			"Before calling it silence, look whether everything was collected."},
	} {
		if got := tc.c.sentence(); got != tc.want {
			t.Errorf("%s:\n got %s\nwant %s", tc.name, got, tc.want)
		}
	}
}
