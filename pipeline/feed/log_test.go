package feed

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/pipeline/feed/codec"
	"winnow/pipeline/feed/stream"
	"winnow/pipeline/post"
)

func TestBatchesComeBackAsPublishedAndInOrder(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		l := open(t, o)
		var want []Batch
		for k := range 20 {
			want = append(want, sampleBatch(fmt.Sprintf("mastodon/host-%d.example", k%3), k*7+1, k))
		}
		want[3] = withCoverage(want[3])
		want[4].Posts[0].TimeSlack = 90
		// All that a quiet source has to say: where it is.
		want[5].Posts = nil
		publish(t, l, want...)
		wantLag(t, l, 20)
		got := consume(t, l, 20, 20)
		for i, m := range got {
			if diff := cmp.Diff(want[i], m.Batch); diff != "" {
				t.Fatalf("batch %d (-published +consumed):\n%s", i, diff)
			}
			if m.Position.Seq != uint64(i+1) || m.Position.Incarnation != l.store.Incarnation || m.Size == 0 {
				t.Errorf("batch %d: position %+v, size %d", i, m.Position, m.Size)
			}
		}
		wantLag(t, l, 0)
		if n := storedMessages(t, l); n != 0 {
			t.Errorf("%d acknowledged messages were not removed", n)
		}
	})
}

// The clock is asked once for each batch with evidence, and for no other.
func TestReceiptIsOfTheLogThatTakesTheBatch(t *testing.T) {
	asked := 0
	kept := post.Clock{Known: true, Synchronised: true, MaxError: 12 * time.Millisecond, EstError: 34 * time.Microsecond}
	l := open(t, Options{Dir: t.TempDir(), Version: "test", Clock: func() post.Clock { asked++; return kept }})
	without, with := sampleBatch("x/stream", 3, 0), sampleBatch("x/stream", 3, 1)
	with.Posts[0].Received(nil, "too long")
	with.Posts[1].Received([]byte(`{"id":"1"}`), "asked for")
	publish(t, l, without, with)
	got := consume(t, l, 2, 2)
	with.Receipt = post.Receipt{Version: "test", Clock: kept}
	if diff := cmp.Diff([]Batch{without, with}, []Batch{got[0].Batch, got[1].Batch}); diff != "" || asked != 1 {
		t.Errorf("the clock was asked %d times (-want +got):\n%s", asked, diff)
	}
}

func TestWhatWasNotAcknowledgedComesAgainFirst(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		l := open(t, o)
		for k := range 6 {
			publish(t, l, sampleBatch("archive/a", 3, k))
		}
		if got := cursors(consume(t, l, 4, 2)); got != "archive/a=0 archive/a=1 archive/a=2 archive/a=2" {
			t.Fatal(got)
		}
		closeLog(t, l)

		l = open(t, o)
		publish(t, l, sampleBatch("archive/a", 3, 6))
		wantLag(t, l, 5)
		got := cursors(consume(t, l, 5, 5))
		if want := "archive/a=2 archive/a=3 archive/a=4 archive/a=5 archive/a=6"; got != want {
			t.Errorf("after opening again:\n got %s\nwant %s", got, want)
		}
	})
}

func TestCursorOutlivesTrimmingAndReopening(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		l := open(t, o)
		wantCursor(t, l, "mastodon/a.example", "")
		publish(t, l, sampleBatch("mastodon/a.example", 2, 1), sampleBatch("mastodon/b.example", 2, 1), sampleBatch("mastodon/a.example", 2, 2))
		wantCursor(t, l, "mastodon/a.example", "2")
		consume(t, l, 3, 3)
		if n := storedMessages(t, l); n != 0 {
			t.Fatalf("%d messages were not removed", n)
		}
		wantCursor(t, l, "mastodon/a.example", "2")
		closeLog(t, l)

		l = open(t, o)
		wantCursor(t, l, "mastodon/a.example", "2")
		wantCursor(t, l, "mastodon/b.example", "1")
		wantCursor(t, l, "mastodon/a", "")

		// A batch without a cursor leaves it in place, trimmed or not.
		without := sampleBatch("mastodon/a.example", 2, 3)
		without.Cursor = nil
		publish(t, l, without)
		wantCursor(t, l, "mastodon/a.example", "2")
		if got := cursors(consume(t, l, 1, 1)); got != "mastodon/a.example=2" {
			t.Errorf("the batch without a cursor came as %s", got)
		}
		wantCursor(t, l, "mastodon/a.example", "2")
	})
}

