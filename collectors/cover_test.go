package collectors

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"winnow/pipeline/post"
)

// rowsSince says the gaps that began at or after a time, in short.
func rowsSince(log *memory, t time.Time) string {
	var all []string
	for _, g := range log.gaps() {
		if g.From.Before(t) {
			continue
		}
		s := fmt.Sprint(g.Cause, " ", g.From.Sub(t), "-")
		if !g.Open() {
			s += g.To.Sub(t).String()
		}
		if g.Share > 0 {
			s += fmt.Sprint(" ", g.Share)
		}
		all = append(all, s+" "+string(g.Fill))
	}
	return strings.Join(all, ", ")
}

func TestReplayFillsAGap(t *testing.T) {
	const out = 10 * time.Second
	for _, c := range []struct {
		name    string
		replay  time.Duration // where the replay begins, behind the gap's beginning
		reached []time.Duration
		fills   bool
		want    string
	}{
		{"all of it", -5 * time.Second, []time.Duration{time.Second, out}, false, "network 0s-10s filled"},
		{"not yet", 0, []time.Duration{out - time.Millisecond}, false, "network 0s-10s pending"},
		{"not yet, and a filler is not asked meanwhile", 0, []time.Duration{out - time.Millisecond}, true, "network 0s-10s pending"},
		{"the end of it", 4 * time.Second, []time.Duration{out}, false, "network 0s-4s lost, network 4s-10s filled"},
		{"nothing of it", 20 * time.Second, []time.Duration{out}, false, "network 0s-10s lost"},
		{"none promised", -1 << 62, []time.Duration{out}, false, "network 0s-10s lost"},
		{"none promised to a filler", -1 << 62, []time.Duration{out}, true, "network 0s-10s partly"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := newMemory()
				var broke time.Time
				f := flaky(func(_ context.Context, _ int, g post.Gap, _ []byte, _ Out) (Filled, error) {
					return Filled{From: g.From, Note: "some"}, nil
				})
				f.stream = func(ctx context.Context, n int, _ []byte, o Out) error {
					if n == 1 {
						o.Live(time.Time{})
						for range 5 {
							<-time.After(time.Second)
							o.Alive()
						}
						broke = time.Now().UTC().Add(-500 * time.Millisecond)
						return &Fault{Cause: post.Network, Until: broke.Add(out)}
					}
					if c.replay > -1<<62 {
						o.Live(broke.Add(c.replay))
					} else {
						o.Live(time.Time{})
					}
					o.Reached(time.Time{})
					for _, r := range c.reached {
						o.Reached(broke.Add(r))
					}
					<-ctx.Done()
					return ctx.Err()
				}
				var src Source = &f.script
				if c.fills {
					src = f
				}
				s := start(t, Options{Log: log}, src)
				pass(20 * time.Second)
				s.stop(t)
				if got := rowsSince(log, broke); got != c.want {
					t.Errorf("the rows are %s, want %s", got, c.want)
				}
			})
		})
	}
}

func TestReplayThatBreaksGoesOnWhereItCameTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		var broke time.Time
		second := make(chan struct{})
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, _ []byte, o Out) error {
			switch n {
			case 1:
				o.Live(time.Time{})
				broke = time.Now().UTC()
				return &Fault{Cause: post.Network, Until: broke.Add(100 * time.Second)}
			case 2: // replays five seconds in each second, and breaks
				o.Live(broke)
				for i := range 10 {
					<-time.After(time.Second)
					o.Alive()
					o.Reached(broke.Add(time.Duration(i+1) * 5 * time.Second))
				}
				return &Fault{Cause: post.Stalled, Until: time.Now().Add(10 * time.Second)}
			default:
				o.Live(broke.Add(50 * time.Second))
				close(second)
				<-ctx.Done()
				o.Reached(broke.Add(120 * time.Second))
				return ctx.Err()
			}
		}}
		s := start(t, Options{Log: log}, src)
		<-second
		pass(time.Second)
		// What was live while the replay was behind was not seen.
		if got, want := rowsSince(log, broke), "network 0s-1m40s pending, stalled 1m40s-2m0s pending"; got != want {
			t.Errorf("the rows are %s, want %s", got, want)
		}
		s.stop(t)
		if got, want := rowsSince(log, broke), "network 0s-1m40s filled, stalled 1m40s-2m0s filled"; got != want {
			t.Errorf("the rows are %s, want %s", got, want)
		}
	})
}

func TestShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		begun := time.Now().UTC()
		src := flaky(func(_ context.Context, _ int, g post.Gap, _ []byte, _ Out) (Filled, error) {
			if g.Cause == post.Budget || g.Cause == post.CountsOnly {
				t.Errorf("asked for %+v, which would cost what was to be saved", g)
			}
			return Filled{From: g.From, Complete: true}, nil
		})
		src.stream = func(ctx context.Context, n int, c []byte, o Out) error {
			o.Share(0.1, post.Budget, "before Live it means nothing")
			o.Live(time.Time{})
			if n > 1 {
				return heartbeats(ctx, o)
			}
			step := func(share float64, c post.Cause) {
				<-time.After(10 * time.Second)
				o.Alive()
				o.Share(share, c, "a share")
			}
			step(0.5, post.Budget)
			step(0.5, post.Budget) // again the same
			step(0.25, post.Budget)
			step(1, post.Budget)
			step(-3, post.CountsOnly)
			step(1, "")
			step(0, post.Blind)
			step(1, "")
			step(0.5, post.Budget)
			<-time.After(10 * time.Second)
			o.Alive()
			return fault(post.Network)
		}
		s := start(t, Options{Log: log}, src)
		pass(15 * time.Second)
		if m := s.Status()[0].Missing; m == nil || m.Share != 0.5 || m.Note != "a share" {
			t.Errorf("missing is %+v", m)
		}
		pass(2 * time.Minute)
		s.stop(t)
		want := "budget 10s-30s 0.5 lost, budget 30s-40s 0.25 lost, counts-only 50s-1m0s lost, blind 1m10s-1m20s filled, " +
			"budget 1m30s-1m39.5s 0.5 lost, network 1m39.5s-1m41s filled"
		if got := rowsSince(log, begun); !strings.HasSuffix(got, want) {
			t.Errorf("the rows are %s, want %s", got, want)
		}
	})
}

func TestSamplingEndsWithTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		begun := time.Now().UTC()
		src := &script{info: infoOf(), stream: func(ctx context.Context, _ int, _ []byte, o Out) error {
			o.Live(time.Time{})
			<-time.After(10 * time.Second)
			o.Alive()
			o.Share(0.5, post.Budget, "half")
			return heartbeats(ctx, o)
		}}
		s := start(t, Options{Log: log}, src)
		pass(20*time.Second + 100*time.Millisecond)
		s.stop(t)
		pass(10 * time.Second)
		s = start(t, Options{Log: log}, &script{info: infoOf(), stream: stay})
		pass(time.Second)
		s.stop(t)
		if got, want := rowsSince(log, begun.Add(time.Second)), "budget 9s-18.5s 0.5 lost, stopped 18.5s-29.1s lost"; got != want {
			t.Errorf("the rows are %s, want %s", got, want)
		}
	})
}

func TestGapShorterThanAMillisecondIsNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, o Out) error {
			o.Live(time.Time{})
			if n == 1 {
				return fault(post.Network)
			}
			return heartbeats(ctx, o)
		}}
		src.info.Ladder.Network = Steps{Factor: 1, Add: time.Second}
		s := start(t, Options{Log: log}, src)
		pass(10 * time.Second)
		s.stop(t)
		for _, g := range log.gaps() {
			if g.Fill != post.Filled || !g.To.Equal(g.From) {
				t.Errorf("the gap %+v", g)
			}
		}
	})
}

func TestCauseOfALongGapIsTheOneThatKeepsItOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		s := start(t, Options{Log: log}, &script{info: infoOf(), stream: stay})
		pass(10*time.Second + 100*time.Millisecond)
		stopped := time.Now().UTC().Add(-600 * time.Millisecond)
		s.stop(t)
		pass(time.Hour)
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, o Out) error {
			if n < 1000 {
				return fault([]post.Cause{post.Network, post.Unavailable}[n%2])
			}
			return stay(ctx, n, c, o)
		}}
		s = start(t, Options{Log: log}, src)
		pass(time.Hour)
		s.stop(t)
		if got, want := rowsSince(log, stopped), "stopped 0s-1h0m0.6s lost, unavailable 1h0m0.6s-1h16m39.6s lost"; got != want {
			t.Errorf("the rows are %s, want %s", got, want)
		}
	})
}

// paid is a source that costs money and looks up authors.
type paid struct {
	script
	enrich func(ctx context.Context, posts []post.Post)
}

func (p *paid) Spend() Spend {
	return Spend{PostsToday: 7, PostsMonth: 70, DayLimit: 10, MonthLimit: 100, ProjectedToday: 9, ProjectedMonth: 99}
}

