package campaign_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
)

var noon = time.Date(2015, 6, 12, 12, 0, 0, 0, time.UTC)

func newMatcher(t testing.TB, campaigns ...campaign.Campaign) *campaign.Matcher {
	t.Helper()
	m, err := campaign.NewMatcher(campaigns)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMatch(t *testing.T) {
	m := newMatcher(
		t,
		campaign.Campaign{
			Name: "games",
			Tags: []string{"#Baku2015", "Bakı2015", "#باكو٢٠١٥"},
			Protected: []campaign.Protected{
				{Platform: post.X, Account: "@Rights_Watch"},
				{Account: "did:plc:abc"},
				{Platform: post.Mastodon, Account: "https://example.social/users/Anna"},
			},
		},
		campaign.Campaign{
			Name: "prisoners",
			Terms: []string{
				"siyasi məhbus", "azad", "İlham", "السجناء السياسيين", "özgürlük", "political prisoners", "自由", "#FreeThemAll", "it's time",
			},
		},
		campaign.Campaign{
			Name: "both",
			Tags: []string{"baku2015"},
			Declared: []campaign.Declared{{
				Name: "day", From: noon, To: noon.Add(time.Hour), Tags: []string{"DayOfAction"},
			}},
		},
	)
	text := func(s string) func(*post.Post) { return func(p *post.Post) { p.Text = s } }
	tags := func(s ...string) func(*post.Post) { return func(p *post.Post) { p.Tags = post.NewTags(s...) } }
	for _, tt := range []struct {
		name string
		edit func(*post.Post)
		want string
	}{
		{"nothing", text("nothing of interest"), ""},
		{"tag in another spelling", tags("＃ＢＡＫＵ２０１５"), "games both"},
		{"tag of one campaign", tags("other", "bakı2015"), "games"},
		{"Arabic tag with tatweel", tags("باكـو٢٠١٥"), "games"},
		{"tag of a declared action, any day", tags("dayofaction"), "both"},
		{"tag in the text only", text("#Baku2015"), ""},
		{"two reasons, one name", func(p *post.Post) { p.Tags, p.Account.Handle = post.NewTags("Bakı2015"), "rights_watch" }, "games"},

		{"term", text("Bu gün SİYASİ MƏHBUS haqqında danışırıq"), "prisoners"},
		{"term without dots", text("SIYASI, məhbus"), "prisoners"},
		{"term across a mention", text("siyasi @a məhbus"), "prisoners"},
		{"half a term", text("siyasi partiya, sonra məhbus"), ""},
		{"Azerbaijani word within a word", text("azadlıq"), ""},
		{"Azerbaijani word with apostrophe", text("ilham'ın"), "prisoners"},
		{"Turkish capitals", text("ÖZGÜRLÜK!"), "prisoners"},
		{"Turkish, composed differently", text("o\u0308zgu\u0308rlu\u0308k"), "prisoners"},
		{"Arabic with vowel signs", text("الحرية لِلسجناء، السُّجَناءِ السياسيّين"), "prisoners"},
		{"Arabic with prefix", text("والسجناء السياسيين"), ""},
		{"Han within a sentence", text("我们要自由和和平"), "prisoners"},
		{"tag as a term", text("now: #freethemall."), "prisoners"},
		{"apostrophe", text("It’s TIME"), "prisoners"},
		{"term in a link", text("https://example.org/azad"), ""},
		{"last words", text("free all political prisoners"), "prisoners"},

		{"author by handle", func(p *post.Post) { p.Account.Handle = "RIGHTS_watch" }, "games"},
		{"author on another platform", func(p *post.Post) { p.Platform, p.Account.Handle = post.Bluesky, "rights_watch" }, ""},
		{"author in an archive", func(p *post.Post) { p.Platform, p.Account.Handle = post.Archive, "rights_watch" }, "games"},
		{"author by id", func(p *post.Post) { p.Platform, p.Account.ID = post.Bluesky, "did:plc:abc" }, "games"},
		{"author by address", func(p *post.Post) { p.Platform, p.Account.ID = post.Mastodon, "https://example.social/users/Anna" }, "games"},
		{"mention", func(p *post.Post) {
			p.Mentions = []post.Mention{{Handle: "a"}, {AccountID: "5", Handle: "Rights_Watch"}}
		}, "games"},
		{"reply", func(p *post.Post) { p.ReplyTo = post.Ref{AccountID: "did:plc:abc"} }, "games"},
		{"repost", func(p *post.Post) { p.RepostOf = post.Ref{Handle: "Rights_Watch"} }, "games"},
		{"quote", func(p *post.Post) { p.QuoteOf = post.Ref{Handle: "Rights_Watch"} }, "games"},
		{"campaign named by an archive", func(p *post.Post) { p.Campaign = "games" }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := post.Post{Platform: post.X, ID: "1", Account: post.Account{ID: "2", Handle: "author"}, PostedAt: noon}
			tt.edit(&p)
			got := m.Match([]string{"kept"}, &p)
			if want := append([]string{"kept"}, strings.Fields(tt.want)...); !slices.Equal(got, want) {
				t.Errorf("Match gives %q, want %q", got, want)
			}
		})
	}
}