func TestLeftOverOfAnEarlierProcessIsTrimmed(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		o.TrimEvery = time.Hour
		l := open(t, o)
		for k := range 5 {
			publish(t, l, sampleBatch("archive/a", 3, k))
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		// A process that dies after its acknowledgements reached the log and
		// before it trimmed: the connection goes within the handler.
		n := 0
		_ = l.Consume(ctx, func(context.Context, Message) error {
			if n++; n == 4 {
				if err := l.store.Conn.Flush(); err != nil {
					t.Error(err)
				}
				for acked := uint64(0); acked < 3; {
					var err error
					if acked, err = l.store.Acked(ctx); err != nil {
						t.Fatal(err)
					}
				}
				cancel()
				l.store.Conn.Close()
			}
			return nil
		})
		closeLog(t, l)

		l = open(t, o)
		if n := storedMessages(t, l); n != 5 {
			t.Fatalf("%d messages in the log, want all 5", n)
		}
		if got := cursors(consume(t, l, 1, 0)); got != "archive/a=3" {
			t.Errorf("consumed %s", got)
		}
		if n := storedMessages(t, l); n != 2 {
			t.Errorf("%d messages in the log, want the 2 that nobody acknowledged", n)
		}
		kept, err := l.store.Kept(t.Context(), "archive/a")
		if err != nil || string(kept.Cursor) != "2" || kept.At.Seq != 3 {
			t.Errorf("kept %q at %+v, %v", kept.Cursor, kept.At, err)
		}
	})
}

func TestFullLogRefusesKeepsAndAcceptsAgain(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		reg := prometheus.NewRegistry()
		o.MaxBytes, o.Registerer = MinMaxBytes, reg
		l := open(t, o)
		var err error
		taken := 0
		for ; taken < 1000; taken++ {
			if err = l.Publish(t.Context(), sampleBatch("archive/a", 500, taken)); err != nil {
				break
			}
		}
		if !errors.Is(err, ErrFull) {
			t.Fatalf("after %d batches: %v, want ErrFull", taken, err)
		}
		if got := testutil.ToFloat64(l.metrics.refused.WithLabelValues(reasonFull)); got != 1 {
			t.Errorf("refused for being full: %v", got)
		}
		wantCursor(t, l, "archive/a", fmt.Sprint(taken-1))

		// A publisher that was refused stays refused, even if a smaller
		// batch would fit: its cursor would cover what is missing.
		p := l.Publisher()
		if err := errors.Join(p.Publish(t.Context(), sampleBatch("archive/a", 500, taken)), p.Flush(t.Context())); !errors.Is(err, ErrFull) {
			t.Fatal(err)
		}
		if err := p.Publish(t.Context(), Batch{Source: "archive/a", Cursor: []byte("later")}); !errors.Is(err, ErrFull) {
			t.Errorf("after a refusal: %v, want ErrFull", err)
		}
		wantCursor(t, l, "archive/a", fmt.Sprint(taken-1))

		got := consume(t, l, taken, taken)
		for i, m := range got {
			if string(m.Batch.Cursor) != fmt.Sprint(i) {
				t.Fatalf("message %d has cursor %s: something old was lost", i, m.Batch.Cursor)
			}
		}
		publish(t, l, sampleBatch("archive/a", 500, taken))
		wantCursor(t, l, "archive/a", fmt.Sprint(taken))
	})
}

func TestTooLargeAndInvalidBatchesAreToldApart(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		o.MaxBytes = MinMaxBytes
		l := open(t, o)
		long := sampleBatch("archive/a", 1, 1)
		long.Posts[0].Text = strings.Repeat("x", 64<<20)
		noise := sampleBatch("archive/a", 1, 1)
		noise.Posts[0].Text = string(incompressible(2 << 20))
		for name, c := range map[string]struct {
			b    Batch
			want error
		}{
			"no source":           {Batch{}, ErrInvalid},
			"long name":           {Batch{Source: strings.Repeat("s", codec.MaxSource+1)}, ErrInvalid},
			"too many bytes":      {long, ErrTooLarge},
			"more than the log":   {noise, ErrTooLarge},
			"too many posts":      {Batch{Source: "a", Posts: make([]post.Post, 100_001)}, ErrTooLarge},
			"the longest name":    {Batch{Source: strings.Repeat(".", codec.MaxSource)}, nil},
			"nothing but a name":  {Batch{Source: "empty"}, nil},
			"a name with a blank": {Batch{Source: "a > b.*"}, nil},
		} {
			if err := l.Publish(t.Context(), c.b); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		p := l.Publisher()
		if err := p.Publish(t.Context(), sampleBatch("archive/a", 1, 1)); err != nil {
			t.Fatal(err)
		}
		if err := p.Publish(t.Context(), sampleBatch("archive/b", 1, 1)); !errors.Is(err, ErrInvalid) {
			t.Errorf("a second source: %v, want ErrInvalid", err)
		}
		wantCursor(t, l, "archive/a", "1")
	})
}

