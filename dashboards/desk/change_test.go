package desk

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"winnow/storage/view"
)

func changeURL(name, id string) string {
	return "/campaign/change?name=" + url.QueryEscape(name) + "&id=" + url.QueryEscape(id)
}

// changedStore is richStore with changes: the campaign rose on the morning of its
// first pile-on and goes on, and one of its tags fell for good.
func changedStore() *fakeStore {
	s := richStore()
	from := s.findings[richName][2].StartedAt.Add(-time.Hour)
	rise := view.ChangeDetail{Change: view.Change{
		ID: "rise", Direction: "rise", Sentence: "Since 12 Jun 05:20 UTC, 1204 posts where 31 would be usual at this time.",
		From: from, Bits: 88, Observed: 1204, Expected: 31.2, BeforeFrom: from.Add(-24 * time.Hour), BeforePosts: 310, BeforeAccounts: 120,
		BeforeEffective: 44, AfterTo: from.Add(6 * time.Hour), AfterPosts: 1190, AfterAccounts: 640, AfterEffective: 210.4, Newcomers: 512, Stayed: 60,
		StayedPosts: 84, Usual: 78, Hold: "drowned",
	}}
	rise.Rose = []view.ChangeItem{
		{Role: "rose", Kind: "text", ID: "t1", Label: "You should be ashamed, nobody wants you here <script>alert(1)</script>", AccountsAfter: 300, PostsAfter: 420, Bits: 200},
		{Role: "rose", Kind: "link", ID: "https://news.example/" + strings.Repeat("averylongpathwithoutanybreak", 8), AccountsBefore: 2, AccountsAfter: 90, PostsBefore: 2, PostsAfter: 99, Bits: 50},
		{Role: "rose", Kind: "tag", ID: "مشاهدالنهر", AccountsAfter: 80, PostsAfter: 80, Bits: 40},
		{Role: "rose", Kind: "repost", ID: "x/1", Label: "Go away.", AccountsAfter: 44, PostsAfter: 44, Bits: 30},
	}
	rise.Fell = []view.ChangeItem{{Role: "fell", Kind: "tag", ID: "lanterns", AccountsBefore: 100, AccountsAfter: 50, PostsBefore: 180, PostsAfter: 60, Bits: 60}}
	rise.Languages = []view.ChangeItem{{Role: "language", Kind: "language", ID: "az", AccountsBefore: 100, AccountsAfter: 90, PostsBefore: 200, PostsAfter: 120}, {Role: "language", Kind: "language", ID: "und", AccountsAfter: 550, PostsAfter: 1070}}
	rise.Accounts = []view.ChangeItem{
		{Role: "account", Kind: "x", ID: "acc-1", Label: "someone.with.a.rather.long.handle.1.at.bsky.example", PostsAfter: 70, Newcomer: true},
		{Role: "account", Kind: "mastodon", ID: "https://a-very-long-instance-name.social.example/users/someone_with_a_long_name_2", PostsBefore: 30, PostsAfter: 4},
	}
	fell := view.ChangeDetail{Change: view.Change{
		ID: "fall", Tag: "rivercity2031", Direction: "fall", Sentence: "From 9 Jun 10:00 UTC, 3 posts where 90 would be usual at this time.",
		From: from.Add(-70 * time.Hour), Lasting: true, Bits: 25, Observed: 3, Expected: 90, BeforeFrom: from.Add(-94 * time.Hour), BeforePosts: 900,
		BeforeAccounts: 50, AfterTo: from.Add(-64 * time.Hour), AfterPosts: 3, AfterAccounts: 3, Stayed: 3, StayedPosts: 3, Usual: 90, Hold: "drowned",
	}}
	s.changes = map[string][]view.ChangeDetail{richName: {fell, rise}}
	return s
}

func TestChanges(t *testing.T) {
	h := newDesk(t, Options{Store: changedStore()})
	campaign := get(t, h, campaignURL(richName)).Body.String()
	wantText(t, campaign,
		"What changed? 1,204 posts where 31 would be usual, since 12 Jun 2031",
		"Drowned out. Those who had posted in the day before went on about as usual, and others were louder.",
		"What changed in the tags", "goes on", "fall of #rivercity2031", "the new usual", "640 accounts 512 never seen here before",
	)
	page := get(t, h, changeURL(richName, "rise")).Body.String()
	wantText(t, page,
		"A rise of the campaign", "Drowned out.", "Posts an hour", "13", "198", "60 of 120", "7.1%", "Show the text", "Show the reposted post",
		"There was a pile-on at this time.", "300 (46.9%)", "100 (83.3%)", "Azerbaijani", "not told", "#lanterns",
		"@someone.with.a.rather.long.handle.1.at.bsky.example never seen here before", "Who acted together at this time",
	)
	if strings.Contains(withoutScript(page), "<script") {
		t.Error("a text of a post is taken for HTML")
	}
	if !strings.Contains(page, "/campaign/finding?name=") {
		t.Error("the page leads to no finding of its time")
	}
	fell := get(t, h, changeURL(richName, "fall")).Body.String()
	wantText(t, fell, "A fall of #rivercity2031", "Before calling it silence, look at what was not seen", "No finding has evidence in this time", "Nothing stands out")
	wantNoText(t, fell, "Drowned out", "There was a pile-on")

	if w := get(t, h, changeURL(richName, "nope")); w.Code != 404 {
		t.Errorf("a change that is not there: status %d", w.Code)
	} else {
		wantText(t, w.Body.String(), "There is no such change", "begin at another time now")
	}
	quiet := get(t, newDesk(t, Options{Store: richStore()}), campaignURL(richName)).Body.String()
	wantText(t, quiet, "What changed? Nothing that stands out.")
	wantNoText(t, quiet, "What changed in the tags")
}

func TestManyChangesAreBounded(t *testing.T) {
	s := changedStore()
	for i := range 80 {
		c := s.changes[richName][0]
		c.ID, c.From = fmt.Sprint("more-", i), c.From.Add(-time.Duration(i)*time.Hour)
		s.changes[richName] = append(s.changes[richName], c)
	}
	page := get(t, newDesk(t, Options{Store: s}), campaignURL(richName)).Body.String()
	if got := strings.Count(page, "finding-change"); got != maxChanges {
		t.Errorf("%d changes listed, want %d", got, maxChanges)
	}
	wantText(t, page, "Show 56 more changes", "22 older changes are not shown here.")
}

// hostileChange has one text wherever a post, an account or a tag may bring it in.
func hostileChange(evil string, at time.Time) view.ChangeDetail {
	item := func(kind string) view.ChangeItem { return view.ChangeItem{Kind: kind, ID: evil, Label: evil} }
	return view.ChangeDetail{
		Change: view.Change{ID: evil, Tag: evil, Direction: evil, Sentence: evil, From: at, BeforeFrom: at, AfterTo: at, AfterAccounts: 1, Hold: evil},
		Rose:   []view.ChangeItem{item("text"), item("link"), item("tag"), item("language"), item("repost"), item(evil)},
		Fell:   []view.ChangeItem{item("text"), item("link")}, Languages: []view.ChangeItem{item("language")}, Accounts: []view.ChangeItem{item(evil)},
	}
}
