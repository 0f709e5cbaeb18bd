package collectors

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"winnow/pipeline/post"
)

func TestSteps(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps Steps
		n     int
		rand  float64
		want  time.Duration
	}{
		{"linear from zero", Steps{Add: 250 * time.Millisecond, Most: 16 * time.Second, Factor: 1, Exact: true}, 0, 0, 0},
		{"linear", Steps{Add: 250 * time.Millisecond, Most: 16 * time.Second, Factor: 1, Exact: true}, 4, 0, time.Second},
		{"linear, bounded", Steps{Add: 250 * time.Millisecond, Most: 16 * time.Second, Factor: 1, Exact: true}, 1 << 40, 0, 16 * time.Second},
		{"doubling", Steps{First: 5 * time.Second, Factor: 2, Most: 320 * time.Second, Exact: true}, 3, 0, 40 * time.Second},
		{"doubling, bounded", Steps{First: 5 * time.Second, Factor: 2, Most: 320 * time.Second, Exact: true}, 1 << 40, 0, 320 * time.Second},
		{"doubling, unbounded", Steps{First: 5 * time.Second, Factor: 2, Exact: true}, 1 << 40, 0, 1 << 61},
		{"exact adds a quarter", Steps{First: time.Minute, Factor: 2, Exact: true}, 0, 1, 75 * time.Second},
		{"others lose half", Steps{First: time.Minute, Factor: 2}, 0, 1, 30 * time.Second},
		{"never a storm", Steps{Factor: 2, Most: time.Second, Exact: true}, 10, 0, 512 * time.Millisecond},
		{"constant", Steps{First: time.Second, Exact: true}, 1 << 40, 0, time.Second},
		{"none given", Steps{}, 2, 0, 4 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.steps.at(c.n, c.rand); got != c.want {
				t.Errorf("the wait is %v, want %v", got, c.want)
			}
		})
	}
}

// failing is a source of which each attempt fails as told.
func failing(f func(n int) *Fault) *script {
	s := &script{info: infoOf()}
	s.stream = func(_ context.Context, n int, _ []byte, _ Out) error { return f(n) }
	return s
}

func TestLadderIsClimbedByKindOfFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := failing(func(n int) *Fault {
			return fault([]post.Cause{post.Network, post.Unavailable, post.RateLimited, post.Protocol, post.Network}[(n-1)%5])
		})
		src.info.Ladder = Ladder{
			Network:     Steps{First: time.Second, Factor: 2, Exact: true},
			Unavailable: Steps{First: 10 * time.Second, Factor: 2, Exact: true},
			RateLimited: Steps{First: time.Minute, Factor: 2, Exact: true},
			Healthy:     time.Minute,
		}
		s := start(t, Options{Log: newMemory()}, src)
		pass(3 * time.Minute)
		s.stop(t)
		want := "[1s 10s 1m0s 20s 2s 4s 40s"
		if got := fmt.Sprint(src.waits()); got[:len(want)] != want {
			t.Errorf("the waits are %s, want %s", got, want)
		}
	})
}

func TestLadderBeginsAgainOnlyAfterSustainedHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lives := []time.Duration{0, 0, 59 * time.Second, 60 * time.Second, 0}
		src := &script{info: infoOf(), stream: func(ctx context.Context, n int, c []byte, out Out) error {
			if n > len(lives) {
				return stay(ctx, n, c, out)
			}
			out.Live(time.Time{})
			for range lives[n-1] / time.Second {
				<-time.After(time.Second)
				out.Alive()
			}
			return fault(post.Network)
		}}
		src.info.Ladder.Network = Steps{First: time.Second, Factor: 2, Exact: true}
		s := start(t, Options{Log: newMemory()}, src)
		pass(5 * time.Minute)
		s.stop(t)
		if got, want := fmt.Sprint(src.waits()), "[1s 2s 1m3s 1m1s 2s]"; got != want {
			t.Errorf("the waits, lives included, are %s, want %s", got, want)
		}
	})
}

func TestTimeThatThePlatformNamesIsKept(t *testing.T) {
	for _, c := range []post.Cause{post.RateLimited, post.Unavailable, post.Budget} {
		for _, random := range []float64{0, 1} {
			synctest.Test(t, func(t *testing.T) {
				until := time.Now().Add(12 * time.Minute)
				src := failing(func(int) *Fault { return &Fault{Cause: c, Until: until} })
				s := start(t, Options{Log: newMemory(), Rand: func() float64 { return random }}, src)
				if st := s.Status()[0]; st.State != Waiting || st.RetryAt.Before(until) || st.Missing.Cause != c {
					t.Errorf("the status is %+v", st)
				}
				pass(12*time.Minute + 500*time.Millisecond)
				s.stop(t)
				if w := src.waits(); len(w) == 0 || w[0] < 12*time.Minute || w[0] > 12*time.Minute+250*time.Millisecond {
					t.Errorf("the waits are %v", w)
				}
			})
		}
	}
}

func TestAttemptsFitIntoTheirWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := failing(func(int) *Fault { return fault(post.Network) })
		src.info.Ladder.Attempts, src.info.Ladder.Window = 5, 5*time.Minute
		s := start(t, Options{Log: newMemory()}, src)
		pass(time.Hour)
		s.stop(t)
		at := src.attempts()
		for i := range at {
			if i >= 5 && at[i].Sub(at[i-5]) < 5*time.Minute {
				t.Errorf("attempts %d to %d within %v", i-5, i, at[i].Sub(at[i-5]))
			}
		}
		if len(at) < 60 || len(at) > 61 {
			t.Errorf("%d attempts in an hour, five are allowed in five minutes", len(at))
		}
	})
}

func TestScale(t *testing.T) {
	l := Ladder{Network: Steps{First: time.Second, Add: time.Second, Most: time.Minute}, Window: time.Hour, Healthy: time.Minute}.Scale(0.1)
	if l.Network.First != 100*time.Millisecond || l.Network.Add != 100*time.Millisecond || l.Network.Most != 6*time.Second || l.Window != 6*time.Minute || l.Healthy != 6*time.Second {
		t.Errorf("scaled to %+v", l)
	}
}