func TestFailingHandlerGetsTheSameMessageAgain(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		var pauses []int
		o.Backoff = func(attempt int) time.Duration {
			pauses = append(pauses, attempt)
			return time.Microsecond
		}
		l := open(t, o)
		for k := range 3 {
			publish(t, l, sampleBatch("archive/a", 1, k))
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var calls []string
		err := l.Consume(ctx, func(_ context.Context, m Message) error {
			calls = append(calls, string(m.Batch.Cursor))
			switch {
			case string(m.Batch.Cursor) == "1" && len(calls) < 6:
				return errors.New("the store is away")
			case string(m.Batch.Cursor) == "2":
				cancel()
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(calls, " "); got != "0 1 1 1 1 1 2" {
			t.Errorf("handled %s", got)
		}
		if diff := cmp.Diff([]int{1, 2, 3, 4}, pauses); diff != "" {
			t.Errorf("pauses (-want +got):\n%s", diff)
		}
		if got := testutil.ToFloat64(l.metrics.retries); got != 4 {
			t.Errorf("%v retries counted, want 4", got)
		}
		wantLag(t, l, 0)
	})
}

func TestWaitDrainedReturnsWhenAllIsAcknowledged(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		l := open(t, o)
		for k := range 50 {
			publish(t, l, sampleBatch("archive/a", 1, k))
		}
		ctx, cancel := context.WithCancel(t.Context())
		var handled atomic.Int64
		done := make(chan error)
		go func() {
			done <- l.Consume(ctx, func(context.Context, Message) error {
				handled.Add(1)
				return nil
			})
		}()
		if err := l.WaitDrained(t.Context()); err != nil {
			t.Error(err)
		}
		if n := handled.Load(); n != 50 {
			t.Errorf("drained after %d of 50", n)
		}
		if err := l.Consume(t.Context(), nil); !errors.Is(err, ErrInvalid) {
			t.Errorf("a second Consume: %v, want ErrInvalid", err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		publish(t, l, sampleBatch("archive/a", 1, 50))
		if err := l.WaitDrained(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("waiting without a reader: %v, want the end of the context", err)
		}
	})
}

func TestDamagedMessageStopsAndIsNamed(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		l := open(t, o)
		publish(t, l, sampleBatch("archive/a", 1, 0))
		if _, err := l.store.JS.Publish(t.Context(), "winnow.posts.archive/a", []byte("\x01nonsense")); err != nil {
			t.Fatal(err)
		}
		publish(t, l, sampleBatch("archive/a", 1, 1))
		var got []Message
		err := l.Consume(t.Context(), func(_ context.Context, m Message) error {
			got = append(got, m)
			return nil
		})
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "message 2") {
			t.Errorf("got %v, want ErrDamaged that names message 2", err)
		}
		if cursors(got) != "archive/a=0" {
			t.Errorf("handled %s", cursors(got))
		}
	})
}

func TestManySmallMessagesComeInOnePiece(t *testing.T) {
	atPlaces(t, func(t *testing.T, o Options) {
		l := open(t, o)
		p := l.Publisher()
		const n = 500
		for k := range n {
			if err := p.Publish(t.Context(), sampleBatch("archive/a", 1, k)); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, m := range consume(t, l, n, n) {
			if string(m.Batch.Cursor) != fmt.Sprint(i) {
				t.Fatalf("message %d has cursor %s", i, m.Batch.Cursor)
			}
		}
		if got := testutil.ToFloat64(l.metrics.restarts); got != 0 {
			t.Errorf("reading was interrupted %v times", got)
		}
	})
}

func TestReadingGoesOnAfterAnInterruption(t *testing.T) {
	l := open(t, Options{URL: externalServer(t, server.Options{}), TrimEvery: time.Hour})
	publish(t, l, sampleBatch("archive/a", 1, 0), sampleBatch("archive/a", 1, 1))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	err := l.Consume(ctx, func(_ context.Context, m Message) error {
		got = append(got, string(m.Batch.Cursor))
		if len(got) == 2 {
			// Somebody removes the consumer, and with it what it knew.
			if err := l.store.JS.DeleteConsumer(ctx, stream.PostsStream, stream.Consumer); err != nil {
				t.Error(err)
			}
			publish(t, l, sampleBatch("archive/a", 1, 2))
		}
		if string(m.Batch.Cursor) == "2" {
			cancel()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(got, " "); all != "0 1 0 1 2" {
		t.Errorf("handled %s, want everything again from the start, in order", all)
	}
	if n := testutil.ToFloat64(l.metrics.restarts); n != 1 {
		t.Errorf("%v interruptions counted, want 1", n)
	}
}
