package changed

import (
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

var en = words.InEnglish(time.UTC, time.Now)

var noon = time.Date(2031, 6, 12, 12, 0, 0, 0, time.UTC)

func at(hours float64) time.Time { return noon.Add(time.Duration(hours * float64(time.Hour))) }

func change(id, tag, direction string, from float64, to *time.Time, bits float64) view.Change {
	return view.Change{ID: id, Tag: tag, Direction: direction, From: at(from), To: to, Bits: bits}
}

func over(hours float64) *time.Time {
	t := at(hours)
	return &t
}

func TestTold(t *testing.T) {
	lasting := change("lasting", "", "rise", -30, nil, 90)
	lasting.Lasting = true
	all := []view.Change{
		change("old", "", "rise", -60, over(-58), 99),
		change("small tag", "b", "rise", -2, over(-1), 21),
		change("tag", "a", "rise", -2, over(-1), 40),
		change("whole", "", "rise", -2, over(-1), 20),
		change("fall", "", "fall", -1, nil, 22),
		change("going tag", "a", "rise", -0.5, nil, 30),
		lasting,
	}
	var got []string
	for _, c := range Told(all) {
		got = append(got, c.ID)
	}
	want := []string{"going tag", "fall", "whole", "tag", "small tag", "lasting", "old"}
	if !slices.Equal(got, want) {
		t.Errorf("told in the order %q, want %q", got, want)
	}
	for _, test := range []struct {
		name string
		all  []view.Change
		want string
	}{
		{"the campaign before its tags, what goes on before what is over", all, "fall"},
		{"a rise before a fall", []view.Change{change("fall", "", "fall", -1, over(0), 50), change("rise", "", "rise", -5, over(-4), 20)}, "rise"},
		{"the newest rise", []view.Change{change("older", "", "rise", -9, over(-8), 80), change("newer", "", "rise", -5, over(-4), 20)}, "newer"},
		{"of tags alone the one that goes on", []view.Change{change("over", "a", "rise", -1, over(0), 80), change("going", "b", "rise", -5, nil, 20)}, "going"},
	} {
		if c, ok := First(test.all); !ok || c.ID != test.want {
			t.Errorf("%s: %q is told first, want %q", test.name, c.ID, test.want)
		}
	}
	if c, ok := First(nil); ok {
		t.Errorf("nothing changed, yet %v is told", c)
	}
}

func TestHeld(t *testing.T) {
	seen := map[string]string{}
	for _, word := range []string{"new", "kept", "outnumbered", "drowned", "taken over"} {
		c := view.Change{Direction: "rise", AfterAccounts: 5, Hold: word}
		short, long := Held(en, c), HeldMeans(en, c)
		if short == "" || long == "" {
			t.Errorf("%s: %q, %q; want words for both", word, short, long)
		}
		if other, ok := seen[long]; ok {
			t.Errorf("%s means the same as %s", word, other)
		}
		seen[long] = word
		for _, blame := range []string{"attack", "bot", "enem"} {
			if strings.Contains(strings.ToLower(short+long), blame) {
				t.Errorf("%s: %q accuses", word, short+" "+long)
			}
		}
	}
	for _, c := range []view.Change{
		{Direction: "fall", AfterAccounts: 5, Hold: "kept"},
		{Direction: "rise", Hold: "kept"},
		{Direction: "rise", AfterAccounts: 5, Hold: "something later versions know"},
	} {
		if Held(en, c) != "" || HeldMeans(en, c) != "" {
			t.Errorf("%v: %q, %q; want nothing", c, Held(en, c), HeldMeans(en, c))
		}
	}
}

func TestCompare(t *testing.T) {
	c := view.Change{
		From: at(0), BeforeFrom: at(-24), AfterTo: at(4), BeforePosts: 240, BeforeAccounts: 60, BeforeEffective: 31.2,
		AfterPosts: 1000, AfterAccounts: 400, AfterEffective: 3.25, Newcomers: 350, Stayed: 20, StayedPosts: 50, Usual: 38.4,
	}
	got := map[string][2]string{}
	for _, r := range Compare(en, c) {
		got[r.Name] = [2]string{r.Before, r.After}
	}
	for name, want := range map[string][2]string{
		"Time":                                {"11 Jun 2031, 12:00 UTC to 12 Jun 2031, 12:00 UTC", "12 Jun 2031, 12:00 to 16:00 UTC"},
		"Posts":                               {"240", "1,000"},
		"Posts an hour":                       {"10", "250"},
		"Posts that would be usual":           {"", "38"},
		"Accounts":                            {"60", "400"},
		"As many as if all were equally busy": {"31", "3.2"},
		"Never seen here before":              {"", "350"},
		"Went on from the day before":         {"", "20 of 60"},
		"Their part of the posts":             {"", "5%"},
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("unexpected rows: %v", got)
	}
	// Nobody before: nobody can have gone on, and no time makes no rate.
	for _, r := range Compare(en, view.Change{From: at(0), BeforeFrom: at(0), AfterTo: at(0)}) {
		if r.Name == "Went on from the day before" || r.Name == "Posts an hour" && r.Before+r.After != "" {
			t.Errorf("%v is told of nothing", r)
		}
	}
}

func TestWithin(t *testing.T) {
	f := func(id, kind, confidence, declared string, from, to float64) view.FindingSummary {
		return view.FindingSummary{ID: id, Kind: kind, Confidence: confidence, Declared: declared, StartedAt: at(from), EndedAt: at(to)}
	}
	all := []view.FindingSummary{
		f("before", "pile-on", "high", "", -9, -1),
		f("reaches in", "copies", "high", "", -1, 0.5),
		f("early", "flood", "early", "", 1, 1.1),
		f("own", "copies", "firm", "Evening of lanterns", 1, 2),
		f("own again", "copies", "firm", "Evening of lanterns", 1, 2),
		f("after", "copies", "firm", "", 3, 4),
	}
	c := change("c", "", "rise", 0, over(2), 30)
	found, declared, pileOn := Within(c, all, at(9))
	if len(found) != 1 || found[0].ID != "reaches in" {
		t.Errorf("findings %v, want the one that reaches in", found)
	}
	if !slices.Equal(declared, []string{"Evening of lanterns"}) {
		t.Errorf("declared %q", declared)
	}
	if pileOn {
		t.Error("the pile-on was over before")
	}
	c.To = nil
	found, _, pileOn = Within(c, append(all, f("now", "pile-on", "early", "", 8, 8.5)), at(9))
	if len(found) != 2 || !pileOn {
		t.Errorf("of a change that goes on: %v, pile-on %v; want two findings and the pile-on", found, pileOn)
	}
}
