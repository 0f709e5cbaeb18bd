package replay

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// at is a reader at a time, in its zone.
func at(now time.Time) *words.Teller {
	return words.InEnglish(now.Location(), func() time.Time { return now })
}

var noon = time.Date(2031, 6, 12, 12, 0, 0, 0, time.UTC)

func minute(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

// memory is a store of one campaign.
type memory struct {
	summary             view.CampaignSummary
	series              []view.SeriesPoint
	findings, rejected  []view.FindingSummary
	changes             []view.Change
	err                 error
	from, to            time.Time
	step                time.Duration
	failing, lastCalled string
}

func (m *memory) call(name string) error {
	m.lastCalled = name
	if m.failing == name {
		return m.err
	}
	return nil
}

func (m *memory) Campaign(_ context.Context, name string) (view.CampaignSummary, bool, error) {
	return m.summary, name == m.summary.Name, m.call("campaign")
}

func (m *memory) Series(_ context.Context, _ string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error) {
	m.from, m.to, m.step = from, to, step
	return m.series, m.call("series")
}

func (m *memory) Findings(context.Context, string) ([]view.FindingSummary, error) {
	return m.findings, m.call("findings")
}

func (m *memory) Rejected(context.Context, string) ([]view.FindingSummary, error) {
	return m.rejected, m.call("rejected")
}

func (m *memory) Changes(context.Context, string) ([]view.Change, error) {
	return m.changes, m.call("changes")
}

// attack is a campaign of two hours, with two posts a minute. From minute 40 to 70 four
// more a minute are coordinated, which is known at minute 45; a pile-on from minute 80 to
// 90 is known at 84, a declared action at 20, and an early sign at 100.
func attack() *memory {
	m := &memory{summary: view.CampaignSummary{Name: "Lanterns", Posts: 1, First: noon, Last: minute(120)}}
	for i := range 120 {
		p := view.SeriesPoint{At: minute(i), Posts: 2, Accounts: 2}
		if i >= 40 && i < 70 {
			p.Posts, p.CoordinatedPosts, p.Accounts, p.CoordinatedAccounts = 6, 4, 5, 3
		}
		m.series = append(m.series, p)
	}
	finding := func(id string, from, to, known int) view.FindingSummary {
		return view.FindingSummary{
			Campaign: "Lanterns", ID: id, Kind: "copies", Sentence: id + " acted together.", StartedAt: minute(from), EndedAt: minute(to),
			DetectedAt: minute(known), Confidence: "high", Bits: 30, Accounts: 9, Posts: 120,
		}
	}
	copies, pile, own, early := finding("copies", 40, 70, 45), finding("pile", 80, 90, 84), finding("own", 15, 30, 20), finding("early", 99, 101, 100)
	pile.Target, pile.TargetHandle = "7", "anna"
	own.Declared, early.Confidence = "Evening of lanterns", "early"
	m.findings = []view.FindingSummary{pile, early, copies, own}
	m.changes = []view.Change{{ID: "tag", Tag: "lanterns", Direction: "rise", From: minute(41), Bits: 9}, {ID: "rise", Direction: "rise", From: minute(41), Bits: 40}}
	return m
}

func read(t *testing.T, m *memory, query string) Page {
	t.Helper()
	q, err := url.ParseQuery("name=Lanterns&" + query)
	if err != nil {
		t.Fatal(err)
	}
	p, ok, err := Read(t.Context(), at(minute(600)), m, q)
	if err != nil || !ok {
		t.Fatalf("%s: %v, %v", query, ok, err)
	}
	return p
}

// At every moment the page knows what was known then, and nothing of what came later.
func TestWhatWasKnown(t *testing.T) {
	m := attack()
	for _, test := range []struct {
		name            string
		at              int
		open, findings  uint64
		early, own      uint64
		since, enough   int
		last            int
		newest, change  string
		target          string
		posts, together uint64
		next            int
	}{
		{name: "before any evidence", at: 39, own: 1, posts: 78, next: 45},
		{name: "at the first evidence", at: 40, own: 1, open: 1, posts: 80, next: 45},
		{name: "between evidence and enough of it", at: 44, own: 1, open: 1, change: "rise", posts: 104, together: 16, next: 45},
		{name: "when it is enough", at: 45, own: 1, findings: 1, since: 40, enough: 45, newest: "copies", change: "rise", posts: 110, together: 20, next: 84},
		{name: "while it goes on", at: 70, own: 1, findings: 1, since: 40, enough: 45, newest: "copies", change: "rise", posts: 260, together: 120, next: 84},
		{name: "with the next one begun", at: 83, own: 1, open: 1, findings: 1, since: 40, enough: 45, newest: "copies", change: "rise", posts: 286, together: 120, next: 84},
		{name: "with somebody in the middle of it", at: 84, own: 1, findings: 2, since: 40, enough: 45, newest: "pile", change: "rise", target: "@anna", posts: 288, together: 120, next: 100},
		{name: "with an early sign", at: 100, own: 1, early: 1, findings: 2, since: 40, enough: 45, newest: "pile", change: "rise", target: "@anna", posts: 320, together: 120},
		{name: "when it is long over", at: 120, own: 1, early: 1, findings: 2, since: 40, enough: 45, last: 90, newest: "pile", change: "rise", target: "@anna", posts: 360, together: 120},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := read(t, m, fmt.Sprintf("from=2031-06-12T12:00&to=2031-06-12T14:00&at=%d", minute(test.at).Unix()))
			k := p.Now.Known
			if p.Pace != time.Minute || len(p.Moments) != 121 || !p.Now.At.Equal(minute(test.at)) {
				t.Fatalf("moment %v of %d, each %v", p.Now.At, len(p.Moments), p.Pace)
			}
			if k.Open != test.open || k.Findings != test.findings || k.Early != test.early || k.Declared != test.own {
				t.Errorf("open %d, findings %d, early %d, declared %d", k.Open, k.Findings, k.Early, k.Declared)
			}
			if k.Found != (test.findings > 0) || k.Found && (!k.Since.Equal(minute(test.since)) || !k.Enough.Equal(minute(test.enough))) {
				t.Errorf("found %v since %v, enough at %v", k.Found, k.Since, k.Enough)
			}
			if going := test.findings > 0 && test.last == 0; k.Ongoing != going || test.last > 0 && !k.Last.Equal(minute(test.last)) {
				t.Errorf("goes on: %v, last %v", k.Ongoing, k.Last)
			}
			newest, change, target := "", "", ""
			if k.Newest != nil {
				newest = k.Newest.ID
			}
			if k.Change != nil {
				change = k.Change.ID
			}
			if len(k.Targets) > 0 {
				target = k.Targets[0].Name
			}
			if newest != test.newest || change != test.change || target != test.target {
				t.Errorf("newest %q, change %q, target %q", newest, change, target)
			}
			if p.Now.Posts != test.posts || p.Now.Coordinated != test.together || p.Now.Organic != test.posts-test.together {
				t.Errorf("%d posts, %d coordinated, %d organic", p.Now.Posts, p.Now.Coordinated, p.Now.Organic)
			}
			next := 0
			if p.Next != nil {
				next = int(p.Next.At.Sub(noon) / time.Minute)
			}
			if next != test.next {
				t.Errorf("the next finding is at minute %d", next)
			}
		})
	}
	if !m.from.Equal(noon) || !m.to.Equal(minute(120)) || m.step != time.Minute {
		t.Errorf("asked for %v to %v by %v", m.from, m.to, m.step)
	}
}

