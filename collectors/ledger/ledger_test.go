package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

const source = "bluesky/jetstream"

var epoch = time.Date(2026, 2, 1, 8, 0, 0, 0, time.UTC)

// at returns the moment so long after the epoch, by both clocks.
func at(d time.Duration) Moment { return Moment{Wall: epoch.Add(d), Run: d} }

func config(campaigns ...string) Config {
	c := Config{
		Source: source, Platform: post.Bluesky, Campaigns: map[string]string{},
		Fills: true, Lookback: 24 * time.Hour, Backfill: time.Hour, Slack: 500 * time.Millisecond,
	}
	for _, name := range campaigns {
		c.Campaigns[name] = "hash of " + name
	}
	return c
}

func begin(t *testing.T, cfg Config, past *Envelope, now Moment) (*Ledger, Rows) {
	t.Helper()
	l, rows, err := New(cfg, past, now)
	if err != nil {
		t.Fatal(err)
	}
	return l, rows
}

// again passes an account through the log.
func again(t *testing.T, l *Ledger, state string) *Envelope {
	t.Helper()
	data, err := l.Mark().Envelope([]byte(state)).Encode()
	if err != nil {
		t.Fatal(err)
	}
	e, err := Decode(source, data)
	if err != nil {
		t.Fatalf("what was written cannot be read: %v\n%s", err, data)
	}
	return e
}

// say says rows in short, their times counted from the epoch.
func say(rows []post.Gap) string {
	var all []string
	for _, g := range rows {
		to := "open"
		if !g.Open() {
			to = g.To.Sub(epoch).String()
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %v-%s %s", g.Campaign, g.Cause, g.From.Sub(epoch), to, g.Fill)))
	}
	return strings.Join(all, ", ")
}

func check(t *testing.T, what string, rows []post.Gap, want string) {
	t.Helper()
	if got := say(rows); got != want {
		t.Errorf("%s: the rows are %s, want %s", what, got, want)
	}
}

func TestAccountOfASourceFromItsFirstStart(t *testing.T) {
	l, rows := begin(t, config("Baku"), nil, at(0))
	check(t, "start", rows.Gaps, "stopped 0s-open pending, Baku before -1h0m0s-0s pending")
	if len(rows.Watches) != 1 || !rows.Watches[0].Since.Equal(epoch) {
		t.Errorf("the watches are %+v", rows.Watches)
	}
	check(t, "live", l.Live(at(time.Second), time.Time{}), "stopped 0s-1s pending")
	l.Delivered([]byte("c1"))
	l.Delivered(nil)
	l.Alive(at(10 * time.Second))
	check(t, "fault", l.End(at(12*time.Second), post.Network), "network 9.5s-open pending")
	check(t, "another", l.End(at(15*time.Second), post.Unavailable), "")
	check(t, "final", l.End(at(18*time.Second), post.Unauthorised), "unauthorised 9.5s-open pending")

	e := again(t, l, "state")
	if string(e.Cursor) != "c1" || string(e.State) != "state" || len(e.Pending) != 2 || !e.Seen.Equal(epoch.Add(9500*time.Millisecond)) {
		t.Errorf("the envelope is %+v", e)
	}
	l, rows = begin(t, config("Baku"), e, at(time.Hour))
	check(t, "restart", rows.Gaps, "unauthorised 9.5s-open pending")
	check(t, "live again", l.Live(at(time.Hour), time.Time{}), "unauthorised 9.5s-1h0m0s pending")
	p := l.Pending()
	if len(p) != 3 || !p[2].Ask || string(p[2].Resume) != "c1" || p[0].Resume != nil {
		t.Errorf("pending are %+v", p)
	}
	check(t, "filled", l.Filled(p[2].Gap, p[2].Gap.From, true, ""), "unauthorised 9.5s-1h0m0s filled")
	check(t, "filled twice", l.Filled(p[2].Gap, p[2].Gap.From, true, ""), "")
	check(t, "lost", l.Lose(p[1].Gap, "no"), "stopped 0s-1s lost")
	check(t, "expired", l.Expire(at(26*time.Hour)), "Baku before -1h0m0s-0s lost")
	if len(l.Pending()) != 0 {
		t.Errorf("pending are %+v", l.Pending())
	}
}

func TestMarkDoesNotChangeWithTheAccount(t *testing.T) {
	l, _ := begin(t, config("Baku"), nil, at(0))
	l.Live(at(time.Second), time.Time{})
	l.Delivered([]byte("one"))
	mark := l.Mark()
	before, err := mark.Envelope(nil).Encode()
	if err != nil {
		t.Fatal(err)
	}
	l.Alive(at(time.Minute))
	l.Delivered([]byte("two"))
	l.Share(at(time.Minute), 0.5, post.Budget, "half")
	l.End(at(2*time.Minute), post.Network)
	l.End(at(20*time.Minute), post.Unauthorised)
	l.Live(at(30*time.Minute), epoch)
	for _, p := range l.Pending() {
		l.Lose(p.Gap, "gone")
	}
	after, err := mark.Envelope(nil).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Error(diff)
	}
}

