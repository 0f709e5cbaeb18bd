package pace

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"winnow/dashboards/notify/alert"
)

func load(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Skipf("this machine knows no time zones: %v", err)
	}
	return z
}

func TestQuietUntil(t *testing.T) {
	baku, berlin := load(t, "Asia/Baku"), load(t, "Europe/Berlin")
	for _, c := range []struct {
		from, to string
		zone     *time.Location
		now      string
		want     string // empty for not quiet
	}{
		{"22:00", "07:30", baku, "2031-06-12T17:59:00Z", ""},
		{"22:00", "07:30", baku, "2031-06-12T18:00:00Z", "2031-06-13T03:30:00Z"},
		{"22:00", "07:30", baku, "2031-06-12T23:00:00Z", "2031-06-13T03:30:00Z"},
		{"22:00", "07:30", baku, "2031-06-13T03:29:59Z", "2031-06-13T03:30:00Z"},
		{"22:00", "07:30", baku, "2031-06-13T03:30:00Z", ""},
		{"12:00", "13:00", time.UTC, "2031-06-12T12:30:00Z", "2031-06-12T13:00:00Z"},
		{"12:00", "13:00", time.UTC, "2031-06-12T13:00:00Z", ""},
		{"12:00", "13:00", time.UTC, "2031-06-12T11:59:59Z", ""},
		{"00:00", "00:00", time.UTC, "2031-06-12T11:59:59Z", ""},
		// The night in which clocks go forward is an hour shorter, that in which they
		// go back an hour longer.
		{"22:00", "07:00", berlin, "2031-03-29T21:00:00Z", "2031-03-30T05:00:00Z"},
		{"22:00", "07:00", berlin, "2031-10-25T20:00:00Z", "2031-10-26T06:00:00Z"},
	} {
		from, _ := ParseClock(c.from)
		to, _ := ParseClock(c.to)
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		q := &Quiet{From: from, To: to, Zone: c.zone}
		got := ""
		if until, ok := q.Until(now); ok {
			got = until.UTC().Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s to %s, %s: until %q, want %q", c.from, c.to, c.now, got, c.want)
		}
	}
	if _, ok := (*Quiet)(nil).Until(time.Now()); ok {
		t.Error("no quiet hours are quiet")
	}
}

// Quiet hours end later than now, and at the end it is no longer quiet.
func TestQuietEnds(t *testing.T) {
	zone := load(t, "Europe/Berlin")
	rapid.Check(t, func(t *rapid.T) {
		q := &Quiet{From: rapid.IntRange(0, 1439).Draw(t, "from"), To: rapid.IntRange(0, 1439).Draw(t, "to"), Zone: zone}
		now := time.Unix(rapid.Int64Range(1_900_000_000, 1_950_000_000).Draw(t, "now"), 0)
		until, ok := q.Until(now)
		if !ok {
			return
		}
		if !until.After(now) || until.Sub(now) > 26*time.Hour {
			t.Fatalf("at %v it is quiet until %v", now.In(zone), until.In(zone))
		}
	})
}

