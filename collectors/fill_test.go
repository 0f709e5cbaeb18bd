package collectors

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// flaky is a filler whose stream breaks once, after ten seconds, and stays
// away for a minute.
func flaky(fill func(ctx context.Context, n int, g post.Gap, resume []byte, out Out) (Filled, error)) *filler {
	f := &filler{fill: fill}
	f.info = infoOf()
	f.info.Lookback = 7 * 24 * time.Hour
	f.stream = func(ctx context.Context, n int, c []byte, out Out) error {
		if n == 1 {
			out.Live(time.Time{})
			if err := out.Deliver(onePost("first")); err != nil {
				return err
			}
			for range 10 {
				<-time.After(time.Second)
				out.Alive()
			}
			return &Fault{Cause: post.Network, Until: time.Now().Add(time.Minute)}
		}
		return stay(ctx, n, c, out)
	}
	return f
}

// lastGap returns the gap that began last.
func lastGap(t *testing.T, log *memory) post.Gap {
	t.Helper()
	gaps := log.gaps()
	if len(gaps) == 0 {
		t.Fatal("no gaps")
	}
	return gaps[len(gaps)-1]
}

func TestFillDeliversWhatWasMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		src := flaky(func(_ context.Context, _ int, g post.Gap, resume []byte, out Out) (Filled, error) {
			if string(resume) != "after first" {
				t.Errorf("resume at %q", resume)
			}
			out.Alive()
			out.Live(time.Now())
			out.Reached(time.Now())
			out.Share(0.5, post.Budget, "not the fill's to say")
			d := onePost("missed")
			return Filled{From: g.From, Complete: true}, out.Deliver(d)
		})
		s := start(t, Options{Log: log}, src)
		pass(2 * time.Minute)
		if p := s.Status()[0].Pending; p != 0 {
			t.Errorf("%d gaps are pending", p)
		}
		s.stop(t)
		if got := strings.Join(log.ids(), " "); got != "first missed" {
			t.Errorf("the log has %s", got)
		}
		if g := lastGap(t, log); g.Fill != post.Filled || g.To.Sub(g.From) != time.Minute+500*time.Millisecond {
			t.Errorf("the gap is %+v", g)
		}
		if e := log.envelope(t, name); string(e.Cursor) != "after first" || len(e.Pending) != 0 {
			t.Errorf("the envelope is %+v", e)
		}
	})
}

func TestWhatAFillAchieved(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration // of From behind the gap's; negative for zero
		done  bool
		want  []string
	}{
		{"all", 0, true, []string{"filled 1m0.5s"}},
		{"not all", 0, false, []string{"partly 1m0.5s"}},
		{"the end", 20 * time.Second, true, []string{"lost 20s", "filled 40.5s"}},
		{"the end, not all", 20 * time.Second, false, []string{"lost 20s", "partly 40.5s"}},
		{"nothing", -1, true, []string{"lost 1m0.5s"}},
		{"too late", time.Hour, true, []string{"lost 1m0.5s"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newMemory()
				var begun time.Time
				src := flaky(func(_ context.Context, _ int, g post.Gap, _ []byte, _ Out) (Filled, error) {
					begun = g.From
					f := Filled{From: g.From.Add(c.after), Complete: c.done, Note: "as told"}
					if c.after < 0 {
						f.From = time.Time{}
					}
					return f, nil
				})
				s := start(t, Options{Log: log}, src)
				pass(2 * time.Minute)
				s.stop(t)
				var got []string
				for _, g := range log.gaps() {
					if !g.From.Before(begun) {
						got = append(got, fmt.Sprint(g.Fill, " ", g.To.Sub(g.From)))
						if g.Fill != post.Filled && g.Note == "" {
							t.Errorf("no note at %+v", g)
						}
					}
				}
				if strings.Join(got, ", ") != strings.Join(c.want, ", ") {
					t.Errorf("the rows are %q, want %q", got, c.want)
				}
			})
		})
	}
}

func TestFillIsTriedAgainWithinADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		src := flaky(func(_ context.Context, n int, g post.Gap, _ []byte, _ Out) (Filled, error) {
			switch n {
			case 1:
				return Filled{}, fault(post.Unavailable)
			case 2:
				return Filled{}, &Fault{Cause: post.RateLimited, Until: time.Now().Add(15 * time.Minute)}
			case 3:
				var none []int
				_ = none[len(g.Source)] // a mistake
			}
			return Filled{From: g.From, Complete: true}, nil
		})
		s := start(t, Options{Log: log}, src)
		pass(30 * time.Minute)
		if len(src.asked()) != 4 {
			t.Fatalf("asked %d times", len(src.asked()))
		}
		for i, want := range []time.Duration{time.Second, 15 * time.Minute, time.Second} {
			if got := src.fat[i+1].Sub(src.fat[i]); got != want {
				t.Errorf("wait %d was %v, want %v", i, got, want)
			}
		}
		s.stop(t)
		if g := lastGap(t, log); g.Fill != post.Filled {
			t.Errorf("the gap is %+v", g)
		}
	})
}

func TestFillIsGivenUp(t *testing.T) {
	for what, c := range map[string]struct {
		fault *Fault
		asked int
		fill  post.Fill
	}{
		"after a day":       {&Fault{Cause: post.RateLimited, Until: time.Date(2000, 1, 9, 0, 0, 0, 0, time.UTC)}, 1, post.Lost},
		"when refused":      {fault(post.Misconfigured), 1, post.Lost},
		"until the restart": {fault(post.Unauthorised), 1, post.Pending},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newMemory()
				src := flaky(func(context.Context, int, post.Gap, []byte, Out) (Filled, error) { return Filled{}, c.fault })
				s := start(t, Options{Log: log}, src)
				pass(time.Hour)
				if st := s.Status()[0]; st.State != Live {
					t.Errorf("the stream is %s", st.State)
				}
				s.stop(t)
				if g := lastGap(t, log); len(src.asked()) != c.asked || g.Fill != c.fill || (g.Note == "") != (c.fill == post.Pending) {
					t.Errorf("asked %d times, the gap is %+v", len(src.asked()), g)
				}
			})
		})
	}
}

func TestSteadyFaultsOfFillingEndAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		src := flaky(func(context.Context, int, post.Gap, []byte, Out) (Filled, error) {
			return Filled{}, fault(post.Unavailable)
		})
		src.info.Ladder.Unavailable = Steps{First: time.Hour, Factor: 1, Exact: true}
		s := start(t, Options{Log: log}, src)
		pass(30 * time.Hour)
		s.stop(t)
		if g := lastGap(t, log); len(src.asked()) != 24 || g.Fill != post.Lost || g.Note == "" {
			t.Errorf("asked %d times, the gap is %+v", len(src.asked()), g)
		}
	})
}

func TestPendingGapsSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		src := flaky(func(ctx context.Context, _ int, _ post.Gap, _ []byte, _ Out) (Filled, error) {
			<-ctx.Done()
			return Filled{}, ctx.Err()
		})
		s := start(t, Options{Log: log}, src)
		pass(2 * time.Minute)
		s.stop(t)
		before := lastGap(t, log)
		if before.Fill != post.Pending || before.Open() {
			t.Fatalf("the gap is %+v", before)
		}
		var got []string
		next := &filler{fill: func(_ context.Context, _ int, g post.Gap, resume []byte, _ Out) (Filled, error) {
			if g.From.Equal(before.From) {
				got = append(got, string(resume))
			}
			return Filled{From: g.From, Complete: true}, nil
		}}
		next.script = script{info: src.info, stream: stay}
		s = start(t, Options{Log: log}, next)
		pass(time.Minute)
		s.stop(t)
		if len(got) != 1 || got[0] != "after first" {
			t.Errorf("asked again with %q", got)
		}
		for _, g := range log.gaps() {
			if g.From.Equal(before.From) && g.Fill != post.Filled {
				t.Errorf("the gap is %+v", g)
			}
		}
	})
}

