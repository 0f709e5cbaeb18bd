package answer

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/storage/view"
)

var now = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)

func finding(id string, ago, lasted time.Duration) view.FindingSummary {
	return view.FindingSummary{ID: id, Kind: "copies", StartedAt: now.Add(-ago), EndedAt: now.Add(lasted - ago), Accounts: 7, Posts: 9, Bits: 30}
}

func TestOf(t *testing.T) {
	declared, early := finding("declared", 50*time.Hour, time.Hour), finding("early", time.Minute, time.Minute)
	declared.Declared, early.Confidence = "Evening of lanterns", "early"
	first := finding("first", 30*time.Hour, time.Hour)
	pile, again, other := finding("pile", 9*time.Hour, time.Hour), finding("again", 8*time.Hour, time.Hour), finding("other", 7*time.Hour, 7*time.Hour-time.Minute)
	pile.Target, pile.TargetHandle, pile.Accounts = "109", "anna", 12
	again.Target, again.TargetHandle, again.Accounts = "109", "anna", 5
	other.Target, other.Posts = "@bus", 40
	earlyPile := early
	earlyPile.Target = "333"
	rejected := first
	rejected.Verdict.Judgement, rejected.StartedAt = "wrong", now.Add(-99*time.Hour)
	if got := Part([]view.FindingSummary{rejected, first}); len(got.Rejected) != 1 || len(got.Undeclared) != 1 {
		t.Errorf("parted into %+v", got)
	}
	for _, test := range []struct {
		name string
		all  []view.FindingSummary
		want Answers
	}{
		{"nothing", nil, Answers{}},
		{"declared and early ones answer nothing", []view.FindingSummary{declared, early, earlyPile}, Answers{}},
		{"over", []view.FindingSummary{declared, first, early, rejected}, Answers{Found: true, Since: first.StartedAt, Last: first.EndedAt}},
		{"going on, with targets", []view.FindingSummary{pile, declared, again, other, first}, Answers{
			Found: true, Since: first.StartedAt, Last: now.Add(-time.Minute), Ongoing: true,
			Targets: []Target{{ID: "@bus", Name: "@bus", Findings: 1, Posts: 40, Accounts: 7}, {ID: "109", Name: "@anna", Findings: 2, Posts: 18, Accounts: 12}},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Of(test.all, now)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if a := Of([]view.FindingSummary{finding("edge", time.Hour, time.Hour-Ongoing)}, now); a.Ongoing {
		t.Error("what ended as long ago as counts for over goes on")
	}
}

func TestStateOf(t *testing.T) {
	for want, c := range map[State]view.CampaignSummary{
		Found:        {Posts: 5, Findings: 1, EarlyFindings: 2, DeclaredFindings: 3},
		Empty:        {},
		EarlyOnly:    {Posts: 5, EarlyFindings: 1, DeclaredFindings: 1},
		DeclaredOnly: {Posts: 5, DeclaredFindings: 1},
		None:         {Posts: 5},
	} {
		if got := StateOf(c); got != want {
			t.Errorf("%+v: %s, want %s", c, got, want)
		}
	}
}

func TestOrder(t *testing.T) {
	all := []view.CampaignSummary{{Name: "c"}, {Name: "b", Findings: 1}, {Name: "a"}, {Name: "d", Findings: 9}}
	var got []string
	for _, c := range Order(all) {
		got = append(got, c.Name)
	}
	if diff := cmp.Diff([]string{"b", "d", "a", "c"}, got); diff != "" || all[0].Name != "c" {
		t.Error(diff, all)
	}
}

func TestNewest(t *testing.T) {
	a, b, c := finding("a", 3*time.Hour, time.Hour), finding("b", 2*time.Hour, time.Hour), finding("c", 4*time.Hour, 3*time.Hour)
	c.Bits = 99
	var got []string
	for _, f := range Newest([]view.FindingSummary{a, b, c}) {
		got = append(got, f.ID)
	}
	if diff := cmp.Diff([]string{"c", "b", "a"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestHidden(t *testing.T) {
	pile := finding("pile", 3*time.Hour, time.Hour)
	pile.Kind = "pile-on"
	all := []view.FindingSummary{finding("other", 9*time.Hour, 8*time.Hour), pile}
	at := func(ago time.Duration) time.Time { return now.Add(-ago) }
	for _, test := range []struct {
		from, to time.Time
		want     bool
	}{
		{at(9 * time.Hour), at(4 * time.Hour), false},
		{at(9 * time.Hour), at(3 * time.Hour), true},
		{at(150 * time.Minute), at(140 * time.Minute), true},
		{at(2 * time.Hour), now, true},
		{at(time.Hour), now, false},
	} {
		if got := HiddenBetween(all, test.from, test.to); got != test.want {
			t.Errorf("%v to %v: %v", test.from, test.to, got)
		}
	}
	if Hidden("copies") || !Hidden("pile-on") {
		t.Error("the wrong kinds are hidden")
	}
}

// What is not known is nil, and what is nothing is zero.
func TestNumbers(t *testing.T) {
	number := func(n *uint64) any {
		if n == nil {
			return nil
		}
		return *n
	}
	for _, test := range []struct {
		what      string
		got, want any
	}{
		{"organic", Organic(view.SeriesPoint{Posts: 9, CoordinatedPosts: 3, DeclaredPosts: 2}), uint64(4)},
		{"organic of parts above the whole", Organic(view.SeriesPoint{Posts: 9, CoordinatedPosts: 8, DeclaredPosts: 2}), uint64(0)},
		{"reach", number(Reach(view.CampaignSummary{Accounts: 3, ReachKnown: 1, PotentialReach: 70})), uint64(70)},
		{"reach of accounts without followers", number(Reach(view.CampaignSummary{Accounts: 3, ReachKnown: 3})), uint64(0)},
		{"reach that nobody told", number(Reach(view.CampaignSummary{Accounts: 3})), nil},
		{"reach of nobody", number(Reach(view.CampaignSummary{})), uint64(0)},
		{"reach of a bucket", number(PointReach(view.SeriesPoint{Accounts: 3, PotentialReach: 70})), uint64(70)},
		{"reach of a bucket that nobody told", number(PointReach(view.SeriesPoint{Accounts: 3})), nil},
		{"reach of an empty bucket", number(PointReach(view.SeriesPoint{})), uint64(0)},
		{"reach known", ReachKnown([]view.SeriesPoint{{Accounts: 3}, {Accounts: 1, PotentialReach: 4}}), true},
		{"reach not known", ReachKnown([]view.SeriesPoint{{Accounts: 3}}), false},
		{"share", *Share(1, 4), 0.25},
		{"share of a moment when the part is ahead", *Share(5, 4), 1.0},
		{"share of nothing", Share(1, 0) == nil, true},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v, want %v", test.what, test.got, test.want)
		}
	}
}