func TestMatchWithoutCampaigns(t *testing.T) {
	m := newMatcher(t)
	if got := m.Match(nil, &post.Post{Tags: post.NewTags("a")}); got != nil {
		t.Errorf("Match gives %q, want nothing", got)
	}
	if got := m.Match(nil, &post.Post{Campaign: "archive"}); !slices.Equal(got, []string{"archive"}) {
		t.Errorf("Match gives %q, want the archive's campaign", got)
	}
	if got := m.Declared("archive", &post.Post{}); got != "" {
		t.Errorf("Declared gives %q, want nothing", got)
	}
}

func TestMatchManyCampaigns(t *testing.T) {
	var campaigns []campaign.Campaign
	var want []string
	for i := range 1000 {
		name := fmt.Sprint("campaign ", i)
		campaigns = append(campaigns, campaign.Campaign{Name: name, Tags: []string{"all", fmt.Sprint("one", i)}})
		want = append(want, name)
	}
	m := newMatcher(t, campaigns...)
	if diff := cmp.Diff(want, m.Match(nil, &post.Post{Tags: post.NewTags("all", "one7")})); diff != "" {
		t.Error(diff)
	}
	if got := m.Match(nil, &post.Post{Tags: post.NewTags("one999", "one64")}); !slices.Equal(got, []string{"campaign 64", "campaign 999"}) {
		t.Errorf("Match gives %q", got)
	}
	if len(m.Campaigns()) != 1000 {
		t.Errorf("%d campaigns", len(m.Campaigns()))
	}
}