func TestFillWaitsForRoomAndLeavesTheStreamSome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		src := flaky(func(_ context.Context, _ int, g post.Gap, _ []byte, out Out) (Filled, error) {
			for i := range 500 {
				if err := out.Deliver(onePost(fmt.Sprint("fill", i))); err != nil {
					return Filled{}, err
				}
			}
			return Filled{From: g.From, Complete: true}, nil
		})
		s := start(t, Options{Log: log, Buffer: 100}, src)
		pass(time.Minute)
		log.setRefuse(func(feed.Batch) error { return feed.ErrFull })
		pass(time.Minute)
		k := s.keepers[0]
		if n := k.box.Posts(); n != 50 {
			t.Errorf("%d posts of a fill wait in a buffer of 100", n)
		}
		if st := s.Status()[0]; st.State != Live {
			t.Errorf("the stream is %s", st.State)
		}
		log.setRefuse(nil)
		pass(time.Minute)
		s.stop(t)
		if n := len(log.ids()); n != 501 {
			t.Errorf("the log has %d posts", n)
		}
	})
}

func TestFullLogEndsTheStreamUntilThereIsRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		log.setRefuse(func(b feed.Batch) error {
			if len(b.Posts) > 0 {
				return feed.ErrFull
			}
			return nil
		})
		refused, taken := 0, 0
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
			if n > 1 {
				return stay(ctx, n, c, out)
			}
			out.Live(time.Time{})
			for i := range 100 {
				if err := out.Deliver(onePost(fmt.Sprint(i))); err != nil {
					if !errors.Is(err, ErrFull) {
						t.Error(err)
					}
					refused++
				} else {
					taken++
				}
			}
			// A smaller one would fit, but what it comes after did not.
			if err := out.Deliver(Delivery{Cursor: []byte("too far")}); !errors.Is(err, ErrFull) {
				t.Errorf("after a refused delivery one was taken: %v", err)
			}
			return nil // even so it was the log
		}}
		s := start(t, Options{Log: log, Buffer: 40}, src)
		pass(time.Hour)
		if st := s.Status()[0]; taken != 40 || refused != 60 || st.State != Waiting || st.Missing == nil || st.Missing.Cause != post.LogFull || len(src.attempts()) != 1 {
			t.Errorf("%d taken, %d refused, the status is %+v", taken, refused, st)
		}
		log.setRefuse(nil)
		pass(10 * time.Second)
		if st := s.Status()[0]; st.State != Live || len(src.attempts()) != 2 {
			t.Errorf("the status is %+v", st)
		}
		if string(src.cursors[1]) != "after 39" {
			t.Errorf("it goes on at %q", src.cursors[1])
		}
		s.stop(t)
		if g := lastGap(t, log); g.Cause != post.LogFull || g.To.Sub(g.From) < time.Hour {
			t.Errorf("the gap is %+v", g)
		}
	})
}

func TestCursorInTheLogNeverPassesThePostsInTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		batches := 0
		log.setRefuse(func(b feed.Batch) error {
			if len(b.Posts) == 0 {
				return nil
			}
			if batches++; batches > 1 {
				return errors.New("killed")
			}
			return nil
		})
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
			out.Live(time.Time{})
			for i := range 5000 {
				if err := out.Deliver(onePost(fmt.Sprint(i))); err != nil {
					return err
				}
			}
			return heartbeats(ctx, out)
		}}
		s := start(t, Options{Log: log}, src)
		live := time.Now().UTC()
		pass(20 * time.Second)
		s.cancel()
		if err := <-s.done; err == nil || !strings.Contains(err.Error(), "posts did not get into the log") {
			t.Errorf("Run returned %v", err)
		}
		ids := log.ids()
		if len(ids) == 0 || len(ids) == 5000 {
			t.Fatalf("the log has %d posts", len(ids))
		}
		if e := log.envelope(t, name); string(e.Cursor) != "after "+ids[len(ids)-1] || e.Seen.After(live) {
			t.Errorf("the last post is %s, the cursor %s, seen %v", ids[len(ids)-1], e.Cursor, e.Seen)
		}
	})
}
