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

// cases returns the suite.
func cases() []scenario {
	var all []scenario
	for _, group := range [][]scenario{contractCases(), connectionCases(), answerCases(), postCases(), logCases()} {
		all = append(all, group...)
	}
	return all
}

// play runs a case, then ends the source and looks for what it left behind.
func (c scenario) play(t T, test *testing.T, subject Subject, soon time.Duration) {
	before := goleak.IgnoreCurrent()
	s := newStage(t, test, subject)
	s.soon = soon
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
