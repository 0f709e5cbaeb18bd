package collectortest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// memLog is a log in memory that can be slow or full. It keeps what it was
// given in the order it came.
type memLog struct {
	mu        sync.Mutex
	delay     time.Duration
	full      bool
	versions  map[string][]post.Post // by id
	deletions map[string]bool        // by native id
	gaps      map[gapKey]post.Gap
	watches   []post.Watch
	cursors   map[string][]byte
	batches   int
	changed   chan struct{} // closed and replaced whenever something came
}

type gapKey struct {
	source, campaign string
	from             int64
}

func newMemLog() *memLog {
	return &memLog{
		versions: map[string][]post.Post{}, deletions: map[string]bool{}, gaps: map[gapKey]post.Gap{},
		cursors: map[string][]byte{}, changed: make(chan struct{}),
	}
}

// Publish takes a batch as the real log does: whole, with its cursor.
func (l *memLog) Publish(ctx context.Context, b feed.Batch) error {
	l.mu.Lock()
	delay := l.delay
	l.mu.Unlock()
	if delay > 0 {
		t := time.NewTimer(delay)
		defer t.Stop()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-t.C:
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full {
		return feed.ErrFull
	}
	l.batches++
	for _, p := range b.Posts {
		l.versions[p.ID] = append(l.versions[p.ID], p)
	}
	for _, d := range b.Deletions {
		l.deletions[d.NativeID] = true
	}
	for _, g := range b.Gaps {
		l.gaps[gapKey{g.Source, g.Campaign, g.From.UnixMilli()}] = g
	}
	l.watches = append(l.watches, b.Watches...)
	if b.Cursor != nil {
		l.cursors[b.Source] = slices.Clone(b.Cursor)
	}
	close(l.changed)
	l.changed = make(chan struct{})
	return nil
}

// Cursor returns the last cursor of a source.
func (l *memLog) Cursor(_ context.Context, source string) ([]byte, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, ok := l.cursors[source]
	return slices.Clone(c), ok, nil
}

// set changes how the log behaves.
func (l *memLog) set(delay time.Duration, full bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay, l.full = delay, full
}

func (l *memLog) next() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

// has reports whether a post is there in any version.
func (l *memLog) has(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.versions[id]) > 0
}

// of returns the versions of a post in the order they came.
func (l *memLog) of(id string) []post.Post {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.versions[id])
}

// ids returns the posts' ids.
func (l *memLog) ids() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.versions))
}

// deleted returns the native ids of deletions.
func (l *memLog) deleted() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.deletions))
}

// rows returns the gaps as they were said last, by their beginning.
func (l *memLog) rows() []post.Gap {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.SortedFunc(maps.Values(l.gaps), func(a, b post.Gap) int { return a.From.Compare(b.From) })
}
