package notify

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/collectors"
	"winnow/dashboards/notify/alert"
	"winnow/dashboards/notify/channel"
	"winnow/dashboards/notify/pace"
	"winnow/storage/view"
)

// everything lets all that there is to tell happen, one after the other, and takes
// two hours and a half.
func everything(w *world) {
	w.attack("games", "one")
	pass(20 * time.Minute)
	w.attack("games", "two")
	pass(time.Minute)
	from := time.Now()
	w.change(func() {
		w.gaps = []view.Gap{{Source: "mastodon/social.example", Platform: "mastodon", From: from, Cause: "network", Fill: "pending", Note: canaryText}}
		w.spend = &collectors.Spend{PostsToday: 900, DayLimit: 1000}
	})
	pass(20 * time.Minute)
	w.change(func() { w.gaps = nil })
	pass(2 * time.Hour) // to its end
}

func TestEverythingIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, m := &world{}, &mailbox{}
		n, stop := start(t, file(t), w, to("team", m))
		defer stop()
		everything(w)
		got := m.all()
		for _, want := range []string{
			"accounts act together in “games”, far beyond what chance explains.",
			"1 finding, with at least 41 accounts and 25% of the campaign’s posts in that time (250 of 1,000).",
			"41 accounts replied within 50 s of each other.",
			"grows: 1 further finding.",
			"Winnow sees nothing of “games” on Mastodon (social.example): no connection, or one that broke.",
			"Mastodon (social.example) brings posts of “games” again.",
			"Of the 1,000 posts that may be read from X (stream) today (UTC), 900 are read (90%).",
			"no new evidence of coordinated activity for ",
			"Not everything was seen since then",
			"https://desk.example.org/campaign/finding?id=one&name=games",
			"https://desk.example.org/campaign?name=games",
			"https://desk.example.org/coverage",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("nobody was told %q", want)
			}
		}
		for _, never := range []string{"bot", "fake", "inauthentic", "“gone”"} {
			if strings.Contains(strings.ToLower(got), never) {
				t.Errorf("people were told of %q", never)
			}
		}
		if t.Failed() {
			t.Log(got)
		}
		for _, k := range alert.Kinds() {
			if v := testutil.ToFloat64(n.metrics.alerts.WithLabelValues(string(k))); v != 1 {
				t.Errorf("%s was counted %v times", k, v)
			}
		}
		if notes := n.Notes(); len(notes) > 0 {
			t.Errorf("amiss: %v", notes)
		}
	})
}

// No handle and no text is told or kept unless a receiver asks for it, whatever
// happens; and who asks for one does not get the other.
func TestNothingOfAnybodyUnlessAskedFor(t *testing.T) {
	for _, c := range []struct {
		name           string
		handles, texts bool
	}{{"nothing", false, false}, {"handles", true, false}, {"texts", false, true}, {"both", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, m, path := &world{}, &mailbox{}, file(t)
				r := to("team", m)
				r.Handles, r.Texts = c.handles, c.texts
				night := to("night", &mailbox{fail: func(int) error { return errPassing }}) // whose alerts are kept
				night.Handles, night.Texts = c.handles, c.texts
				_, stop := start(t, path, w, r, night)
				defer stop()
				everything(w)
				for canary, asked := range map[string]bool{canaryHandle: c.handles, canaryText: c.texts} {
					if got := strings.Contains(m.all(), canary); got != asked {
						t.Errorf("%q is told: %v, asked for: %v\n%s", canary, got, asked, m.all())
					}
				}
				kept, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(kept), "canary") || !strings.Contains(string(kept), string(alert.CoverageBack)) {
					t.Errorf("the file holds %s", kept)
				}
			})
		})
	}
}

func TestReceiversGetWhatTheyWant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, all, ends, other := &world{}, &mailbox{}, &mailbox{}, &mailbox{}
		onlyEnds, onlyOther := to("ends", ends), to("other", other)
		onlyEnds.Kinds, onlyOther.Campaigns = []alert.Kind{alert.Ends}, []string{"other"}
		_, stop := start(t, file(t), w, to("all", all), onlyEnds, onlyOther)
		defer stop()
		everything(w)
		if got := ends.all(); ends.count() != 1 || !strings.Contains(got, "seems over") {
			t.Errorf("who wants ends got %s", got)
		}
		// What concerns no campaign concerns everybody.
		if got := other.all(); other.count() != 1 || !strings.Contains(got, "the budget of X (stream)") {
			t.Errorf("who wants another campaign got %s", got)
		}
	})
}