// The moments of a phase are all told alike, and every moment is in one phase.
func TestPhases(t *testing.T) {
	p := read(t, attack(), "from=2031-06-12T12:00&to=2031-06-12T14:00")
	next := 0
	for _, phase := range p.Phases {
		if phase.First != next || phase.Last < phase.First {
			t.Fatalf("a phase from %d to %d, want the first to be %d", phase.First, phase.Last, next)
		}
		next = phase.Last + 1
	}
	if next != len(p.Moments) {
		t.Errorf("phases end at %d of %d", next, len(p.Moments))
	}
	if len(p.Phases) < 8 || len(p.Phases) > 14 {
		t.Errorf("%d phases", len(p.Phases))
	}
}

func TestSpan(t *testing.T) {
	m := attack()
	for name, test := range map[string]struct {
		query, from, to string
		pace            time.Duration
	}{
		"by default around what answers":  {"", "12:10", "14:00", time.Minute},
		"as typed":                        {"from=2031-06-12T12:30&to=2031-06-12T13:00", "12:30", "13:00", time.Minute},
		"swapped":                         {"from=2031-06-12T13:00&to=2031-06-12T12:30", "12:30", "13:00", time.Minute},
		"of no length":                    {"from=2031-06-12T13:00&to=2031-06-12T13:00", "13:00", "13:01", time.Minute},
		"between moments":                 {"from=2031-06-12T10:01&to=2031-06-12T14:01", "10:00", "14:02", 2 * time.Minute},
		"long":                            {"from=2031-06-09T12:00&to=2031-06-12T14:00", "12:00", "14:00", 30 * time.Minute},
		"of every year that there can be": {"from=0001-01-01&to=9999-01-01", "00:00", "00:00", 91 * day},
	} {
		t.Run(name, func(t *testing.T) {
			p := read(t, m, test.query)
			if from, to := p.From.Format("15:04"), p.To.Format("15:04"); from != test.from || to != test.to || p.Pace != test.pace {
				t.Errorf("from %v to %v by %v", p.From, p.To, p.Pace)
			}
			if len(p.Moments) > MaxMoments+1 {
				t.Errorf("%d moments", len(p.Moments))
			}
			// What a page links to is the same replay again.
			q, err := url.Parse(p.Address(p.End()))
			if err != nil {
				t.Fatal(err)
			}
			again := read(t, m, q.RawQuery)
			if !again.From.Equal(p.From) || !again.To.Equal(p.To) || again.Pace != p.Pace || again.At != len(p.Moments)-1 {
				t.Errorf("again: %v to %v by %v, moment %d of %d", again.From, again.To, again.Pace, again.At, len(p.Moments))
			}
		})
	}
}

