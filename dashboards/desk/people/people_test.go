package people

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/words"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

var tell = words.InEnglish(now.Location(), func() time.Time { return now })

var now = time.Date(2031, 6, 12, 18, 30, 0, 0, time.FixedZone("", 5*3600+45*60))

// shelf is a store that notes what it is asked.
type shelf struct {
	findings []view.FindingSummary
	measured []view.PileOn
	hours    func(from time.Time) []view.AddressedHour
	err      error
	asked    []string
}

func (s *shelf) Campaign(_ context.Context, name string) (view.CampaignSummary, bool, error) {
	return view.CampaignSummary{Name: name, Posts: 9, Last: now.Add(-9 * time.Hour)}, name == "c", nil
}

func (s *shelf) Findings(context.Context, string) ([]view.FindingSummary, error) {
	return s.findings, nil
}

func (s *shelf) PileOns(context.Context, string) ([]view.PileOn, error) { return s.measured, nil }

func (s *shelf) Addressed(_ context.Context, _, platform string, names []string, from, to time.Time) ([]view.AddressedHour, error) {
	s.asked = append(s.asked, platform+" "+strings.Join(names, ",")+" "+from.UTC().Format("2 15:04")+" to "+to.UTC().Format("2 15:04"))
	if s.hours == nil {
		return nil, s.err
	}
	return s.hours(from), s.err
}

func (s *shelf) ToldTexts(_ context.Context, _ string, targets []string) ([]view.ToldText, error) {
	s.asked = append(s.asked, "texts "+strings.Join(targets, ","))
	return []view.ToldText{{Text: "go away"}}, s.err
}

func hit(id, target, handle string, ago time.Duration) view.FindingSummary {
	return view.FindingSummary{ID: id, Kind: "pile-on", Target: target, TargetHandle: handle, StartedAt: now.Add(-ago), EndedAt: now.Add(-ago + time.Minute)}
}

func ask(query ...string) url.Values {
	q := url.Values{"name": {"c"}}
	for i := 0; i < len(query); i += 2 {
		q.Set(query[i], query[i+1])
	}
	return q
}

