package collectortest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/collectors"
)

const (
	// patience is how long anything may take that nothing stands in the way of.
	patience = 5 * time.Second
	// promptly is how long an end may take.
	promptly = time.Second
	// beat is how exactly the log knows until when a source was covered.
	beat = 100 * time.Millisecond
	// tick is how often a condition is looked at that nobody tells of.
	tick = 3 * time.Millisecond
)

// T is what a case says its findings to: a test, or the record of one.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
}

// stage is one subject at work, its log and what was done to it.
type stage struct {
	T
	test     *testing.T
	subject  Subject
	platform Platform
	log      *memLog
	said     *lines
	soon     time.Duration // patience, or less where failing is expected
	evidence bool
	// skew is how wrong the clock is; buffer the supervisor's, zero for its own.
	skew   time.Duration
	buffer int

	source     collectors.Source
	supervisor *collectors.Supervisor
	end        context.CancelFunc
	ended      chan error

	mu        sync.Mutex
	connected bool // it was live once
	published []published
	outages   []outage
	starved   []outage // when the process did not get to run
}

// published is a post that the fake made, between two times.
type published struct {
	id         string
	begin, end time.Time
	// early says that the source had never been connected: where a platform
	// tells what was missed since a cursor, there was none.
	early bool
}

// outage is a stretch in which something was broken on purpose.
type outage struct{ begin, end time.Time }

// lines takes log lines.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func newStage(t T, test *testing.T, subject Subject) *stage {
	return &stage{T: t, test: test, subject: subject, platform: subject.Platform, log: newMemLog(), said: &lines{}, soon: patience}
}

func (s *stage) now() time.Time { return time.Now().Add(s.skew) }

func (s *stage) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(s.said, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// newSource returns a source as after a restart.
func (s *stage) newSource() collectors.Source {
	if s.subject.SourceWith != nil {
		return s.subject.SourceWith(s.test, With{Now: s.now, Log: s.logger(), Evidence: s.evidence})
	}
	if s.evidence {
		s.Fatalf("the subject has no SourceWith, and so no source that keeps evidence")
	}
	return s.subject.Source(s.test)
}

// start runs a new source under a new supervisor, with the log there is.
func (s *stage) start() {
	s.Helper()
	s.source = s.newSource()
	s.supervisor = collectors.New(collectors.Options{
		Log: s.log, Now: s.now, Logger: s.logger(), Buffer: s.buffer,
		Flush: 20 * time.Millisecond, Beat: beat,
	})
	ctx, cancel := context.WithCancel(context.Background())
	s.end, s.ended = cancel, make(chan error, 1)
	go func(sup *collectors.Supervisor, source collectors.Source, ended chan<- error) {
		ended <- sup.Run(ctx, source)
	}(s.supervisor, s.source, s.ended)
}

// stop ends the supervisor, which must not take long, and leave no stream.
func (s *stage) stop() {
	s.Helper()
	if s.end == nil {
		return
	}
	s.end()
	s.end = nil
	begin := time.Now()
	err := <-s.ended
	if took := time.Since(begin); took > promptly {
		s.Errorf("the source did not end within %v of its context, but after %v", promptly, took)
	}
	if err != nil {
		s.Errorf("the supervisor ended with an error: %v", err)
	}
	if !s.within(promptly, func() bool { return s.platform.Open() == 0 }) {
		s.Errorf("%d streams are open after the source ended", s.platform.Open())
	}
}

// within waits until a condition holds, and returns false if it does not in time.
func (s *stage) within(d time.Duration, ok func() bool) bool {
	deadline, look := time.NewTimer(d), time.NewTicker(tick)
	defer deadline.Stop()
	defer look.Stop()
	for {
		next := s.log.next()
		if ok() {
			return true
		}
		select {
		case <-next:
		case <-look.C:
		case <-deadline.C:
			return ok()
		}
	}
}

// must fails the case unless a condition comes to hold soon.
func (s *stage) must(what string, ok func() bool) {
	s.Helper()
	if !s.within(s.soon, ok) {
		s.Fatalf("not within %v: %s; the source is %s", s.soon, what, s.describe())
	}
}

// status is the source's.
func (s *stage) status() collectors.Status {
	name := s.source.Info().Name
	for _, st := range s.supervisor.Status() {
		if st.Source == name {
			return st
		}
	}
	return collectors.Status{}
}

func (s *stage) describe() string {
	if s.supervisor == nil {
		return "not started"
	}
	st := s.status()
	text := fmt.Sprintf("%s since %v (fault %q), %d streams of %d attempts open", st.State, s.now().Sub(st.Since).Round(time.Millisecond), st.Fault, s.platform.Open(), s.platform.Attempts())
	for _, g := range s.log.rows() {
		text += fmt.Sprintf("\n  gap %s – %s %s %s %s", g.From.Format("04:05.000"), g.To.Format("04:05.000"), g.Cause, g.Fill, g.Note)
	}
	return text
}

func (s *stage) isLive() bool {
	return s.platform.Open() > 0 && s.status().State == collectors.Live
}

// live waits until the source says that it is connected.
func (s *stage) live() {
	s.Helper()
	s.must("the source is live", s.isLive)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connected = true
}

// publish makes a post.
func (s *stage) publish(text string) string {
	s.mu.Lock()
	early := !s.connected
	s.mu.Unlock()
	begin := time.Now()
	id := s.platform.Publish(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.published = append(s.published, published{id, begin, time.Now(), early})
	return id
}

// some makes n posts and returns their ids.
func (s *stage) some(n int) (ids []string) {
	for i := range n {
		ids = append(ids, s.publish(fmt.Sprintf("post %d of %d", i+1, n)))
	}
	return ids
}

// arrive waits until posts are in the log.
func (s *stage) arrive(ids ...string) {
	s.Helper()
	missing := func() (n int) {
		for _, id := range ids {
			if !s.log.has(id) {
				n++
			}
		}
		return n
	}
	if !s.within(s.soon, func() bool { return missing() == 0 }) {
		s.Fatalf("%d of %d posts are not in the log after %v; the source is %s", missing(), len(ids), s.soon, s.describe())
	}
}

// broken does something to the platform, and waits until the source is live
// again; what happens meanwhile may be lost, if a gap says so.
func (s *stage) broken(do func()) {
	s.Helper()
	begin := time.Now()
	do()
	s.live()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outages = append(s.outages, outage{begin, time.Now()})
}

// secret returns which secret a text holds, without repeating it; "" for none.
func (s *stage) secret(text string) string {
	for i, secret := range s.subject.Secrets {
		if secret != "" && strings.Contains(text, secret) {
			return fmt.Sprintf("secret %d", i+1)
		}
	}
	return ""
}