// Findings of one minute are one message.
func TestGrouping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, m := &world{}, &mailbox{}
		_, stop := start(t, file(t), w, to("team", m))
		defer stop()
		w.attack("games", "one")
		pass(20 * time.Second)
		w.attack("other", "two")
		pass(90 * time.Second)
		if got := m.all(); m.count() != 1 || !strings.Contains(got, "“games”") || !strings.Contains(got, "“other”") || !strings.Contains(got, "and 1 further alert") {
			t.Errorf("%d messages:\n%s", m.count(), got)
		}
	})
}

// Between quiet hours and the limit nothing is lost: what is held back comes in one
// message.
func TestQuietHoursAndLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it begins at midnight, UTC
		w, quiet, urgent, few := &world{}, &mailbox{}, &mailbox{}, &mailbox{}
		q := pace.Quiet{From: 0, To: 3 * 60, Zone: time.UTC}
		u := q
		u.Urgent = true
		a, b, c := to("quiet", quiet), to("urgent", urgent), to("few", few)
		a.Limits.Quiet, b.Limits.Quiet, c.Limits.PerHour = &q, &u, 1
		_, stop := start(t, file(t), w, a, b, c)
		defer stop()
		w.attack("games", "one")
		pass(5 * time.Minute)
		w.attack("other", "two")
		pass(20 * time.Minute)
		if quiet.count() != 0 || urgent.count() != 2 || few.count() != 1 {
			t.Errorf("after 25 minutes quiet got %d, urgent %d, few %d", quiet.count(), urgent.count(), few.count())
		}
		pass(90 * time.Minute) // both end
		if quiet.count() != 0 || urgent.count() != 2 || few.count() != 2 {
			t.Errorf("before three quiet got %d, urgent %d, few %d", quiet.count(), urgent.count(), few.count())
		}
		pass(70 * time.Minute)
		if got := quiet.all(); quiet.count() != 1 || strings.Count(got, "accounts act together in") != 2 || strings.Count(got, "no new evidence of coordinated") != 2 {
			t.Errorf("in the morning quiet got %d messages:\n%s", quiet.count(), got)
		}
		if got := urgent.all(); urgent.count() != 3 || strings.Count(got, "accounts act together in") != 2 {
			t.Errorf("in the morning urgent got %d messages:\n%s", urgent.count(), got)
		}
		if got := few.all(); strings.Count(got, "accounts act together in") != 2 || strings.Count(got, "no new evidence of coordinated") != 2 {
			t.Errorf("few got %s", got)
		}
		few.mu.Lock()
		defer few.mu.Unlock()
		for i := 1; i < len(few.at); i++ {
			if few.at[i].Sub(few.at[i-1]) < time.Hour {
				t.Errorf("two messages within an hour: %v", few.at)
			}
		}
	})
}

// A receiver that cannot be reached is tried again until it gets everything, once,
// and holds up nobody else.
func TestFailuresAreTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, good := &world{}, &mailbox{}
		bad := &mailbox{fail: func(try int) error {
			if try <= 4 {
				return errPassing
			}
			return nil
		}}
		n, stop := start(t, file(t), w, to("bad", bad), to("good", good))
		defer stop()
		w.attack("games", "one")
		pass(100 * time.Second)
		if good.count() != 1 || bad.count() != 0 {
			t.Errorf("good got %d, bad %d", good.count(), bad.count())
		}
		pass(30 * time.Second)
		notes := strings.Join(n.Notes(), "\n")
		if !strings.Contains(notes, "Alerts for “bad” cannot be delivered since") || !strings.Contains(notes, "no connection") || strings.Contains(notes, "good") {
			t.Errorf("the desk says %q", notes)
		}
		if v := testutil.ToFloat64(n.metrics.failing.WithLabelValues("bad")); v != 1 {
			t.Errorf("failing is %v", v)
		}
		pass(10 * time.Minute)
		if bad.count() != 1 || bad.tried() != 5 || good.count() != 1 {
			t.Errorf("bad got %d in %d tries", bad.count(), bad.tried())
		}
		if notes := n.Notes(); len(notes) > 0 {
			t.Errorf("the desk says %v", notes)
		}
		if v := testutil.ToFloat64(n.metrics.messages.WithLabelValues("bad", outcomeFailed)); v != 4 {
			t.Errorf("%v failures were counted", v)
		}
	})
}

// What fails for good is told at once and tried rarely; a receiver that asks to
// wait is given the time.
func TestWaitsBetweenTries(t *testing.T) {
	for _, c := range []struct {
		name    string
		failure *channel.Failure
		tries   int // in two hours and a few minutes
	}{
		{"for good", &channel.Failure{Permanent: true, Err: errors.New("404")}, 3},
		{"asks to wait", &channel.Failure{After: 40 * time.Minute, Err: errors.New("429")}, 4},
		{"passing", errPassing, 14},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, m := &world{}, &mailbox{fail: func(int) error { return c.failure }}
				n, stop := start(t, file(t), w, to("bad", m))
				defer stop()
				w.attack("games", "one")
				pass(2 * time.Minute)
				if c.failure.Permanent != (len(n.Notes()) > 0) && m.tried() < notable {
					t.Errorf("after %d tries the desk says %v", m.tried(), n.Notes())
				}
				pass(2*time.Hour + time.Minute)
				if m.tried() != c.tries {
					t.Errorf("%d tries, want %d", m.tried(), c.tries)
				}
			})
		})
	}
}

