package abuselist_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/dashboards/desk/abuselist"
	"winnow/storage/view"
)

var begin = time.Date(2031, 6, 12, 10, 0, 0, 0, time.UTC)

func finding() view.FindingDetail {
	return view.FindingDetail{
		FindingSummary: view.FindingSummary{
			Campaign: "c", ID: "f1", Sentence: "These 4 accounts posted the same text\nwithin 50 s.", StartedAt: begin, EndedAt: begin.Add(time.Minute), Accounts: 5, Posts: 9,
		},
		AccountRows: []view.FindingAccount{
			{Platform: "x", AccountID: "109302", Handle: "lantern", First: begin, Last: begin.Add(time.Minute)},
			{Platform: "mastodon", AccountID: "https://social.example/users/anna", Handle: "anna@social.example", First: begin, Last: begin},
			{Platform: "bluesky", AccountID: "did:plc:abc", Handle: "ضوء.example", First: begin, Last: begin},
			{Platform: "archive", AccountID: `=HYPERLINK("https://evil.example","x")`, First: begin, Last: begin},
		},
		PostRows: []view.FindingPost{
			{Platform: "x", AccountID: "109302", Handle: "lantern", URL: "https://x.com/lantern/status/1?a=b,c", At: begin, Text: "not listed"},
			{Platform: "x", AccountID: "109302", Handle: "lantern", URL: "javascript:alert(1)", At: begin, Deleted: true},
		},
		MorePosts: 7,
	}
}

func TestCSV(t *testing.T) {
	var b strings.Builder
	if err := abuselist.CSV(&b, finding()); err != nil {
		t.Fatal(err)
	}
	want := "\ufeff" + strings.ReplaceAll(`what,platform,account,account id,link,first (UTC),last (UTC),deleted,finding
account,X,lantern,109302,https://x.com/i/user/109302,2031-06-12 10:00:00,2031-06-12 10:01:00,,f1
account,Mastodon,anna@social.example,https://social.example/users/anna,https://social.example/users/anna,2031-06-12 10:00:00,2031-06-12 10:00:00,,f1
account,Bluesky,ضوء.example,did:plc:abc,https://bsky.app/profile/did:plc:abc,2031-06-12 10:00:00,2031-06-12 10:00:00,,f1
account,Archive,,"'=HYPERLINK(""https://evil.example"",""x"")",,2031-06-12 10:00:00,2031-06-12 10:00:00,,f1
post,X,lantern,109302,"https://x.com/lantern/status/1?a=b,c",2031-06-12 10:00:00,,,f1
post,X,lantern,109302,,2031-06-12 10:00:00,,yes,f1
`, "\n", "\r\n")
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestText(t *testing.T) {
	var b strings.Builder
	if err := abuselist.Text(&b, finding()); err != nil {
		t.Fatal(err)
	}
	want := `These 4 accounts posted the same text within 50 s.
From 2031-06-12 10:00:00 to 2031-06-12 10:01:00 (UTC). 5 accounts, 9 posts. Finding f1 of Winnow.
These accounts acted together in time, more than chance explains. This does not say who is behind them, nor whether they are automated.

X: accounts
https://x.com/i/user/109302 @lantern id 109302

X: posts
https://x.com/lantern/status/1?a=b,c 2031-06-12 10:00:00

Mastodon: accounts
https://social.example/users/anna @anna@social.example

Bluesky: accounts
https://bsky.app/profile/did:plc:abc @ضوء.example id did:plc:abc

Archive: accounts
id =HYPERLINK("https://evil.example","x")

Not listed: 1 account, 7 posts.
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Property: whatever stands in names and addresses, the list stays a table of nine
// columns in UTF-8, and no cell of it begins a formula.
func TestNoCellIsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("=+-@＝＠|% \t\r\n\"',;a\x00\u2028\ufeffع")))
		f := view.FindingDetail{FindingSummary: view.FindingSummary{ID: text.Draw(t, "id")}}
		f.AccountRows = []view.FindingAccount{{Platform: text.Draw(t, "platform"), AccountID: text.Draw(t, "account"), Handle: text.Draw(t, "handle") + "\xff"}}
		f.PostRows = []view.FindingPost{{URL: "https://e.example/" + text.Draw(t, "path"), Handle: text.Draw(t, "author")}}
		var b strings.Builder
		if err := abuselist.CSV(&b, f); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows {
			for _, c := range row {
				if !utf8.ValidString(c) || strings.ContainsAny(c, "\t\r\n") {
					t.Fatalf("cell %q", c)
				}
				if c = strings.TrimLeft(c, " \u00a0\ufeff"); c != "" && strings.ContainsAny(c[:1], "=+-@|%") {
					t.Fatalf("cell %q is a formula", c)
				}
			}
		}
	})
}

func TestProfile(t *testing.T) {
	for _, test := range []struct{ platform, id, handle, want string }{
		{"x", "12", "a", "https://x.com/i/user/12"},
		{"x", "1/../2", "a/b", "https://x.com/a%2Fb"},
		{"x", "", "", ""},
		{"bluesky", "did:plc:a/b", "", "https://bsky.app/profile/did:plc:a%2Fb"},
		{"bluesky", "someone", "", ""},
		{"mastodon", "javascript:alert(1)", "", ""},
		{"mastodon", "https://user:pass@evil.example/", "", ""},
		{"archive", "7", "seven", ""},
	} {
		if got := abuselist.Profile(test.platform, test.id, test.handle); got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestAListThatCannotBeWritten(t *testing.T) {
	for name, write := range map[string]error{"csv": abuselist.CSV(full{}, finding()), "text": abuselist.Text(full{}, finding())} {
		if write == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
