package desk

import (
	"strings"
	"testing"
	"time"
)

func TestEvidenceAddsUpOnThePage(t *testing.T) {
	h := newDesk(t, Options{Store: richStore()})
	for _, test := range []struct {
		id            string
		says, saysNot []string
	}{
		{
			id: "c0ffee01",
			says: []string{
				"high confidence These 41", "Enough evidence10 Jun 2031, 05:29:00 UTC", "at most one campaign in a thousand has one like it",
				"How the bits add up", "1. One text or image by many at once text What a wonderful evening",
				"within 50 seconds had to earn 24.5 bits; all of its bits count 46.3 others within the window 40 41 0.00031 52.3", "1,204 – 0.6 12.25", "stragglers 1 – 6 −6",
				"2. Two accounts in step, again and again: @", "had to earn 20 bits; counts for nothing more than others say 21.5 meetings 7 9 0.0004 21.5",
				"Show 21 more pieces", "739 weaker pieces are not shown here",
			},
			saysNot: []string{"early sign"},
		},
		{
			id: "c0ffee06",
			says: []string{
				"Flood early sign, may be taken back", "may be taken back within the hour: what began so suddenly", "Until then it counts nobody as coordinated.",
				"far faster than this campaign’s own rhythm explains", "1. Many came at once, with a text of their own each moment 12 Jun 2031, 18:15:00 UTC", "UTC coming at once",
			},
			saysNot: []string{"Time alone will not change"},
		},
		// The texts of a pile-on stay closed here too.
		{id: "c0ffee03", says: []string{"Many turned on one account at once text 68 accounts"}},
		// Found before confidence and evidence were kept.
		{id: "c0ffee05", says: []string{"Could this be chance?"}, saysNot: []string{"How the bits add up", "Enough evidence", "Time alone", "early sign"}},
	} {
		t.Run(test.id, func(t *testing.T) {
			page := get(t, h, findingURL(richName, test.id)).Body.String()
			wantText(t, page, test.says...)
			wantNoText(t, page, test.saysNot...)
			if strings.Contains(page, "<details open") {
				t.Error("details are open from the beginning")
			}
		})
	}
}

// Who reposted one post once is not told to have done so again and again.
func TestRepostsOfOnePostAreNotManyTimes(t *testing.T) {
	s := richStore()
	h := newDesk(t, Options{Store: s})
	wantText(t, get(t, h, findingURL(richName, "c0ffee02")).Body.String(), "reposted the same posts, again and again")
	s.findings[richName][1].Objects = 1
	page := get(t, h, findingURL(richName, "c0ffee02")).Body.String()
	wantText(t, page, "These accounts reposted one post closer together")
	wantNoText(t, page, "again and again, closer")
}

// An early sign alone is told, and is no answer to any question.
func TestOnlyEarly(t *testing.T) {
	s := richStore()
	s.findings[richName] = s.findings[richName][5:]
	s.campaigns[2].Findings, s.campaigns[2].DeclaredFindings = 0, 0
	s.campaigns[2].CoordinatedPosts, s.campaigns[2].CoordinatedAccounts = 0, 0
	h := newDesk(t, Options{Store: s})
	wantText(t, get(t, h, "/").Body.String(), "Nothing but an early sign so far", "0 1 early sign")
	page := get(t, h, campaignURL(richName)).Body.String()
	wantText(t, page, "No coordination found so far.", "There is no such moment so far.", "1 early sign, not counted here", "Early signs", "None so far. Winnow speaks up only")
	wantNoText(t, page, "Winnow found coordinated activity", "The strip on top")
	if strings.Contains(page, "answer-found") {
		t.Error("an early sign is shown as an attack")
	}
}

// What is told about a finding besides its evidence.
func TestAroundAFinding(t *testing.T) {
	s := richStore()
	h := newDesk(t, Options{Store: s})
	page := get(t, h, findingURL(richName, "c0ffee01")).Body.String()
	wantText(t, page,
		"Have these accounts been here before?", "Same content, posted together high confidence explained These 12 accounts", "3 months earlier 9 of its 12 1", "20 hours later 1 of its 7 0",
		"3 more findings have less in common and are not shown here.", "nobody is matched across platforms",
		"Who is joined to whom", "64 accounts and 9 shared objects. 128 lines from an account to what it posted. 16 dashed lines between accounts that were in step",
		"The picture as tables", "The texts side by side", "The usual wording", "left out: city end. instead: town end.", "left out: الليلة end.",
		"Counted are the first posts of the finding only; it has more.", "the accounts and links as a text to paste",
	)
	if got := strings.Count(page, "<circle class=\"fill-coordinated\""); got != 65 { // and one in the legend
		t.Errorf("%d accounts are drawn", got)
	}
	// Whatever hurts stays closed, in the picture too.
	pile := get(t, h, findingURL(richName, "c0ffee03")).Body.String()
	wantText(t, pile, "The texts side by side", "Show the texts")
	_, network, ok := strings.Cut(pile, `id="network"`)
	network, _, _ = strings.Cut(network, "</section>")
	if !ok || strings.Contains(network, "ashamed") {
		t.Error("the network tells the texts of a pile-on")
	}
	_, wordings, ok := strings.Cut(pile, `id="texts"`)
	before, _, folded := strings.Cut(wordings, "<details")
	if !ok || !folded || strings.Contains(before, "ashamed") {
		t.Error("the texts of a pile-on are open")
	}
	s.related = nil
	wantText(t, get(t, h, findingURL(richName, "c0ffee05")).Body.String(), "No other finding that is kept has any of these accounts")
}

// All posts of a finding are in the strip, those too that its list leaves out.
func TestSecondBySecond(t *testing.T) {
	h := newDesk(t, Options{Store: richStore(), Zone: time.FixedZone("EET", 2*3600)})
	page := get(t, h, findingURL(richName, "c0ffee01")).Body.String()
	wantText(t, page,
		"Second by second All 212 posts of this finding, one row for each kind of thing that they share, from 10 Jun 2031, 07:25:00 EET to 10 Jun 2031, 10:35:00 EET.",
		"that is the window", "The fullest two minutes of it", "The posts as a list",
	)
	if got := strings.Count(page, `<svg class="strip"`); got != 6 {
		t.Errorf("%d strips, want the whole and the fullest for three widths each", got)
	}
	// An account's name has the row of its posts where accounts are few.
	s := richStore()
	few := s.findings[richName][4]
	few.MorePosts = 0
	s.findings[richName][4] = few
	strip := get(t, newDesk(t, Options{Store: s}), findingURL(richName, few.ID)).Body.String()
	wantText(t, strip, "All 5 posts of this finding, one row for each account", "@river_friend_")
}
