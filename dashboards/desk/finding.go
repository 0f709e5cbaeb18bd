package desk

import (
	"context"
	"net/http"
	"strings"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/judge"
	"winnow/dashboards/desk/network"
	"winnow/dashboards/desk/strip"
	"winnow/dashboards/desk/texts"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Bounds on the rows of a finding's tables: how many are in sight at once, the
// rest being behind a click, and how many there are at all.
const (
	rowsInSight     = 20
	maxAccountRows  = 500
	maxObjectRows   = 200
	maxPostRows     = 500
	maxEvidenceRows = 100
)

// findingPage is the content of a finding's page.
type findingPage struct {
	view.FindingDetail
	// Hidden is true where texts wait behind a click: those of a pile-on are
	// likely to hurt.
	Hidden bool
	// Judging is what people say of it.
	Judging judge.Panel
	// Related are findings with accounts or objects in common, MoreRelated how
	// many there are besides.
	Related     []view.RelatedFinding
	MoreRelated uint64
	Texts       texts.Comparison
	// Network is nil where nothing is joined.
	Network *network.Picture
	// Strip is nil where no post is kept.
	Strip *strip.Strip
	// List is where its accounts and links are to take along; empty for those who
	// may not.
	List string
	// RestAccounts, RestPosts and RestEvidence wait behind a click.
	RestAccounts []view.FindingAccount
	RestPosts    []view.FindingPost
	RestEvidence []view.FindingEvidence
	// The rows left out, of each table.
	MoreAccounts, MoreObjects uint64
}

// showFinding shows one finding with its evidence.
func (d *desk) showFinding(w http.ResponseWriter, r *http.Request) {
	if detail, ok := d.asked(w, r, "read a finding"); ok {
		d.showFindingAs(w, r, http.StatusOK, detail, func(p judge.Panel) judge.Panel { return p })
	}
}

// asked reads the finding that a request is about. Where there is none it answers
// why, and returns false.
func (d *desk) asked(w http.ResponseWriter, r *http.Request, attempt string) (view.FindingDetail, bool) {
	query := r.URL.Query()
	detail, ok, err := d.store.Finding(r.Context(), query.Get("name"), query.Get("id"))
	switch {
	case err != nil:
		d.Fail(w, r, attempt, err)
	case !ok:
		d.noFinding(w, r)
	}
	return detail, ok && err == nil
}

func (d *desk) noFinding(w http.ResponseWriter, r *http.Request) {
	d.Missing(w, r, frame.Problem{
		Heading: catalogue.Mark("There is no such finding"),
		What:    catalogue.Mark("It may have been withdrawn, or merged into another finding as more posts came in."),
		Next:    catalogue.Mark("Start from the list of campaigns."),
	})
}

// showFindingAs shows a finding with a status, and the form as amend leaves it.
func (d *desk) showFindingAs(w http.ResponseWriter, r *http.Request, status int, detail view.FindingDetail, amend func(judge.Panel) judge.Panel) {
	t := d.Teller(r)
	page := findingPage{FindingDetail: detail, Hidden: answer.Hidden(detail.Kind)}
	if err := d.readAround(r.Context(), t, &page); err != nil {
		d.Fail(w, r, "read what belongs to a finding", err)
		return
	}
	page.Judging = amend(page.Judging)
	page.bound()
	d.Render(w, r, status, "finding", t.Text("%s in %s", t.Kind(detail.Kind), words.Isolate(t.Naming(detail.Campaign))), page)
}

// readAround reads what is shown about a finding besides its evidence.
func (d *desk) readAround(ctx context.Context, t *words.Teller, page *findingPage) error {
	f := &page.FindingDetail
	said, err := d.store.Verdicts(ctx, f.Campaign, f.ID)
	if err != nil {
		return err
	}
	if page.Strip, err = strip.Read(ctx, t, d.store, *f); err != nil {
		return err
	}
	address := ""
	if d.judger != nil && access.May(ctx, user.Judge) {
		address = findingAddress(f.Campaign, f.ID)
	}
	page.Judging = judge.NewPanel(address, f.Verdict, said)
	if access.May(ctx, user.TakeOut) {
		page.List = listPath + strings.TrimPrefix(findingAddress(f.Campaign, f.ID), findingPath)
	}
	if page.Related, page.MoreRelated, err = d.store.Related(ctx, f.Campaign, f.ID); err != nil {
		return err
	}
	edges, err := d.store.Edges(ctx, f.Campaign, f.ID, network.MaxAccounts, network.MaxObjects)
	if err != nil {
		return err
	}
	page.Network = network.Draw(t, *f, edges, page.Hidden)
	posts := make([]texts.Post, 0, len(f.PostRows))
	for _, p := range f.PostRows {
		// A repost has the text of another; it is no wording of its own.
		if p.Kind != "repost" {
			posts = append(posts, texts.Post{Author: p.Platform + " " + p.AccountID, Text: p.Text})
		}
	}
	page.Texts = texts.Compare(posts)
	page.Texts.Hidden, page.Texts.Partial = page.Hidden, f.MorePosts > 0
	return nil
}

// bound leaves out rows that nobody reads, and puts others behind a click.
func (page *findingPage) bound() {
	if rows := len(page.AccountRows); rows > maxAccountRows {
		page.AccountRows, page.MoreAccounts = page.AccountRows[:maxAccountRows], uint64(rows-maxAccountRows)
	}
	if rows := len(page.ObjectRows); rows > maxObjectRows {
		page.ObjectRows, page.MoreObjects = page.ObjectRows[:maxObjectRows], uint64(rows-maxObjectRows)
	}
	if rows := len(page.PostRows); rows > maxPostRows {
		page.PostRows = page.PostRows[:maxPostRows]
		page.MorePosts += uint64(rows - maxPostRows)
	}
	page.AccountRows, page.RestAccounts = inSight(page.AccountRows)
	page.PostRows, page.RestPosts = inSight(page.PostRows)
	if rows := len(page.EvidenceRows); rows > maxEvidenceRows {
		page.EvidenceRows = page.EvidenceRows[:maxEvidenceRows]
		page.MoreEvidence += uint64(rows - maxEvidenceRows)
	}
	page.EvidenceRows, page.RestEvidence = inSight(page.EvidenceRows)
}

// inSight parts rows into those shown at once and those behind a click. A click
// must be worth it, so a few too many are all shown.
func inSight[T any](rows []T) (shown, rest []T) {
	if len(rows) <= rowsInSight+rowsInSight/4 {
		return rows, nil
	}
	return rows[:rowsInSight], rows[rowsInSight:]
}
