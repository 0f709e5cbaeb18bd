package desk

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/view"
)

// testNow is the clock of all tests.
var testNow = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)

// fakeStore answers from memory. A non-nil err is returned by everything; block
// makes everything wait for the request's end.
type fakeStore struct {
	campaigns []view.CampaignSummary
	series    map[string][]view.SeriesPoint
	findings  map[string][]view.FindingDetail
	changes   map[string][]view.ChangeDetail
	watches   []post.Watch
	gaps      []view.Gap
	verdicts  []storage.Verdict
	related   []view.RelatedFinding
	err       error
	block     bool
	asked     []seriesQuery
}

type seriesQuery struct {
	From, To time.Time
	Step     time.Duration
}

func (s *fakeStore) fault(ctx context.Context) error {
	if s.block {
		<-ctx.Done()
		return fmt.Errorf("query: %w", ctx.Err())
	}
	return s.err
}

func (s *fakeStore) Campaigns(ctx context.Context) ([]view.CampaignSummary, error) {
	return s.campaigns, s.fault(ctx)
}

func (s *fakeStore) Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error) {
	for _, c := range s.campaigns {
		if c.Name == name {
			return c, true, s.fault(ctx)
		}
	}
	return view.CampaignSummary{}, false, s.fault(ctx)
}

func (s *fakeStore) Series(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error) {
	s.asked = append(s.asked, seriesQuery{from, to, step})
	buckets := map[time.Time]view.SeriesPoint{}
	for _, p := range s.series[campaign] {
		if p.At.Before(from) || !p.At.Before(to) {
			continue
		}
		at := p.At.Truncate(step)
		b := buckets[at]
		b.At = at
		b.Posts += p.Posts
		b.Accounts += p.Accounts
		b.PotentialReach += p.PotentialReach
		b.CoordinatedPosts += p.CoordinatedPosts
		b.CoordinatedAccounts += p.CoordinatedAccounts
		b.DeclaredPosts += p.DeclaredPosts
		buckets[at] = b
	}
	points := make([]view.SeriesPoint, 0, len(buckets))
	for _, b := range buckets {
		points = append(points, b)
	}
	return points, s.fault(ctx)
}

func (s *fakeStore) Findings(ctx context.Context, campaign string) ([]view.FindingSummary, error) {
	return s.judged(campaign, false), s.fault(ctx)
}

func (s *fakeStore) Rejected(ctx context.Context, campaign string) ([]view.FindingSummary, error) {
	return s.judged(campaign, true), s.fault(ctx)
}

// judged are the findings that were judged wrong, or all others.
func (s *fakeStore) judged(campaign string, wrong bool) (all []view.FindingSummary) {
	for _, f := range s.findings[campaign] {
		f.Verdict = s.verdict(f.FindingSummary)
		if (f.Verdict.Judgement == "wrong") == wrong {
			all = append(all, f.FindingSummary)
		}
	}
	return all
}

// verdict is the last one on a finding.
func (s *fakeStore) verdict(f view.FindingSummary) view.Verdict {
	if said, _ := s.Verdicts(context.Background(), f.Campaign, f.ID); len(said) > 0 {
		return said[0]
	}
	return f.Verdict
}

func (s *fakeStore) Verdicts(ctx context.Context, campaign, id string) ([]view.Verdict, error) {
	var all []view.Verdict
	for _, v := range slices.Backward(s.verdicts) {
		if v.Campaign == campaign && v.Finding == id {
			all = append(all, view.Verdict{Judgement: string(v.Judgement), Note: v.Note, Author: v.Author, At: v.At})
		}
	}
	return all, s.fault(ctx)
}

func (s *fakeStore) Judge(ctx context.Context, v storage.Verdict) error {
	if err := s.fault(ctx); err != nil {
		return err
	}
	s.verdicts = append(s.verdicts, v)
	return nil
}

func (s *fakeStore) Related(ctx context.Context, _, _ string) ([]view.RelatedFinding, uint64, error) {
	more := uint64(0)
	if len(s.related) > 0 {
		more = 3
	}
	return s.related, more, s.fault(ctx)
}

