package collectors

import (
	"context"
	"errors"
	"time"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// Source is one place that posts come from live. It runs nothing outside the
// calls made to it, and is used by one Supervisor. Stream and Fill may be
// called at the same time; neither is called twice at once.
type Source interface {
	// Info never changes.
	Info() Info
	// Stream connects and hands over what comes until ctx ends or the
	// connection does. It goes on at cursor, which is what the last Delivery
	// carried before, and nil if there was none. The error is never nil: a
	// *Fault, or what Out returned, or the end of ctx. It returns soon after
	// ctx ends, with nothing left running.
	Stream(ctx context.Context, cursor []byte, out Out) error
}

// Info is what the supervisor must know about a source.
type Info struct {
	// Name keys cursor, gaps and metrics: "x/stream", "mastodon/social.example",
	// "bluesky/jetstream". It holds no secret.
	Name     string
	Platform post.Platform
	// Campaigns are those that it watches.
	Campaigns []campaign.Campaign
	// Stall is the longest silence, in bytes and not in posts, that a sound
	// connection has.
	Stall time.Duration
	// Ladder says how long to wait between attempts to connect.
	Ladder Ladder
	// Lookback is how far back Fill can reach; zero for not at all. A new
	// campaign is filled that far into the past when Backfill is set.
	Lookback time.Duration
	Backfill time.Duration
}

// Out takes what a source has. Its methods may be called from several
// goroutines, and only until Stream or Fill returned.
type Out interface {
	// Alive says that bytes came, whatever they were.
	Alive()
	// Live says that the connection stands: everything that the platform
	// sequences from now on will come through it. If from is not zero, so will
	// everything since then, which Reached tells the progress of.
	Live(from time.Time)
	// Reached says that everything up to t, in the platform's time, has been
	// delivered. Only streams that replay from a cursor call it, and they call
	// it often: how far a replay came is how little is asked for, or counted as
	// lost, should it break.
	Reached(t time.Time)
	// Share says that only a share of the posts is delivered from now on, 0 to
	// less than 1, and why; 1 says that it is all again. It holds until the
	// stream ends. The note is for people. What was left out for Budget or
	// CountsOnly is not asked for afterwards; for other causes Fill is called.
	Share(share float64, cause post.Cause, note string)
	// Deliver takes a delivery over, which must not be changed afterwards. In
	// Stream it never waits: ErrFull means that it took nothing, and that
	// Stream must end with this error. In Fill it waits until there is room.
	Deliver(d Delivery) error
}

// ErrFull says that the log does not take posts as fast as they come.
var ErrFull = errors.New("the buffer in front of the log is full")

// Delivery is posts and deletions, and where to go on after them. If one of the
// source's campaigns keeps evidence, each post carries what it came in
// (post.Received), even where the post turns out to be another campaign's.
type Delivery struct {
	Posts     []post.Post
	Deletions []post.Deletion
	// Cursor is where Stream goes on; nil leaves it where it is. In Fill it
	// is ignored.
	Cursor []byte
}

// Filler is a Source that can ask for what it missed.
type Filler interface {
	Source
	// Fill delivers what was posted in a closed gap, resume being the stream's
	// cursor when the gap began, which is nil for a campaign's past (cause
	// post.Before; then g.Campaign is the one to ask for, and g.From is how
	// far back). What is delivered twice does no harm. An error is a *Fault:
	// with one that passes, Fill is called again later for the same gap.
	Fill(ctx context.Context, g post.Gap, resume []byte, out Out) (Filled, error)
}

// Filled is what a Fill achieved.
type Filled struct {
	// From is the time from which on the gap is filled: its own beginning, or
	// later where the platform does not reach further back. Zero for nothing.
	From time.Time
	// Complete is false if even after From some posts are missing, as Note says.
	Complete bool
	Note     string
}

// Enricher is a Source that can look up more about posts before they reach
// the log, such as their authors' followers. It is called outside Stream, for
// no longer than ctx lasts, and leaves unknown what it does not find.
type Enricher interface {
	Enrich(ctx context.Context, posts []post.Post)
}

// Stateful is a Source that keeps something beside its cursor over a restart,
// such as what was spent. Both are called between Streams and also during one.
type Stateful interface {
	// State returns it, in at most 64 KiB. It is called for every message to
	// the log, so that it is never older than the posts.
	State() []byte
	// Restore is called once, before anything else, if there was any.
	Restore(state []byte)
}

// Prober is a Source that can say, without collecting anything, whether it
// would work. It costs nothing where posts cost money.
type Prober interface {
	Probe(ctx context.Context) []Check
}

// Check is one line of a Probe, for people.
type Check struct {
	// Outcome is how it went.
	Outcome Outcome
	// Text says what was asked and what came, in words; Advice the next step
	// if it did not go well.
	Text   string
	Advice string
}

// Outcome is how a Check went.
type Outcome string

// The outcomes of a Check.
const (
	Good Outcome = "ok"
	Warn Outcome = "warning"
	Bad  Outcome = "failed"
)

// Spender is a Source whose posts cost money.
type Spender interface {
	Spend() Spend
}

// Spend is what a source has cost.
type Spend struct {
	// PostsToday and PostsMonth were read since midnight and since the first
	// of the month, UTC; the limits are what the operator allows.
	PostsToday, PostsMonth, DayLimit, MonthLimit uint64
	// ProjectedToday and ProjectedMonth are what they come to at this rate.
	ProjectedToday, ProjectedMonth uint64
	// USDPerPost is the price that the operator told.
	USDPerPost float64
}
