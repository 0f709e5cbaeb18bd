package rules_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/collectors"
	"winnow/collectors/x/api"
	"winnow/collectors/x/rules"
	"winnow/collectors/x/xtest"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

func values(all []api.Rule) []string {
	var out []string
	for _, r := range all {
		out = append(out, r.Value)
	}
	return out
}

func TestBuild(t *testing.T) {
	games := campaign.Campaign{
		Name:  "games",
		Tags:  []string{"#Baku2015", "baku2015", "Bakı2015", "東京"},
		Terms: []string{`open "games"`, "boykot"},
		Protected: []campaign.Protected{
			{Platform: post.X, Account: "@open_games"},
			{Platform: post.Mastodon, Account: "@anna@social.example"},
			{Account: "2244994945"},
			{Account: "@bela@social.example"},
		},
		Declared: []campaign.Declared{{Name: "day", Tags: []string{"GamesDay"}}},
	}
	for _, c := range []struct {
		name string
		o    rules.Options
		want []string
	}{
		{"all in one", rules.Options{}, []string{
			`#Baku2015 OR #Bakı2015 OR #baki2015 OR #東京 OR #GamesDay OR "open games" OR "boykot" OR ` +
				`@open_games OR from:open_games OR to:open_games OR from:2244994945 OR to:2244994945`,
		}},
		{"short rules", rules.Options{Length: 46, Sample: 25, NoReposts: true}, []string{
			`(#Baku2015 OR #Bakı2015) sample:25 -is:retweet`,
			`(#baki2015 OR #東京) sample:25 -is:retweet`,
			`#GamesDay sample:25 -is:retweet`,
			`"open games" sample:25 -is:retweet`,
			`"boykot" sample:25 -is:retweet`,
			`@open_games sample:25 -is:retweet`,
			`from:open_games sample:25 -is:retweet`,
			`to:open_games sample:25 -is:retweet`,
			`from:2244994945 sample:25 -is:retweet`,
			`to:2244994945 sample:25 -is:retweet`,
		}},
	} {
		got, problems := rules.Build([]campaign.Campaign{games, games}, c.o)
		if diff := cmp.Diff(c.want, values(got)); diff != "" || problems != nil {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, problems, diff)
		}
		for _, r := range got {
			if r.Tag != "winnow:games" {
				t.Errorf("the tag of %q is %q", r.Value, r.Tag)
			}
		}
	}
}

func TestUnwatchable(t *testing.T) {
	_, got := rules.Build([]campaign.Campaign{{
		Name:      "odd",
		Tags:      []string{"two-words", "good", strings.Repeat("a", 2000)},
		Terms:     []string{`"`, "!!", "fine"},
		Protected: []campaign.Protected{{Platform: post.X, Account: "anna@social.example"}, {Account: "elsewhere.example"}},
	}}, rules.Options{})
	var what []string
	for _, u := range got {
		what = append(what, fmt.Sprintf("%.20s", u.What))
		if !strings.Contains(u.String(), `campaign "odd"`) || u.Why == "" {
			t.Errorf("told as %q", u)
		}
	}
	if diff := cmp.Diff([]string{"two-words", strings.Repeat("a", 20), `"`, "!!", "anna@social.example"}, what); diff != "" {
		t.Errorf("unwatchable (-want +got):\n%s", diff)
	}
}

func TestTagIsBounded(t *testing.T) {
	long := strings.Repeat("ə", 300)
	a, b := rules.Tag(long), rules.Tag(long+"!")
	if a == b || utf8.RuneCountInString(a) > 130 || !strings.HasPrefix(a, rules.Prefix+"əəə") {
		t.Errorf("the tags of long names are %q and %q", a, b)
	}
	if !rules.Own(api.Rule{Tag: a}) || rules.Own(api.Rule{Tag: "other"}) || rules.Own(api.Rule{}) {
		t.Error("Own does not go by the prefix")
	}
}

func TestQuery(t *testing.T) {
	c := campaign.Campaign{Name: "many"}
	for i := range 200 {
		c.Tags = append(c.Tags, fmt.Sprintf("tag%d", i))
	}
	all := rules.Query(c, rules.Options{Sample: 10})
	joined := strings.Join(all, " OR ")
	for _, tag := range c.Tags {
		if !strings.Contains(" "+joined+" ", " #"+tag+" ") {
			t.Errorf("no query asks for #%s", tag)
		}
	}
	for _, q := range all {
		if len(q) > rules.QueryLength || len(q) < 480 && q != all[len(all)-1] || strings.Contains(q, "sample") {
			t.Errorf("a query of %d characters: %s", len(q), q)
		}
	}
}

