package report

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"winnow/dashboards/desk/palette"
	"winnow/storage/view"
)

var update = flag.Bool("update", false, "rewrite golden files")

func write(t testing.TB, s *fakeStore, o Options) string {
	t.Helper()
	if o.Campaign == "" {
		o.Campaign = name
	}
	o.Now, o.Version = made, "v0.0-test"
	var file bytes.Buffer
	if err := Write(t.Context(), &file, s, o); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

var remark = regexp.MustCompile(`(?s)/\*.*?\*/`)

// rules are the words of a style sheet without its remarks, which templates leave out.
func rules(sheet string) []string { return strings.Fields(remark.ReplaceAllString(sheet, "")) }

// The reports of a made-up campaign, to be read before they are changed.
func TestGolden(t *testing.T) {
	for file, o := range map[string]Options{"numbers.html": {}, "identities.html": {Identities: true}} {
		t.Run(file, func(t *testing.T) {
			// The style is the same in all, and read where it is written.
			before, rest, _ := strings.Cut(write(t, march(), o), "<style>")
			style, after, _ := strings.Cut(rest, "</style>")
			sheet, err := files.ReadFile("report.css")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(rules(palette.CSS+string(sheet)), rules(style)); diff != "" {
				t.Errorf("the style is not that of palette.css and report.css (-want +got):\n%s", diff)
			}
			got := before + "<style></style>" + after
			path := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("not the report that was read (-want +got):\n%s", diff)
			}
		})
	}
}

// The same store and clock give the same bytes, in whatever order the store answers.
func TestSameBytes(t *testing.T) {
	for _, o := range []Options{{}, {Identities: true}} {
		first := write(t, march(), o)
		turned := march()
		turned.turned = true
		if write(t, march(), o) != first || write(t, turned, o) != first {
			t.Errorf("identities %v: the reports differ", o.Identities)
		}
	}
}

// Nothing that names or quotes anybody gets into a report that is not asked for it; and
// no note, signal or text of a pile-on into any.
func TestNamesNobodyUnasked(t *testing.T) {
	if got := write(t, march(), Options{}); strings.Contains(got, secret) {
		at := strings.Index(got, secret)
		t.Errorf("the report tells: %s", got[max(0, at-200):at+100])
	}
	got := write(t, march(), Options{Identities: true})
	for text, want := range map[string]bool{
		secret + "_handlea": true, secret + "_target": true, secret + " shared text": true, "#<bdi>" + secret: false, "<bdi>#" + secret + "tag": true,
		secret + " note": false, secret + " author": false, secret + " signal": false, secret + "-id": false, "What was written to the target can hurt": true,
	} {
		if strings.Contains(got, text) != want {
			t.Errorf("%q is told: %v, want %v", text, !want, want)
		}
	}
	pile := got[strings.Index(got, `id="finding-2"`):strings.Index(got, `id="finding-3"`)]
	if strings.Contains(pile, secret+" shared text") || !strings.Contains(pile, secret+"_handleb") {
		t.Error("the texts of a pile-on are told, or its accounts are not")
	}
	for o, says := range map[bool]string{false: "This report names no account and quotes no post.", true: "This report names accounts, and shows what they shared."} {
		first, _, _ := strings.Cut(write(t, march(), Options{Identities: o}), "</header>")
		if !strings.Contains(first, says) {
			t.Errorf("the first page does not say %q", says)
		}
	}
}

// texts reduces a report to what is read, with single blanks.
func texts(t *testing.T, file string) string {
	t.Helper()
	_, file, _ = strings.Cut(file, "</style>")
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(file)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.EndTagToken:
			if tag, _ := z.TagName(); slices.Contains([]string{"td", "th", "div", "dt", "dd", "tr", "li", "p"}, string(tag)) {
				b.WriteByte(' ')
			}
		case html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}