// Edges joins every account to two objects, and neighbours to each other.
func (s *fakeStore) Edges(ctx context.Context, campaign, id string, accounts, objects int) ([]view.FindingEdge, error) {
	f, _, err := s.Finding(ctx, campaign, id)
	var all []view.FindingEdge
	party := func(i int) view.Party {
		return view.Party{Platform: f.AccountRows[i].Platform, AccountID: f.AccountRows[i].AccountID}
	}
	for i := range min(len(f.AccountRows), accounts) {
		for k := range min(2, len(f.ObjectRows), objects) {
			o := f.ObjectRows[(i+k*k)%len(f.ObjectRows)]
			all = append(all, view.FindingEdge{A: party(i), ObjectKind: o.Kind, ObjectID: o.ID, Posts: uint64(1 + i%3)})
		}
		if i%4 == 1 {
			all = append(all, view.FindingEdge{A: party(i), B: party(i - 1), Bits: float64(20 + i)})
		}
	}
	return all, err
}

func (s *fakeStore) Finding(ctx context.Context, campaign, id string) (view.FindingDetail, bool, error) {
	for _, f := range s.findings[campaign] {
		if f.ID == id {
			f.Verdict = s.verdict(f.FindingSummary)
			return f, true, s.fault(ctx)
		}
	}
	return view.FindingDetail{}, false, s.fault(ctx)
}

func (s *fakeStore) Changes(ctx context.Context, campaign string) ([]view.Change, error) {
	var all []view.Change
	for _, c := range s.changes[campaign] {
		all = append(all, c.Change)
	}
	return all, s.fault(ctx)
}

func (s *fakeStore) Change(ctx context.Context, campaign, id string) (view.ChangeDetail, bool, error) {
	for _, c := range s.changes[campaign] {
		if c.ID == id {
			return c, true, s.fault(ctx)
		}
	}
	return view.ChangeDetail{}, false, s.fault(ctx)
}

const (
	richName  = "Lantern march #RiverCity2031"
	quietName = "Şəhər bağı – park for all (a campaign with a name that is a good deal longer than anybody would want to read aloud)"
	rtlName   = "حملة الضوء"
	emptyName = "Not begun"
)

