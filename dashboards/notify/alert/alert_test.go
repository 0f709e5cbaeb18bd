package alert

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/storage/view"
)

var noon = time.Date(2031, 6, 12, 12, 0, 0, 0, time.UTC)

// at is some minutes after noon.
func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// found is a firm finding with evidence between two minutes.
func found(id string, from, to int, change ...func(*view.FindingSummary)) view.FindingSummary {
	f := view.FindingSummary{
		Campaign: "games", ID: id, Confidence: "firm", StartedAt: at(from), EndedAt: at(to), Bits: 30, Accounts: 40,
		Sentence: "40 accounts posted the same text.",
	}
	for _, c := range change {
		c(&f)
	}
	return f
}

func confidence(c string) func(*view.FindingSummary) {
	return func(f *view.FindingSummary) { f.Confidence = c }
}

// look is one look at minute at, and the kinds of alerts that it must lead to.
type look struct {
	at       int
	findings []view.FindingSummary
	// share is the coordinated part of 1000 posts, in percent.
	share uint64
	gaps  []Gap
	want  string
}

func TestActivity(t *testing.T) {
	declared := func(f *view.FindingSummary) { f.Declared = "Day of action" }
	one, two := found("one", 0, 2), found("two", 8, 12)
	fs := func(f ...view.FindingSummary) []view.FindingSummary { return f }
	for _, c := range []struct {
		name  string
		looks []look
	}{
		{"nothing", []look{{at: 3}}},
		{"it begins once", []look{{at: 3, findings: fs(one), want: "attack_begins"}, {at: 4, findings: fs(one)}, {at: 20, findings: fs(one)}}},
		{"early findings are not told", []look{{at: 3, findings: fs(found("one", 0, 2, confidence("early")))}}},
		{"what has no confidence is not told", []look{{at: 3, findings: fs(found("one", 0, 2, confidence("")))}}},
		{"declared findings are not told", []look{{at: 3, findings: fs(found("one", 0, 2, declared))}}},
		{"high findings are", []look{{at: 3, findings: fs(found("one", 0, 2, confidence("high"))), want: "attack_begins"}}},
		{"one that becomes firm late is told, and that it is over", []look{
			{at: 3, findings: fs(found("one", 0, 2, confidence("early")))},
			{at: 62, findings: fs(one), want: "attack_begins over"},
			{at: 64, findings: fs(one)},
			{at: 300, findings: fs(one)},
		}},
		{"an old one is not told", []look{{at: 123, findings: fs(one)}}},
		{"a further finding lets it grow, not at once", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 13, findings: fs(one, two)},
			{at: 18, findings: fs(one, two), want: "attack_grows new=1"},
			{at: 19, findings: fs(one, two)},
		}},
		{"several within the pause are told together", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 13, findings: fs(one, two)},
			{at: 18, findings: fs(one, two, found("three", 9, 14)), want: "attack_grows new=2"},
		}},
		{"the share doubles", []look{
			{at: 3, findings: fs(one), share: 10, want: "attack_begins"},
			{at: 19, findings: fs(one), share: 19},
			{at: 20, findings: fs(one), share: 20, want: "attack_grows new=0"},
			{at: 29, findings: fs(one), share: 30},
		}},
		{"a small share that doubles is no news", []look{
			{at: 3, findings: fs(one), share: 1, want: "attack_begins"}, {at: 19, findings: fs(one), share: 5},
		}},
		{"a share that was not computed is none", []look{
			{at: 3, findings: fs(one), want: "attack_begins"}, {at: 19, findings: fs(one), share: 40}, {at: 25, findings: fs(one), share: 50},
		}},
		{"it ends after half an hour", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 31, findings: fs(one)},
			{at: 32, findings: fs(one), want: "attack_ends"},
			{at: 33, findings: fs(one)},
		}},
		{"further evidence of the same finding keeps it up", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 32, findings: fs(found("one", 0, 20))},
			{at: 49, findings: fs(found("one", 0, 20))},
			{at: 50, findings: fs(found("one", 0, 20)), want: "attack_ends"},
		}},
		{"a straggler does not begin it anew, real evidence does", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 32, findings: fs(one), want: "attack_ends"},
			{at: 33, findings: fs(found("one", 0, 10))},
			{at: 60, findings: fs(found("one", 0, 59)), want: "attack_begins"},
		}},
		{"a new finding after the end begins it anew", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 32, findings: fs(one), want: "attack_ends"},
			{at: 60, findings: fs(one, found("two", 50, 58)), want: "attack_begins"},
		}},
		{"judged wrong: taken back", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 10},
			{at: 14},
			{at: 15, want: "attack_ends withdrawn"},
			{at: 16},
		}},
		{"a short absence is none", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 10},
			{at: 12, findings: fs(one)},
			{at: 16},
			{at: 19, findings: fs(one)},
			{at: 32, findings: fs(one), want: "attack_ends"},
		}},
		{"no end while nobody sees", []look{
			{at: 3, findings: fs(one), want: "attack_begins"},
			{at: 10, findings: fs(one), gaps: []Gap{{Source: "m", From: at(9), Cause: "network"}}},
			{at: 15, findings: fs(one), gaps: []Gap{{Source: "m", From: at(9), Cause: "network"}}, want: "coverage_lost"},
			{at: 40, findings: fs(one), gaps: []Gap{{Source: "m", From: at(9), Cause: "network"}}},
			{at: 50, findings: fs(one), want: "coverage_back"},
			{at: 69, findings: fs(one)},
			{at: 70, findings: fs(one), want: "attack_ends unseen"},
		}},
		{"a source lost before it began keeps nothing up", []look{
			{at: -20, gaps: []Gap{{Source: "m", From: at(-20), Cause: "network"}}},
			{at: -15, gaps: []Gap{{Source: "m", From: at(-20), Cause: "network"}}, want: "coverage_lost"},
			{at: 3, findings: fs(one), gaps: []Gap{{Source: "m", From: at(-20), Cause: "network"}}, want: "attack_begins"},
			{at: 32, findings: fs(one), gaps: []Gap{{Source: "m", From: at(-20), Cause: "network"}}, want: "attack_ends"},
		}},
		{"a source that is gone for good does not keep it up for ever", []look{
			{at: 3, findings: fs(one), gaps: []Gap{{Source: "m", From: at(1), Cause: "network"}}, want: "attack_begins"},
			{at: 9, findings: fs(one), gaps: []Gap{{Source: "m", From: at(1), Cause: "network"}}, want: "coverage_lost"},
			{at: 1441, findings: fs(one), gaps: []Gap{{Source: "m", From: at(1), Cause: "network"}}},
			{at: 1442, findings: fs(one), gaps: []Gap{{Source: "m", From: at(1), Cause: "network"}}, want: "attack_ends unseen"},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &Book{}
			for _, l := range c.looks {
				b = restart(t, b, l.at%2 == 0)
				got := describe(b.Look(Sight{
					Now: at(l.at), Coverage: true, Gaps: l.gaps,
					Sources: []Source{{Name: "m", Platform: "mastodon", Campaigns: []string{"games"}}},
					Campaigns: []Campaign{{Name: "games", Findings: l.findings, Numbers: func(time.Time) Numbers {
						return Numbers{Coordinated: l.share * 10, Posts: 1000}
					}}},
				}))
				if got != l.want {
					t.Fatalf("at minute %d: %q, want %q", l.at, got, l.want)
				}
			}
		})
	}
}

