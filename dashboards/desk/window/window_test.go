package window

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// tell is a reader at a time, in its zone.
func tell(now time.Time) *words.Teller {
	return words.InEnglish(now.Location(), func() time.Time { return now })
}

// now is the time at which these tests look.
var now = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)

func TestParseWindow(t *testing.T) {
	at := func(s string) time.Time {
		v, ok := ParseTime(s, time.UTC)
		if !ok {
			t.Fatalf("bad time in test: %s", s)
		}
		return v
	}
	const minute, hour, dayLong = time.Minute, time.Hour, 24 * time.Hour
	liveFirst, liveLast := at("2031-06-06 18:10"), at("2031-06-12 18:28")
	for _, test := range []struct {
		name, query string
		first, last time.Time
		from, to    string
		step        time.Duration
		quick       string
		ended       bool
		notices     string
	}{
		{name: "everything", from: "2031-06-06 18:00", to: "2031-06-12 19:00", step: hour, quick: "all"},
		{name: "last hour", query: "range=1h", from: "2031-06-12 17:30", to: "2031-06-12 18:30", step: minute, quick: "1h"},
		{name: "last day", query: "range=24h", from: "2031-06-11 18:00", to: "2031-06-12 19:00", step: hour, quick: "24h"},
		{name: "last day in minutes", query: "range=24h&step=minute", from: "2031-06-11 18:30", to: "2031-06-12 18:30", step: minute, quick: "24h"},
		{name: "unknown range", query: "range=2w", from: "2031-06-06 18:00", to: "2031-06-12 19:00", step: hour, quick: "all", notices: "not one of those on offer"},
		{name: "archive, last day counts from its end", query: "range=24h", first: at("2015-06-12 00:30"), last: at("2015-06-28 10:15"), from: "2015-06-27 10:00", to: "2015-06-28 11:00", step: hour, quick: "24h", ended: true},
		{name: "archive, everything", first: at("2011-01-01 00:30"), last: at("2015-06-28 00:00"), from: "2011-01-01", to: "2015-06-29", step: dayLong, quick: "all", ended: true, notices: ""},
		{name: "typed", query: "from=2031-06-10T04:00&to=2031-06-10T06:30", from: "2031-06-10 04:00", to: "2031-06-10 06:30", step: minute},
		{name: "typed, only the start", query: "from=2031-06-12T04:00", from: "2031-06-12 04:00", to: "2031-06-12 19:00", step: hour},
		{name: "typed, only the end", query: "to=2031-06-07", from: "2031-06-06 18:10", to: "2031-06-07 00:00", step: minute},
		{name: "typed with a zone", query: "from=" + url.QueryEscape("2031-06-10T04:00:00+04:00") + "&to=2031-06-10T01:00&step=hour", from: "2031-06-10 00:00", to: "2031-06-10 01:00", step: hour},
		{name: "from after to", query: "from=2031-06-10T06:00&to=2031-06-10T04:00&step=hour", from: "2031-06-10 04:00", to: "2031-06-10 06:00", step: hour, notices: "swapped"},
		{name: "from is to", query: "from=2031-06-10T06:00&to=2031-06-10T06:00&step=hour", from: "2031-06-10 06:00", to: "2031-06-10 07:00", step: hour},
		{name: "nonsense times", query: "from=yesterday&to=0", from: "2031-06-06 18:00", to: "2031-06-12 19:00", step: hour, notices: "start was not understood|end was not understood"},
		{name: "step 0", query: "step=0", from: "2031-06-06 18:00", to: "2031-06-12 19:00", step: hour, quick: "all", notices: "minutes, hours or days"},
		{name: "step below zero", query: "step=-1", from: "2031-06-06 18:00", to: "2031-06-12 19:00", step: hour, quick: "all", notices: "minutes, hours or days"},
		{name: "too long for minutes", query: "step=minute", from: "2031-06-06 18:00", to: "2031-06-12 19:00", step: hour, quick: "all", notices: "too long for steps of one minute; it is shown in steps of one hour"},
		{name: "huge", query: "from=0001-01-01&to=9999-12-31&step=minute", from: "2025-12-21", to: "2031-06-13", step: dayLong, notices: "in steps of one day|the last 2,000 days"},
		{name: "in the future", query: "from=2031-07-01&to=2031-07-02", from: "2031-07-01", to: "2031-07-02", step: hour},
		{name: "into the future", query: "from=2031-06-12&to=2031-07-02&step=hour", from: "2031-06-12", to: "2031-06-12 19:00", step: hour},
		{name: "no posts", first: time.Time{}, last: now, from: "2031-06-11 18:00", to: "2031-06-12 19:00", step: hour, quick: "all"},
	} {
		t.Run(test.name, func(t *testing.T) {
			q, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			if test.last.IsZero() {
				test.first, test.last = liveFirst, liveLast
			}
			w := Parse(tell(now), q, test.first, test.last)
			got := fmt.Sprint(w.From, w.To, w.Step, w.Quick, w.Ended)
			want := fmt.Sprint(at(test.from), at(test.to), test.step, test.quick, test.ended)
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			notices := strings.Join(w.Notices, " ")
			if test.notices == "" && notices != "" {
				t.Errorf("says: %s", notices)
			}
			for part := range strings.SplitSeq(test.notices, "|") {
				if !strings.Contains(notices, part) {
					t.Errorf("does not say %q but %q", part, notices)
				}
			}
		})
	}
}

