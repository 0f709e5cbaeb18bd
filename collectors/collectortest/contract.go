package collectortest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// contractCases drive a source by hand, without a supervisor.
func contractCases() []scenario {
	return []scenario{
		{"info", info},
		{"ends with its context", endsWithContext},
		{"ends when the buffer is full", endsWhenFull},
		{"faults have causes", faultsHaveCauses},
	}
}

// info: what a source says of itself is complete, stays, and holds no secret.
func info(s *stage) {
	a, b := s.newSource().Info(), s.newSource().Info()
	if a.Name == "" || a.Name != b.Name {
		s.Errorf("the names of a source are %q and %q, want one that stays over a restart", a.Name, b.Name)
	}
	if a.Platform == "" || a.Stall <= 0 || len(a.Campaigns) == 0 {
		s.Errorf("platform %q, stall %v, %d campaigns: something is missing", a.Platform, a.Stall, len(a.Campaigns))
	}
	for name, steps := range map[string]collectors.Steps{"network": a.Ladder.Network, "unavailable": a.Ladder.Unavailable, "rate-limited": a.Ladder.RateLimited} {
		if steps.Most <= 0 || steps.Add <= 0 && (steps.Factor <= 1 || steps.First <= 0) {
			s.Errorf("the ladder for %s does not rise to a limit: %+v", name, steps)
		}
	}
	if s.secret(a.Name) != "" {
		s.Errorf("the name holds a secret")
	}
}

// streaming is a Stream under way.
type streaming struct {
	out    *recorder
	cancel context.CancelFunc
	err    chan error
}

// stream begins one by hand.
func (s *stage) stream(room int) *streaming {
	ctx, cancel := context.WithCancel(context.Background())
	r := &streaming{out: &recorder{room: room}, cancel: cancel, err: make(chan error, 1)}
	source := s.newSource()
	go func() {
		err := source.Stream(ctx, nil, r.out)
		r.out.end()
		r.err <- err
	}()
	return r
}

// wait waits for its end, which must come within d, and be silent.
func (s *stage) wait(r *streaming, d time.Duration) error {
	s.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	var err error
	select {
	case err = <-r.err:
	case <-timer.C:
		r.cancel()
		s.Errorf("Stream did not return within %v", d)
		err = <-r.err
	}
	r.cancel()
	if err == nil {
		s.Errorf("Stream returned no error")
		return errors.New("none")
	}
	if which := s.secret(err.Error()); which != "" {
		s.Errorf("%s is in an error", which)
	}
	if _, _, late, _ := r.out.seen(); late > 0 {
		s.Errorf("Out was called %d times after Stream returned", late)
	}
	return err
}

// endsWithContext: Stream returns soon after its context ended, in the middle
// of posts and in the middle of silence.
func endsWithContext(s *stage) {
	for _, silent := range []bool{false, true} {
		r := s.stream(-1)
		s.must("the stream is live", r.out.isLive)
		s.some(20)
		if silent {
			s.platform.Silence(true)
		}
		r.cancel()
		_ = s.wait(r, promptly) // any error will do
		s.platform.Silence(false)
		if !s.within(promptly, func() bool { return s.platform.Open() == 0 }) {
			s.Errorf("the stream is still open after Stream returned")
		}
	}
}

// endsWhenFull: a delivery that is not taken ends the stream, with the error
// that said so, and no other delivery is tried.
func endsWhenFull(s *stage) {
	r := s.stream(1)
	s.must("the stream is live", r.out.isLive)
	until := time.Now().Add(promptly)
	for _, refused, _, _ := r.out.seen(); refused == 0 && time.Now().Before(until); _, refused, _, _ = r.out.seen() {
		s.some(3)
		s.within(20*time.Millisecond, func() bool { _, refused, _, _ := r.out.seen(); return refused > 0 })
	}
	if err := s.wait(r, promptly); !errors.Is(err, collectors.ErrFull) {
		s.Errorf("Stream ended with %v, want the error that Deliver returned", err)
	}
	if _, refused, _, taken := r.out.seen(); refused != 1 || len(taken) != 1 {
		s.Errorf("%d deliveries were taken and %d refused, want 1 and 1", len(taken), refused)
	}
}

// faultsHaveCauses: what a platform does to a client comes out as a fault with
// the right cause, and with a next step where only a person can help.
func faultsHaveCauses(s *stage) {
	reset := time.Now().Add(time.Hour).Truncate(time.Second)
	answer := func(status int, h http.Header) func() { return func() { s.platform.Answer(status, h) } }
	passing := []post.Cause{post.Network, post.Unavailable, post.Protocol}
	for _, c := range []struct {
		name   string
		before func()
		after  func()
		causes []post.Cause
	}{
		{"401", answer(http.StatusUnauthorized, nil), nil, []post.Cause{post.Unauthorised}},
		{"403", answer(http.StatusForbidden, nil), nil, []post.Cause{post.Unauthorised}},
		{"429", answer(http.StatusTooManyRequests, resetAt(reset)), nil, []post.Cause{post.RateLimited}},
		{"500", answer(http.StatusInternalServerError, nil), nil, []post.Cause{post.Unavailable}},
		{"503", answer(http.StatusServiceUnavailable, nil), nil, []post.Cause{post.Unavailable}},
		{"refused", func() { s.platform.Refuse(true) }, nil, []post.Cause{post.Network}},
		{"cut", nil, s.platform.Cut, passing},
		{"end", nil, s.platform.End, passing},
	} {
		if c.before != nil {
			c.before()
		}
		r := s.stream(-1)
		if c.after != nil {
			s.must("the stream is live before "+c.name, r.out.isLive)
			c.after()
		}
		err := s.wait(r, s.soon)
		s.platform.Answer(0, nil)
		s.platform.Refuse(false)
		var f *collectors.Fault
		if !errors.As(err, &f) {
			s.Errorf("%s: Stream returned %v, want a fault", c.name, err)
			continue
		}
		right := false
		for _, cause := range c.causes {
			right = right || f.Cause == cause
		}
		if !right {
			s.Errorf("%s: the cause is %s, want %v: %v", c.name, f.Cause, c.causes, f)
		}
		if f.Final() && strings.TrimSpace(f.Advice) == "" {
			s.Errorf("%s: nobody is told what to do about %v", c.name, f)
		}
		if c.name == "429" && (f.Until.Before(reset.Add(-2*time.Second)) || f.Until.After(reset.Add(time.Minute))) {
			s.Errorf("429: to be tried again at %v, want %v", f.Until, reset)
		}
		if lives, _, _, _ := r.out.seen(); c.after == nil && lives > 0 {
			s.Errorf("%s: called live, though there was no stream", c.name)
		}
	}
}
