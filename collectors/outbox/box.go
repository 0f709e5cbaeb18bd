package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"winnow/collectors/ledger"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// The bounds of a box beside that on posts.
const (
	// maxBytes is about how much text may wait, whatever the posts.
	maxBytes = 64 << 20
	// maxRows is how many gaps and watches may wait.
	maxRows = 1000
	// batchPosts is how many posts one batch has, unless one item has more.
	batchPosts = 2000
	// batchBytes is about how much it holds, unless one item has more: with what
	// was received posts are many times their size, and the log takes only so
	// much in a message.
	batchBytes = 8 << 20
)

// Log takes batches. feed.Log is one.
type Log interface {
	// Publish returns when the log has the batch; the errors are feed's.
	Publish(ctx context.Context, b feed.Batch) error
}

// Options is what a Box needs; Enrich and State may be nil.
type Options struct {
	Log    Log
	Source string
	Logger *slog.Logger
	// Posts is how many posts and deletions may wait.
	Posts int
	// Flush is how long they wait for others to share a batch with, Beat how
	// often the log is told how far the source is when nothing waits.
	Flush, Beat time.Duration
	// Mark returns the account as it is now. It is called without the box's
	// lock.
	Mark func() ledger.Mark
	// Enrich looks up more about posts before they go; it may change them.
	Enrich func(ctx context.Context, posts []post.Post)
	// State returns what the source itself keeps over a restart.
	State func() []byte
	// Dropped counts records that the log refuses for good.
	Dropped func()
}

// Item is one delivery, or rows about the source, and the account after it.
type Item struct {
	Posts     []post.Post
	Deletions []post.Deletion
	Rows      ledger.Rows
	Mark      ledger.Mark
}

// load is what items weigh. Posts counts deletions too.
type load struct{ posts, bytes, rows int }

func (l load) plus(m load) load { return load{l.posts + m.posts, l.bytes + m.bytes, l.rows + m.rows} }

// weigh estimates what an item holds in memory, in bytes.
func weigh(it *Item) load {
	const perPost, perEntry = 1024, 64
	bytes := len(it.Deletions) * perEntry
	for i := range it.Posts {
		p := &it.Posts[i]
		bytes += perPost + len(p.Text) + len(p.URL) + len(p.Raw)
		bytes += perEntry * (len(p.Tags) + len(p.Links) + len(p.Mentions) + len(p.Images))
		for _, s := range p.Links {
			bytes += len(s)
		}
	}
	return load{len(it.Posts) + len(it.Deletions), bytes, len(it.Rows.Gaps) + len(it.Rows.Watches)}
}

// Box is what the log has not taken yet, in order. Its methods are safe for
// concurrent use, but Run runs once.
type Box struct {
	o Options
	// wake tells Run of new items.
	wake chan struct{}

	mu    sync.Mutex
	items []Item
	// held is the load of the items and of the batch under way.
	held load
	// room is closed and replaced when the log took some.
	room chan struct{}
}

// New returns an empty box.
func New(o Options) *Box {
	return &Box{o: o, wake: make(chan struct{}, 1), room: make(chan struct{})}
}

// Push adds an item, whether there is room or not.
func (b *Box) Push(it Item) {
	l := weigh(&it)
	b.mu.Lock()
	b.items = append(b.items, it)
	b.held = b.held.plus(l)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Fits reports whether an item fits into one part of the box, 1 being the
// whole. What is larger than the box fits while no post is there.
func (b *Box) Fits(it Item, part int) bool {
	l := weigh(&it)
	b.mu.Lock()
	defer b.mu.Unlock()
	sum := b.held.plus(l)
	return b.held.rows <= maxRows &&
		(b.held.posts == 0 || sum.posts <= b.o.Posts/part && sum.bytes <= maxBytes/part)
}

// Calm reports whether the box is at most half full.
func (b *Box) Calm() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held.posts <= b.o.Posts/2 && b.held.bytes <= maxBytes/2 && b.held.rows <= maxRows/2
}

// Room is closed when the log takes something. Get it before asking whether
// something fits.
func (b *Box) Room() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.room
}

// Posts returns how many posts and deletions the log does not have yet.
func (b *Box) Posts() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held.posts
}

// take removes the items of one batch, and returns what they weigh.
func (b *Box) take() ([]Item, load) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var sum load
	n := 0
	for ; n < len(b.items); n++ {
		next := sum.plus(weigh(&b.items[n]))
		if n > 0 && (next.posts > batchPosts || next.bytes > batchBytes) {
			break
		}
		sum = next
	}
	taken := b.items[:n:n]
	b.items = b.items[n:]
	if len(b.items) == 0 {
		b.items = nil
	}
	return taken, sum
}

// done says that the log has what was taken.
func (b *Box) done(l load) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held = load{b.held.posts - l.posts, b.held.bytes - l.bytes, b.held.rows - l.rows}
	close(b.room)
	b.room = make(chan struct{})
}
