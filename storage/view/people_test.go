package view_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/view"
)

// pileOn is one at a target, by accounts that post one after the other so many seconds
// after its begin.
func pileOn(id, target string, hours float64, seconds map[string]float64) coordination.Finding {
	f := coordination.Finding{
		ID: id, Campaign: "c", Kind: coordination.KindPileOn, Sentence: "they turned on one account", From: at(hours), To: at(hours + 1),
		Bits: 42, Target: target, Confidence: coordination.ConfidenceHigh,
	}
	aim := post.Object{Kind: post.ObjectMention, ID: target}
	for account, s := range seconds {
		f.Accounts = append(f.Accounts, coordination.AccountEvidence{Platform: post.X, AccountID: account, Bits: 9, First: f.From, Last: f.To, Posts: 1})
		f.Posts = append(f.Posts, coordination.PostEvidence{
			Platform: post.X, PostID: id + account, AccountID: account, Object: aim, At: f.From.Add(time.Duration(s * float64(time.Second))),
		})
	}
	for i, peak := range []float64{9, 31} {
		f.Evidence = append(f.Evidence, coordination.Evidence{Kind: coordination.EvidencePileOn, Bits: peak, Terms: []coordination.Term{
			{Name: "accounts within the window", Observed: peak, Base: float64(i) + 0.5}, {Name: "young accounts", Observed: 99},
		}})
	}
	return f
}

