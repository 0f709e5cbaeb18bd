package collectortest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// logMode is how a log behaves.
type logMode int

const (
	logWorks logMode = iota
	// logSlow takes a while for each batch.
	logSlow
	// logFull takes nothing.
	logFull
	// logFails answers with errors, to every other batch after it took it.
	logFails
	// logGone answers as if it took everything and keeps nothing: what a
	// process does after it was killed, the log never sees.
	logGone
)

// slowness is how long a slow log takes for a batch.
const slowness = 30 * time.Millisecond

// errLog is what a log that fails answers.
var errLog = errors.New("the disk does not answer")

// memLog is a log in memory. It keeps what it was given in the order it came.
type memLog struct {
	mu        sync.Mutex
	mode      logMode
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
	slow := l.mode == logSlow
	l.mu.Unlock()
	if slow {
		t := time.NewTimer(slowness)
		defer t.Stop()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-t.C:
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.batches++
	switch {
	case l.mode == logFull:
		return feed.ErrFull
	case l.mode == logGone:
		return nil
	case l.mode == logFails && l.batches%2 == 0:
		return errLog
	}
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
	if l.mode == logFails {
		return errLog
	}
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
func (l *memLog) set(m logMode) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mode = m
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
