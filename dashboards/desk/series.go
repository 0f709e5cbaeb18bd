package desk

import (
	"fmt"
	"slices"
	"strings"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
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
	Wide, Mid, Phone       chart.Chart
	Accounts, Reach, Share chart.Chart
	Rows                   []chartRow
	// Empty is true if no bucket has a post.
	Empty bool
	// ReachUnknown is true if no author in the range told any followers.
	ReachUnknown bool
	// Holes is true if something in the range was not seen, Faint and Full
	// which kinds of shade there are.
	Holes, Faint, Full bool
}

// chartRow is a bucket with posts or with a hole, as the table shows it.
type chartRow struct {
	view.SeriesPoint
	Organic uint64
	// Hole says what was not seen; empty if nothing is known to be missing.
	Hole string
}

// newCharts draws the series. The points are one per bucket of the window, the
// holes are what was not seen.
func newCharts(win window.Window, points []view.SeriesPoint, findings []view.FindingSummary, holes []chart.Shade) charts {
	n := len(points)
	column := func() []float64 { return make([]float64, n) }
	layers := func(classes ...string) (all []chart.Layer) {
		for _, class := range classes {
			all = append(all, chart.Layer{Class: class, Values: column()})
		}
		return all
	}
	posts := layers("coordinated", "declared", "organic")
	accounts := layers("coordinated", "organic")
	reach := layers("reach")
	shares := layers("coordinated", "declared", "organic")
	weights := column()
	var tips, accountTips, reachTips, shareTips []string

	out := charts{Empty: true, ReachUnknown: !answer.ReachKnown(points)}
	var peak view.SeriesPoint
	for i, p := range points {
		row := chartRow{SeriesPoint: p, Organic: answer.Organic(p), Hole: holeWithin(holes, p.At, p.At.Add(win.Step))}
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
		}
		if p.Posts > 0 || row.Hole != "" {
			out.Rows = append(out.Rows, row)
		}
		if p.Posts > peak.Posts {
			peak = p
		}
		if n <= chart.MaxTips {
			at, hole := words.Clock(p.At)+": ", ""
			if row.Hole != "" {
				hole = " – " + row.Hole
			}
			tips = append(tips, at+postsLine(p)+hole)
			accountTips = append(accountTips, at+words.Count(p.Accounts, "account", "accounts")+", "+
				words.Number(p.CoordinatedAccounts)+" of them coordinated"+hole)
			reachTips = append(reachTips, at+words.Count(p.PotentialReach, "follower", "followers")+hole)
			shareTips = append(shareTips, at+shareLine(p)+hole)
		}
	}

	step := words.Step(win.Step)
	span := "from " + words.Clock(win.From) + " to " + words.Clock(win.To)
	desc := "No posts " + span + "."
	if !out.Empty {
		desc = fmt.Sprintf("Stacked bars, one per %s, %s. The most in one %s: %s, at %s.",
			step, span, step, postsLine(peak), words.Clock(peak.At))
	}
	unseen := holesLine(holes, win)
	desc += unseen
	spec := chart.Spec{
		ID: "posts-wide", Title: "Posts per " + step, Desc: desc, From: win.From, Step: win.Step,
		Layers: posts, Marks: findingMarks(findings), Shades: holes, Tips: tips, Brush: true, Width: wideWidth, Height: wideHeight,
	}
	out.Wide = chart.New(spec)
	out.Faint, out.Full = out.Wide.Faint, out.Wide.Full
	out.Holes = out.Faint || out.Full
	spec.ID, spec.Width, spec.Height = "posts-mid", midWidth, midHeight
	out.Mid = chart.New(spec)
	spec.ID, spec.Width, spec.Height = "posts-phone", phoneWidth, phoneHeight
	out.Phone = chart.New(spec)

	spec.Marks, spec.Width, spec.Height = nil, smallWidth, smallHeight
	spec.ID, spec.Title, spec.Layers, spec.Tips = "accounts", "Accounts per "+step, accounts, accountTips
	spec.Desc = "How many accounts posted in each " + step + ", and how many of them were coordinated, " + span + "." + unseen
	out.Accounts = chart.New(spec)

	spec.ID, spec.Title, spec.Layers, spec.Tips = "reach", "Potential reach per "+step, reach, reachTips
	spec.Desc = "Followers of the accounts that posted in each " + step + ", " + span + "." + unseen
	out.Reach = chart.New(spec)

	spec.ID, spec.Title, spec.Layers, spec.Tips = "share", "Coordinated share per "+step, shares, shareTips
	spec.Desc = "Which part of each " + step + "'s posts was coordinated, " + span + ". No bar where there were no posts." + unseen
	spec.Percent, spec.Weights = true, weights
	out.Share = chart.New(spec)
	return out
}

// postsLine tells the posts of a bucket.
func postsLine(p view.SeriesPoint) string {
	parts := []string{words.Count(p.Posts, "post", "posts")}
	if p.CoordinatedPosts > 0 {
		parts = append(parts, words.Number(p.CoordinatedPosts)+" coordinated")
	}
	if p.DeclaredPosts > 0 {
		parts = append(parts, words.Number(p.DeclaredPosts)+" declared")
	}
	return strings.Join(parts, ", ")
}

func shareLine(p view.SeriesPoint) string {
	if p.Posts == 0 {
		return "no posts"
	}
	return words.Share(p.CoordinatedPosts, p.Posts) + " of " + words.Count(p.Posts, "post", "posts") + " coordinated"
}

// findingMarks shows when the findings have their evidence, declared ones first
// so that the others lie on top of them, and without what may be taken back.
func findingMarks(findings []view.FindingSummary) []chart.Mark {
	parted := answer.Part(findings)
	marks := make([]chart.Mark, 0, len(findings))
	for i, f := range slices.Concat(parted.Declared, parted.Undeclared) {
		marks = append(marks, chart.Mark{From: f.StartedAt, To: f.EndedAt, Class: "coordinated"})
		if i < len(parted.Declared) {
			marks[i].Class = "declared"
		}
	}
	return marks
}
