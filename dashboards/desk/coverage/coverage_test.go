package coverage

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/collectors"
	"winnow/dashboards/desk/words"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

var now = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)

var en = words.InEnglish(time.UTC, func() time.Time { return now })

func ago(d time.Duration) time.Time { return now.Add(-d) }

// constants are the values of all constants of a type, read from the source,
// so that none that is added later can be forgotten here.
func constants(t *testing.T, typ string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../../pipeline/post/gap.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, d := range file.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, s := range group.Specs {
			spec := s.(*ast.ValueSpec)
			if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != typ {
				continue
			}
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
	}
	return values
}

func TestEveryCauseHasWords(t *testing.T) {
	causes := constants(t, "Cause")
	if len(causes) < 15 {
		t.Fatalf("%d causes read, want all 15 or more", len(causes))
	}
	told := map[string]string{}
	for _, c := range causes {
		words := Cause(en, c)
		if words == c || !strings.Contains(words, " ") {
			t.Errorf("cause %s has no words: %q", c, words)
		}
		if other, ok := told[words]; ok {
			t.Errorf("causes %s and %s have the same words", c, other)
		}
		told[words] = c
	}
}

// "Filled" is said of what is filled and of nothing else, whether open or not.
func TestEveryFillHasWords(t *testing.T) {
	fills := constants(t, "Fill")
	if len(fills) < 4 {
		t.Fatalf("%d fills read, want all 4 or more", len(fills))
	}
	for _, f := range fills {
		for _, open := range []bool{false, true} {
			words := Fill(en, f, open)
			if words == f || !strings.Contains(words, " ") {
				t.Errorf("fill %s has no words: %q", f, words)
			}
			if got := strings.Contains(words, "filled"); got != (post.Fill(f) == post.Filled) {
				t.Errorf("fill %s is told as %q", f, words)
			}
		}
	}
}

func TestUnknownWordsAreTold(t *testing.T) {
	if got := Cause(en, "solar flare"); got != "solar flare" {
		t.Errorf("got %q", got)
	}
	if got := Fill(en, "sideways", false); got != "sideways" {
		t.Errorf("got %q", got)
	}
}

func TestName(t *testing.T) {
	for _, test := range [][3]string{
		{"x", "x/stream", "X (stream)"},
		{"mastodon", "mastodon/social.example", "Mastodon (social.example)"},
		{"bluesky", "bluesky", "Bluesky"},
		{"bluesky", "", "Bluesky"},
		{"bluesky", "second", "Bluesky (second)"},
		{"", "x/stream", "x/stream"},
	} {
		if got := Name(en, test[0], test[1]); got != test[2] {
			t.Errorf("%s, %s: %q, want %q", test[0], test[1], got, test[2])
		}
	}
}

// covered is a day's coverage with so much missing and so much filled in part.
func covered(missing, partly time.Duration) view.Coverage {
	return view.Coverage{From: ago(24 * time.Hour), To: now, Missing: missing, Partly: partly}
}

func TestSeen(t *testing.T) {
	const day = 24 * time.Hour
	for _, test := range []struct {
		c    view.Coverage
		want string
	}{
		{covered(0, 0), "100%"},
		{covered(time.Second, 0), "over 99.9%"},
		{covered(day/8, 0), "87.5%"},
		{covered(day, 0), "0%"},
		{covered(day-time.Second, 0), "under 0.1%"},
		{covered(2*day, 0), "0%"},
		{covered(day*16/1000, day*13/1000), "at least 97.1%, at most 98.4%"},
		{covered(0, day/10), "at least 90%, at most 100%"},
		{covered(time.Second, time.Second), "at least 99.9%, not quite all"},
		{covered(0, day), "an unknown part"},
		{covered(day/2, day/2), "at most 50%"},
		{covered(day-time.Second, time.Second), "at most 0.1%"},
		{view.Coverage{From: now, To: now}, "not watched"},
		{view.Coverage{}, "not watched"},
	} {
		if got := Seen(en, test.c); got != test.want {
			t.Errorf("%+v: %q, want %q", test.c, got, test.want)
		}
	}
}

// Property: the words never promise more than is sure, nor deny what is
// possible: the first percentage is at most what was surely seen, the last at
// least what may have been; and 100% alone is said only where nothing misses.
func TestSeenNeverOverstates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := time.Duration(rapid.Int64Range(1, int64(400*24*time.Hour)).Draw(t, "whole"))
		missing := time.Duration(rapid.Int64Range(0, int64(whole)).Draw(t, "missing"))
		partly := time.Duration(rapid.Int64Range(0, int64(whole-missing)).Draw(t, "partly"))
		c := view.Coverage{From: now, To: now.Add(whole), Missing: missing, Partly: partly}
		said := Seen(en, c)
		if said == "100%" && missing+partly > 0 {
			t.Fatalf("%v of %v missing, %v in part, and it says %q", missing, whole, partly, said)
		}
		for _, part := range strings.Split(said, ", ") {
			word, number, ok := strings.Cut(strings.TrimPrefix(part, "at "), " ")
			if !ok || !strings.HasSuffix(number, "%") {
				continue
			}
			f, err := strconv.ParseFloat(strings.TrimSuffix(number, "%"), 64)
			if err != nil {
				t.Fatal(err)
			}
			if word == "least" && f/100 > c.AtLeast()+1e-9 || word == "most" && f/100 < c.AtMost()-1e-9 {
				t.Fatalf("seen %v to %v, and it says %q", c.AtLeast(), c.AtMost(), said)
			}
		}
	})
}

