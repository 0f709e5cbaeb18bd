package api

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/alerts"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

// testNow is the clock of all tests.
var testNow = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return testNow.Add(-d) }

func pointer[T any](v T) *T { return &v }

// fakeStore answers from memory, whatever the time asked for is. A non-nil err is
// returned by everything; block makes everything wait for the request's end.
type fakeStore struct {
	campaigns []view.CampaignSummary
	points    []view.SeriesPoint
	findings  []view.FindingDetail
	changes   []view.ChangeDetail
	gaps      []view.Gap
	seen      []view.Coverage
	measured  []view.PileOn
	addressed []view.AddressedHour
	told      []view.ToldText
	seconds   []view.FindingSecond
	edges     []view.FindingEdge
	related   []view.RelatedFinding
	verdicts  []view.Verdict
	err       error
	block     bool
	asked     []string
}

func (s *fakeStore) fault(ctx context.Context, question string, args ...any) error {
	s.asked = append(s.asked, fmt.Sprintf(question, args...))
	if s.block {
		<-ctx.Done()
		return fmt.Errorf("query: %w", ctx.Err())
	}
	return s.err
}

func (s *fakeStore) Campaigns(ctx context.Context) ([]view.CampaignSummary, error) {
	return s.campaigns, s.fault(ctx, "campaigns")
}

func (s *fakeStore) Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error) {
	for _, c := range s.campaigns {
		if c.Name == name {
			return c, true, s.fault(ctx, "campaign")
		}
	}
	return view.CampaignSummary{}, false, s.fault(ctx, "campaign")
}

func (s *fakeStore) Series(ctx context.Context, _ string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error) {
	return s.points, s.fault(ctx, "series %s %s %s", from.Format(time.RFC3339), to.Format(time.RFC3339), step)
}

func (s *fakeStore) Findings(ctx context.Context, campaign string) ([]view.FindingSummary, error) {
	return s.list(ctx, campaign, false)
}

func (s *fakeStore) Rejected(ctx context.Context, campaign string) ([]view.FindingSummary, error) {
	return s.list(ctx, campaign, true)
}

func (s *fakeStore) list(ctx context.Context, campaign string, wrong bool) ([]view.FindingSummary, error) {
	var all []view.FindingSummary
	for _, f := range s.findings {
		if f.Campaign == campaign && (f.Verdict.Judgement == "wrong") == wrong {
			all = append(all, f.FindingSummary)
		}
	}
	return all, s.fault(ctx, "findings")
}

func (s *fakeStore) Finding(ctx context.Context, campaign, id string) (view.FindingDetail, bool, error) {
	for _, f := range s.findings {
		if f.Campaign == campaign && f.ID == id {
			return f, true, s.fault(ctx, "finding")
		}
	}
	return view.FindingDetail{}, false, s.fault(ctx, "finding")
}

func (s *fakeStore) Audience(ctx context.Context, campaign string, _, _ time.Time) (view.Audience, error) {
	for _, c := range s.campaigns {
		if c.Name == campaign {
			return view.Audience{Accounts: c.Accounts, PotentialReach: c.PotentialReach, CoordinatedReach: c.PotentialReach / 20}, s.fault(ctx, "audience")
		}
	}
	return view.Audience{}, s.fault(ctx, "audience")
}

func (s *fakeStore) Changes(ctx context.Context, campaign string) ([]view.Change, error) {
	var all []view.Change
	for _, c := range s.changes {
		if campaign == lanterns {
			all = append(all, c.Change)
		}
	}
	return all, s.fault(ctx, "changes")
}

func (s *fakeStore) Change(ctx context.Context, campaign, id string) (view.ChangeDetail, bool, error) {
	for _, c := range s.changes {
		if campaign == lanterns && c.ID == id {
			return c, true, s.fault(ctx, "change")
		}
	}
	return view.ChangeDetail{}, false, s.fault(ctx, "change")
}

func (s *fakeStore) Gaps(ctx context.Context, campaign string, from, to time.Time) ([]view.Gap, error) {
	return s.gaps, s.fault(ctx, "gaps %q %s %s", campaign, from.Format(time.RFC3339), to.Format(time.RFC3339))
}