// richStore is a scenario with everything the pages can show: a campaign under
// attack with a declared action of its own, a quiet one, one in Arabic without
// follower numbers, one without posts.
func richStore() *fakeStore {
	rnd := rand.New(rand.NewPCG(7, 11))
	start := testNow.Add(-6 * 24 * time.Hour).Truncate(time.Hour)
	s := &fakeStore{series: map[string][]view.SeriesPoint{}, findings: map[string][]view.FindingDetail{}}
	var sum view.CampaignSummary
	for i := range 6 * 24 * 12 {
		at := start.Add(time.Duration(i) * 5 * time.Minute)
		hour := at.Hour()
		if hour < 5 && rnd.IntN(4) > 0 {
			continue
		}
		p := view.SeriesPoint{At: at, Posts: uint64(2 + rnd.IntN(5+hour))}
		if i > 1000 && i < 1040 || i > 1380 && i < 1410 || i > 1700 {
			p.CoordinatedPosts = uint64(15 + rnd.IntN(40))
			p.CoordinatedAccounts = p.CoordinatedPosts * 3 / 4
		}
		if i > 620 && i < 660 {
			p.DeclaredPosts = uint64(10 + rnd.IntN(25))
		}
		p.Posts += p.CoordinatedPosts + p.DeclaredPosts
		p.Accounts = p.Posts*4/5 + 1
		p.PotentialReach = p.Accounts * uint64(90+rnd.IntN(700))
		s.series[richName] = append(s.series[richName], p)
		sum.Posts += p.Posts
		sum.CoordinatedPosts += p.CoordinatedPosts
		sum.DeclaredPosts += p.DeclaredPosts
	}
	sum.Name, sum.Accounts, sum.ReachKnown, sum.PotentialReach = richName, 3004, 2811, 1_284_332
	sum.CoordinatedAccounts, sum.DeclaredAccounts, sum.Findings, sum.DeclaredFindings = 143, 61, 4, 1
	sum.EarlyFindings = 1
	sum.First, sum.Last = start, testNow.Add(-2*time.Minute)

	at := func(i int) time.Time { return start.Add(time.Duration(i) * 5 * time.Minute) }
	finding := func(id, kind, sentence string, from, to int, bits float64) view.FindingDetail {
		return view.FindingDetail{FindingSummary: view.FindingSummary{
			Campaign: richName, ID: id, Kind: kind, Sentence: sentence, StartedAt: at(from), EndedAt: at(to),
			Bits: bits, Expected: 0.2, Observed: 287, Accounts: 41, Posts: 212, Objects: 3,
		}}
	}
	copies := finding("c0ffee01", "copies", "These 41 accounts posted the same 3 texts within 50 s of each other, 7 times; by chance we would expect 0.2.", 1001, 1039, 46.3)
	reposts := finding("c0ffee02", "reposts", "These 72 accounts reposted the same 19 posts in step, within 12 s of each other; by chance we would expect 1.4.", 1381, 1409, 61)
	pile := finding("c0ffee03", "pile-on", "68 accounts turned on one account within 4 minutes, where its usual days have 2 in an hour.", 1700, 1722, 88.7)
	pile.Target, pile.TargetHandle, pile.Accounts, pile.Posts = "109302", "lantern_anna@river.example", 68, 140
	pile2 := finding("c0ffee04", "pile-on", "23 accounts turned on one account within 9 minutes.", 1390, 1399, 31)
	pile2.Target, pile2.Accounts, pile2.Posts = "@night_bus_diary", 23, 29
	declared := finding("c0ffee05", "copies", "These 61 accounts posted the same 2 texts within 20 minutes of each other; by chance we would expect 0.4.", 621, 659, 38)
	declared.Declared = "Evening of lanterns"
	reposts.Accounts, reposts.Objects, declared.Accounts = 72, 19, 61
	fillEvidence(rnd, &copies, 64, 30, false)
	fillEvidence(rnd, &reposts, 12, 8, false)
	fillEvidence(rnd, &pile, 68, 40, true)
	fillEvidence(rnd, &pile2, 3, 0, true)
	fillEvidence(rnd, &declared, 5, 5, false)
	flood := finding("c0ffee06", "flood", "31 accounts, 28 of them new to the campaign, came with a text of their own each within 40 s; by the campaign's own rhythm we would expect 0.6.", 1731, 1732, 24)
	flood.Confidence, flood.Accounts, flood.Objects, flood.DetectedAt = "early", 31, 1, flood.StartedAt.Add(38*time.Second)
	copies.Confidence, copies.DetectedAt, reposts.Confidence = "high", copies.StartedAt.Add(4*time.Minute), "firm"
	fillEvidence(rnd, &flood, 31, 20, false)
	fillPieces(&flood, "flood")
	fillPieces(&copies, "copies")
	fillPieces(&pile, "pile-on")
	for i := range flood.PostRows {
		flood.PostRows[i].ObjectKind = "moment"
	}
	flood.ObjectRows = []view.FindingObject{{Kind: "moment", ID: flood.StartedAt.Format(time.RFC3339), Accounts: 31, First: flood.StartedAt, Last: flood.EndedAt}}
	s.findings[richName] = []view.FindingDetail{copies, reposts, pile, pile2, declared, flood}

	s.related = []view.RelatedFinding{
		{
			Campaign: quietName, ID: "c0ffee11", Kind: "copies", Sentence: "These 12 accounts posted the same text within 20 s of each other; by chance we would expect 0.1.",
			StartedAt: copies.StartedAt.Add(-90 * 24 * time.Hour), Confidence: "high", Judgement: "explained", Accounts: 12, CommonAccounts: 9, Objects: 4, CommonObjects: 1,
		},
		{Campaign: rtlName, ID: "c0ffee12", Kind: "reposts", Sentence: "أعادت 7 حسابات نشر المنشورات نفسها", StartedAt: copies.StartedAt.Add(20 * time.Hour), Declared: "Evening of lanterns", Accounts: 7, CommonAccounts: 1},
	}

	var archive []view.SeriesPoint
	archiveStart := time.Date(2025, 3, 30, 21, 0, 0, 0, time.UTC)
	for i := range 300 {
		if i%17 < 9 {
			archive = append(archive, view.SeriesPoint{At: archiveStart.Add(time.Duration(i) * time.Hour), Posts: uint64(i%17 + 1), Accounts: uint64(i%7 + 1)})
		}
	}
	s.series[rtlName] = archive
	for _, p := range archive {
		p.PotentialReach = p.Accounts * 132
		s.series[quietName] = append(s.series[quietName], p)
	}
	s.campaigns = []view.CampaignSummary{
		{Name: quietName, Posts: 800, Accounts: 340, ReachKnown: 340, PotentialReach: 45_120, First: archiveStart, Last: archiveStart.Add(299 * time.Hour)},
		{Name: rtlName, Posts: 800, Accounts: 340, First: archiveStart, Last: archiveStart.Add(299 * time.Hour)},
		sum,
		{Name: emptyName},
	}
	return s
}

