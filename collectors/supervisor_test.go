package collectors

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors/ledger"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

func TestPostsReachTheLogWithTheCursorThatCoversThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		src := &script{info: infoOf(), stream: func(ctx context.Context, _ int, cursor []byte, out Out) error {
			out.Live(time.Time{})
			for i := range 3 {
				if err := out.Deliver(onePost(fmt.Sprint(i))); err != nil {
					return err
				}
			}
			return heartbeats(ctx, out)
		}}
		s := start(t, Options{Log: log}, src)
		pass(300 * time.Millisecond)
		if got := log.ids(); !slices.Equal(got, []string{"0", "1", "2"}) {
			t.Fatalf("the log has %q", got)
		}
		if got := log.envelope(t, name); string(got.Cursor) != "after 2" {
			t.Errorf("the cursor is %q", got.Cursor)
		}
		st := s.Status()
		if len(st) != 1 || st[0].State != Live || st[0].Posts != 3 || st[0].LastPost.IsZero() || st[0].LastBytes.IsZero() || st[0].Missing != nil || st[0].Fault != "" {
			t.Errorf("the status is %+v", st)
		}
		s.stop(t)

		// The next process goes on there.
		next := &script{info: infoOf(), stream: stay}
		s = start(t, Options{Log: log}, next)
		if got := string(next.cursors[0]); got != "after 2" {
			t.Errorf("the next process began at %q", got)
		}
		s.stop(t)
	})
}

func TestNewSourceIsWatchedFromItsStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, begun := newMemory(), time.Now().UTC()
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
			<-time.After(2 * time.Second)
			return stay(ctx, n, c, out)
		}}
		s := start(t, Options{Log: log}, src)
		pass(time.Minute)
		s.stop(t)
		var watches []post.Watch
		for _, b := range log.all() {
			watches = append(watches, b.Watches...)
		}
		if diff := cmp.Diff([]post.Watch{{Source: name, Platform: post.Mastodon, Campaign: "Baku", Since: begun}}, watches); diff != "" {
			t.Error(diff)
		}
		want := []post.Gap{{
			Source: name, Platform: post.Mastodon, From: begun, To: begun.Add(2 * time.Second),
			Cause: post.Stopped, Fill: post.Lost, Note: "the platform gives nothing back afterwards",
		}}
		if diff := cmp.Diff(want, log.gaps()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestKilledProcessIsAGapFromWhereTheLogKnowsItWasCovered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		s := start(t, Options{Log: log}, &script{info: infoOf(), stream: stay})
		pass(time.Minute + 300*time.Millisecond)
		killed := time.Now().UTC()
		log.setRefuse(func(feed.Batch) error { return errors.New("gone") })
		s.cancel()
		<-s.done
		log.setRefuse(nil)
		pass(time.Hour)
		back := time.Now().UTC()
		s = start(t, Options{Log: log}, &script{info: infoOf(), stream: stay})
		pass(time.Second)
		s.stop(t)
		gaps := log.gaps()
		g := gaps[len(gaps)-1]
		if g.Cause != post.Stopped || g.From.After(killed) || killed.Sub(g.From) > 2*time.Second || !g.To.Equal(back) {
			t.Errorf("killed at %v and back at %v, the gap is %+v", killed, back, g)
		}
	})
}

func TestEveryBeatSaysHowFarASourceIsCovered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		s := start(t, Options{Log: log}, &script{info: infoOf(), stream: stay})
		for range 20 {
			pass(777 * time.Millisecond)
			now := time.Now()
			if now.Sub(log.all()[0].Gaps[0].From) < 5*time.Second {
				continue
			}
			// The source beats each second only.
			if behind := now.Sub(log.envelope(t, name).Seen); behind > 3*time.Second {
				t.Errorf("the log is %v behind", behind)
			}
		}
		s.stop(t)
		quiet := &script{info: infoOf(), stream: func(ctx context.Context, _ int, _ []byte, out Out) error {
			out.Live(time.Time{})
			<-ctx.Done()
			return ctx.Err()
		}}
		s = start(t, Options{Log: log}, quiet)
		pass(5 * time.Second)
		n := len(log.all())
		pass(20 * time.Second)
		if more := len(log.all()) - n; more != 0 {
			t.Errorf("%d batches while no byte came", more)
		}
		s.stop(t)
	})
}

func TestFaultsAreGapsAndTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		var broke, back time.Time
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
			switch n {
			case 1:
				out.Live(time.Time{})
				for range 10 {
					<-time.After(time.Second)
					out.Alive()
				}
				broke = time.Now().UTC()
				return fault(post.Network)
			case 2:
				return fault(post.Unavailable)
			default:
				back = time.Now().UTC()
				return stay(ctx, n, c, out)
			}
		}}
		s := start(t, Options{Log: log}, src)
		pass(10*time.Second + time.Millisecond)
		st := s.Status()[0]
		if st.State != Waiting || st.Missing == nil || st.Missing.Cause != post.Network || st.Fault == "" || !st.RetryAt.Equal(broke.Add(time.Second)) {
			t.Errorf("the status is %+v", st)
		}
		pass(300 * time.Millisecond)
		if gaps := log.gaps(); !gaps[len(gaps)-1].Open() {
			t.Errorf("the open gap is not in the log: %+v", gaps)
		}
		pass(10 * time.Second)
		s.stop(t)
		gaps := log.gaps()
		g := gaps[len(gaps)-1]
		if g.Cause != post.Network || !g.From.Equal(broke.Add(-500*time.Millisecond)) || !g.To.Equal(back) || g.Fill != post.Lost {
			t.Errorf("broke at %v and back at %v, the gap is %+v", broke, back, g)
		}
	})
}

func TestFaultThatTheOperatorMustMendEndsOneSourceOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		info := infoOf()
		info.Name = "x/stream"
		bad := &script{info: info, stream: func(_ context.Context, n int, _ []byte, out Out) error {
			if n == 1 {
				return fault(post.Network)
			}
			return &Fault{Cause: post.Unauthorised, Advice: "ask for a new token", Err: errors.New("401")}
		}}
		var lines lines
		s := start(t, Options{Log: log, Logger: lines.logger()}, bad, &script{info: infoOf(), stream: stay})
		pass(time.Hour)
		st := s.Status()
		if st[0].State != Ended || st[0].Advice != "ask for a new token" || !st[0].RetryAt.IsZero() || st[1].State != Live {
			t.Errorf("the states are %+v", st)
		}
		if st[0].Missing == nil || st[0].Missing.Cause != post.Unauthorised {
			t.Errorf("the gap is %+v", st[0].Missing)
		}
		if len(bad.attempts()) != 2 || lines.count("ERROR") != 1 {
			t.Errorf("%d attempts and the log\n%s", len(bad.attempts()), lines.text())
		}
		s.stop(t)

		// After a restart the same gap goes on.
		good := &script{info: info, stream: stay}
		from := st[0].Missing.From
		s = start(t, Options{Log: log}, good)
		pass(time.Second)
		s.stop(t)
		for _, g := range log.gaps() {
			if g.Source == "x/stream" && (!g.From.Equal(from) || g.Open() || g.Cause != post.Unauthorised) {
				t.Errorf("the gap became %+v", g)
			}
		}
	})
}

func TestMisbehavingSources(t *testing.T) {
	for what, stream := range map[string]func(context.Context, Out) error{
		"no error":      func(context.Context, Out) error { return nil },
		"panic":         func(_ context.Context, out Out) error { var d *Delivery; return out.Deliver(*d) },
		"strange cause": func(context.Context, Out) error { return &Fault{Cause: "whim"} },
		"huge cursor":   func(_ context.Context, out Out) error { return out.Deliver(Delivery{Cursor: make([]byte, 1<<20)}) },
		"nil fault":     func(context.Context, Out) error { var f *Fault; return f },
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newMemory()
				var lines lines
				src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
					if n == 1 {
						out.Live(time.Time{})
						<-time.After(10 * time.Second)
						return stream(ctx, out)
					}
					return stay(ctx, n, c, out)
				}}
				s := start(t, Options{Log: log, Logger: lines.logger()}, src)
				pass(time.Minute)
				if st := s.Status()[0]; st.State != Live {
					t.Errorf("the status is %+v", st)
				}
				s.stop(t)
				gaps := log.gaps()
				want := post.Protocol
				if what == "nil fault" {
					want = post.Network
				}
				if g := gaps[len(gaps)-1]; g.Cause != want || g.Open() {
					t.Errorf("the gap is %+v", g)
				}
				if what == "panic" && !strings.Contains(lines.text(), "DEBUG") {
					t.Errorf("no stack in\n%s", lines.text())
				}
			})
		})
	}
}

func TestSilenceIsAFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		var last time.Time
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
			if n > 1 {
				return stay(ctx, n, c, out)
			}
			out.Live(time.Time{})
			for range 40 {
				<-time.After(time.Second)
				out.Alive()
			}
			last = time.Now().UTC()
			<-ctx.Done()
			out.Alive() // too late
			return ctx.Err()
		}}
		s := start(t, Options{Log: log}, src)
		pass(2 * time.Minute)
		s.stop(t)
		g := log.gaps()[len(log.gaps())-1]
		if g.Cause != post.Stalled || !g.From.Equal(last.Add(-500*time.Millisecond)) || g.To.Sub(last) != 31*time.Second {
			t.Errorf("the last byte came at %v, the gap is %+v", last, g)
		}
	})
}

func TestSleepOfTheMachineIsAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		var wall wall
		src := &filler{}
		src.script = script{info: infoOf(), stream: stay}
		src.info.Lookback = 24 * time.Hour
		src.fill = func(_ context.Context, _ int, g post.Gap, _ []byte, _ Out) (Filled, error) {
			return Filled{From: g.From, Complete: true}, nil
		}
		s := start(t, Options{Log: log, Now: wall.now}, src)
		pass(10*time.Second + 100*time.Millisecond)
		slept := wall.now().UTC()
		wall.jump(time.Hour)
		pass(5 * time.Second)
		wall.jump(8 * time.Second) // not a sleep
		pass(10 * time.Second)
		s.stop(t)
		gaps := log.gaps()
		g := gaps[len(gaps)-1]
		if len(src.attempts()) != 2 || g.Cause != post.Suspended || g.From.After(slept) || slept.Sub(g.From) > 2*time.Second ||
			g.To.Sub(slept) < time.Hour || g.To.Sub(slept) > time.Hour+4*time.Second || g.Fill != post.Filled {
			t.Errorf("%d attempts; slept at %v, the gap is %+v", len(src.attempts()), slept, g)
		}
	})
}

func TestSignOfLifeAfterASleepIsNoneFromBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		var wall wall
		woke := make(chan struct{})
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
			out.Live(time.Time{})
			if n == 1 {
				<-woke
				out.Alive() // before the watchdog looks
			}
			return heartbeats(ctx, out)
		}}
		s := start(t, Options{Log: log, Now: wall.now}, src)
		live := wall.now().UTC()
		pass(1500 * time.Millisecond)
		wall.jump(time.Hour)
		close(woke)
		pass(5 * time.Second)
		s.stop(t)
		if g := log.gaps()[len(log.gaps())-1]; g.Cause != post.Suspended || !g.From.Equal(live) {
			t.Errorf("live at %v, the gap is %+v", live, g)
		}
	})
}

func TestClockThatIsPutBackBreaksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		var wall wall
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
			out.Live(time.Time{})
			if n%2 == 1 {
				<-time.After(20 * time.Second)
				return fault(post.Network)
			}
			return heartbeats(ctx, out)
		}}
		s := start(t, Options{Log: log, Now: wall.now}, src)
		pass(20*time.Second + 500*time.Millisecond)
		wall.jump(-time.Hour) // inside a gap
		pass(10 * time.Second)
		wall.jump(-time.Hour) // live
		pass(10 * time.Second)
		s.stop(t)
		wall.jump(-time.Hour) // while nothing ran
		s = start(t, Options{Log: log, Now: wall.now}, src)
		pass(time.Minute)
		s.stop(t)
		found := false
		for _, g := range log.gaps() {
			if g.Open() || g.To.Before(g.From) {
				t.Errorf("the gap %+v", g)
			}
			found = found || g.Cause == post.Network && g.To.Sub(g.From) >= time.Second
		}
		if !found {
			t.Errorf("the second without connection is not in %+v", log.gaps())
		}
	})
}

func TestShutdownPublishesWhatCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		out := make(chan Out, 1)
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, o Out) error {
			o.Live(time.Time{})
			out <- o
			<-ctx.Done()
			return o.Deliver(onePost("late"))
		}}
		s := start(t, Options{Log: log}, src)
		o := <-out
		for i := range 5000 {
			if err := o.Deliver(onePost(fmt.Sprint(i))); err != nil {
				t.Fatal(err)
			}
		}
		begun := time.Now()
		log.setRefuse(func(feed.Batch) error {
			if time.Since(begun) < 3*time.Second {
				return feed.ErrFull
			}
			return nil
		})
		s.stop(t)
		if n := len(log.ids()); n != 5001 {
			t.Errorf("the log has %d posts", n)
		}
		e := log.envelope(t, name)
		if string(e.Cursor) != "after late" || !e.Seen.Equal(begun.UTC()) {
			t.Errorf("covered until %v at %q, want %v", e.Seen, e.Cursor, begun)
		}
		if err := o.Deliver(onePost("never")); err == nil {
			t.Error("a delivery after the end was taken")
		}
	})
}

func TestSourceThatDoesNotEndIsNamedAndLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		src := &script{info: infoOf(), stream: func(_ context.Context, _ int, _ []byte, out Out) error {
			out.Live(time.Time{})
			<-release
			return out.Deliver(onePost("late"))
		}}
		log := newMemory()
		s := start(t, Options{Log: log}, src)
		begun := time.Now()
		s.cancel()
		if err := <-s.done; err == nil || time.Since(begun) > grace {
			t.Errorf("Run returned %v after %v", err, time.Since(begun))
		}
		close(release)
		synctest.Wait()
		if len(log.ids()) != 0 {
			t.Error("what came after the end is in the log")
		}
	})
}