func TestTogether(t *testing.T) {
	const day = 24 * time.Hour
	short := view.Coverage{From: ago(6 * time.Hour), To: now, Missing: 9 * time.Hour, Gaps: 1, Open: true}
	got := Together([]view.Coverage{covered(3*time.Hour, time.Hour), short, {From: now, To: now.Add(-day)}})
	if want := 30 * time.Hour; got.To.Sub(got.From) != want {
		t.Errorf("watched for %v, want %v", got.To.Sub(got.From), want)
	}
	if got.Missing != 9*time.Hour || got.Partly != time.Hour || got.Gaps != 1 || !got.Open {
		t.Errorf("%+v", got)
	}
	if Seen(en, Together(nil)) != "not watched" {
		t.Error("no sources saw something")
	}
}

func TestWorst(t *testing.T) {
	a, b := covered(0, time.Hour), covered(time.Hour, 0)
	a.Source, b.Source = "a", "b"
	if got, worth := Worst([]view.Coverage{a, covered(0, 0), b}); got.Source != "b" || !worth {
		t.Errorf("%+v %v: equal at least, but b surely misses the hour", got, worth)
	}
	if _, worth := Worst([]view.Coverage{covered(0, 0)}); worth {
		t.Error("a source that saw everything is not worth naming")
	}
	if _, worth := Worst(nil); worth {
		t.Error("no source is not worth naming")
	}
}

func TestGapsInWords(t *testing.T) {
	to := ago(50 * time.Minute)
	got := Gaps(en, []view.Gap{
		{Source: "x/stream", Platform: "x", From: ago(time.Hour), To: &to, Cause: "budget", Share: 0.4, Fill: "lost"},
		{Source: "mastodon/a.example", Platform: "mastodon", From: ago(90 * time.Second), Cause: "network", Fill: "pending"},
	})
	want := []Gap{
		{
			Gap:   view.Gap{Source: "mastodon/a.example", Platform: "mastodon", From: ago(90 * time.Second), Cause: "network", Fill: "pending"},
			Where: "Mastodon (a.example)", Why: "no connection, or one that broke", Lasted: "90 seconds",
			Meanwhile: "nothing", Afterwards: "nothing yet: it is still open",
		},
		{
			Gap:   view.Gap{Source: "x/stream", Platform: "x", From: ago(time.Hour), To: &to, Cause: "budget", Share: 0.4, Fill: "lost"},
			Where: "X (stream)", Why: "paused or sampled, to stay within what may be spent", Lasted: "10 minutes",
			Meanwhile: "about 40%", Afterwards: "nothing, and no more will",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHoleOf(t *testing.T) {
	for _, test := range []struct {
		fill  post.Fill
		share float64
		want  Hole
	}{
		{post.Pending, 0, FullHole},
		{post.Lost, 0, FullHole},
		{post.Lost, 0.2, PartHole},
		{post.Partly, 0, PartHole},
		{post.Filled, 0, NoHole},
		{post.Filled, 0.5, NoHole},
		{"new", 0, FullHole},
	} {
		if got := HoleOf(view.Gap{Fill: string(test.fill), Share: test.share}); got != test.want {
			t.Errorf("%s, share %v: %v, want %v", test.fill, test.share, got, test.want)
		}
	}
}

// What a source missed before it watched the campaign is no hole in it.
func TestConcerning(t *testing.T) {
	end := ago(3 * time.Hour)
	seen := []view.Coverage{{Source: "x/stream", From: ago(2 * time.Hour), To: now, Gaps: 3}}
	gaps := []view.Gap{
		{Source: "x/stream", From: ago(5 * time.Hour), To: &end},
		{Source: "x/stream", From: ago(3 * time.Hour)},
		{Source: "other", From: ago(time.Hour)},
		{Source: "x/stream", Campaign: "c", From: ago(9 * time.Hour), To: &end, Cause: "before"},
	}
	want := []view.Gap{{Source: "x/stream", From: ago(2 * time.Hour)}, gaps[3]}
	if diff := cmp.Diff(want, Concerning(gaps, seen, now)); diff != "" {
		t.Error(diff)
	}
	if got := Unlisted(gaps[:1], seen); got != 2 {
		t.Errorf("%d gaps left out of the list, want 2", got)
	}
	if got := Unlisted(gaps[:3], seen); got != 0 {
		t.Errorf("%d gaps left out of the list, want none", got)
	}
	if got := Unlisted(gaps[2:], seen); got != 2 {
		t.Errorf("%d gaps left out beside the past, want 2", got)
	}
}

func TestHealth(t *testing.T) {
	status := func(states ...collectors.State) (all []collectors.Status) {
		for _, s := range states {
			all = append(all, collectors.Status{State: s})
		}
		return all
	}
	part := append(status(collectors.Live), collectors.Status{State: collectors.Live, Missing: &post.Gap{}})
	for _, test := range []struct {
		running []collectors.Status
		want    string
		fine    bool
	}{
		{nil, "", true},
		{status(collectors.Live), "1 source live", true},
		{status(collectors.Live, collectors.Live, collectors.Live), "3 sources live", true},
		{status(collectors.Live, collectors.Waiting, collectors.Live), "1 of 3 sources is down", false},
		{status(collectors.Ended, collectors.Waiting, collectors.Connecting), "2 of 3 sources are down", false},
		{status(collectors.Connecting, collectors.Live), "1 of 2 sources is connecting", false},
		{status(collectors.Ended), "The source is down", false},
		{status(collectors.Ended, collectors.Waiting), "All 2 sources are down", false},
		{part, "1 of 2 sources sees only a part", false},
		{status("odd"), "The source is down", false},
	} {
		if got, fine := Health(en, test.running); got != test.want || fine != test.fine {
			t.Errorf("%q %v, want %q %v", got, fine, test.want, test.fine)
		}
	}
}
