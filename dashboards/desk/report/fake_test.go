package report

import (
	"context"
	"slices"
	"time"

	"winnow/storage/view"
)

// made is when all reports of the tests are made, begin when their campaign began.
var (
	made  = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)
	begin = time.Date(2031, 6, 10, 6, 0, 0, 0, time.UTC)
)

const name = "Lantern march"

// fakeStore answers from memory; turned answers in the opposite order where the order is
// said to be any.
type fakeStore struct {
	summary  view.CampaignSummary
	audience view.Audience
	measures []view.Measures
	points   []view.SeriesPoint
	findings []view.FindingDetail
	rejected []view.FindingSummary
	changes  []view.Change
	gaps     []view.Gap
	coverage []view.Coverage
	turned   bool
	err      error
	// details counts how often a finding was read, edges how often what joins it.
	details, edges int
	// asked are the spans that were asked for.
	asked [][2]time.Time
}

func turn[T any](s *fakeStore, all []T) []T {
	out := slices.Clone(all)
	if s.turned {
		slices.Reverse(out)
	}
	return out
}

func (s *fakeStore) Campaign(_ context.Context, name string) (view.CampaignSummary, bool, error) {
	return s.summary, s.summary.Name == name, s.err
}

func (s *fakeStore) Audience(_ context.Context, _ string, from, to time.Time) (view.Audience, error) {
	s.asked = append(s.asked, [2]time.Time{from, to})
	return s.audience, s.err
}

func (s *fakeStore) Measures(context.Context, string, time.Time, time.Time, time.Duration) ([]view.Measures, error) {
	return s.measures, s.err
}

func (s *fakeStore) Series(_ context.Context, _ string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error) {
	var out []view.SeriesPoint
	for _, p := range s.points {
		if p.At.Before(from) || !p.At.Before(to) {
			continue
		}
		p.At = p.At.Truncate(step)
		if n := len(out); n > 0 && out[n-1].At.Equal(p.At) {
			out[n-1].Posts += p.Posts
			out[n-1].Accounts += p.Accounts
			out[n-1].CoordinatedPosts += p.CoordinatedPosts
			out[n-1].DeclaredPosts += p.DeclaredPosts
			continue
		}
		out = append(out, p)
	}
	return turn(s, out), s.err
}

func (s *fakeStore) Findings(context.Context, string) ([]view.FindingSummary, error) {
	var out []view.FindingSummary
	for _, f := range s.findings {
		out = append(out, f.FindingSummary)
	}
	return turn(s, out), s.err
}

func (s *fakeStore) Rejected(context.Context, string) ([]view.FindingSummary, error) {
	return turn(s, s.rejected), s.err
}

func (s *fakeStore) Finding(_ context.Context, _, id string) (view.FindingDetail, bool, error) {
	s.details++
	for _, f := range s.findings {
		if f.ID == id {
			return f, true, s.err
		}
	}
	return view.FindingDetail{}, false, s.err
}

// Edges joins every account to the first object.
func (s *fakeStore) Edges(ctx context.Context, campaign, id string, accounts, objects int) ([]view.FindingEdge, error) {
	s.edges++
	s.details--
	f, _, err := s.Finding(ctx, campaign, id)
	var out []view.FindingEdge
	for _, a := range f.AccountRows[:min(accounts, len(f.AccountRows))] {
		for _, o := range f.ObjectRows[:min(1, objects, len(f.ObjectRows))] {
			out = append(out, view.FindingEdge{A: view.Party{Platform: a.Platform, AccountID: a.AccountID}, ObjectKind: o.Kind, ObjectID: o.ID, Posts: 2})
		}
	}
	return out, err
}

func (s *fakeStore) Changes(context.Context, string) ([]view.Change, error) {
	return turn(s, s.changes), s.err
}

func (s *fakeStore) Gaps(context.Context, string, time.Time, time.Time) ([]view.Gap, error) {
	return turn(s, s.gaps), s.err
}

func (s *fakeStore) Coverage(context.Context, string, time.Time, time.Time) ([]view.Coverage, error) {
	return turn(s, s.coverage), s.err
}

// secret marks what names or quotes somebody: with it, whatever gets out is seen.
const secret = "SECRET"