// campaigns draws campaigns of words that X takes.
func campaigns(t *rapid.T) []campaign.Campaign {
	word := rapid.StringMatching(`[a-zşəıİ東]{1,12}[a-z]`)
	phrase := rapid.StringMatching(`[a-z"\\ ş!(]{0,30}[a-z]`)
	var out []campaign.Campaign
	for i := range rapid.IntRange(0, 4).Draw(t, "campaigns") {
		out = append(out, campaign.Campaign{
			Name:  fmt.Sprintf("campaign %d", i),
			Tags:  rapid.SliceOfN(word, 0, 150).Draw(t, "tags"),
			Terms: rapid.SliceOfN(phrase, 0, 20).Draw(t, "terms"),
		})
	}
	return out
}

func options(t *rapid.T) rules.Options {
	return rules.Options{
		Length:    rapid.SampledFrom([]int{0, 80, 200, 2048}).Draw(t, "length"),
		Sample:    rapid.IntRange(0, 100).Draw(t, "sample"),
		NoReposts: rapid.Bool().Draw(t, "no reposts"),
	}
}

// Every tag of every campaign is a clause of some rule or said to be
// unwatchable, and no rule is longer than allowed or misses what limits it.
func TestEverythingIsWatched(t *testing.T) {
	suffix := regexp.MustCompile(` sample:\d+| -is:retweet`)
	rapid.Check(t, func(t *rapid.T) {
		all, o := campaigns(t), options(t)
		built, problems := rules.Build(all, o)
		most := o.Length
		if most == 0 {
			most = rules.PlanLength
		}
		watched := map[string]bool{}
		for _, r := range built {
			if n := utf8.RuneCountInString(r.Value); n > most {
				t.Fatalf("a rule of %d characters, %d are allowed: %s", n, most, r.Value)
			}
			if want := o.Sample > 0 && o.Sample < 100; want != strings.HasSuffix(strings.TrimSuffix(r.Value, " -is:retweet"), fmt.Sprintf(" sample:%d", o.Sample)) ||
				o.NoReposts != strings.HasSuffix(r.Value, " -is:retweet") {
				t.Fatalf("the rule does not end as it should: %s", r.Value)
			}
			bare := suffix.ReplaceAllString(r.Value, "")
			if bare != r.Value && strings.Contains(bare, " OR ") {
				if !strings.HasPrefix(bare, "(") || !strings.HasSuffix(bare, ")") {
					t.Fatalf("a limited rule without brackets: %s", r.Value)
				}
				bare = bare[1 : len(bare)-1]
			}
			for clause := range strings.SplitSeq(bare, " OR ") {
				watched[strings.ToLower(clause)] = true
			}
		}
		for _, c := range all {
			for _, tag := range c.Tags {
				bad := slices.ContainsFunc(problems, func(u rules.Unwatchable) bool { return u.What == tag })
				if !watched["#"+strings.ToLower(tag)] && !bad {
					t.Fatalf("nothing watches #%s", tag)
				}
			}
		}
	})
}

// Reconciling makes X's rules those wanted, whatever was there; doing it again
// changes nothing; and other programs' rules stay.
func TestReconcile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := fake(t, xtest.Options{Refused: []string{"zz"}})
		defer s.Close()
		s.AddRule("#foreign", "somebody's")
		s.AddRule("(#old) sample:3", "winnow:gone")
		o := options(t)
		o.Length = 200
		for range 2 {
			want, _ := rules.Build(campaigns(t), o)
			if rapid.Bool().Draw(t, "a refused one") {
				want = append(want, api.Rule{Value: `#good OR #zz OR "fine words" OR #more`, Tag: "winnow:x"})
			}
			before, _ := s.Rules()
			if _, err := rules.Reconcile(t.Context(), c, want, o, true); err != nil {
				t.Fatal(err)
			}
			if after, _ := s.Rules(); !slices.Equal(before, after) {
				t.Fatalf("a dry run changed %v to %v", before, after)
			}
			report, err := rules.Reconcile(t.Context(), c, want, o, false)
			if err != nil {
				t.Fatal(err)
			}
			there, _ := s.Rules()
			clauses := strings.Join(there, " OR ")
			for _, r := range want {
				for clause := range strings.SplitSeq(strings.NewReplacer("(", "", ")", "").Replace(r.Value), " OR ") {
					refused := slices.ContainsFunc(report.Refused, func(f rules.Refusal) bool {
						return strings.Contains(f.Rule.Value, "zz") && f.Why != ""
					})
					word, _, _ := strings.Cut(clause, " sample:")
					if !strings.Contains(strings.NewReplacer("(", "", ")", "").Replace(clauses), word) && !(refused && strings.Contains(clause, "zz")) {
						t.Fatalf("nothing watches %s: %v", clause, there)
					}
				}
			}
			if !slices.Contains(there, "#foreign") || slices.Contains(there, "(#old) sample:3") || len(report.Foreign) != 1 {
				t.Fatalf("other programs' rules: %v", there)
			}
			again, err := rules.Reconcile(t.Context(), c, want, o, false)
			if err != nil || len(again.Add)+len(again.Remove) > 0 {
				t.Fatalf("a second time adds %v and removes %v: %v", again.Add, again.Remove, err)
			}
		}
	})
}