func TestPileOns(t *testing.T) {
	declared, wrong := pileOn("declared", "109", -9, map[string]float64{"a": 0}), pileOn("wrong", "109", -8, map[string]float64{"b": 0})
	declared.Declared = "day of action"
	plain := finding("copies", "", 1, 2)
	plain.Target = ""
	s, _ := withFindings(t, map[string][]coordination.Finding{"c": {
		pileOn("first", "109", 0, map[string]float64{"a": 0, "b": 4.5, "c": 20, "d": 30}),
		pileOn("again", "109", 5, map[string]float64{"a": 0, "e": 1}),
		pileOn("other", "@bus", 3, map[string]float64{"a": 7}),
		declared, wrong, plain,
	}})
	if err := s.Judge(t.Context(), storage.Verdict{Campaign: "c", Finding: "wrong", Judgement: storage.Wrong}); err != nil {
		t.Fatal(err)
	}
	got, err := s.View().PileOns(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	want := []view.PileOn{
		{ID: "again", FirstTime: 1, Pauses: 1, Close: 1, Median: time.Second, Peak: 31, Usual: 1.5},
		{ID: "first", FirstTime: 4, Pauses: 3, Close: 2, Median: 10 * time.Second, Peak: 31, Usual: 1.5},
		{ID: "other", FirstTime: 1, Peak: 31, Usual: 1.5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, err := s.View().PileOns(t.Context(), "unheard"); err != nil || len(got) > 0 {
		t.Errorf("of no campaign: %+v, %v", got, err)
	}
}

func TestAddressed(t *testing.T) {
	inside := pileOn("p", "109", 2, map[string]float64{"2": 0})
	ours := finding("ours", "day of action", 3)
	ours.From, ours.To = at(2), at(3)
	ours.Accounts[0].First, ours.Accounts[0].Last, ours.Target = at(2), at(3), ""
	s, _ := withFindings(t, map[string][]coordination.Finding{"c": {inside, ours}})
	var rows []storage.PostRow
	told := func(account int, hours float64, aim func(p *post.Post)) {
		row := somePost("c", len(rows), account, time.Duration(hours*float64(time.Hour)))
		aim(row.Post)
		rows = append(rows, row)
	}
	told(1, 1.9, func(p *post.Post) { p.Mentions = []post.Mention{{AccountID: "5"}, {AccountID: "109"}} })
	told(1, 2, func(p *post.Post) { p.Kind, p.ReplyTo = post.Reply, post.Ref{PostID: "1", AccountID: "109"} })
	told(2, 2.5, func(p *post.Post) {
		p.Kind, p.QuoteOf = post.Quote, post.Ref{PostID: "1", AccountID: "7", Handle: "Anna"}
	})
	told(2, 4.5, func(p *post.Post) { p.Mentions = []post.Mention{{Handle: "ANNA"}} }) // outside of its finding
	told(3, 2.9, func(p *post.Post) { p.Mentions = []post.Mention{{Handle: "anna"}} })
	told(4, 2.9, func(p *post.Post) { p.Mentions = []post.Mention{{Handle: "annalena"}, {AccountID: "1090"}} })
	told(4, 2.9, func(*post.Post) {})
	elsewhere := somePost("c", 50, 9, 150*time.Minute)
	elsewhere.Post.Platform, elsewhere.Post.ID = post.Mastodon, "https://social.example/users/x/statuses/1"
	elsewhere.Post.Mentions = []post.Mention{{Handle: "anna"}}
	other := somePost("other", 51, 9, 150*time.Minute)
	other.Post.Mentions = []post.Mention{{AccountID: "109"}}
	rows = append(rows, elsewhere, other)
	if err := s.Write(t.Context(), storage.Message{Rows: rows}); err != nil {
		t.Fatal(err)
	}
	two := view.AddressedHour{At: at(2), Posts: 3, Coordinated: 1, Declared: 1}
	anywhere := two
	anywhere.Posts = 4
	for _, test := range []struct {
		platform string
		names    []string
		from, to float64
		want     []view.AddressedHour
	}{
		{"x", []string{"109", "anna"}, 0, 24, []view.AddressedHour{{At: at(1), Posts: 1}, two, {At: at(4), Posts: 1}}},
		{"x", []string{"109", "anna"}, 2, 4, []view.AddressedHour{two}},
		{"", []string{"109", "anna"}, 2, 4, []view.AddressedHour{anywhere}},
		{"mastodon", []string{"anna"}, 0, 24, []view.AddressedHour{{At: at(2), Posts: 1}}},
		{"", []string{"nobody"}, 0, 24, nil},
		{"", nil, 0, 24, nil},
	} {
		got, err := s.View().Addressed(t.Context(), "c", test.platform, test.names, at(test.from), at(test.to))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q on %q from %v to %v (-want +got):\n%s", test.names, test.platform, test.from, test.to, diff)
		}
	}
}

func TestToldTexts(t *testing.T) {
	seconds := map[string]float64{}
	for i := range 5 {
		seconds[fmt.Sprint(i)] = float64(i)
	}
	declared := pileOn("d", "109", 0, map[string]float64{"9": 0})
	declared.Declared = "day of action"
	s, _ := withFindings(t, map[string][]coordination.Finding{"c": {pileOn("p", "109", 0, seconds), pileOn("q", "@Bus", 0, map[string]float64{"7": 0}), declared}})
	var rows []storage.PostRow
	for id, text := range map[string]string{"p0": "go away", "p1": "nobody <b>wants</b> you", "p2": "go away", "p3": "go away", "q7": "late again", "d9": "with you"} {
		row := somePost("c", 0, 1, 0)
		row.Post.ID, row.Post.Text, row.Post.Account.ID = id, text, id[1:]
		rows = append(rows, row)
	}
	if err := s.Write(t.Context(), storage.Message{Rows: rows}); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), storage.Message{Rows: nil, Deletions: []post.Deletion{{Platform: post.X, NativeID: "p3", At: at(1)}}}); err != nil {
		t.Fatal(err)
	}
	second := func(n int) time.Time { return day.Add(time.Duration(n) * time.Second) }
	for _, test := range []struct {
		targets []string
		want    []view.ToldText
	}{
		{[]string{"109"}, []view.ToldText{
			{Text: "go away", Posts: 2, Accounts: 2, First: second(0), Last: second(2)},
			{Text: "nobody <b>wants</b> you", Posts: 1, Accounts: 1, First: second(1), Last: second(1)},
			{Deleted: true, Posts: 1, Accounts: 1, First: second(3), Last: second(3)},
		}},
		{[]string{"@bus"}, []view.ToldText{{Text: "late again", Posts: 1, Accounts: 1, First: day, Last: day}}},
		{nil, nil},
	} {
		got, err := s.View().ToldTexts(t.Context(), "c", test.targets)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("at %q (-want +got):\n%s", test.targets, diff)
		}
	}
}