// march is a campaign with something of everything.
func march() *fakeStore {
	hours := func(h float64) time.Time { return begin.Add(time.Duration(h * float64(time.Hour))) }
	finding := func(id, kind, sentence, confidence string, from, to, bits float64) view.FindingDetail {
		f := view.FindingDetail{FindingSummary: view.FindingSummary{
			Campaign: name, ID: id, Kind: kind, Sentence: sentence, StartedAt: hours(from), EndedAt: hours(to), Confidence: confidence,
			Bits: bits, Expected: 0.2, Observed: 7, Accounts: 6, Posts: 14, Objects: 2,
			Verdict: view.Verdict{Judgement: "explained", Note: secret + " note", Author: secret + " author", At: hours(to)},
		}}
		for i, platform := range []string{"mastodon", "x", "mastodon", "bluesky"} {
			f.AccountRows = append(f.AccountRows, view.FindingAccount{
				Platform: platform, AccountID: secret + "-id" + string(rune('a'+i)), Handle: secret + "_handle" + string(rune('a'+i)), Bits: float64(9 - i),
				First: hours(from).Add(time.Duration(i) * time.Second), Last: hours(to), Posts: uint64(i + 1), Signals: []string{secret + " signal"},
			})
		}
		f.ObjectRows = []view.FindingObject{
			{Kind: "text", ID: secret + "-text", Label: secret + " shared text", Accounts: 5}, {Kind: "link", ID: "https://" + secret + ".example/", Accounts: 2},
		}
		f.PostRows = []view.FindingPost{{Platform: "x", PostID: secret, AccountID: secret, Handle: secret, Text: secret, URL: "https://" + secret + ".example/1"}}
		f.EvidenceRows = []view.FindingEvidence{{
			Number: 1, Kind: "copies", ObjectKind: "text", ObjectID: secret, Label: secret, A: view.Party{Platform: "x", AccountID: secret, Handle: secret},
			B: view.Party{AccountID: secret}, From: hours(from), To: hours(to), Window: time.Minute, Accounts: 6, Bits: bits, Need: 20, Counted: bits,
			Terms: []view.EvidenceTerm{{Name: "others within the window", Observed: 5, Of: 6, Base: 0.01, Bits: bits}},
		}}
		f.MoreEvidence = 3
		return f
	}
	copies := finding("c0ffee01", "copies", "6 accounts posted the same text within 50 s of each other; by chance we would expect 0.2.", "high", 10.1, 10.2, 46)
	copies.DetectedAt, copies.Verdict = hours(10.15), view.Verdict{}
	pile := finding("c0ffee02", "pile-on", "6 accounts that had not addressed this account before replied to or mentioned it within 4 minutes.", "high", 30, 30.1, 31)
	pile.Target, pile.TargetHandle = secret+"-target", secret+"_target"
	ring := finding("c0ffee03", "reposts", "6 accounts reposted the same post within 3 minutes of each other, and nobody went on.", "firm", 40, 40.1, 24)
	ring.Objects = 1
	own := finding("c0ffee04", "copies", "6 accounts posted the same text within 9 minutes of each other.", "high", 20, 20.5, 38)
	own.Declared = "Evening of lanterns"
	early := finding("c0ffee05", "flood", "9 accounts came with a text of their own each within 40 s.", "early", 58, 58.1, 22)
	wrong := finding("c0ffee06", "copies", "5 accounts posted the same text.", "high", 15, 15.1, 25)
	wrong.Verdict.Judgement = "wrong"

	s := &fakeStore{
		summary: view.CampaignSummary{Name: name, Posts: 870, First: begin.Add(11 * time.Minute), Last: begin.Add(59*time.Hour + 17*time.Minute)},
		audience: view.Audience{
			Accounts: 310, PotentialReach: 91_500, ReachKnown: 288, CoordinatedAccounts: 24, SureAccounts: 12, EarlyAccounts: 9, DeclaredAccounts: 6, CoordinatedReach: 4_200,
		},
		measures: []view.Measures{
			{Platform: "bluesky", Posts: 270, PotentialImpressions: 20_000, Likes: 40, Reposts: 11, Replies: 3, Quotes: 1, CoordinatedPosts: 12, SurePosts: 4, EarlyPosts: 1, CoordinatedImpressions: 900},
			{Platform: "mastodon", Posts: 600, PotentialImpressions: 180_000, Views: 0, Likes: 77, CoordinatedPosts: 30, SurePosts: 20, EarlyPosts: 5, DeclaredPosts: 30, CoordinatedImpressions: 11_000},
		},
		findings: []view.FindingDetail{copies, pile, ring, own, early},
		rejected: []view.FindingSummary{wrong.FindingSummary},
	}
	for h := range 60 {
		p := view.SeriesPoint{At: begin.Add(time.Duration(h) * time.Hour), Posts: uint64(3 + h%24), Accounts: uint64(2 + h%12), PotentialReach: 900}
		switch h {
		case 10, 30, 40:
			p.CoordinatedPosts, p.Posts = 14, p.Posts+14
		case 20:
			p.DeclaredPosts, p.Posts = 30, p.Posts+30
		}
		s.points = append(s.points, p)
	}
	over, to := hours(31), hours(26)
	s.changes = []view.Change{
		{
			ID: "rise", Direction: "rise", Sentence: "From 11 Jun 12:00 to 13:00 UTC, 140 posts where 12 would be usual at this time.", From: hours(30), To: &over, Bits: 61,
			Observed: 140, Expected: 12, BeforeFrom: hours(6), AfterTo: hours(36), BeforePosts: 200, BeforeAccounts: 40, AfterPosts: 160, AfterAccounts: 90, Hold: "drowned",
		},
		{ID: "tag", Tag: secret + "tag", Direction: "fall", Sentence: "From 11 Jun 02:00 UTC, 1 post where 24 would be usual at this time.", From: hours(20), AfterTo: hours(26), Lasting: true, Bits: 27, Observed: 1, Expected: 24},
	}
	s.gaps = []view.Gap{
		{Source: "mastodon/social.example", Platform: "mastodon", From: hours(22), To: &to, Cause: "network", Fill: "partly", Note: secret + " note"},
		{Source: "x/stream", Platform: "x", From: hours(58), Cause: "budget", Share: 0.25, Fill: "pending"},
	}
	s.coverage = []view.Coverage{
		{Campaign: name, Source: "mastodon/social.example", Platform: "mastodon", From: hours(0), To: hours(60), Partly: 4 * time.Hour, Gaps: 1},
		{Campaign: name, Source: "x/stream", Platform: "x", From: hours(12), To: hours(60), Missing: 90 * time.Minute, Gaps: 1, Open: true},
	}
	return s
}