func TestTells(t *testing.T) {
	quiet := march()
	quiet.findings, quiet.rejected, quiet.changes, quiet.gaps, quiet.coverage = nil, nil, nil, nil, nil
	quiet.audience = view.Audience{Accounts: 310}
	quiet.measures = []view.Measures{{Platform: "archive", Posts: 700}}
	for _, test := range []struct {
		name          string
		store         *fakeStore
		o             Options
		says, saysNot []string
	}{
		{"everything", march(), Options{}, []string{
			"Time covered 10 Jun 2031, 06:00 UTC to 12 Jun 2031, 18:00 UTC: everything that was collected.",
			"Winnow found coordinated activity: 3 findings.", "Since 10 Jun 2031, 16:06 UTC.",
			"4.8% of the posts and 7.7% of the accounts.", "Posts, of 870 42 4.8% 2.8% 5.5%", "Accounts, of 310 24 7.7% 3.9% 10.6%",
			"Pile-ons were directed at 1 account, not named here.", "Account 1: 1 pile-on, 14 posts, the largest by 6 accounts.",
			"140 posts where 12 would be usual", "Drowned out.",
			"Accounts 310 24 286", "Potential reach 91,500 4,200 87,300", "Potential impressions 200,000 11,900 188,100", "Followers are known for 288 of 310 accounts.",
			"Early signs: 1.", "Findings that a person judged wrong: 1.", "Evening of lanterns",
			"1. Same content, posted together", "2. Pile-on explained by a person", "Directed at one account, not named here.", "That is a surprise of 46 bits: by chance about once in",
			"Mastodon: 2 accounts, Bluesky: 1 account, X: 1 account.", "link: 1, text: 1.", "3 weaker pieces are left out.",
			"Seen: at least 94.9%, at most 98.7%", "no connection, or one that broke", "fall of one tag", "Tags are not named here",
		}, []string{"went on when this report was made. Accounts acted", "Demonstration"}},
		{"nothing", quiet, Options{Demo: true}, []string{
			"Demonstration.", "No coordination was found.", "There is no such moment.", "0% of the posts and 0% of the accounts.", "Nobody that stands out.", "Nothing that stands out.",
			"Reach is unknown", "None. Winnow speaks up only when chance", "Not watched live in this time.", "None in this time, or none that shows",
		}, []string{"Potential reach 0", "Gaps: when a source"}},
		{"a part", march(), Options{From: begin.Add(29 * time.Hour), To: begin.Add(35*time.Hour + time.Minute)}, []string{
			"Time covered 11 Jun 2031, 11:00 UTC to 11 Jun 2031, 18:00 UTC: a part of what was collected.", "1 finding", "Since 11 Jun 2031, 12:00 UTC.", "Early signs: 0.", "judged wrong: 0.", "The numbers by hour",
		}, []string{"Same content, posted together", "Evening of lanterns"}},
		{"in another zone", march(), Options{Zone: time.FixedZone("+0545", 5*3600+45*60)}, []string{"Since 10 Jun 2031, 21:51 UTC+5:45.", "All times are told in UTC+5:45."}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := texts(t, write(t, test.store, test.o))
			for _, text := range test.says {
				if !strings.Contains(got, text) {
					t.Errorf("does not say %q", text)
				}
			}
			for _, text := range test.saysNot {
				if strings.Contains(got, text) {
					t.Errorf("says %q", text)
				}
			}
			if t.Failed() {
				t.Log(got)
			}
		})
	}
}

func TestSpan(t *testing.T) {
	s := march()
	write(t, s, Options{From: begin.Add(90 * time.Minute), To: made.AddDate(50, 0, 0)})
	if want := [2]time.Time{begin.Add(time.Hour), made.Add(30 * time.Minute)}; !s.asked[0][0].Equal(want[0]) || !s.asked[0][1].Equal(want[1]) {
		t.Errorf("asked for %v, want %v", s.asked[0], want)
	}
	failing := march()
	failing.err = errors.New("the store is away")
	for _, test := range []struct {
		name  string
		store *fakeStore
		o     Options
		want  error
	}{
		{"no campaign", march(), Options{Campaign: "another"}, ErrNoCampaign},
		{"no post yet", &fakeStore{summary: view.CampaignSummary{Name: name}}, Options{Campaign: name}, ErrEmpty},
		{"after the last post", march(), Options{Campaign: name, From: made.AddDate(1, 0, 0)}, ErrEmpty},
		{"before the first post", march(), Options{Campaign: name, To: begin.AddDate(-1, 0, 0)}, ErrEmpty},
		{"backwards", march(), Options{Campaign: name, From: made, To: begin}, ErrSpan},
		{"nowhere", march(), Options{Campaign: name, From: made, To: made}, ErrSpan},
		{"a store that fails", failing, Options{Campaign: name}, failing.err},
	} {
		t.Run(test.name, func(t *testing.T) {
			var file bytes.Buffer
			test.o.Now = made
			if err := Write(t.Context(), &file, test.store, test.o); !errors.Is(err, test.want) || file.Len() > 0 {
				t.Errorf("%v, with %d bytes; want %v", err, file.Len(), test.want)
			}
		})
	}
	o := Options{Zone: time.FixedZone("", 2*3600)}
	if err := o.SetSpan("2031-06-12 18:00", "2031-06-13T00:00:00Z"); err != nil || !o.From.Equal(made.Add(-150*time.Minute)) || !o.To.Equal(made.Add(330*time.Minute)) {
		t.Errorf("%v to %v, %v", o.From, o.To, err)
	}
	if err := o.SetSpan("", "yesterday"); !errors.Is(err, ErrSpan) || !strings.Contains(err.Error(), `"yesterday"`) {
		t.Errorf("%v", err)
	}
}