// Whenever Winnow is stopped and started, everything is told once.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, m, path := &world{}, &mailbox{}, file(t)
		again := func(d time.Duration) {
			_, stop := start(t, path, w, to("team", m))
			pass(d)
			stop()
		}
		w.attack("games", "one")
		again(20 * time.Second) // noticed, and not sent yet
		if m.count() != 0 {
			t.Fatal("it was sent at once")
		}
		again(90 * time.Second) // sent
		if m.count() != 1 {
			t.Fatalf("%d messages", m.count())
		}
		for range 10 {
			again(2 * time.Minute)
		}
		if m.count() != 1 {
			t.Errorf("it was repeated:\n%s", m.all())
		}
		pass(time.Hour) // while it does not run, it ends
		again(90 * time.Second)
		again(90 * time.Second)
		if got := m.all(); m.count() != 2 || strings.Count(got, "seems over") != 1 {
			t.Errorf("%d messages:\n%s", m.count(), got)
		}
	})
}

// The limit of messages an hour holds over a restart too.
func TestLimitHoldsOverARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, m, path := &world{}, &mailbox{}, file(t)
		r := to("team", m)
		r.Limits.PerHour = 1
		for i, id := range []string{"one", "two", "three"} {
			_, stop := start(t, path, w, r)
			w.attack("games"+id, id)
			pass(2 * time.Minute)
			stop()
			if m.count() != 1 {
				t.Errorf("after start %d there were %d messages", i+1, m.count())
			}
		}
	})
}

func TestStoreThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, m := &world{}, &mailbox{}
		n, stop := start(t, file(t), w, to("team", m))
		defer stop()
		w.attack("games", "one")
		w.change(func() { w.broken = errors.New("the store is away") })
		pass(5 * time.Minute)
		if notes := n.Notes(); m.count() != 0 || len(notes) != 1 {
			t.Errorf("%d messages, the desk says %v", m.count(), notes)
		}
		if v := testutil.ToFloat64(n.metrics.looks.WithLabelValues(outcomeFailed)); v != 20 {
			t.Errorf("%v looks failed", v)
		}
		w.change(func() { w.broken = nil })
		pass(2 * time.Minute)
		if m.count() != 1 || len(n.Notes()) > 0 {
			t.Errorf("%d messages, the desk says %v", m.count(), n.Notes())
		}
	})
}

func TestDamagedFile(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": "{", "empty": "", "another version": `{"version":2}`, "unknown": `{"version":1,"more":1}`, "a list": "[]",
	} {
		path := filepath.Join(t.TempDir(), "notify.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Options{Path: path}); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "move it away") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What cannot be written is told, and does not keep an alert back.
func TestFileThatCannotBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, m := &world{}, &mailbox{}
		n, stop := start(t, filepath.Join(t.TempDir(), "missing", "notify.json"), w, to("team", m))
		defer stop()
		w.attack("games", "one")
		pass(2 * time.Minute)
		if notes := n.Notes(); m.count() != 1 || len(notes) != 1 || !strings.Contains(notes[0], "read or kept") {
			t.Errorf("%d messages, the desk says %v", m.count(), notes)
		}
	})
}

// Whatever stands in the file, it is taken or refused, and what is taken can be used.
func FuzzState(f *testing.F) {
	f.Add([]byte(`{"version":1,"book":{"campaigns":{"games":{"activity":{"since":"2031-06-12T12:00:00Z"}}}},"boxes":{"team":{"waiting":[{"number":1,"alert":{"kind":"attack_begins","at":"2031-06-12T12:00:00Z"}}]}}}`))
	f.Add([]byte(`{"version":1,"book":{"campaigns":{"games":null},"lost":{"m":null}},"boxes":{"team":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := decode("notify.json", data)
		if err != nil {
			return
		}
		b := s.Book.Clone()
		now := time.Date(2031, 6, 12, 13, 0, 0, 0, time.UTC)
		b.Look(alert.Sight{Now: now, Coverage: true, Campaigns: []alert.Campaign{{Name: "games"}}})
		for _, box := range s.Boxes {
			box.Add(alert.Alert{Kind: alert.Ends, At: now})
			box.Due(now, pace.Limits{PerHour: 1})
		}
	})
}