func (p *paid) Enrich(ctx context.Context, posts []post.Post) { p.enrich(ctx, posts) }

func TestLookUpsChangePostsAndCannotStopThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := newMemory()
		n := 0
		src := &paid{enrich: func(ctx context.Context, posts []post.Post) {
			switch n++; n {
			case 1:
				posts[0].Account.Followers = post.KnownCount(41)
			case 2:
				panic("at the disco")
			default:
				<-ctx.Done()
			}
		}}
		src.script = script{info: infoOf(), stream: func(ctx context.Context, _ int, _ []byte, o Out) error {
			o.Live(time.Time{})
			for i := range 3 {
				if err := o.Deliver(onePost(fmt.Sprint(i))); err != nil {
					return err
				}
				<-time.After(5 * time.Second)
			}
			return heartbeats(ctx, o)
		}}
		s := start(t, Options{Log: log}, src)
		pass(10 * time.Second)
		pass(3*time.Second + 300*time.Millisecond)
		if got := log.ids(); len(got) != 3 {
			t.Errorf("the log has %q", got)
		}
		s.stop(t)
		for _, b := range log.all() {
			for i := range b.Posts {
				if f, _ := b.Posts[i].Account.Followers.Get(); (f == 41) != (b.Posts[i].ID == "0") {
					t.Errorf("post %s has %d followers", b.Posts[i].ID, f)
				}
			}
		}
	})
}

func TestMetricsAndSpending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewPedanticRegistry()
		src := &paid{enrich: func(context.Context, []post.Post) {}}
		src.script = script{info: infoOf(), stream: func(ctx context.Context, n int, _ []byte, o Out) error {
			o.Live(time.Time{})
			if n == 1 {
				<-time.After(10 * time.Second)
				o.Alive()
				d := onePost("1")
				d.Deletions = []post.Deletion{{Platform: post.Mastodon, NativeID: "0"}}
				if err := o.Deliver(d); err != nil {
					return err
				}
				return fault(post.Network)
			}
			return heartbeats(ctx, o)
		}}
		s := start(t, Options{Log: newMemory(), Registerer: reg}, src)
		pass(20*time.Second + 100*time.Millisecond)
		got := map[string]float64{}
		families, err := reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				key := strings.TrimPrefix(f.GetName(), "winnow_collector_")
				for _, l := range m.GetLabel() {
					if l.GetName() == "cause" {
						key += " " + l.GetValue()
					}
				}
				got[key] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
		for key, want := range map[string]float64{
			"state": 1, "gap_open network": 0, "buffer_posts": 0, "gaps_pending": 0, "posts_total": 1, "deletions_total": 1,
			"attempts_total": 2, "dropped_total": 0, "faults_total network": 1, "gap_seconds_total network": 1.5,
			"spent_posts_today": 7, "spent_posts_month": 70, "limit_posts_day": 10, "limit_posts_month": 100,
			"projected_posts_today": 9, "projected_posts_month": 99,
		} {
			if v, ok := got[key]; !ok || v != want {
				t.Errorf("%s is %v, want %v", key, v, want)
			}
		}
		if now := float64(time.Now().Unix()); got["last_bytes_timestamp_seconds"] < now-2 || got["last_post_timestamp_seconds"] != now-10 {
			t.Errorf("bytes at %v, posts at %v, now %v", got["last_bytes_timestamp_seconds"], got["last_post_timestamp_seconds"], now)
		}
		if st := s.Status()[0]; st.Spend == nil || st.Spend.PostsToday != 7 {
			t.Errorf("the spending is %+v", st.Spend)
		}
		s.stop(t)
		if err := New(Options{Log: newMemory(), Registerer: reg}).Run(t.Context()); err == nil {
			t.Error("two supervisors share a registry")
		}
	})
}

func TestEveryCauseHasWords(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []post.Cause{
		post.Unauthorised, post.Misconfigured, post.RateLimited, post.Unavailable, post.Network, post.Protocol, post.Stalled,
		post.Blind, post.LogFull, post.Stopped, post.Suspended, post.Budget, post.CountsOnly, post.NotWatched, post.Before, "whim",
	} {
		f := &Fault{Cause: c}
		if w := words(f); w == "" || seen[w] {
			t.Errorf("%s is said as %q", c, w)
		} else {
			seen[w] = true
		}
		if f.Final() && advice(f) == "" {
			t.Errorf("%s stops the source and nothing is advised", c)
		}
	}
}
