package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"winnow/collectors/ledger"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// taker is a log that takes what judge lets it.
type taker struct {
	mu      sync.Mutex
	judge   func(feed.Batch) error
	batches []feed.Batch
	tried   int
}

func (l *taker) Publish(_ context.Context, b feed.Batch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tried++
	if l.judge != nil {
		if err := l.judge(b); err != nil {
			return err
		}
	}
	l.batches = append(l.batches, b)
	return nil
}

func (l *taker) all() []feed.Batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.batches)
}

func (l *taker) attempts() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tried
}

// content says what the log has, in order.
func (l *taker) content() (ids string, cursors int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, b := range l.batches {
		for _, p := range b.Posts {
			all = append(all, p.ID)
		}
		for _, d := range b.Deletions {
			all = append(all, "-"+d.NativeID)
		}
		for _, g := range b.Gaps {
			all = append(all, "gap:"+string(g.Cause))
		}
		for _, w := range b.Watches {
			all = append(all, "watch:"+w.Campaign)
		}
		if b.Cursor != nil {
			cursors++
		}
	}
	return strings.Join(all, " "), cursors
}

// fixture is a box at work in front of a log.
type fixture struct {
	*Box
	log     *taker
	dropped atomic.Int64
	mark    ledger.Mark
	stop    chan struct{}
	done    chan error
	cancel  context.CancelFunc
}

func newFixture(t *testing.T, judge func(feed.Batch) error) *fixture {
	t.Helper()
	now := ledger.Moment{Wall: time.Now().UTC()}
	l, _, err := ledger.New(ledger.Config{Source: "x/stream", Platform: post.X}, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{log: &taker{judge: judge}, mark: l.Mark(), stop: make(chan struct{}), done: make(chan error, 1)}
	f.Box = New(Options{
		Log: f.log, Source: "x/stream", Logger: slog.New(slog.DiscardHandler), Posts: 5000,
		Flush: 250 * time.Millisecond, Beat: time.Second,
		Mark: func() ledger.Mark { return f.mark }, Dropped: func() { f.dropped.Add(1) },
	})
	ctx, cancel := context.WithCancel(t.Context())
	f.cancel = cancel
	go func() { f.done <- f.Run(ctx, f.stop) }()
	return f
}

func (f *fixture) posts(from, n int) Item {
	it := Item{Mark: f.mark}
	for i := range n {
		it.Posts = append(it.Posts, post.Post{ID: fmt.Sprint(from + i)})
	}
	return it
}

func (f *fixture) end(t *testing.T) {
	t.Helper()
	close(f.stop)
	if err := <-f.done; err != nil {
		t.Error(err)
	}
}

func TestBatchesAreFullOrFlushed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		f.Push(f.posts(0, 1))
		<-time.After(200 * time.Millisecond)
		f.Push(f.posts(1, 1))
		<-time.After(51 * time.Millisecond)
		if n := len(f.log.all()); n != 1 {
			t.Errorf("%d batches after Flush", n)
		}
		for i := range 45 {
			f.Push(f.posts(100*i, 100))
		}
		synctest.Wait()
		if n := len(f.log.all()); n != 3 || len(f.log.all()[1].Posts) != 2000 {
			t.Errorf("%d batches at once", n)
		}
		f.end(t)
		if n := len(f.log.all()); n != 4 || f.Posts() != 0 {
			t.Errorf("%d batches in the end, %d posts are left", n, f.Posts())
		}
	})
}

// Posts that carry what they came in fill a batch by their bytes, without a wait.
func TestBatchesAreFullByTheirBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		raw := make([]byte, 1<<20)
		for i := range 20 {
			it := f.posts(i, 1)
			it.Posts[0].Received(raw, "asked")
			f.Push(it)
		}
		synctest.Wait()
		all := f.log.all()
		if len(all) != 2 {
			t.Fatalf("%d batches at once", len(all))
		}
		for _, b := range all {
			if len(b.Posts) != 7 {
				t.Errorf("a batch has %d posts of a megabyte", len(b.Posts))
			}
		}
		f.end(t)
		if n := len(f.log.all()); n != 3 || f.Posts() != 0 {
			t.Errorf("%d batches in the end, %d posts are left", n, f.Posts())
		}
	})
}

func TestWhatTheLogRefusesForNowIsTriedAgain(t *testing.T) {
	for _, why := range []error{feed.ErrFull, feed.ErrClosed, errors.New("no connection")} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			f := newFixture(t, func(feed.Batch) error {
				if time.Since(begun) < time.Minute {
					return why
				}
				return nil
			})
			f.Push(f.posts(0, 3))
			<-time.After(time.Second)
			f.Push(f.posts(3, 3))
			<-time.After(59 * time.Second)
			if f.log.attempts() < 30 || f.log.attempts() > 70 {
				t.Errorf("tried %d times in a minute", f.log.attempts())
			}
			<-time.After(2 * time.Second)
			f.end(t)
			if ids, _ := f.log.content(); ids != "0 1 2 3 4 5" {
				t.Errorf("the log has %s", ids)
			}
		})
	}
}