// Whatever is asked for, there is a moment to show.
func TestAsked(t *testing.T) {
	m := attack()
	for at, want := range map[string]string{
		"": "12:30", "nonsense": "12:30", "2031-06-12T12:45": "12:45", "2031-06-12T12:45:59": "12:45", "2031-06-12T12:45:59Z": "12:45",
		"2031-06-12T11:00": "12:30", "2031-06-12T19:00": "13:00", "0": "12:30", "-9223372036854775808": "12:30", "9223372036854775807": "13:00",
		fmt.Sprint(minute(50).Unix() + 59): "12:50",
	} {
		p := read(t, m, "from=2031-06-12T12:30&to=2031-06-12T13:00&at="+url.QueryEscape(at))
		if got := p.Now.At.Format("15:04"); got != want {
			t.Errorf("at=%q shows %s, want %s", at, got, want)
		}
	}
}

// A finding of which nobody knows when it was recognised is not told too soon.
func TestRecognisedAtTheLatest(t *testing.T) {
	f := view.FindingSummary{StartedAt: minute(3), EndedAt: minute(9)}
	if got := KnownAt(f); !got.Equal(minute(9)) {
		t.Errorf("known at %v", got)
	}
}

// As time goes on nothing is taken back: neither posts, nor accounts, nor findings, nor
// the lists of them, whatever the store has and however far apart the moments are.
func TestLaterMomentsHaveNoLess(t *testing.T) {
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		m := &memory{summary: view.CampaignSummary{Name: "Lanterns", Posts: 1, First: noon, Last: minute(1 + rnd.IntN(30_000))}}
		m.summary.First = m.summary.First.Add(time.Duration(rnd.IntN(60)) * time.Second)
		step := []time.Duration{time.Minute, time.Hour, day}[rnd.IntN(3)]
		for at := noon.Truncate(step); at.Before(m.summary.Last) && len(m.series) < 3000; at = at.Add(step) {
			p := view.SeriesPoint{At: at, Posts: rnd.Uint64N(9), Accounts: rnd.Uint64N(9), CoordinatedPosts: rnd.Uint64N(6), DeclaredPosts: rnd.Uint64N(3), CoordinatedAccounts: rnd.Uint64N(5)}
			m.series = append(m.series, p)
		}
		rnd.Shuffle(len(m.series), func(i, j int) { m.series[i], m.series[j] = m.series[j], m.series[i] })
		for i := range rnd.IntN(12) {
			from := noon.Add(time.Duration(rnd.IntN(30_000*60)) * time.Second)
			f := view.FindingSummary{ID: fmt.Sprint(i), StartedAt: from, EndedAt: from.Add(time.Duration(rnd.IntN(9000)) * time.Second), Confidence: []string{"early", "firm", "high"}[rnd.IntN(3)]}
			if rnd.IntN(3) > 0 {
				f.DetectedAt = from.Add(time.Duration(rnd.IntN(4000)) * time.Second)
			}
			if rnd.IntN(4) == 0 {
				f.Declared = "own"
			}
			m.findings = append(m.findings, f)
			m.changes = append(m.changes, view.Change{ID: fmt.Sprint(i), From: from})
		}
		p := read(t, m, "")
		var posts, last uint64
		for i, c := range p.Moments {
			if i > 0 {
				b := p.Moments[i-1]
				if c.Posts < b.Posts || c.Organic < b.Organic || c.Coordinated < b.Coordinated || c.Declared < b.Declared ||
					c.Accounts < b.Accounts || c.CoordinatedAccounts < b.CoordinatedAccounts {
					t.Fatalf("seed %d: %v has less than %v", seed, c, b)
				}
				if c.Known.Findings < b.Known.Findings || c.Known.Early < b.Known.Early || c.Known.Declared < b.Known.Declared || c.Known.Changes < b.Known.Changes {
					t.Fatalf("seed %d: at %v less is known than before", seed, c.At)
				}
			}
			listed := uint64(0)
			for _, e := range p.Findings {
				if e.Known <= i {
					listed++
				}
			}
			if all := c.Known.Findings + c.Known.Early + c.Known.Declared; listed != all {
				t.Fatalf("seed %d: at %v %d findings are listed, %d known", seed, c.At, listed, all)
			}
			last = c.Posts
		}
		for _, x := range m.series {
			if !x.At.Before(p.From) && !x.At.Add(p.Step).After(p.To) {
				posts += x.Posts
			}
		}
		if last != posts {
			t.Errorf("seed %d: %d posts in the end, the series has %d", seed, last, posts)
		}
	}
}

