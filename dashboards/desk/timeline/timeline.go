package timeline

import (
	"slices"

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

// Charts are the pictures of a campaign's page and the table behind them.
type Charts struct {
	Wide, Mid, Phone       chart.Chart
	Accounts, Reach, Share chart.Chart
	Rows                   []Row
	// Empty is true if no bucket has a post.
	Empty bool
	// ReachUnknown is true if no author in the range told any followers.
	ReachUnknown bool
	// Holes is true if something in the range was not seen, Faint and Full
	// which kinds of shade there are.
	Holes, Faint, Full bool
}

// Row is a bucket with posts or with a hole, as the table shows it.
type Row struct {
	view.SeriesPoint
	Organic uint64
	// Hole says what was not seen; empty if nothing is known to be missing.
	Hole string
}

// New draws the series. The points are one per bucket of the window, the
// holes are what was not seen.
func New(t *words.Teller, win window.Window, points []view.SeriesPoint, findings []view.FindingSummary, holes []chart.Shade) Charts {
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

	out := Charts{Empty: true, ReachUnknown: !answer.ReachKnown(points)}
	var peak view.SeriesPoint
	for i, p := range points {
		row := Row{SeriesPoint: p, Organic: answer.Organic(p), Hole: holeWithin(t, holes, p.At, p.At.Add(win.Step))}
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
			tip := func(says string) string {
				if row.Hole != "" {
					return t.Text("%s: %s – %s", t.Clock(p.At), says, row.Hole)
				}
				return t.Text("%s: %s", t.Clock(p.At), says)
			}
			tips = append(tips, tip(postsLine(t, p)))
			accountTips = append(accountTips, tip(t.Count(p.Accounts, "%s account, %s of them coordinated",
				"%s accounts, %s of them coordinated", t.Number(p.CoordinatedAccounts))))
			reachTips = append(reachTips, tip(t.Count(p.PotentialReach, "%s follower", "%s followers")))
			shareTips = append(shareTips, tip(shareLine(t, p)))
		}
	}

	step := t.Step(win.Step)
	from, to := t.Clock(win.From), t.Clock(win.To)
	desc := t.Text("No posts from %s to %s.", from, to)
	if !out.Empty {
		desc = t.Text("Stacked bars, one per %s, from %s to %s. The most in one: %s, at %s.",
			step, from, to, postsLine(t, peak), t.Clock(peak.At))
	}
	unseen := holesLine(t, holes, win)
	desc += unseen
	spec := chart.Spec{
		ID: "posts-wide", Title: t.Text("Posts per %s", step), Month: t.Month, Desc: desc, From: win.From, Step: win.Step,
		Layers: posts, Marks: Marks(findings), Shades: holes, Tips: tips, Brush: true, Width: wideWidth, Height: wideHeight,
	}
	out.Wide = chart.New(spec)
	out.Faint, out.Full = out.Wide.Faint, out.Wide.Full
	out.Holes = out.Faint || out.Full
	spec.ID, spec.Width, spec.Height = "posts-mid", midWidth, midHeight
	out.Mid = chart.New(spec)
	spec.ID, spec.Width, spec.Height = "posts-phone", phoneWidth, phoneHeight
	out.Phone = chart.New(spec)

	spec.Marks, spec.Width, spec.Height = nil, smallWidth, smallHeight
	spec.ID, spec.Title, spec.Layers, spec.Tips = "accounts", t.Text("Accounts per %s", step), accounts, accountTips
	spec.Desc = t.Text("How many accounts posted in each %s, and how many of them were coordinated, from %s to %s.", step, from, to) + unseen
	out.Accounts = chart.New(spec)

	spec.ID, spec.Title, spec.Layers, spec.Tips = "reach", t.Text("Potential reach per %s", step), reach, reachTips
	spec.Desc = t.Text("Followers of the accounts that posted in each %s, from %s to %s.", step, from, to) + unseen
	out.Reach = chart.New(spec)

	spec.ID, spec.Title, spec.Layers, spec.Tips = "share", t.Text("Coordinated share per %s", step), shares, shareTips
	spec.Desc = t.Text("Which part of the posts of each %s was coordinated, from %s to %s. No bar where there were no posts.", step, from, to) + unseen
	spec.Percent, spec.Weights = true, weights
	out.Share = chart.New(spec)
	return out
}

// postsLine tells the posts of a bucket.
func postsLine(t *words.Teller, p view.SeriesPoint) string {
	posts, coordinated, declared := t.Count(p.Posts, "%s post", "%s posts"), t.Number(p.CoordinatedPosts), t.Number(p.DeclaredPosts)
	switch {
	case p.CoordinatedPosts > 0 && p.DeclaredPosts > 0:
		return t.Text("%s, %s coordinated, %s declared", posts, coordinated, declared)
	case p.CoordinatedPosts > 0:
		return t.Text("%s, %s coordinated", posts, coordinated)
	case p.DeclaredPosts > 0:
		return t.Text("%s, %s declared", posts, declared)
	}
	return posts
}

func shareLine(t *words.Teller, p view.SeriesPoint) string {
	if p.Posts == 0 {
		return t.Text("no posts")
	}
	return t.Count(p.Posts, "%[2]s of %[1]s post coordinated", "%[2]s of %[1]s posts coordinated", t.Share(p.CoordinatedPosts, p.Posts))
}

// Marks shows when the findings have their evidence, declared ones first
// so that the others lie on top of them, and without what may be taken back.
func Marks(findings []view.FindingSummary) []chart.Mark {
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