func TestOldestPendingGapsGiveWay(t *testing.T) {
	l, _ := begin(t, config(), nil, at(0))
	lost := 0
	now := time.Duration(0)
	for range 100 {
		now += time.Minute
		for _, g := range l.Live(at(now), time.Time{}) {
			if g.Fill == post.Lost {
				lost++
				if g.Note == "" {
					t.Errorf("no note at %+v", g)
				}
			}
		}
		now += time.Minute
		l.Alive(at(now))
		l.End(at(now), post.Network)
	}
	if len(l.Pending()) != MaxPending || lost != 100-MaxPending {
		t.Errorf("%d are pending, %d lost", len(l.Pending()), lost)
	}
	again(t, l, "")
}

func TestGapOlderThanThePlatformGivesIsLost(t *testing.T) {
	l, _ := begin(t, config(), nil, at(0))
	l.Live(at(0), time.Time{})
	e := again(t, l, "")
	l, _ = begin(t, config(), e, at(10*24*time.Hour))
	check(t, "a gap that reaches into what it gives", l.Live(at(10*24*time.Hour), time.Time{}), "stopped 0s-240h0m0s pending")
	e = again(t, l, "")
	l, rows := begin(t, config(), e, at(20*24*time.Hour))
	check(t, "restart", rows.Gaps, "stopped 240h0m0s-open pending")
	check(t, "by now", l.Expire(at(20*24*time.Hour)), "stopped 0s-240h0m0s lost")
}

func TestWhatCanNoLongerBeAsked(t *testing.T) {
	l, _ := begin(t, config("Baku", "Road"), nil, at(0))
	l.Live(at(time.Second), time.Time{})
	e := again(t, l, "")
	cfg := config("Road")
	_, rows := begin(t, cfg, e, at(time.Second))
	check(t, "without the campaign", rows.Gaps, "stopped 1s-open pending, Baku before -1h0m0s-0s lost")
	cfg.Fills = false
	_, rows = begin(t, cfg, e, at(time.Second))
	check(t, "without asking", rows.Gaps, "stopped 1s-open pending, Baku before -1h0m0s-0s lost, Road before -1h0m0s-0s lost, stopped 0s-1s lost")
}

func TestDefinitionThatChangesTwiceIsAskedForOnce(t *testing.T) {
	l, _ := begin(t, config("Baku"), nil, at(0))
	e := again(t, l, "")
	cfg := config("Baku")
	cfg.Campaigns["Baku"] = "another"
	l, rows := begin(t, cfg, e, at(10*time.Minute))
	check(t, "changed", rows.Gaps, "stopped 0s-open pending, Baku before -1h0m0s-0s lost, Baku before -1h0m0s-10m0s pending")
	if len(l.Pending()) != 1 {
		t.Errorf("pending are %+v", l.Pending())
	}
}

func TestCampaignsAreForgottenBeyondTheBound(t *testing.T) {
	var e *Envelope
	for i := range 3 {
		var names []string
		for j := range MaxCampaigns/2 + 10 {
			names = append(names, fmt.Sprint("campaign ", i, " ", j))
		}
		cfg := config(names...)
		cfg.Fills = false
		l, _ := begin(t, cfg, e, at(time.Duration(i)*time.Hour))
		l.Live(at(time.Duration(i)*time.Hour), time.Time{})
		e = again(t, l, "")
		if len(e.Campaigns) > MaxCampaigns {
			t.Errorf("%d campaigns", len(e.Campaigns))
		}
		for _, name := range names {
			if _, ok := e.Campaigns[name]; !ok {
				t.Errorf("%s is watched and forgotten", name)
			}
		}
	}
}

func TestConfigThatCannotWork(t *testing.T) {
	many := config()
	for i := range MaxCampaigns + 1 {
		many.Campaigns[fmt.Sprint(i)] = "h"
	}
	nameless := config()
	nameless.Source = ""
	for _, cfg := range []Config{nameless, many, config(""), config("a\xff"), config(strings.Repeat("a", maxName+1))} {
		if _, _, err := New(cfg, nil, at(0)); err == nil {
			t.Errorf("taken: %.100v", cfg)
		}
	}
}

func TestClockThatIsPutBack(t *testing.T) {
	l, _ := begin(t, config(), nil, at(time.Hour))
	l.Live(at(time.Hour), time.Time{})
	l.Alive(at(time.Hour + time.Minute))
	l.End(at(time.Hour+time.Minute), post.Network)
	back := Moment{Wall: epoch, Run: time.Hour + 2*time.Minute}
	check(t, "inside a gap", l.Live(back, time.Time{}), "network 1h0m59.5s-1h1m59.5s pending")
	l.Alive(Moment{Wall: epoch.Add(time.Minute), Run: time.Hour + 3*time.Minute})
	check(t, "the next gap is where the clock is now", l.End(Moment{Wall: epoch.Add(time.Minute), Run: time.Hour + 3*time.Minute}, post.Network), "network 59.5s-open pending")

	l, _ = begin(t, config(), nil, at(0))
	l.Live(at(0), time.Time{})
	l.Alive(at(time.Minute))
	seen := l.Mark().Seen()
	l.Alive(at(time.Minute - 3*time.Second))
	if got := l.Mark().Seen(); got.Before(seen) {
		t.Errorf("a clock put back by seconds made %v of %v", got, seen)
	}
	l.Alive(at(-time.Hour))
	if got := l.Mark().Seen(); !got.Equal(epoch.Add(-time.Hour)) {
		t.Errorf("a clock put back by an hour made %v", got)
	}
	e := again(t, l, "")
	_, rows := begin(t, config(), e, at(-2*time.Hour))
	check(t, "while nothing ran", rows.Gaps, "stopped -2h0m0s-open pending")
}

