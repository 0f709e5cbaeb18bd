package collectortest

import (
	"net/http"
	"strconv"
	"time"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// answerCases are about answers that are errors.
func answerCases() []scenario {
	return []scenario{
		{"401", func(s *stage) { denied(s, http.StatusUnauthorized) }},
		{"403", func(s *stage) { denied(s, http.StatusForbidden) }},
		{"401 in the middle", deniedLater},
		{"429 with a reset", limited},
		{"503", unavailable},
	}
}

// denied: credentials that are refused end the source, at once, and say so.
func denied(s *stage, status int) {
	s.platform.Answer(status, nil)
	s.start()
	s.stopsForGood(0)
}

// deniedLater: the same when it was connected before.
func deniedLater(s *stage) {
	s.start()
	s.live()
	s.arrive(s.some(2)...)
	n := s.platform.Attempts()
	s.platform.Answer(http.StatusUnauthorized, nil)
	s.platform.Cut()
	s.stopsForGood(n)
	open := false
	for _, g := range s.log.rows() {
		open = open || g.Open() && g.Cause == post.Unauthorised
	}
	if !open {
		s.Errorf("no open gap says %q; the source is %s", post.Unauthorised, s.describe())
	}
}

// stopsForGood waits until the source ended by itself, and sees that it stays so.
func (s *stage) stopsForGood(attempts int) {
	s.Helper()
	s.must("the source has ended", func() bool { return s.status().State == collectors.Ended })
	s.within(300*time.Millisecond, func() bool { return s.platform.Attempts() > attempts+2 })
	if got := s.platform.Attempts() - attempts; got > 2 {
		s.Errorf("%d attempts with credentials that are refused, want 1 or 2", got)
	}
	st := s.status()
	if st.State != collectors.Ended || st.Fault == "" || st.Advice == "" {
		s.Errorf("state %s, fault %q, advice %q: want an end with both", st.State, st.Fault, st.Advice)
	}
	s.must("the log tells of it", func() bool {
		for _, g := range s.log.rows() {
			if g.Cause == post.Unauthorised {
				return true
			}
		}
		return false
	})
}

// resetAt is a limit's end in the words of every platform.
func resetAt(t time.Time) http.Header {
	seconds := strconv.FormatInt(t.Unix(), 10)
	h := http.Header{}
	h.Set("X-Rate-Limit-Limit", "50")
	h.Set("X-Rate-Limit-Remaining", "0")
	h.Set("X-Rate-Limit-Reset", seconds)
	h.Set("X-RateLimit-Limit", "300")
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Reset", t.UTC().Format("2006-01-02T15:04:05.000000Z"))
	return h
}

// limited: a platform that asks to wait until some time is not asked before.
func limited(s *stage) {
	// A whole second, since some platforms tell no less, one to two from now.
	reset := time.Now().Add(2 * time.Second).Truncate(time.Second)
	s.platform.Answer(http.StatusTooManyRequests, resetAt(reset))
	s.start()
	s.must("the source waits", func() bool { return s.status().State == collectors.Waiting })
	n := s.platform.Attempts()
	if at := s.status().RetryAt; at.Before(reset.Add(-rounding)) {
		s.Errorf("to be tried again at %v, %v before the limit ends", at, reset.Sub(at))
	}
	early := s.within(time.Until(reset)-20*time.Millisecond, func() bool { return s.platform.Attempts() > n })
	if early {
		s.Errorf("tried again %v before the limit ends", time.Until(reset))
	}
	s.broken(func() { s.platform.Answer(0, nil) })
	s.arrive(s.some(2)...)
	s.account(demand{})
}

// unavailable: errors of the platform's own pass.
func unavailable(s *stage) {
	s.start()
	s.live()
	s.arrive(s.some(2)...)
	n := s.platform.Attempts()
	s.broken(func() {
		s.platform.Answer(http.StatusServiceUnavailable, nil)
		s.platform.Cut()
		s.some(2)
		s.must("the source tries in vain", func() bool { return s.platform.Attempts() >= n+2 || s.status().State == collectors.Waiting })
		if s.status().State == collectors.Ended {
			s.Errorf("an error of the platform's own ended the source: %s", s.describe())
		}
		s.platform.Answer(0, nil)
	})
	s.account(demand{})
}