func TestParseClock(t *testing.T) {
	for text, want := range map[string]int{"00:00": 0, "22:00": 1320, "7:05": 425, "23:59": 1439} {
		if got, err := ParseClock(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "24:00", "12:60", "12", "12:", "-1:00", "12:00 ", "12:00:00", "noon", "+1:+2", "12:00x"} {
		if got, err := ParseClock(text); err == nil {
			t.Errorf("%q is taken for %d", text, got)
		}
	}
}

var noon = time.Date(2031, 6, 12, 12, 0, 0, 0, time.UTC)

func of(k alert.Kind, at time.Time) alert.Alert {
	return alert.Alert{Kind: k, At: at, Campaign: "games"}
}

func kinds(b Batch) string {
	var out []string
	for _, a := range b.Alerts() {
		out = append(out, string(a.Kind))
	}
	return strings.Join(out, " ")
}

func TestBoxGathersForAMinute(t *testing.T) {
	var b Box
	l := Limits{PerHour: 6}
	if batch, next := b.Due(noon, l); len(batch.Items) > 0 || !next.IsZero() {
		t.Errorf("an empty box: %v, %v", batch, next)
	}
	b.Add(of(alert.Begins, noon))
	if batch, next := b.Due(noon.Add(30*time.Second), l); len(batch.Items) > 0 || !next.Equal(noon.Add(time.Minute)) {
		t.Errorf("after half a minute: %v, %v", batch, next)
	}
	b.Add(of(alert.Grows, noon.Add(50*time.Second)))
	batch, _ := b.Due(noon.Add(time.Minute), l)
	if got := kinds(batch); got != "attack_begins attack_grows" {
		t.Errorf("after a minute: %q", got)
	}
	// What comes while it is sent is not lost, and not taken for sent.
	b.Add(of(alert.Ends, noon.Add(time.Minute)))
	b.Done(batch, noon.Add(time.Minute))
	batch, _ = b.Due(noon.Add(2*time.Minute), l)
	if got := kinds(batch); got != "attack_ends" {
		t.Errorf("after two minutes: %q", got)
	}
}

func TestBoxKeepsToTheLimit(t *testing.T) {
	var b Box
	l := Limits{PerHour: 2}
	now := noon
	sent := 0
	for range 2 * 60 {
		b.Add(of(alert.Grows, now))
		now = now.Add(time.Minute)
		if batch, _ := b.Due(now, l); len(batch.Items) > 0 {
			b.Done(batch, now)
			sent += len(batch.Items)
		}
	}
	if len(b.Sent) > 2 {
		t.Errorf("%d messages in the last hour", len(b.Sent))
	}
	if sent+len(b.Waiting) != 120 || b.Crowded > 0 {
		t.Errorf("%d sent, %d wait, %d crowded out of 120", sent, len(b.Waiting), b.Crowded)
	}
	_, next := b.Due(now, l)
	if want := b.Sent[0].Add(time.Hour); !next.Equal(want) {
		t.Errorf("next at %v, want %v", next, want)
	}
	batch, _ := b.Due(next, l)
	if len(batch.Items) != len(b.Waiting) {
		t.Errorf("%d of %d waiting go into the next message", len(batch.Items), len(b.Waiting))
	}
}

func TestBoxInQuietHours(t *testing.T) {
	quiet := &Quiet{From: 12 * 60, To: 14 * 60, Zone: time.UTC}
	var b Box
	b.Add(of(alert.Grows, noon))
	b.Add(of(alert.Begins, noon))
	after := noon.Add(time.Minute)
	if batch, next := b.Due(after, Limits{Quiet: quiet, PerHour: 6}); len(batch.Items) > 0 || !next.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("quiet: %v until %v", kinds(batch), next)
	}
	quiet.Urgent = true
	batch, _ := b.Due(after, Limits{Quiet: quiet, PerHour: 6})
	if got := kinds(batch); got != "attack_begins" {
		t.Errorf("urgent: %q", got)
	}
	b.Done(batch, after)
	if batch, next := b.Due(after, Limits{Quiet: quiet, PerHour: 6}); len(batch.Items) > 0 || !next.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("then: %v until %v", kinds(batch), next)
	}
	batch, _ = b.Due(noon.Add(2*time.Hour), Limits{Quiet: quiet, PerHour: 6})
	if got := kinds(batch); got != "attack_grows" {
		t.Errorf("in the end: %q", got)
	}
}

func TestBoxIsBounded(t *testing.T) {
	var b Box
	for i := range maxWaiting + 30 {
		b.Add(alert.Alert{Kind: alert.Grows, At: noon, Campaign: fmt.Sprint(i)})
	}
	batch, _ := b.Due(noon.Add(time.Minute), Limits{PerHour: 1})
	if len(batch.Items) != maxWaiting || batch.Crowded != 30 || batch.Items[0].Alert.Campaign != "30" {
		t.Errorf("%d wait, %d crowded out, the first is %s", len(batch.Items), batch.Crowded, batch.Items[0].Alert.Campaign)
	}
	b.Add(of(alert.Ends, noon))
	b.Done(batch, noon.Add(time.Minute))
	if len(b.Waiting) != 1 || b.Crowded != 0 {
		t.Errorf("%d wait, %d crowded out", len(b.Waiting), b.Crowded)
	}
}

// A clock that was put back by a day stops nothing.
func TestBoxWithAClockPutBack(t *testing.T) {
	var b Box
	b.Add(of(alert.Begins, noon))
	b.Done(Batch{}, noon)
	now := noon.Add(-24 * time.Hour)
	b.Add(of(alert.Ends, now))
	if batch, next := b.Due(now.Add(time.Minute), Limits{PerHour: 1}); len(batch.Items) == 0 && next.After(now.Add(time.Hour)) {
		t.Errorf("nothing is sent until %v", next)
	}
}