// Property: whatever the query says, the window is one that the store can
// answer: one of the three steps, aligned to it, at least one bucket, at most
// maxPoints, and within the years that the store keeps; and laying points into
// it never fails.
func FuzzWindow(f *testing.F) {
	f.Add("24h", "", "", "minute", int64(1433000000), int64(1939000000))
	f.Add("", "2031-06-10T06:00", "2031-06-10T04:00", "0", int64(0), int64(0))
	f.Add("", "0001-01-01", "9999-12-31", "day", int64(-1), int64(1))
	f.Add("all", "x", "2031-06-10T06:00:00+14:00", "hour", int64(1939000000), int64(4102444800))
	f.Fuzz(func(t *testing.T, quick, from, to, step string, first, last int64) {
		const century = 100 * 365 * 86400
		a, b := time.Unix(first%century, 0).UTC(), time.Unix(last%century, 0).UTC()
		q := url.Values{"range": {quick}, "from": {from}, "to": {to}, "step": {step}}
		w := Parse(tell(now), q, a, b)
		if w.Step != time.Minute && w.Step != time.Hour && w.Step != 24*time.Hour {
			t.Fatalf("step %v", w.Step)
		}
		if n := w.points(); n < 1 || n > maxPoints {
			t.Fatalf("%d points from %v to %v", n, w.From, w.To)
		}
		if !w.From.Truncate(w.Step).Equal(w.From) || !w.To.Truncate(w.Step).Equal(w.To) {
			t.Fatalf("%v to %v is not aligned to %v", w.From, w.To, w.Step)
		}
		if w.From.Before(earliest) || w.To.After(latest.Add(24*time.Hour)) {
			t.Fatalf("%v to %v is out of range", w.From, w.To)
		}
		w.Fill([]view.SeriesPoint{{At: a}, {At: b}, {At: w.From}, {At: w.To}, {At: w.To.Add(-1)}})
	})
}

func TestFill(t *testing.T) {
	from := time.Date(2031, 6, 12, 18, 0, 0, 0, time.UTC)
	w := Window{From: from, To: from.Add(4 * time.Minute), Step: time.Minute}
	got := w.Fill([]view.SeriesPoint{
		{At: from.Add(2 * time.Minute), Posts: 7},
		{At: from.In(time.FixedZone("", 4*3600)), Posts: 3},
		{At: from.Add(-time.Minute), Posts: 100},
		{At: from.Add(4 * time.Minute), Posts: 100},
	})
	want := []view.SeriesPoint{
		{At: from, Posts: 3},
		{At: from.Add(time.Minute)},
		{At: from.Add(2 * time.Minute), Posts: 7},
		{At: from.Add(3 * time.Minute)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Typed times and whole hours are the reader's; days are those of UTC.
func TestWindowInAZone(t *testing.T) {
	zone := time.FixedZone("", 5*3600+45*60)
	first, last := now.Add(-48*time.Hour), now
	w := Parse(tell(now.In(zone)), url.Values{"from": {"2031-06-12T05:45"}, "to": {"2031-06-12T08:45"}, "step": {"hour"}}, first, last)
	if want := time.Date(2031, 6, 12, 0, 0, 0, 0, time.UTC); !w.From.Equal(want) || w.points() != 3 {
		t.Errorf("from %v, %d hours; want %v and 3", w.From.UTC(), w.points(), want)
	}
	if got := w.From.Format("15:04"); got != "05:45" {
		t.Errorf("the start is told as %s, want 05:45 as it was typed", got)
	}
	points := w.Fill([]view.SeriesPoint{{At: w.From.UTC().Add(time.Hour), Posts: 7}})
	if points[1].Posts != 7 || points[1].At.Format("15:04") != "06:45" {
		t.Errorf("the post of 06:45 is told as %v", points)
	}
	if w := Parse(tell(now.In(zone)), url.Values{"step": {"day"}}, first, last); w.From.Location() != time.UTC || w.Zone != zone {
		t.Errorf("days begin in %v, for a reader in %v", w.From.Location(), w.Zone)
	}
}

// Times leaves a range where it was typed, in the reader's zone, and bounds it as Parse does.
func TestTimes(t *testing.T) {
	baku := time.FixedZone("+04", 4*60*60)
	now := time.Date(2031, 6, 12, 22, 30, 0, 0, baku)
	first, last := now.Add(-72*time.Hour), now.Add(-time.Hour)
	at := func(hour, minute int) time.Time { return time.Date(2031, 6, 12, hour, minute, 0, 0, baku) }
	for query, want := range map[string]struct {
		from, to time.Time
		notices  int
	}{
		"":                      {first, last, 0},
		"from=2031-06-12T10:07": {at(10, 7), last, 0},
		"from=2031-06-12T12:00&to=2031-06-12T10:07:00%2B04:00": {at(10, 7), at(12, 0), 1},
		"from=never&to=2031-06-12T10:07&range=1h&step=day":     {first, at(10, 7), 1},
		"from=2031-06-12T10:07&to=2099-01-01":                  {at(10, 7), now, 0},
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		from, to, notices := Times(tell(now), q, first, last)
		if !from.Equal(want.from) || !to.Equal(want.to) || len(notices) != want.notices {
			t.Errorf("%q: %v to %v, %q", query, from, to, notices)
		}
	}
}
