package desk

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/view"
)

// Whatever stands in names, texts and ids, it stays text.
func TestHostileText(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.}}` + "\u202e&#106;/?#%2f"
	at := testNow.Add(-time.Hour)
	f := view.FindingDetail{FindingSummary: view.FindingSummary{
		Campaign: evil, ID: evil, Kind: evil, Sentence: evil, StartedAt: at, EndedAt: at.Add(time.Minute),
		Target: evil, Declared: evil, Confidence: evil, Bits: 30, Accounts: 1, Posts: 1, Objects: 1,
	}}
	undeclared := f
	undeclared.ID, undeclared.Declared = evil+"2", ""
	f.AccountRows = []view.FindingAccount{{Platform: evil, AccountID: evil, Handle: evil, Signals: []string{evil}}, {Platform: evil, AccountID: evil}}
	f.ObjectRows = []view.FindingObject{{Kind: evil, ID: evil, Label: evil}, {Kind: evil, ID: evil}}
	f.EvidenceRows = []view.FindingEvidence{{
		Kind: evil, ObjectKind: evil, ObjectID: evil, Label: evil, A: view.Party{AccountID: evil, Handle: evil}, B: view.Party{AccountID: evil},
		Terms: []view.EvidenceTerm{{Name: evil}},
	}, {ObjectKind: "moment", ObjectID: evil}}
	for _, address := range []string{
		"javascript:alert(3)", "data:text/html,<script>alert(4)</script>", "https://user:pass@evil.example/", "//evil.example/", evil,
	} {
		f.PostRows = append(f.PostRows, view.FindingPost{Platform: evil, Handle: evil, Text: evil, URL: address, ObjectKind: evil, At: at})
	}
	f.PostRows = append(f.PostRows, view.FindingPost{Text: evil + " and more", AccountID: evil, At: at})
	f.Verdict = view.Verdict{Judgement: evil, Note: evil, Author: evil, At: at}
	f.PostRows = append(f.PostRows, view.FindingPost{Text: evil, URL: "https://good.example/a?b=c\"d", At: at})
	s := &fakeStore{
		campaigns: []view.CampaignSummary{{Name: evil, Posts: 5, Accounts: 2, Findings: 1, First: at, Last: at}},
		findings:  map[string][]view.FindingDetail{evil: {f, undeclared}},
		verdicts:  []storage.Verdict{{Campaign: evil, Finding: evil + "2", Judgement: storage.Wrong, Note: evil, Author: evil, At: at}},
		changes:   map[string][]view.ChangeDetail{evil: {hostileChange(evil, at)}},
		related:   []view.RelatedFinding{{Campaign: evil, ID: evil, Kind: evil, Sentence: evil, Confidence: evil, Declared: evil, Judgement: evil}},
	}
	protected := func(string) []campaign.Protected {
		return []campaign.Protected{{Platform: post.X, Account: "@" + evil}, {Account: evil + "3"}}
	}
	h := newDesk(t, Options{Store: s, Verdicts: s, Version: evil, Protected: protected, Alerts: hostileAlerts(evil)})
	for _, page := range []string{
		"/", campaignURL(evil), findingURL(evil, evil), findingURL(evil, evil+"2"), changeURL(evil, evil),
		"/alerts", peopleURL(evil), peopleURL(evil) + "&who=" + url.QueryEscape("x:"+strings.ToLower(evil)) + "&texts=1",
		campaignURL(evil) + "&from=" + url.QueryEscape(evil) + "&step=" + url.QueryEscape(evil),
		campaignURL(evil) + "&range=" + url.QueryEscape(evil), replayURL(evil), replayURL(evil) + "&at=9999999999",
		replayURL(evil) + "&from=" + url.QueryEscape(evil) + "&at=" + url.QueryEscape(evil), "/" + url.PathEscape(evil),
	} {
		w := get(t, h, page)
		body := withoutScript(w.Body.String())
		for _, bad := range []string{"<script", "<img", "javascript:", "data:text", "user:pass", `href="//evil`, " style=", " onerror=alert(2)>'"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s: page holds %q", page, bad)
			}
		}
	}
	body := get(t, h, findingURL(evil, evil)).Body.String()
	if got := strings.Count(body, `rel="noopener noreferrer nofollow"`); got != 1 {
		t.Errorf("%d links lead away, want 1", got)
	}
	// The links to a campaign and a finding of any name lead back to them.
	if !strings.Contains(get(t, h, campaignURL(evil)).Body.String(), `id=`+"%22%3e%3cscript") {
		t.Error("link to the finding is not escaped as a query")
	}
}