func (s *fakeStore) Coverage(ctx context.Context, campaign string, from, to time.Time) ([]view.Coverage, error) {
	var all []view.Coverage
	for _, c := range s.seen {
		if campaign != "" && c.Campaign != campaign {
			continue
		}
		c.From, c.To = from, to
		if c.Source == "mastodon/lanterns.example" {
			c.To = from // it watched later
		}
		all = append(all, c)
	}
	return all, s.fault(ctx, "coverage %q %s %s", campaign, from.Format(time.RFC3339), to.Format(time.RFC3339))
}

func (s *fakeStore) PileOns(ctx context.Context, _ string) ([]view.PileOn, error) {
	return s.measured, s.fault(ctx, "pile-ons")
}

func (s *fakeStore) Addressed(ctx context.Context, _, platform string, names []string, from, to time.Time) ([]view.AddressedHour, error) {
	return s.addressed, s.fault(ctx, "addressed %q %q %s %s", platform, names, from.Format(time.RFC3339), to.Format(time.RFC3339))
}

func (s *fakeStore) ToldTexts(ctx context.Context, _ string, targets []string) ([]view.ToldText, error) {
	return s.told, s.fault(ctx, "told %q", targets)
}

func (s *fakeStore) Seconds(ctx context.Context, _, id string, from, to time.Time, step time.Duration, _ int) ([]view.FindingSecond, error) {
	var all []view.FindingSecond
	for _, r := range s.seconds {
		if id == "c0ffee01" && !r.At.Before(from) && r.At.Before(to) {
			all = append(all, r)
		}
	}
	return all, s.fault(ctx, "seconds %s %s %s", from.Format(time.RFC3339), to.Format(time.RFC3339), step)
}

func (s *fakeStore) Edges(ctx context.Context, _, _ string, accounts, objects int) ([]view.FindingEdge, error) {
	return s.edges, s.fault(ctx, "edges %d %d", accounts, objects)
}

func (s *fakeStore) Related(ctx context.Context, _, id string) ([]view.RelatedFinding, uint64, error) {
	if id != "c0ffee01" {
		return nil, 0, s.fault(ctx, "related")
	}
	return s.related, 2, s.fault(ctx, "related")
}

func (s *fakeStore) Verdicts(ctx context.Context, _, id string) ([]view.Verdict, error) {
	if id != "c0ffee01" {
		return nil, s.fault(ctx, "verdicts")
	}
	return s.verdicts, s.fault(ctx, "verdicts")
}

// phones are receivers of alerts.
type phones []alerts.Channel

func (p phones) Channels() []alerts.Channel { return p }

func newReceivers() phones {
	return phones{
		{
			Name: "team", Kind: "ntfy", Host: "ntfy.example", Campaigns: []string{lanterns}, Events: []string{"attack_begins"}, Handles: true, PerHour: 6,
			Quiet: &alerts.Quiet{From: "22:00", To: "07:00", Zone: "Asia/Baku", Urgent: true}, Waiting: 2, Delivered: ago(time.Hour).In(time.FixedZone("", 4*3600)),
		},
		{Name: "editors", Kind: "smtp", PerHour: 20, Failed: ago(time.Minute), Failing: true, Failure: "the server does not know the room", Permanent: true},
	}
}

// newProtected are whom the march protects: one at whom a pile-on is directed, and one at
// whom none is.
func newProtected(name string) []campaign.Protected {
	if name != lanterns {
		return nil
	}
	return []campaign.Protected{{Platform: post.Mastodon, Account: "@Lantern_Anna"}, {Account: "@quiet_leyla"}}
}

const (
	lanterns = "Lantern march"
	parks    = "Şəhər bağı / 100% ?x"
	empty    = "Not begun"
)

