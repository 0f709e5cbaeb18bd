package notify

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"winnow/dashboards/notify/channel"
)

// It is told when a message was taken and why one was not, until one is taken again; and a
// test that is taken has what waits sent at once.
func TestStandingsAndTests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, m := &world{}, &mailbox{}
		down := true
		refused := &channel.Failure{Permanent: true, Err: errors.New("the server answered 401 Unauthorized")}
		m.fail = func(int) error {
			if down {
				return refused
			}
			return nil
		}
		quiet := to("quiet", &mailbox{})
		n, stop := start(t, file(t), w, to("team", m), quiet)
		defer stop()
		if got := n.Standings(); len(got) != 2 || got[0] != (Standing{Name: "team"}) || got[1].Name != "quiet" {
			t.Errorf("before anything happened: %+v", got)
		}
		w.attack("games", "one")
		pass(2 * time.Minute)
		got := n.Standings()[0]
		if !got.Failing || got.Failure != refused || got.Waiting != 1 || got.Failed.IsZero() || !got.Delivered.IsZero() {
			t.Errorf("refused: %+v", got)
		}
		if err := n.Test(t.Context(), "team"); !errors.Is(err, refused) {
			t.Errorf("a test says %v", err)
		}
		tried := m.tried()
		down = false
		if err := n.Test(t.Context(), "team"); err != nil {
			t.Error(err)
		}
		pass(time.Second) // not the hour that a refusal waits
		if got := n.Standings()[0]; got.Failing || got.Failure != refused || got.Waiting != 0 || time.Since(got.Delivered) > time.Second {
			t.Errorf("taken: %+v", got)
		}
		if m.tried() != tried+2 || !strings.Contains(m.all(), "This is a test of Winnow’s alerts for “team”. Nothing has happened.") || !strings.Contains(m.all(), "games") {
			t.Errorf("after %d tries came:\n%s", m.tried()-tried, m.all())
		}
		if err := n.Test(t.Context(), "nobody"); err == nil || !strings.Contains(err.Error(), `no receiver "nobody"`) {
			t.Error(err)
		}
	})
}