func TestWhatTheLogNeverTakesIsFoundAndDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(b feed.Batch) error {
			if len(b.Posts) > 3 {
				return feed.ErrTooLarge
			}
			if slices.ContainsFunc(b.Posts, func(p post.Post) bool { return p.ID == "4" }) ||
				slices.ContainsFunc(b.Gaps, func(g post.Gap) bool { return g.Cause == "whim" }) ||
				slices.ContainsFunc(b.Deletions, func(d post.Deletion) bool { return d.NativeID == "1" }) {
				return fmt.Errorf("encode: %w", feed.ErrInvalid)
			}
			return nil
		})
		it := f.posts(0, 9)
		it.Deletions = []post.Deletion{{NativeID: "0"}, {NativeID: "1"}}
		it.Rows.Gaps = []post.Gap{{Cause: "network"}, {Cause: "whim"}, {Cause: "budget"}}
		it.Rows.Watches = []post.Watch{{Campaign: "Baku"}}
		f.Push(it)
		<-time.After(time.Second)
		ids, cursors := f.log.content()
		if want := "0 1 2 3 5 6 7 8 -0 gap:network gap:budget watch:Baku"; ids != want || f.dropped.Load() != 3 {
			t.Errorf("dropped %d, the log has %s, want %s", f.dropped.Load(), ids, want)
		}
		if last := f.log.all()[len(f.log.all())-1]; cursors != 1 || last.Cursor == nil {
			t.Errorf("%d cursors; the last batch has to have the only one", cursors)
		}
		f.end(t)
	})
}

func TestLogThatTakesNoCursorHoldsNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(b feed.Batch) error {
			if b.Cursor != nil {
				return feed.ErrTooLarge
			}
			return nil
		})
		f.Push(f.posts(0, 2))
		<-time.After(500 * time.Millisecond)
		if ids, _ := f.log.content(); ids != "0 1" {
			t.Errorf("the log has %q", ids)
		}
		if f.dropped.Load() == 0 {
			t.Error("nothing was counted as dropped")
		}
		f.end(t)
	})
}

func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var full atomic.Bool
		full.Store(true)
		f := newFixture(t, func(feed.Batch) error {
			if full.Load() {
				return feed.ErrFull
			}
			return nil
		})
		if !f.Calm() || !f.Fits(f.posts(0, 100_000), 2) {
			t.Error("an empty box has no room")
		}
		f.Push(f.posts(0, 2500))
		if !f.Calm() || !f.Fits(f.posts(0, 2500), 1) || f.Fits(f.posts(0, 2501), 1) || f.Fits(f.posts(0, 1), 2) {
			t.Error("a half full box is not half full")
		}
		f.Push(f.posts(0, 1))
		if f.Calm() {
			t.Error("more than half full is calm")
		}
		room := f.Room()
		<-time.After(10 * time.Second)
		select {
		case <-room:
			t.Error("there is room, but the log took nothing")
		default:
		}
		full.Store(false)
		<-room
		f.end(t)
		if !f.Calm() || f.Posts() != 0 {
			t.Error("an empty box is not calm")
		}
		heavy := Item{Posts: []post.Post{{Text: strings.Repeat("x", maxBytes)}}}
		f.Push(heavy)
		if f.Calm() || f.Fits(f.posts(0, 1), 1) {
			t.Error("bytes do not count")
		}
	})
}

func TestRowsAreBounded(t *testing.T) {
	b := New(Options{Posts: 10})
	b.Push(Item{Rows: ledger.Rows{Gaps: make([]post.Gap, maxRows/2+1)}})
	if b.Calm() || !b.Fits(Item{Posts: make([]post.Post, 1)}, 1) {
		t.Error("half of the rows")
	}
	b.Push(Item{Rows: ledger.Rows{Gaps: make([]post.Gap, maxRows/2)}})
	if b.Fits(Item{Posts: make([]post.Post, 1)}, 1) {
		t.Error("more rows than may wait")
	}
}

func TestEndOfTheGraceIsAnErrorThatSaysWhatIsMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(feed.Batch) error { return feed.ErrFull })
		f.Push(f.posts(0, 7))
		close(f.stop)
		<-time.After(time.Minute)
		f.cancel()
		if err := <-f.done; err == nil || !strings.Contains(err.Error(), "7 posts") {
			t.Errorf("the error is %v", err)
		}
	})
}