func fake(t interface{ Fatal(...any) }, o xtest.Options) (*xtest.Server, *api.Client) {
	s, err := xtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s, api.New(api.Options{Base: s.URL(), HTTP: bearer(s.Token())})
}

// watch notes, at each change, which of the wanted clauses no rule holds.
type watch struct {
	*api.Client
	s       *xtest.Server
	clauses []string
	missed  []string
}

func (w *watch) DeleteRules(ctx context.Context, ids []string, dryRun bool) error {
	err := w.Client.DeleteRules(ctx, ids, dryRun)
	there, _ := w.s.Rules()
	for _, c := range w.clauses {
		if !strings.Contains(strings.Join(there, " "), c) {
			w.missed = append(w.missed, c)
		}
	}
	return err
}

func TestNothingIsUnwatchedInBetween(t *testing.T) {
	for _, c := range []struct {
		name   string
		room   int
		missed bool
	}{{"room for both", 1000, false}, {"no room", 8, true}} {
		t.Run(c.name, func(t *testing.T) {
			s, client := fake(t, xtest.Options{Rules: c.room})
			t.Cleanup(s.Close)
			var tags, clauses []string
			for i := range 40 {
				tags = append(tags, fmt.Sprintf("tagnumber%02d", i))
				clauses = append(clauses, "#"+tags[i])
			}
			all := []campaign.Campaign{{Name: "c", Tags: tags}}
			o := rules.Options{Length: 100, Most: c.room}
			want, _ := rules.Build(all, o)
			if _, err := rules.Reconcile(t.Context(), client, want, o, false); err != nil {
				t.Fatal(err)
			}
			o.Sample, o.Length = 50, 110
			want, _ = rules.Build(all, o)
			w := &watch{Client: client, s: s, clauses: clauses}
			report, err := rules.Reconcile(t.Context(), w, want, o, false)
			if err != nil {
				t.Fatal(err)
			}
			if (len(w.missed) > 0) != c.missed || report.Unwatched != c.missed {
				t.Errorf("unwatched in between: %v, reported %v", w.missed, report.Unwatched)
			}
			there, _ := s.Rules()
			if diff := cmp.Diff(values(want), there); diff != "" {
				t.Errorf("rules (-want +there):\n%s", diff)
			}
		})
	}
}

func TestTooManyRules(t *testing.T) {
	s, client := fake(t, xtest.Options{})
	t.Cleanup(s.Close)
	s.AddRule("#foreign", "somebody's")
	want := []api.Rule{{Value: "#a", Tag: "winnow:a"}, {Value: "#b", Tag: "winnow:a"}}
	_, err := rules.Reconcile(t.Context(), client, want, rules.Options{Most: 2}, false)
	fault, ok := errors.AsType[*collectors.Fault](err)
	if !ok || fault.Cause != post.Misconfigured || !errors.Is(err, api.ErrRuleCap) || fault.Advice == "" {
		t.Errorf("got %v", err)
	}
	if there, _ := s.Rules(); len(there) != 1 {
		t.Errorf("rules were changed all the same: %v", there)
	}
}

func TestPlan(t *testing.T) {
	have := []api.Rule{
		{ID: "1", Value: "#kept", Tag: "winnow:old name"},
		{ID: "2", Value: "#gone", Tag: "winnow:a"},
		{ID: "3", Value: "#theirs", Tag: ""},
		{ID: "4", Value: "#shared", Tag: "other"},
	}
	want := []api.Rule{{Value: "#kept", Tag: "winnow:new name"}, {Value: "#shared", Tag: "winnow:a"}, {Value: "#new", Tag: "winnow:a"}, {Value: "#new", Tag: "winnow:b"}}
	got := rules.Plan(have, want)
	if diff := cmp.Diff(rules.Change{Add: want[2:3], Remove: have[1:2], Keep: have[:1], Foreign: have[2:]}, got); diff != "" {
		t.Errorf("Plan (-want +got):\n%s", diff)
	}
}
