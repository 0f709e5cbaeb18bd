package live

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func words(s string) func(*http.Request) string { return func(*http.Request) string { return s } }

// watch opens a page for a while, in the bubble's time, and returns what it was
// told.
func watch(t *testing.T, s *Streams, method string, d time.Duration) *httptest.ResponseRecorder {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(ctx, method, "/live", nil))
	return w
}

func TestStream(t *testing.T) {
	began := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // as synctest's clock
	for _, test := range []struct {
		name      string
		state     func(since time.Duration) State
		refreshes int
		says      []string
	}{
		{
			"posts come in", func(d time.Duration) State {
				return State{Words: words("Last post just now"), Fine: true, LastPost: began.Add(d)}
			},
			// Looked at every 5 s, refreshed every 15 s: at 15, 30, … 120.
			8,
			[]string{`{"words":"Last post just now","fine":true}`},
		},
		{"nothing comes in", func(time.Duration) State {
			return State{Words: words("Last post on Friday"), Fine: true, LastPost: began}
		}, 2, nil},
		{
			"the store stops to answer", func(d time.Duration) State {
				if d < 40*time.Second {
					return State{Words: words("Last post just now"), Fine: true, LastPost: began}
				}
				return State{Words: words("The store does not answer"), LastPost: began}
			}, 2, []string{`{"words":"Last post just now","fine":true}`, `{"words":"The store does not answer","fine":false}`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				s := New(Options{State: func() State { return test.state(time.Since(start)) }})
				w := watch(t, s, http.MethodGet, 2*time.Minute+time.Second)
				body := w.Body.String()
				if got := strings.Count(body, "event: refresh\n"); got != test.refreshes {
					t.Errorf("%d refreshes in two minutes, want %d", got, test.refreshes)
				}
				for _, says := range test.says {
					if strings.Count(body, says) != 1 {
						t.Errorf("%s is told %d times, want once", says, strings.Count(body, says))
					}
				}
				if got := w.Header().Get("Content-Type"); got != "text/event-stream" {
					t.Errorf("Content-Type %q", got)
				}
				if !w.Flushed {
					t.Error("what is told waits in a buffer")
				}
			})
		})
	}
}

func TestStreamEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		s := New(Options{State: func() State { return State{} }, Ended: ended})
		start := time.Now()
		watch(t, s, http.MethodGet, time.Hour)
		if got := time.Since(start); got != lifetime {
			t.Errorf("a connection lasted %v, want %v: it is not asked again who it is", got, lifetime)
		}
		start = time.Now()
		time.AfterFunc(42*time.Second, func() { close(ended) })
		watch(t, s, http.MethodGet, time.Hour)
		if got := time.Since(start); got != 42*time.Second {
			t.Errorf("a connection ended %v after its start, want 42s, when all are to end", got)
		}
		if w := watch(t, s, http.MethodHead, time.Hour); w.Body.Len() > 0 {
			t.Errorf("HEAD is answered with %q", w.Body)
		}
	})
}

func TestStreamsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		s := New(Options{State: func() State { asked.Add(1); return State{} }, Most: 3})
		for range 3 {
			go watch(t, s, http.MethodGet, time.Minute)
		}
		synctest.Wait()
		if w := watch(t, s, http.MethodGet, time.Minute); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("the fourth page: status %d, Retry-After %q; want 503 and a time", w.Code, w.Header().Get("Retry-After"))
		}
		<-time.After(time.Minute + time.Second)
		if w := watch(t, s, http.MethodGet, time.Second); w.Code != http.StatusOK {
			t.Errorf("a page after the others were closed: status %d", w.Code)
		}
		if got := asked.Load(); got > 14 {
			t.Errorf("the state was asked for %d times in a minute by three pages; want one in five seconds for all", got)
		}
	})
}