func TestDeclared(t *testing.T) {
	m := newMatcher(t, campaign.Campaign{Name: "games", Declared: []campaign.Declared{
		{Name: "day", From: noon, To: noon.Add(time.Hour), Tags: []string{"#DayOfAction"}, Texts: []string{"Hamıya azadlıq!"}},
		{Name: "week", From: noon.Add(-time.Hour), To: noon.Add(48 * time.Hour), Tags: []string{"dayofaction", "week"}},
	}}, campaign.Campaign{Name: "other", Tags: []string{"other"}})
	for _, tt := range []struct {
		name, campaign string
		at             time.Duration
		tag, text      string
		want           string
	}{
		{"by tag, first wins", "games", 0, "DAYOFACTION", "", "day"},
		{"by text", "games", time.Minute, "", "RT @a: HAMIYA AZADLIQ @b https://t.co/a", "day"},
		{"text within words", "games", time.Minute, "", "hamıya azadlıqlar", ""},
		{"before", "games", -time.Minute, "dayofaction", "", "week"},
		{"the end is excluded", "games", time.Hour, "dayofaction", "hamıya azadlıq", "week"},
		{"after all", "games", 48 * time.Hour, "dayofaction", "", ""},
		{"another tag", "games", 0, "baku2015", "", ""},
		{"another campaign", "other", 0, "dayofaction", "", ""},
		{"no campaign", "none", 0, "dayofaction", "", ""},
	} {
		p := post.Post{PostedAt: noon.Add(tt.at), Tags: post.NewTags(tt.tag), Text: tt.text}
		if got := m.Declared(tt.campaign, &p); got != tt.want {
			t.Errorf("%s: Declared gives %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestLookup(t *testing.T) {
	m := newMatcher(t, campaign.Campaign{Name: "games", Tags: []string{"a"}})
	if c, ok := m.Lookup("games"); !ok || c.Name != "games" {
		t.Errorf("Lookup gives %v, %v", c, ok)
	}
	if c, ok := m.Lookup("none"); ok || c != nil {
		t.Errorf("Lookup of an unknown campaign gives %v, %v", c, ok)
	}
}

func TestNewMatcherNamesAllMistakes(t *testing.T) {
	_, err := campaign.NewMatcher([]campaign.Campaign{
		{Name: ""},
		{Name: "a", Tags: []string{"2015", "free speech"}, Terms: []string{"!", "https://example.org"}},
		{Name: "a", Tags: []string{"ok"}, Protected: []campaign.Protected{{Account: "@"}, {Platform: "gopher", Account: "b"}}},
		{Name: " c", Tags: []string{"ok"}},
		{Name: "d\x07e", Tags: []string{"ok"}},
		{Name: strings.Repeat("e", 201), Tags: []string{"ok"}},
		{Name: "f", Declared: []campaign.Declared{
			{From: noon, To: noon.Add(1), Tags: []string{"ok"}},
			{Name: "one", From: noon, To: noon, Tags: []string{"1"}},
			{Name: "one", To: noon, Texts: []string{"?"}},
			{Name: "two", From: noon, To: noon.Add(1)},
		}},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`campaign 1: it needs a name`, `campaign "": it watches nothing`,
		`campaign "a": tag "2015" is no hashtag`, `"free speech"`, `term "!" has no word`, `term "https://example.org"`,
		`campaign "a" is there twice`, `a protected account is empty`, `unknown platform "gopher"`,
		`campaign 4: it needs a name without blanks`, `campaign 5: its name has bytes`, `campaign 6: its name is longer`,
		`a declared action has no name`, `declared action "one" does not end after it starts`, `declared action "one": tag "1"`,
		`declared action "one" is there twice`, `declared action "one": text "?"`, `declared action "two" matches nothing`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not tell: %s", want)
		}
	}
	if t.Failed() {
		t.Log(err)
	}
}

// Terms must be found just where a plain search for whole words finds them.
func TestTermsAgreeWithPlainSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"a", "b", "ab", "azad", "azadlıq", "ə", "حرية", "ба"})
		phrase := rapid.SliceOfN(word, 1, 3)
		var campaigns []campaign.Campaign
		for i := range rapid.IntRange(1, 6).Draw(t, "campaigns") {
			terms := []string{strings.Join(phrase.Draw(t, "term"), " "), strings.Join(phrase.Draw(t, "term"), " ")}
			campaigns = append(campaigns, campaign.Campaign{Name: fmt.Sprint(i), Terms: terms})
		}
		m, err := campaign.NewMatcher(campaigns)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "text"), " ")
		var want []string
		for _, c := range campaigns {
			if slices.ContainsFunc(c.Terms, func(term string) bool {
				return strings.Contains(" "+fold.Text(text)+" ", " "+fold.Text(term)+" ")
			}) {
				want = append(want, c.Name)
			}
		}
		if got := m.Match(nil, &post.Post{Text: text}); !slices.Equal(got, want) {
			t.Fatalf("Match(%q) gives %q, want %q", text, got, want)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	campaigns := func(terms int) []campaign.Campaign {
		var all []campaign.Campaign
		for i := range 50 {
			c := campaign.Campaign{Name: fmt.Sprint("campaign ", i), Protected: []campaign.Protected{{Account: fmt.Sprint("protected", i)}}}
			for j := range 10 {
				c.Tags = append(c.Tags, fmt.Sprintf("tag%dof%d", j, i))
			}
			for j := range terms {
				c.Terms = append(c.Terms, fmt.Sprintf("term%d of %d", j, i), "siyasi məhbus")
			}
			all = append(all, c)
		}
		return all
	}
	p := &post.Post{
		Platform: post.X, Account: post.Account{ID: "12345", Handle: "author"}, PostedAt: noon,
		Text:     "Azərbaycan xalqı bu gün öz tarixini yazır, bütün dünya bizi izləyir! #Baku2015 #Azadlıq https://t.co/AbC123",
		Tags:     post.NewTags("Baku2015", "Azadlıq", "tag3of17"),
		Mentions: []post.Mention{{AccountID: "7", Handle: "target"}},
	}
	for _, terms := range []int{0, 5} {
		b.Run(fmt.Sprint("Terms", terms), func(b *testing.B) {
			m := newMatcher(b, campaigns(terms)...)
			b.ReportAllocs()
			var dst []string
			for b.Loop() {
				dst = m.Match(dst[:0], p)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}
