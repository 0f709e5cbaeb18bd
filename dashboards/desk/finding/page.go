package finding

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

// Bounds on the rows of a finding's tables.
const (
	maxAccountRows  = 500
	maxObjectRows   = 200
	maxPostRows     = 500
	maxEvidenceRows = 100
)

// Page is what is shown of a finding.
type Page struct {
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
	// Bundle is where its bundle is to be had; empty if none is made. Named says that one
	// with names is, too.
	Bundle string
	Named  bool
	// RestAccounts, RestPosts and RestEvidence wait behind a click.
	RestAccounts []view.FindingAccount
	RestPosts    []view.FindingPost
	RestEvidence []view.FindingEvidence
	// The rows left out, of each table.
	MoreAccounts, MoreObjects uint64
}

// Show shows one finding with its evidence.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request) {
	if detail, ok := p.asked(w, r, "read a finding"); ok {
		p.showAs(w, r, http.StatusOK, detail, func(form judge.Panel) judge.Panel { return form })
	}
}

// asked reads the finding that a request is about. Where there is none it answers
// why, and returns false.
func (p *Pages) asked(w http.ResponseWriter, r *http.Request, attempt string) (view.FindingDetail, bool) {
	query := r.URL.Query()
	detail, ok, err := p.o.Store.Finding(r.Context(), query.Get("name"), query.Get("id"))
	switch {
	case err != nil:
		p.o.Frame.Fail(w, r, attempt, err)
	case !ok:
		p.missing(w, r)
	}
	return detail, ok && err == nil
}

func (p *Pages) missing(w http.ResponseWriter, r *http.Request) {
	p.o.Frame.Missing(w, r, frame.Problem{
		Heading: catalogue.Mark("There is no such finding"),
		What:    catalogue.Mark("It may have been withdrawn, or merged into another finding as more posts came in."),
		Next:    catalogue.Mark("Start from the list of campaigns."),
	})
}

// showAs shows a finding with a status, and the form as amend leaves it.
func (p *Pages) showAs(w http.ResponseWriter, r *http.Request, status int, detail view.FindingDetail, amend func(judge.Panel) judge.Panel) {
	t := p.o.Frame.Teller(r)
	page := Page{FindingDetail: detail, Hidden: answer.Hidden(detail.Kind)}
	if err := p.readAround(r.Context(), t, &page); err != nil {
		p.o.Frame.Fail(w, r, "read what belongs to a finding", err)
		return
	}
	page.Judging = amend(page.Judging)
	page.bound()
	p.o.Frame.Render(w, r, status, "finding", t.Text("%s in %s", t.Kind(detail.Kind), words.Isolate(t.Naming(detail.Campaign))), page)
}

// readAround reads what is shown about a finding besides its evidence.
func (p *Pages) readAround(ctx context.Context, t *words.Teller, page *Page) error {
	f := &page.FindingDetail
	said, err := p.o.Store.Verdicts(ctx, f.Campaign, f.ID)
	if err != nil {
		return err
	}
	if page.Strip, err = strip.Read(ctx, t, p.o.Store, *f); err != nil {
		return err
	}
	address := ""
	if p.o.Judger != nil && access.May(ctx, user.Judge) {
		address = Address(f.Campaign, f.ID)
	}
	page.Judging = judge.NewPanel(address, f.Verdict, said)
	if access.May(ctx, user.TakeOut) {
		page.List = ListPath + strings.TrimPrefix(Address(f.Campaign, f.ID), Path)
	}
	if p.o.Bundler != nil {
		page.Bundle = BundlePath + strings.TrimPrefix(Address(f.Campaign, f.ID), Path)
		page.Named = access.May(ctx, user.TakeOut)
	}
	if page.Related, page.MoreRelated, err = p.o.Store.Related(ctx, f.Campaign, f.ID); err != nil {
		return err
	}
	edges, err := p.o.Store.Edges(ctx, f.Campaign, f.ID, network.MaxAccounts, network.MaxObjects)
	if err != nil {
		return err
	}
	page.Network = network.Draw(t, *f, edges, page.Hidden)
	posts := make([]texts.Post, 0, len(f.PostRows))
	for _, one := range f.PostRows {
		// A repost has the text of another; it is no wording of its own.
		if one.Kind != "repost" {
			posts = append(posts, texts.Post{Author: one.Platform + " " + one.AccountID, Text: one.Text})
		}
	}
	page.Texts = texts.Compare(posts)
	page.Texts.Hidden, page.Texts.Partial = page.Hidden, f.MorePosts > 0
	return nil
}

// bound leaves out rows that nobody reads, and puts others behind a click.
func (page *Page) bound() {
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
	page.AccountRows, page.RestAccounts = frame.InSight(page.AccountRows)
	page.PostRows, page.RestPosts = frame.InSight(page.PostRows)
	if rows := len(page.EvidenceRows); rows > maxEvidenceRows {
		page.EvidenceRows = page.EvidenceRows[:maxEvidenceRows]
		page.MoreEvidence += uint64(rows - maxEvidenceRows)
	}
	page.EvidenceRows, page.RestEvidence = frame.InSight(page.EvidenceRows)
}