func TestNothingToReplay(t *testing.T) {
	m := &memory{summary: view.CampaignSummary{Name: "Lanterns"}}
	if p := read(t, m, "at=7&from=x"); !p.Empty || p.Campaign != "Lanterns" {
		t.Errorf("%+v", p)
	}
	if _, ok, err := Read(t.Context(), at(noon), m, url.Values{"name": {"other"}}); ok || err != nil {
		t.Errorf("a campaign that is not there: %v, %v", ok, err)
	}
	for _, failing := range []string{"campaign", "findings", "rejected", "changes", "series"} {
		m := attack()
		m.failing, m.err = failing, errors.New("away")
		if _, ok, err := Read(t.Context(), at(minute(600)), m, url.Values{"name": {"Lanterns"}}); ok || !errors.Is(err, m.err) || m.lastCalled != failing {
			t.Errorf("without %s: %v, %v, went on to %s", failing, ok, err, m.lastCalled)
		}
	}
}

// Of more than anybody reads the newest are listed.
func TestListsAreBounded(t *testing.T) {
	m := attack()
	for i := range 230 {
		f := m.findings[0]
		f.ID, f.DetectedAt = fmt.Sprint(i), f.DetectedAt.Add(time.Duration(i)*time.Second)
		m.findings = append(m.findings, f)
	}
	p := read(t, m, "")
	if len(p.Findings) != maxListed || p.More != 34 {
		t.Errorf("%d listed, %d more", len(p.Findings), p.More)
	}
	if !slices.IsSortedFunc(p.Findings, func(a, b Event) int { return KnownAt(b.Finding).Compare(KnownAt(a.Finding)) }) {
		t.Error("the newest do not come first")
	}
}
