package change

import "time"

// Config says what a Tracker looks at. The zero value of every field but
// Campaign is a usable default.
type Config struct {
	// Campaign is the campaign's name; it goes into changes and their ids.
	Campaign string
	// Lateness is how late a post may come and still be taken in order of
	// time; 5 minutes unless set.
	Lateness time.Duration
	// Limits bound the memory.
	Limits Limits
}

// Limits bound every structure of a Tracker. Zero asks for the default. Where a
// limit is hit, Stats says how often, and the comment here says what is lost.
type Limits struct {
	// Tags is how many tags are followed besides the whole campaign; default
	// 64. A further one takes the place of the quietest, and what it had before
	// is taken to be as much as that one had.
	Tags int
	// Recent is how many posts are kept to compare before and after by; default
	// 131,072. If a day has more, the sides of a change are shorter.
	Recent int
	// Accounts is how many accounts are remembered to know newcomers by;
	// default 524,288. Who was silent while half as many others came may count
	// as a newcomer again.
	Accounts int
	// Pending is how many posts wait for late ones; default 65,536. Beyond it
	// the earliest is taken at once, and posts before it count as late.
	Pending int
	// Changes is how many changes are kept; default 1,024. Beyond it those
	// with the fewest bits give way.
	Changes int
}

func (c Config) withDefaults() Config {
	if c.Lateness <= 0 {
		c.Lateness = 5 * time.Minute
	}
	c.Limits = c.Limits.WithDefaults()
	return c
}

// WithDefaults returns the limits that a Tracker keeps to.
func (l Limits) WithDefaults() Limits {
	orInt(&l.Tags, 64)
	orInt(&l.Recent, 1<<17)
	orInt(&l.Accounts, 1<<19)
	orInt(&l.Pending, 1<<16)
	orInt(&l.Changes, 1<<10)
	return l
}

func orInt(n *int, preset int) {
	if *n <= 0 {
		*n = preset
	}
}

// Bucket is the length of time in which posts are counted, and how exactly the
// beginning of a change is told.
const Bucket = 10 * time.Minute

const (
	bucketMs = int64(Bucket / time.Millisecond)
	perHour  = int64(time.Hour / Bucket)
	perDay   = 24 * perHour
	// memoryDays is how many earlier days say what is usual. After as long a
	// silence a campaign begins anew.
	memoryDays = 28
	// weeksFrom is from how many days of history on the same day of the week
	// counts sameWeekday times as much as another one.
	weeksFrom   = 21
	sameWeekday = 8
	// dayFade is how much each day further back counts less: half after four.
	dayFade = 0.8408964152537145
	// nearby is how many buckets on either side count as the same time of day.
	nearby = 3
	// warmUp is how many buckets a campaign must have been seen before
	// anything can be unusual in it; fallDays how many days, before its silence
	// can be.
	warmUp   = 3 * perHour
	fallDays = 3
	// lastingAfter is after how many buckets a change is the new state of things.
	lastingAfter = perDay
	// beforeSide and afterSide are how long before and after its beginning a
	// change is looked at: a whole day before, so that every time of day is in
	// it, and what the change brought at first.
	beforeSide = perDay
	afterSide  = 6 * perHour
)

const (
	// maxTags is how many of a post's tags are followed, maxItems with how many
	// things it takes part in a comparison. Real posts have fewer.
	maxTags, maxItems = 16, 24
	// maxID is the longest id of a thing, in bytes; maxLabel the longest label, in runes.
	maxID, maxLabel = 2048, 200
	// topItems is how many things that rose, and how many that fell, a change
	// lists; also how many accounts and languages.
	topItems = 10
)
