package desk

import (
	"fmt"
	"strings"

	"winnow/storage"
)

// Sizes of the pictures in CSS pixels. The timeline comes in three, of which the
// style sheet shows one: scaling the wide one down to a telephone would make its
// labels unreadable.
const (
	wideWidth, wideHeight   = 1096, 300
	midWidth, midHeight     = 680, 270
	phoneWidth, phoneHeight = 344, 250
	smallWidth, smallHeight = 344, 190
)

// charts are the pictures of a campaign's page and the table behind them.
type charts struct {
	Wide, Mid, Phone       chart
	Accounts, Reach, Share chart
	Rows                   []chartRow
	// Empty is true if no bucket has a post.
	Empty bool
	// ReachUnknown is true if no author in the range told any followers.
	ReachUnknown bool
}

// chartRow is a bucket with posts, as the table shows it.
type chartRow struct {
	storage.SeriesPoint
	Organic uint64
}

// organic is what is neither coordinated nor declared. Counts are recomputed
// one after the other, so for a moment the parts may exceed the whole.
func organic(p storage.SeriesPoint) uint64 {
	if parts := p.CoordinatedPosts + p.DeclaredPosts; parts < p.Posts {
		return p.Posts - parts
	}
	return 0
}

// newCharts draws the series. The points are one per bucket of the window.
func newCharts(win window, points []storage.SeriesPoint, findings []storage.FindingSummary) charts {
	n := len(points)
	column := func() []float64 { return make([]float64, n) }
	posts := []layer{{"coordinated", column()}, {"declared", column()}, {"organic", column()}}
	accounts := []layer{{"coordinated", column()}, {"organic", column()}}
	reach := []layer{{"reach", column()}}
	shares := []layer{{"coordinated", column()}, {"declared", column()}, {"organic", column()}}
	weights := column()
	var tips, accountTips, reachTips, shareTips []string

	out := charts{Empty: true, ReachUnknown: true}
	var peak storage.SeriesPoint
	for i, p := range points {
		row := chartRow{SeriesPoint: p, Organic: organic(p)}
		posts[0].Values[i] = float64(p.CoordinatedPosts)
		posts[1].Values[i] = float64(p.DeclaredPosts)
		posts[2].Values[i] = float64(row.Organic)
		accounts[0].Values[i] = float64(min(p.CoordinatedAccounts, p.Accounts))
		accounts[1].Values[i] = float64(p.Accounts - min(p.CoordinatedAccounts, p.Accounts))
		reach[0].Values[i] = float64(p.PotentialReach)
		weights[i] = float64(p.Posts)
		if whole := float64(p.CoordinatedPosts + p.DeclaredPosts + row.Organic); whole > 0 {
			for k := range shares {
				shares[k].Values[i] = 100 * posts[k].Values[i] / whole
			}
		}
		if p.Posts > 0 {
			out.Empty = false
			out.Rows = append(out.Rows, row)
		}
		if p.PotentialReach > 0 {
			out.ReachUnknown = false
		}
		if p.Posts > peak.Posts {
			peak = p
		}
		if n <= tooltipBuckets {
			at := clock(p.At) + ": "
			tips = append(tips, at+postsLine(p))
			accountTips = append(accountTips, at+count(p.Accounts, "account", "accounts")+", "+
				num(p.CoordinatedAccounts)+" of them coordinated")
			reachTips = append(reachTips, at+count(p.PotentialReach, "follower", "followers"))
			shareTips = append(shareTips, at+shareLine(p))
		}
	}

	step := stepWords(win.Step)
	span := "from " + clock(win.From) + " to " + clock(win.To)
	desc := "No posts " + span + "."
	if !out.Empty {
		desc = fmt.Sprintf("Stacked bars, one per %s, %s. The most in one %s: %s, at %s.",
			step, span, step, postsLine(peak), clock(peak.At))
	}
	spec := chartSpec{
		ID: "posts-wide", Title: "Posts per " + step, Desc: desc, From: win.From, Step: win.Step,
		Layers: posts, Marks: findingMarks(findings), Tips: tips, Width: wideWidth, Height: wideHeight,
	}
	out.Wide = newChart(spec)
	spec.ID, spec.Width, spec.Height = "posts-mid", midWidth, midHeight
	out.Mid = newChart(spec)
	spec.ID, spec.Width, spec.Height = "posts-phone", phoneWidth, phoneHeight
	out.Phone = newChart(spec)

	spec.Marks, spec.Width, spec.Height = nil, smallWidth, smallHeight
	spec.ID, spec.Title, spec.Layers, spec.Tips = "accounts", "Accounts per "+step, accounts, accountTips
	spec.Desc = "How many accounts posted in each " + step + ", and how many of them were coordinated, " + span + "."
	out.Accounts = newChart(spec)

	spec.ID, spec.Title, spec.Layers, spec.Tips = "reach", "Potential reach per "+step, reach, reachTips
	spec.Desc = "Followers of the accounts that posted in each " + step + ", " + span + "."
	out.Reach = newChart(spec)

	spec.ID, spec.Title, spec.Layers, spec.Tips = "share", "Coordinated share per "+step, shares, shareTips
	spec.Desc = "Which part of each " + step + "'s posts was coordinated, " + span + ". No bar where there were no posts."
	spec.Percent, spec.Weights = true, weights
	out.Share = newChart(spec)
	return out
}

// postsLine tells the posts of a bucket.
func postsLine(p storage.SeriesPoint) string {
	parts := []string{count(p.Posts, "post", "posts")}
	if p.CoordinatedPosts > 0 {
		parts = append(parts, num(p.CoordinatedPosts)+" coordinated")
	}
	if p.DeclaredPosts > 0 {
		parts = append(parts, num(p.DeclaredPosts)+" declared")
	}
	return strings.Join(parts, ", ")
}

func shareLine(p storage.SeriesPoint) string {
	if p.Posts == 0 {
		return "no posts"
	}
	return share(p.CoordinatedPosts, p.Posts) + " of " + count(p.Posts, "post", "posts") + " coordinated"
}

// findingMarks shows when the findings have their evidence, declared ones first
// so that the others lie on top of them.
func findingMarks(findings []storage.FindingSummary) []mark {
	undeclared, declared := splitFindings(findings)
	marks := make([]mark, 0, len(findings))
	for _, f := range declared {
		marks = append(marks, mark{From: f.StartedAt, To: f.EndedAt, Class: "declared"})
	}
	for _, f := range undeclared {
		marks = append(marks, mark{From: f.StartedAt, To: f.EndedAt, Class: "coordinated"})
	}
	return marks
}