func TestReplayFromAClockThatGoesWrong(t *testing.T) {
	l, _ := begin(t, config(), nil, at(0))
	l.Live(at(0), time.Time{})
	check(t, "no replay was promised", l.Reached(at(0), epoch), "")
	l.End(at(0), post.Network)
	l.Live(at(time.Minute), epoch.Add(-time.Second))
	check(t, "before any post", l.Reached(at(time.Minute), time.Time{}), "")
	check(t, "the year 2999", l.Reached(at(time.Minute), epoch.AddDate(973, 0, 0)), "network 0s-1m0s filled")
	again(t, l, "")
	l.End(at(2*time.Minute), post.Network)
	check(t, "goes on as if nothing were", l.Live(at(3*time.Minute), epoch.Add(time.Minute)), "network 1m0s-3m0s pending")
	check(t, "and fills", l.Reached(at(3*time.Minute), epoch.Add(3*time.Minute)), "network 1m0s-3m0s filled")
}

func TestNotesAndCausesStayWithinBounds(t *testing.T) {
	l, _ := begin(t, config(), nil, at(0))
	l.Live(at(0), time.Time{})
	l.Share(at(0), 0.5, "", strings.Repeat("ä", 10_000)+"\xff")
	again(t, l, "")
	l.End(at(time.Minute), post.Cause(strings.Repeat("c", 1000)))
	again(t, l, "")
	l.Live(at(2*time.Minute), time.Time{})
	for _, p := range l.Pending() {
		for _, g := range l.Lose(p.Gap, strings.Repeat("x", 10_000)) {
			if len(g.Note) > maxNote {
				t.Errorf("a note of %d bytes", len(g.Note))
			}
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	l, _ := begin(t, config("Baku"), nil, at(0))
	l.Live(at(0), time.Time{})
	good, err := l.Mark().Envelope([]byte("s")).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for what, data := range map[string]string{
		"nothing":         "",
		"no object":       "17",
		"another source":  strings.ReplaceAll(string(good), source, "x/stream"),
		"something more":  string(good) + "{}",
		"an extra field":  strings.Replace(string(good), `"v":1`, `"v":1,"w":2`, 1),
		"version zero":    strings.Replace(string(good), `"v":1`, `"v":0`, 1),
		"no time":         strings.Replace(string(good), `"seen":"2026`, `"seen":"0001`, 1),
		"an absurd time":  strings.Replace(string(good), `"seen":"2026`, `"seen":"9026`, 1),
		"a decided gap":   strings.Replace(string(good), `"fill":"pending"`, `"fill":"lost"`, 1),
		"a gap backwards": strings.Replace(string(good), `"to":"2026`, `"to":"2025`, 1),
		"no hash":         strings.Replace(string(good), "hash of Baku", "", 1),
		"too much":        `{"v":1,"source":"` + strings.Repeat("x", maxEnvelope) + `"}`,
	} {
		if data == string(good) {
			t.Fatalf("%s: nothing was changed in %s", what, good)
		}
		if _, err := Decode(source, []byte(data)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", what, err)
		}
	}
	newer := strings.Replace(string(good), `"v":1`, `"v":2,"more":true`, 1)
	if _, err := Decode(source, []byte(newer)); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("a newer form: %v", err)
	}
}

// What Decode accepts can be gone on with, and what is written then can be
// read again.
func FuzzDecode(f *testing.F) {
	l, _, err := New(config("Baku"), nil, at(0))
	if err != nil {
		f.Fatal(err)
	}
	l.Live(at(0), time.Time{})
	l.Share(at(0), 0.5, post.Budget, "half")
	live, err := l.Mark().Envelope([]byte("s")).Encode()
	if err != nil {
		f.Fatal(err)
	}
	l.End(at(time.Minute), post.Network)
	open, err := l.Mark().Envelope(nil).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(live)
	f.Add(open)
	f.Add([]byte(`{"v":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Decode(source, data)
		if err != nil {
			return
		}
		l, _, err := New(config("Baku", "Road"), e, at(0))
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range []time.Time{epoch.Add(-time.Minute), {}} {
			l.Live(at(time.Second), from)
			l.Reached(at(time.Second), epoch)
			l.Alive(at(time.Minute))
			l.End(at(time.Hour), post.Network)
			out, err := l.Mark().Envelope(e.State).Encode()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Decode(source, out); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
	})
}