// restart writes the book and reads it again, which must change nothing. What is
// only remembered while Winnow runs is kept here: a restart waits five minutes anew.
func restart(t *testing.T, b *Book, really bool) *Book {
	t.Helper()
	if !really {
		c := b.Clone()
		return &c
	}
	data, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	again := &Book{seen: b.seen}
	if err := json.Unmarshal(data, again); err != nil {
		t.Fatal(err)
	}
	return again
}

func describe(alerts []Alert) string {
	var out []string
	for _, a := range alerts {
		s := string(a.Kind)
		if a.Kind == Grows {
			s += fmt.Sprintf(" new=%d", a.New)
		}
		for word, is := range map[string]bool{" over": a.Over, " withdrawn": a.Withdrawn, " unseen": a.Unseen} {
			if is {
				s += word
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestNumbersOfAnAlert(t *testing.T) {
	var b Book
	var asked time.Time
	got := b.Look(Sight{Now: at(5), Campaigns: []Campaign{{
		Name:     "games",
		Findings: []view.FindingSummary{found("weak", 1, 2), found("strong", 3, 4, func(f *view.FindingSummary) { f.Bits, f.Accounts = 99, 7 })},
		Numbers: func(since time.Time) Numbers {
			asked = since
			return Numbers{Coordinated: 30, Posts: 120}
		},
	}}})
	want := []Alert{{
		Kind: Begins, At: at(5), Campaign: "games", Since: at(1), Last: at(4), New: 2, IDs: []string{"strong", "weak"},
		Says: "40 accounts posted the same text.", Numbers: Numbers{Findings: 2, Accounts: 40, Coordinated: 30, Posts: 120},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !asked.Equal(at(1)) {
		t.Errorf("asked since %v", asked)
	}
	if s := got[0].Numbers.Share(); s != 0.25 {
		t.Errorf("a share of %v", s)
	}
}

func TestCoverage(t *testing.T) {
	// look is what is seen at a minute, and what is told then.
	type look struct {
		at      int
		gaps    []Gap
		sources []Source
		want    string
	}
	both := []Source{{Name: "m", Platform: "mastodon", Campaigns: []string{"games", "other"}}}
	gap := func(campaign, cause string) []Gap {
		return []Gap{{Source: "m", Campaign: campaign, From: at(0), Cause: cause}}
	}
	for _, c := range []struct {
		name  string
		looks []look
	}{
		{"a blink is no news", []look{{1, gap("", "network"), both, ""}, {4, gap("", "network"), both, ""}, {5, nil, both, ""}}},
		{"lost and back, for each campaign", []look{
			{1, gap("", "network"), both, ""},
			{6, gap("", "network"), both, "coverage_lost, coverage_lost"},
			{7, gap("", "unavailable"), both, ""},
			{9, nil, both, "coverage_back, coverage_back"},
			{10, nil, both, ""},
		}},
		{"only one campaign", []look{{1, gap("other", "blind"), both, ""}, {6, gap("other", "blind"), both, "coverage_lost"}}},
		{"what is as configured is no loss", []look{
			{1, gap("", "counts-only"), both, ""},
			{9, gap("", "counts-only"), both, ""},
			{20, gap("", "before"), both, ""},
			{29, gap("", "before"), both, ""},
			{40, gap("", "not-watched"), both, ""},
			{49, gap("", "not-watched"), both, ""},
		}},
		{"what is no longer configured is neither lost nor back", []look{
			{1, gap("", "network"), both, ""},
			{6, gap("", "network"), both, "coverage_lost, coverage_lost"},
			{7, gap("", "network"), nil, ""},
			{8, nil, nil, ""},
			{9, nil, both, ""},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b Book
			for _, l := range c.looks {
				if got := describe(b.Look(Sight{Now: at(l.at), Coverage: true, Sources: l.sources, Gaps: l.gaps})); got != l.want {
					t.Fatalf("at minute %d: %q, want %q", l.at, got, l.want)
				}
			}
		})
	}
}

// While the store does not answer, nothing is lost and nothing is back.
func TestUnreadCoverageSaysNothing(t *testing.T) {
	var b Book
	sources := []Source{{Name: "m", Campaigns: []string{"games"}}}
	gaps := []Gap{{Source: "m", From: at(0), Cause: "network"}}
	b.Look(Sight{Now: at(1), Coverage: true, Sources: sources, Gaps: gaps})
	if got := describe(b.Look(Sight{Now: at(6), Coverage: true, Sources: sources, Gaps: gaps})); got != "coverage_lost" {
		t.Fatal(got)
	}
	if got := b.Look(Sight{Now: at(7)}); len(got) > 0 {
		t.Errorf("got %v", got)
	}
	if got := b.Look(Sight{Now: at(8), Coverage: true, Sources: sources, Gaps: gaps}); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

func TestBudget(t *testing.T) {
	var b Book
	for _, l := range []struct {
		at    time.Time
		day   uint64
		month uint64
		want  string
	}{
		{at(0), 799, 0, ""},
		{at(1), 800, 0, "day 800 of 1000"},
		{at(2), 900, 7999, ""},
		{at(3), 900, 8000, "month 8000 of 10000"},
		{at(24 * 60), 950, 9000, "day 950 of 1000"},
		{at(24*60 + 1), 1000, 10000, ""},
	} {
		var got []string
		for _, a := range b.Look(Sight{Now: l.at, Budgets: []Budget{{Source: "x/stream", Platform: "x", PostsToday: l.day, DayLimit: 1000, PostsMonth: l.month, MonthLimit: 10000}}}) {
			period := "day"
			if a.Month {
				period = "month"
			}
			got = append(got, fmt.Sprintf("%s %d of %d", period, a.Spent, a.Limit))
		}
		if s := strings.Join(got, ", "); s != l.want {
			t.Errorf("%v: %q, want %q", l.at, s, l.want)
		}
	}
	if got := (&Book{}).Look(Sight{Now: at(0), Budgets: []Budget{{Source: "x", PostsToday: 5}}}); len(got) > 0 {
		t.Errorf("without a limit: %v", got)
	}
}

// The book stays small: what can be no news any more is forgotten.
func TestBookForgets(t *testing.T) {
	var b Book
	var fs []view.FindingSummary
	for i := range 50 {
		fs = append(fs, found(fmt.Sprint(i), i, i+1))
	}
	for m := 0; m < 400; m++ {
		b.Look(Sight{Now: at(m), Campaigns: []Campaign{{Name: "games", Findings: fs}}})
	}
	if len(b.Campaigns) > 0 || b.Knows("games") {
		t.Errorf("it holds %v", b.Campaigns)
	}
}