func TestRunRefusesWhatCannotWork(t *testing.T) {
	if err := New(Options{}).Run(t.Context()); err == nil {
		t.Error("a supervisor without a log ran")
	}
	src := &script{info: infoOf(), stream: stay}
	if err := New(Options{Log: newMemory()}).Run(t.Context(), src, src); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("two sources of one name: %v", err)
	}
	for _, cursor := range []string{"1234", `{"v":2}`, `{"v":1}`} {
		log := newMemory()
		log.cursors[name] = []byte(cursor)
		if err := New(Options{Log: log}).Run(t.Context(), src); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the cursor %s: %v", cursor, err)
		} else if cursor != `{"v":2}` && !errors.Is(err, ledger.ErrDamaged) {
			t.Errorf("the cursor %s: %v", cursor, err)
		}
	}
	nameless := infoOf()
	nameless.Name = ""
	if err := New(Options{Log: newMemory()}).Run(t.Context(), &script{info: nameless, stream: stay}); err == nil {
		t.Error("a source without a name ran")
	}
}

// keeping is a source with a state of its own.
type keeping struct {
	script
	state    atomic.Value // []byte
	restored []byte
}

func (k *keeping) State() []byte {
	s, _ := k.state.Load().([]byte)
	return s
}
func (k *keeping) Restore(s []byte) { k.restored = s }

func TestStateOfASourceSurvives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		src := &keeping{script: script{info: infoOf(), stream: stay}}
		src.state.Store([]byte("spent 3"))
		s := start(t, Options{Log: log}, src)
		pass(time.Second)
		src.state.Store(make([]byte, ledger.MaxState+1)) // too long: the last one stands
		pass(10 * time.Second)
		s.stop(t)
		if src.restored != nil {
			t.Errorf("a new source was given %q", src.restored)
		}
		next := &keeping{script: script{info: infoOf(), stream: stay}}
		s = start(t, Options{Log: log}, next)
		s.stop(t)
		if string(next.restored) != "spent 3" {
			t.Errorf("restored %q", next.restored)
		}
	})
}

func TestCampaignsComeGoAndChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		run := func(campaigns ...campaign.Campaign) (*filler, time.Time) {
			src := &filler{}
			src.script = script{info: infoOf(), stream: stay}
			src.info.Campaigns, src.info.Lookback, src.info.Backfill = campaigns, 7*24*time.Hour, 48*time.Hour
			src.fill = func(_ context.Context, _ int, g post.Gap, resume []byte, _ Out) (Filled, error) {
				if g.Campaign != "" && resume != nil {
					t.Errorf("the past of a campaign has the cursor %q", resume)
				}
				return Filled{From: g.From, Complete: true}, nil
			}
			begun := time.Now().UTC()
			s := start(t, Options{Log: log}, src)
			pass(time.Hour)
			s.stop(t)
			pass(time.Minute)
			return src, begun
		}
		baku, road := campaignOf("Baku", "#Baku2015", "#x"), campaignOf("Road", "#road")
		campaignGaps := func(src *filler) []string {
			var all []string
			for _, g := range src.asked() {
				if g.Campaign != "" {
					all = append(all, fmt.Sprint(g.Campaign, " ", g.Cause, " ", g.To.Sub(g.From).Round(time.Minute)))
				}
			}
			slices.Sort(all)
			return all
		}
		first, _ := run(baku)
		if got := campaignGaps(first); !slices.Equal(got, []string{"Baku before 48h0m0s"}) {
			t.Errorf("a new campaign: %q", got)
		}
		same, _ := run(campaignOf("Baku", "#x", "#Baku2015", "#x"))
		if got := campaignGaps(same); len(got) != 0 {
			t.Errorf("nothing changed: %q", got)
		}
		if got, _ := run(road); !slices.Equal(campaignGaps(got), []string{"Road before 48h0m0s"}) {
			t.Errorf("another campaign: %q", campaignGaps(got))
		}
		if got, _ := run(road, baku); !slices.Equal(campaignGaps(got), []string{"Baku not-watched 1h2m0s"}) {
			t.Errorf("a campaign that is back: %q", campaignGaps(got))
		}
		changed := campaignOf("Baku", "#Baku2015")
		if got, _ := run(road, changed); !slices.Equal(campaignGaps(got), []string{"Baku before 48h0m0s"}) {
			t.Errorf("a campaign that changed: %q", campaignGaps(got))
		}
		watches := 0
		for _, b := range log.all() {
			watches += len(b.Watches)
		}
		if watches != 2 {
			t.Errorf("%d watches for two campaigns", watches)
		}
	})
}