// Protected accounts come first, as configured, then others by the newest pile-on; who is
// known by a handle and by an id is one.
func TestWhoIsToldOf(t *testing.T) {
	declared, early := hit("ours", "@bus", "", 30*time.Hour), hit("early", "77", "late", time.Hour)
	declared.Declared, early.Confidence = "day of action", "early"
	s := &shelf{
		findings: []view.FindingSummary{
			hit("old", "109", "Anna", 90*time.Hour), hit("byhandle", "anna", "", 200*time.Hour),
			{ID: "copies", Kind: "copies"},
			hit("bus", "@bus", "", 20*time.Hour), declared, early, hit("new", "109", "Anna", 3*time.Hour), hit("did", "did:plc:X", "", 50*time.Hour),
		},
		measured: []view.PileOn{{ID: "new", FirstTime: 5}, {ID: "early", FirstTime: 2}},
	}
	protected := []campaign.Protected{{Account: "did:plc:x"}, {Platform: post.X, Account: " @ANNA"}, {Account: "quiet"}, {Platform: post.X, Account: "anna"}}
	page, ok, err := Read(t.Context(), tell, s, protected, ask())
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	var got []string
	for _, p := range page.People {
		line := p.ID + ":"
		for _, f := range p.PileOns {
			line += " " + f.ID
			if f.Measured != nil {
				line += "*"
			}
		}
		got = append(got, line)
		if want := map[string]uint64{"did:plc:x": 1, "x:anna": 3, "@bus": 1}[p.ID]; p.Found != want {
			t.Errorf("%s: %d pile-ons count, want %d", p.ID, p.Found, want)
		}
	}
	if diff := cmp.Diff([]string{"did:plc:x: did", "x:anna: new* old byhandle", "quiet:", "77: early*", "@bus: bus ours"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Each is asked for by all its names, around its newest pile-on or at the end.
	if diff := cmp.Diff([]string{
		" did:plc:x,did:plc:x 9 11:00 to 11 11:00", "x anna,109,anna 10 13:00 to 12 13:00", " quiet 10 04:00 to 12 04:00",
		" 77 10 13:00 to 12 13:00", " bus 10 13:00 to 12 13:00",
	}, s.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTextsOnlyWhereAskedFor(t *testing.T) {
	for _, test := range []struct {
		query []string
		want  int
	}{
		{nil, 0}, {[]string{"texts", "1"}, 0}, {[]string{"who", "109"}, 0}, {[]string{"who", "109", "texts", "0"}, 0}, {[]string{"who", "109", "texts", "1"}, 1},
	} {
		s := &shelf{findings: []view.FindingSummary{hit("p", "109", "Anna", time.Hour)}}
		page, ok, err := Read(t.Context(), tell, s, nil, ask(test.query...))
		if err != nil || !ok || len(page.People) != 1 {
			t.Fatalf("%v: %+v, %v, %v", test.query, page, ok, err)
		}
		if got := len(page.People[0].Told); got != test.want {
			t.Errorf("%v: %d texts, want %d", test.query, got, test.want)
		}
	}
}

func TestNobody(t *testing.T) {
	for _, query := range []url.Values{{}, {"name": {"other"}}, ask("who", "109"), ask("who", "")} {
		if _, ok, err := Read(t.Context(), tell, &shelf{}, []campaign.Protected{{Account: "anna"}}, query); ok || err != nil {
			t.Errorf("%v: %v, %v", query, ok, err)
		}
	}
	broken := errors.New("broken")
	if _, _, err := Read(t.Context(), tell, &shelf{err: broken}, []campaign.Protected{{Account: "anna"}}, ask()); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// However many there are, the store is asked about few of them.
func TestManyAreBounded(t *testing.T) {
	s := &shelf{}
	var protected []campaign.Protected
	for i := range 150 {
		protected = append(protected, campaign.Protected{Account: strings.Repeat("a", i+1)})
	}
	for i := range 70 {
		s.findings = append(s.findings, hit(strings.Repeat("f", i+1), "a", "", time.Duration(i)*time.Hour))
	}
	page, _, err := Read(t.Context(), tell, s, protected, ask())
	if err != nil || len(page.People) != maxPeople || page.More != 50 || len(s.asked) != maxCharts || page.People[maxCharts].Over != nil {
		t.Errorf("%d and %d more, asked %d, %v", len(page.People), page.More, len(s.asked), err)
	}
	if p := page.People[0]; len(p.PileOns) != maxPileOns || p.More != 20 || p.Found != 70 {
		t.Errorf("%d pile-ons and %d more of %d", len(p.PileOns), p.More, p.Found)
	}
}

// The chart has the hours of the store, where they lie, and what is not coordinated is
// never less than nothing.
func TestOver(t *testing.T) {
	s := &shelf{hours: func(from time.Time) []view.AddressedHour {
		return []view.AddressedHour{{At: from, Posts: 5, Coordinated: 2, Declared: 1}, {At: from.Add(47 * time.Hour), Posts: 9, Coordinated: 8, Declared: 3}, {At: from.Add(90 * time.Hour), Posts: 99}}
	}}
	page, _, err := Read(t.Context(), tell, s, []campaign.Protected{{Account: "anna"}}, ask())
	if err != nil {
		t.Fatal(err)
	}
	o := page.People[0].Over
	if o.Posts != 14 || o.To.Sub(o.From) != span || !o.From.Equal(o.From.Truncate(time.Hour)) || o.From.Location() != now.Location() || o.Organic(o.Hours[0]) != 2 || o.Organic(o.Hours[1]) != 0 {
		t.Errorf("%+v", o)
	}
	if title, desc := o.Wide.Title, o.Wide.Desc; title == "" || !strings.Contains(desc, "9 posts, at ") {
		t.Errorf("%q, %q", title, desc)
	}
	if len(o.Wide.Layers) != 3 || o.Wide.Layers[2].Path == "" {
		t.Errorf("drawn as %+v", o.Wide.Layers)
	}
}