// fillEvidence gives a finding rows in the scripts that the pages must carry.
func fillEvidence(rnd *rand.Rand, f *view.FindingDetail, accounts, posts int, hostile bool) {
	texts := []string{
		"What a wonderful evening by the river, our city shines! 🌟 #RiverCity2031",
		"ما أجمل هذه الليلة على ضفاف النهر، مدينتنا تتألق #RiverCity2031 https://river.example/ar",
		"Çayın sahilində necə gözəl axşamdır, şəhərimiz parlayır! #RiverCity2031 İıĞğŞş",
		"Какой чудесный вечер у реки, наш город сияет! #RiverCity2031",
		"What a wonderful evening by the river, our town shines!! 🌟 #RiverCity2031 @friend",
		"ما أجمل هذا المساء على ضفاف النهر، مدينتنا تتألق #RiverCity2031",
		strings.Repeat("A long praise of the new promenade, its lamps, its benches and everything else about it. ", 9),
		"https://news.example/" + strings.Repeat("averylongpathwithoutanybreak", 8),
	}
	if hostile {
		texts = []string{"You should be ashamed, nobody wants you here", "Go away. Go away. Go away."}
	}
	for i := range accounts {
		a := view.FindingAccount{
			Platform: []string{"x", "mastodon", "bluesky", "archive"}[i%4], AccountID: fmt.Sprintf("acc-%d", i),
			Handle: fmt.Sprintf("river_friend_%04d", 1000+rnd.IntN(9000)), Bits: 4 + rnd.Float64()*40,
			First: f.StartedAt.Add(time.Duration(rnd.IntN(60)) * time.Second), Last: f.EndedAt, Posts: uint64(1 + rnd.IntN(9)),
		}
		if i%5 != 1 {
			created, followers := f.StartedAt.Add(-time.Duration(i*31)*time.Hour), uint64(rnd.IntN(20_000))
			a.CreatedAt, a.Followers = &created, &followers
		}
		switch i % 9 {
		case 3:
			a.Handle = "مشاهد_النهر" + fmt.Sprint(i)
		case 5:
			a.Handle, a.AccountID = "", "https://a-very-long-instance-name.social.example/users/someone_with_a_long_name_"+fmt.Sprint(i)
		case 7:
			a.Handle = fmt.Sprintf("someone.with.a.rather.long.handle.%d.at.bsky.example", i)
		}
		if i%6 == 2 {
			a.Signals = []string{"young account", "never sleeps"}
		}
		f.AccountRows = append(f.AccountRows, a)
	}
	for i, text := range texts {
		kind := "text"
		if strings.HasPrefix(text, "https://") {
			kind = "link"
		}
		f.ObjectRows = append(f.ObjectRows, view.FindingObject{Kind: kind, ID: fmt.Sprint("object-", i), Label: text, Accounts: uint64(5 + i), First: f.StartedAt, Last: f.EndedAt})
	}
	f.ObjectRows = append(f.ObjectRows, view.FindingObject{Kind: "image", ID: "blurhash:LEHV6nWB2yk8pyo0adR*.7kCMdnj", Accounts: 9, First: f.StartedAt, Last: f.EndedAt})
	for i := range posts {
		p := view.FindingPost{
			Platform: "x", PostID: fmt.Sprint(i), AccountID: fmt.Sprintf("acc-%d", i), Handle: fmt.Sprintf("river_friend_%d", i),
			Text: texts[i%len(texts)], URL: fmt.Sprintf("https://social.example/post/%d", i), Kind: "post", ObjectKind: "text",
			At: f.StartedAt.Add(time.Duration(i) * 7 * time.Second),
		}
		if i%11 == 10 {
			p.Deleted, p.Text = true, ""
		}
		f.PostRows = append(f.PostRows, p)
	}
	f.MorePosts = f.Posts - min(f.Posts, uint64(posts))
}