// newStore is a store with every kind of answer in it, what is not known too.
func newStore() *fakeStore {
	zone := time.FixedZone("", 4*3600) // nothing of it may be seen outside
	s := &fakeStore{}
	s.campaigns = []view.CampaignSummary{
		{Name: parks, Posts: 90, Accounts: 40, First: ago(90 * time.Hour), Last: ago(80 * time.Hour), DeclaredFindings: 1, DeclaredPosts: 3, DeclaredAccounts: 2},
		{
			Name: lanterns, Posts: 1000, Accounts: 400, PotentialReach: 9_007_199_254_740_993, ReachKnown: 380, CoordinatedPosts: 250, CoordinatedAccounts: 40,
			SurePosts: 200, EarlyPosts: 12, DeclaredPosts: 30, DeclaredAccounts: 9, Findings: 2, DeclaredFindings: 1, EarlyFindings: 1,
			First: ago(6 * time.Hour).In(zone), Last: ago(2 * time.Minute).In(zone),
		},
		{Name: empty},
	}
	s.points = []view.SeriesPoint{
		{At: ago(90 * time.Minute).In(zone), Posts: 20, Accounts: 9, PotentialReach: 700, CoordinatedPosts: 5, CoordinatedAccounts: 3, DeclaredPosts: 1},
		{At: ago(30 * time.Minute), Posts: 3, Accounts: 3},
	}
	base := view.FindingSummary{
		Campaign: lanterns, ID: "c0ffee01", Kind: "copies", Sentence: "These 41 accounts posted the same text within 50 s.", StartedAt: ago(3 * time.Hour).In(zone), EndedAt: ago(2 * time.Hour),
		DetectedAt: ago(2*time.Hour + 50*time.Minute), Bits: 46.5, Confidence: "high", Expected: 0.2, Observed: 287, Accounts: 41, Posts: 212, Objects: 3,
	}
	copies := view.FindingDetail{FindingSummary: base, MorePosts: 209, MoreEvidence: 739}
	copies.AccountRows = []view.FindingAccount{
		{Platform: "x", AccountID: "1790000000000000001", Handle: "river_friend", CreatedAt: pointer(ago(900 * time.Hour).In(zone)), Followers: pointer(uint64(0)), Bits: 12.25, First: ago(3 * time.Hour), Last: ago(2 * time.Hour), Posts: 5, Signals: []string{"young account"}},
		{Platform: "mastodon", AccountID: "https://social.example/users/a", Bits: math.NaN()},
	}
	copies.ObjectRows = []view.FindingObject{
		{Kind: "text", ID: "h1", Label: "ما أجمل هذه الليلة #RiverCity2031", Accounts: 41, First: ago(3 * time.Hour), Last: ago(2 * time.Hour)},
		{Kind: "image", ID: "blurhash:LEHV6nWB2yk8pyo0adR*.7kCMdnj", Accounts: 9},
	}
	copies.PostRows = []view.FindingPost{
		{Platform: "x", PostID: "1790000000000000009", AccountID: "1790000000000000001", Handle: "river_friend", Text: "What a <wonderful> evening & more", URL: "https://social.example/post/1?a=b&c=d", Kind: "post", ObjectKind: "text", At: ago(3 * time.Hour).In(zone)},
		{Platform: "x", PostID: "10", AccountID: "2", Text: "is gone", URL: "https://social.example/post/2", Kind: "post", Deleted: true, At: ago(2 * time.Hour)},
		{Platform: "archive", PostID: "11", AccountID: "3", URL: "javascript:alert(1)", Kind: "repost", ObjectKind: "repost", At: ago(2 * time.Hour)},
	}
	copies.EvidenceRows = []view.FindingEvidence{
		{
			Number: 1, Kind: "copies", ObjectKind: "text", ObjectID: "h1", Label: "ما أجمل هذه الليلة #RiverCity2031", From: ago(3 * time.Hour), To: ago(2 * time.Hour), Window: 50 * time.Second,
			Accounts: 41, Bits: 46.5, Need: 24.5, Counted: 46.5, DetectedAt: ago(2*time.Hour + 50*time.Minute),
			Terms: []view.EvidenceTerm{{Name: "others within the window", Observed: 40, Of: 41, Base: 0.00031, Bits: 52.5}, {Name: "stragglers", Observed: 1, Base: 6, Bits: -6}},
		},
		{Number: 2, Kind: "pair", A: view.Party{Platform: "x", AccountID: "1", Handle: "a"}, B: view.Party{Platform: "x", AccountID: "2"}, Accounts: 2, Bits: 21.5, From: ago(3 * time.Hour), To: ago(2 * time.Hour)},
	}
	pile := copies
	pile.FindingSummary.ID, pile.FindingSummary.Kind, pile.Confidence = "c0ffee02", "pile-on", ""
	pile.StartedAt, pile.EndedAt, pile.DetectedAt = ago(20*time.Minute), ago(10*time.Minute), time.Time{}
	pile.Target, pile.TargetHandle, pile.Bits, pile.Expected = "109302", "lantern_anna", math.Inf(1), math.NaN()
	pile.EvidenceRows = append([]view.FindingEvidence(nil), pile.EvidenceRows...)
	pile.EvidenceRows[0].Kind = "pile-on"
	declared, early := view.FindingDetail{FindingSummary: base}, view.FindingDetail{FindingSummary: base}
	declared.ID, declared.Declared, declared.EndedAt = "c0ffee03", "Evening of lanterns", ago(time.Minute)
	early.ID, early.Confidence, early.Kind, early.StartedAt, early.EndedAt = "c0ffee04", "early", "flood", ago(4*time.Minute), ago(3*time.Minute)
	early.DetectedAt = ago(200 * time.Second)
	copies.Verdict = view.Verdict{Judgement: "confirmed", Note: "I asked two of them.", Author: "anna", At: ago(time.Hour).In(zone)}
	rejected := view.FindingDetail{FindingSummary: base}
	rejected.ID, rejected.Verdict = "c0ffee05", view.Verdict{Judgement: "wrong", At: ago(time.Hour)}
	s.findings = []view.FindingDetail{copies, pile, declared, early, rejected}

	rose := view.Change{
		ID: "c2", Tag: "rivercity2031", Direction: "rise", Sentence: "it rose", From: ago(4 * time.Hour).In(zone), To: pointer(ago(3 * time.Hour)), Bits: 42, Hold: "taken over",
		Observed: 310, Expected: 40, Peak: ago(4 * time.Hour), PeakObserved: 300, PeakExpected: 5.5, Newcomers: 180, Stayed: 4, StayedPosts: 6, Usual: 40,
		BeforeFrom: ago(28 * time.Hour), BeforePosts: 10, BeforeAccounts: 7, BeforeEffective: 5.25, AfterTo: ago(3 * time.Hour), AfterPosts: 300, AfterAccounts: 200, AfterEffective: 150,
	}
	going := rose
	going.ID, going.Tag, going.From, going.To, going.Hold, going.Usual = "c3", "", ago(50*time.Minute), nil, "", math.NaN()
	going.Peak, going.BeforeFrom, going.AfterTo = ago(40*time.Minute), ago(25*time.Hour), testNow
	items := view.ChangeDetail{
		Rose:      []view.ChangeItem{{Role: "rose", Kind: "text", ID: "t", Label: "praise", AccountsAfter: 90, PostsAfter: 200, Bits: 80}},
		Fell:      []view.ChangeItem{{Role: "fell", Kind: "link", ID: "https://news.example/a", AccountsBefore: 5, PostsBefore: 9, Bits: 12}},
		Languages: []view.ChangeItem{{Role: "language", Kind: "language", ID: "az", Label: "az", AccountsBefore: 7, AccountsAfter: 20, PostsBefore: 10, PostsAfter: 30}},
		Accounts:  []view.ChangeItem{{Role: "account", Kind: "x", ID: "77", Label: "river_friend", PostsAfter: 4, Newcomer: true}, {Role: "account", Kind: "x", ID: "78", PostsBefore: 2}},
	}
	first, second := items, items
	first.Change, second.Change = rose, going
	s.changes = []view.ChangeDetail{first, second}

	s.measured = []view.PileOn{{ID: "c0ffee02", FirstTime: 30, Pauses: 211, Close: 180, Median: 1500 * time.Millisecond, Peak: 25, Usual: 0.5}}
	s.addressed = []view.AddressedHour{{At: ago(30 * time.Minute).In(zone), Posts: 20, Coordinated: 12, Declared: 3}, {At: ago(150 * time.Minute), Posts: 1}}
	s.told = []view.ToldText{
		{Text: "go home, Anna", Posts: 14, Accounts: 9, First: ago(20 * time.Minute).In(zone), Last: ago(10 * time.Minute)},
		{Deleted: true, Posts: 3, Accounts: 3, First: ago(19 * time.Minute), Last: ago(18 * time.Minute)},
	}
	s.seconds = []view.FindingSecond{
		{At: ago(3 * time.Hour).In(zone), Kind: "text", Posts: 30}, {At: ago(3*time.Hour - time.Second), Kind: "image", Posts: 5}, {At: ago(2 * time.Hour), Kind: "text", Posts: 1},
	}
	s.edges = []view.FindingEdge{
		{A: view.Party{Platform: "x", AccountID: "1", Handle: "a"}, B: view.Party{Platform: "x", AccountID: "2"}, Bits: 21.5},
		{A: view.Party{Platform: "x", AccountID: "1", Handle: "a"}, ObjectKind: "text", ObjectID: "h1", Posts: 5},
	}
	s.related = []view.RelatedFinding{{
		Campaign: parks, ID: "c0ffee77", Kind: "reposts", Sentence: "These 9 accounts reposted the same.", StartedAt: ago(85 * time.Hour).In(zone), EndedAt: ago(84 * time.Hour),
		Confidence: "high", Judgement: "confirmed", Accounts: 9, CommonAccounts: 7, Objects: 2,
	}}
	s.verdicts = []view.Verdict{
		{Judgement: "confirmed", Note: "I asked two of them.", Author: "anna", At: ago(time.Hour).In(zone)}, {At: ago(2 * time.Hour)}, {Judgement: "wrong", At: ago(3 * time.Hour)},
	}

	s.seen = []view.Coverage{
		{Campaign: lanterns, Source: "x/stream", Platform: "x", Missing: 90 * time.Minute, Partly: 30 * time.Minute, Gaps: 3, Open: true},
		{Campaign: lanterns, Source: "mastodon/lanterns.example", Platform: "mastodon"},
		{Campaign: parks, Source: "bluesky/jetstream", Platform: "bluesky", Missing: 6 * time.Second, Gaps: 1},
	}
	s.gaps = []view.Gap{
		{Source: "bluesky/jetstream", Platform: "bluesky", From: ago(40 * time.Hour), To: pointer(ago(39 * time.Hour)), Cause: string(post.Suspended), Fill: string(post.Filled)},
		{Source: "x/stream", Platform: "x", From: ago(30 * time.Hour), To: pointer(ago(20 * time.Hour).In(zone)), Cause: string(post.Budget), Fill: string(post.Lost), Share: 0.4, Note: "the day’s budget was used up"},
		{Source: "x/stream", Platform: "x", Campaign: lanterns, From: ago(31 * time.Minute).In(zone), Cause: string(post.Unauthorised), Fill: string(post.Pending)},
	}
	return s
}

