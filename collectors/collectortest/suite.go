package collectortest

import (
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Run puts a collector through the suite: each case with a new subject, as a
// subtest of its own. What every case demands of what was published stands at
// account.
func Run(t *testing.T, newSubject func(t *testing.T) Subject) {
	t.Helper()
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			c.play(t, t, newSubject(t), patience)
		})
	}
}

// scenario is one case of the suite.
type scenario struct {
	name string
	run  func(s *stage)
}

// played is how a case is played.
type played struct {
	scenario
	// evidence says that the source's campaigns keep it.
	evidence bool
}

// cases returns the suite. Every second case is played with evidence kept, so that
// both are seen and neither takes time of its own.
func cases() []played {
	var all []played
	for _, group := range [][]scenario{contractCases(), connectionCases(), answerCases(), postCases(), logCases()} {
		for _, c := range group {
			all = append(all, played{c, len(all)%2 == 0})
		}
	}
	return all
}

// play runs a case, then ends the source and looks for what it left behind.
func (c played) play(t T, test *testing.T, subject Subject, soon time.Duration) {
	before := goleak.IgnoreCurrent()
	s := newStage(t, test, subject)
	s.soon, s.evidence = soon, c.evidence
	end := s.watchSelf()
	defer func() {
		s.stop()
		end()
		s.discreet()
		if err := leaks(before); err != nil {
			t.Errorf("goroutines are left after the source ended: %v", err)
		}
	}()
	c.run(s)
}

// leaks looks for goroutines that are neither the fake's nor those of
// connections that lie idle in a client's pool.
func leaks(before goleak.Option) error {
	deadline := time.Now().Add(promptly)
	for {
		err := goleak.Find(
			before,
			goleak.IgnoreAnyFunction("net/http.(*conn).serve"),
			goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
			goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
			goleak.IgnoreAnyFunction("net/http.(*connReader).backgroundRead"),
			goleak.IgnoreAnyFunction("net/http.(*Transport).dialConnFor"),
		)
		if err == nil || time.Now().After(deadline) {
			if err != nil {
				return errors.New(short(err.Error()))
			}
			return nil
		}
	}
}

// short cuts what is long: stacks, mostly.
func short(s string) string {
	const most = 2000
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