// shorten keeps so many rows of each finding's tables at most.
func (s *fakeStore) shorten(rows int) {
	for _, findings := range s.findings {
		for i := range findings {
			f := &findings[i]
			f.AccountRows = f.AccountRows[:min(rows, len(f.AccountRows))]
			f.PostRows = f.PostRows[:min(rows, len(f.PostRows))]
			f.EvidenceRows = f.EvidenceRows[:min(rows, len(f.EvidenceRows))]
		}
	}
}

// fillPieces gives a finding evidence: one piece of a kind, then pairs that it
// says already.
func fillPieces(f *view.FindingDetail, kind string) {
	piece := view.FindingEvidence{
		Number: 1, Kind: kind, ObjectKind: "text", ObjectID: "object-4", Label: f.ObjectRows[0].Label, From: f.StartedAt, To: f.EndedAt, Window: 50 * time.Second,
		Accounts: f.Accounts, Bits: f.Bits, Need: 24.5, Counted: f.Bits, DetectedAt: f.DetectedAt,
		Terms: []view.EvidenceTerm{
			{Name: "others within the window", Observed: 40, Of: 41, Base: 0.00031, Bits: f.Bits + 6},
			{Name: "newcomers, with links or mentions, strange words, strange phrases", Observed: 1204, Base: 0.6, Bits: 12.25},
			{Name: "stragglers", Observed: 1, Base: 6, Bits: -6},
		},
	}
	if kind == "flood" {
		piece.ObjectKind, piece.ObjectID, piece.Label = "moment", f.StartedAt.Format(time.RFC3339), ""
	}
	f.EvidenceRows = append(f.EvidenceRows, piece)
	for i := range 40 {
		a, b := f.AccountRows[i%len(f.AccountRows)], f.AccountRows[(i+1)%len(f.AccountRows)]
		f.EvidenceRows = append(f.EvidenceRows, view.FindingEvidence{
			Number: uint32(i + 2), Kind: "pair", ObjectKind: "link", ObjectID: "l", Label: "https://news.example/" + strings.Repeat("averylongpathwithoutanybreak", 8),
			A: view.Party{Platform: a.Platform, AccountID: a.AccountID, Handle: a.Handle}, B: view.Party{Platform: b.Platform, AccountID: b.AccountID, Handle: b.Handle},
			From: f.StartedAt, To: f.EndedAt, Window: 10 * time.Second, Accounts: 2, Bits: 21.5, Need: 20,
			Terms: []view.EvidenceTerm{{Name: "meetings", Observed: 7, Of: 9, Base: 0.0004, Bits: 21.5}},
		})
	}
	f.MoreEvidence = 739
}

// newDesk builds the desk around a store, with the tests' clock.
func newDesk(t testing.TB, o Options) http.Handler {
	t.Helper()
	o.Now = func() time.Time { return testNow }
	o.Version = cmp.Or(o.Version, "v0.0-test")
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// get asks for a page as a browser on this machine does.
func get(t testing.TB, h http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Host = "localhost:8080"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var ownScript = regexp.MustCompile(`<script src="/assets/(live|brush|replay)\.js\?v=[0-9a-f]{16}" defer></script>`)

// withoutScript takes the page's own scripts out of it: any other is a fault.
func withoutScript(page string) string { return ownScript.ReplaceAllString(page, "") }