// newSources are sources in several states; that of Bluesky is in the store alone.
func newSources() []collectors.Status {
	return []collectors.Status{
		{
			Source: "x/stream", Platform: post.X, State: collectors.Ended, Since: ago(31 * time.Minute), LastBytes: ago(31 * time.Minute), LastPost: ago(32 * time.Minute), Posts: 12_340,
			Fault: "the access token was refused", Advice: "make a new token", Pending: 1,
			Missing: &post.Gap{Source: "x/stream", Platform: post.X, From: ago(31 * time.Minute), Cause: post.Unauthorised, Fill: post.Pending},
			Spend:   &collectors.Spend{PostsToday: 12_340, DayLimit: 20_000, ProjectedToday: 18_900, PostsMonth: 210_400, USDPerPost: 0.005},
		},
		{Source: "mastodon/lanterns.example", Platform: post.Mastodon, State: collectors.Live, Since: ago(19 * time.Hour), LastBytes: ago(4 * time.Second), Posts: 803},
		{Source: "mastodon/other.example", Platform: post.Mastodon, State: collectors.Waiting, Since: ago(2 * time.Minute), Fault: "the server asks to wait", RetryAt: testNow.Add(5 * time.Minute)},
	}
}

func newStatus() Status {
	return Status{EngineUp: true, LastPost: ago(2 * time.Minute), Waiting: pointer(uint64(3)), Notes: []string{"the disk is nearly full"}}
}

func newOptions(s *fakeStore) Options {
	return Options{
		Store: cmp.Or(s, newStore()), Version: "v0.0-test", Now: func() time.Time { return testNow }, Status: newStatus, Sources: newSources,
		Protected: newProtected, Alerts: newReceivers(),
	}
}