// However much there is, a report stays a report: the strongest are told.
func TestBounds(t *testing.T) {
	s := march()
	one := s.findings[0]
	s.findings = nil
	for i := range 300 {
		one.ID, one.Bits, one.StartedAt = fmt.Sprintf("f%03d", i), float64(20+i), begin.Add(time.Duration(300-i)*time.Minute)
		one.EndedAt, one.Target, one.Kind = one.StartedAt.Add(time.Minute), fmt.Sprint("t", i%30), "pile-on"
		s.findings = append(s.findings, one)
	}
	for i := range 90 {
		s.changes = append(s.changes, view.Change{ID: fmt.Sprint(i), From: begin.Add(time.Duration(i) * time.Minute), AfterTo: made, Lasting: true, Bits: float64(20 + i%7)})
		to := begin.Add(time.Duration(i+1) * time.Minute)
		s.gaps = append(s.gaps, view.Gap{Source: "x/stream", Platform: "x", From: begin.Add(time.Duration(i) * time.Minute), To: &to, Cause: "network", Fill: "lost", Campaign: name})
	}
	var told int
	got := write(t, s, Options{Progress: func(done, of int) {
		if told++; of != maxDetailed || done != told-1 {
			t.Errorf("%d of %d read", done, of)
		}
	}})
	if n := strings.Count(got, `<article class="finding"`); n != maxFindings || s.details != maxDetailed || s.edges != maxPictures || told != maxDetailed {
		t.Errorf("%d findings, %d read, %d with a picture, %d told of", n, s.details, s.edges, told)
	}
	if strings.Contains(got, ">f000<") || !strings.Contains(got, ">f299<") {
		t.Error("the strongest are not those that are told")
	}
	read := texts(t, got)
	for _, text := range []string{
		"300 findings, in the order of their first evidence. Those with the fewest bits, 100 of them, are left out here. The 20 with the most bits",
		"directed at 30 accounts", "52 smaller ones are left out.", "32 more gaps are left out.",
	} {
		if !strings.Contains(read, text) {
			t.Errorf("does not say %q", text)
		}
	}
}

// The rates that a report gives are those that the documentation gives.
func TestRatesAreThoseOfTheDocs(t *testing.T) {
	docs, err := os.ReadFile("../../../docs/detection.md")
	if err != nil {
		t.Fatal(err)
	}
	page := texts(t, write(t, march(), Options{}))
	for told, source := range map[string]string{
		"none of 2,861": "| organic_dev, 2,861 accounts: flagged | ≤ 0.1 %, none of high confidence | 0, no finding |",
		"30 of 228,556 (0.013 %), all in firm findings": "| 30 (0.013 %), in 2 findings, both firm |",
		"one of 2,588 wrong; .981":                      "1.000 (one of 2,588 wrong), .981 |",
		".996; 7 of 10,668":                             "| .996 |\n| hard: organic flagged | ≤ 0.3 % | 0.07 % (7 of 10,668) |",
		"1 of 30: these are not seen":                   "| slow rings | none | **1 of 30**",
		"one campaign in a thousand":                    "one campaign in a thousand",
		"up to one in sixteen a firm one":               "one campaign in sixteen may have one by chance",
	} {
		if !strings.Contains(page, told) || !strings.Contains(string(docs), source) {
			t.Errorf("%q is not told, or the documentation no longer says %q", told, source)
		}
	}
}
