package frame

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/live"
	"winnow/dashboards/desk/words"
)

//go:embed templates
var ownFiles embed.FS

// pages are the parsed templates by the name of their file. Each holds the
// layout, the shared parts and one page, which defines "content".
type pages map[string]*template.Template

// load parses the templates as a teller tells them.
func (f *Frame) load(t *words.Teller) (pages, error) {
	base, err := template.New("layout.html").Funcs(t.Funcs()).Funcs(f.o.Funcs(t)).
		ParseFS(ownFiles, "templates/layout.html", "templates/parts.html")
	for _, part := range f.o.Parts {
		if err == nil {
			base, err = base.ParseFS(part.Files, part.Name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	all := pages{}
	add := func(name string, files fs.FS) error {
		page, err := base.Clone()
		if err == nil {
			page, err = page.ParseFS(files, "templates/"+name+".html")
		}
		if err != nil {
			return fmt.Errorf("parse template %s: %w", name, err)
		}
		all[name] = page
		return nil
	}
	for _, name := range []string{"login", "error"} {
		if err := add(name, ownFiles); err != nil {
			return nil, err
		}
	}
	for _, name := range f.o.Names {
		if err := add(name, f.o.Pages); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// pageView is what layout.html needs, with the page's own content in Body.
type pageView struct {
	// Title stands in front of the product's name in the window's title.
	Title string
	// Here is the page's name, for the navigation.
	Here string
	// Coverage says whether there is anything to tell about coverage.
	Coverage bool
	// Styles are the addresses of the style sheets, in order.
	Styles []string
	Icon   string
	// Scripts are the addresses of the page's scripts; the pages do without them.
	Scripts []string
	Demo    bool
	Version string
	Status  *statusView
	// Reader is who is logged in; empty without users, and at the log-in.
	Reader access.Identity
	// Closed is for the log-in: it tells nothing about what lies behind it.
	Closed bool
	// Language is the page's, Languages leads to the others.
	Language  catalogue.Language
	Languages []languageView
	// Zone says what times are told in, and how to change that.
	Zone      zoneView
	Generated time.Time
	Body      any
}

// statusView is the state of the process in words.
type statusView struct {
	// Fine is false when a person should look.
	Fine  bool
	Words string
	// Sources is how the live sources are, empty if there are none.
	Sources string
	Notes   []string
}

// waitingWorthSaying is how many batches may be under way before it is told:
// below it, a page is as fresh as its reader can act on.
const waitingWorthSaying = 10

func (f *Frame) statusView(t *words.Teller) *statusView {
	v := &statusView{}
	v.Sources, v.Fine = coverage.Health(t, f.o.Sources())
	if f.o.Status == nil {
		if v.Sources == "" {
			return nil
		}
		return v
	}
	s := f.o.Status()
	v.Notes = s.Notes
	v.judge(s)
	v.Words = tell(t, s)
	return v
}

// LiveState is the state of the process as an open page is told.
func (f *Frame) LiveState() live.State {
	_, fine := coverage.Health(f.tellers[tongue{language: catalogue.English().Code}], f.o.Sources())
	if f.o.Status == nil {
		return live.State{Fine: fine}
	}
	s := f.o.Status()
	v := &statusView{Fine: fine}
	v.judge(s)
	return live.State{
		Words: func(r *http.Request) string { return tell(f.Teller(r), s) }, Fine: v.Fine, LastPost: s.LastPost,
	}
}

// judge says whether a person should look.
func (v *statusView) judge(s Status) {
	v.Fine = v.Fine && len(s.Notes) == 0 && s.EngineUp && s.Waiting < waitingWorthSaying
}

// tell puts the state of the process into words.
func tell(t *words.Teller, s Status) string {
	switch {
	case !s.EngineUp:
		return t.Text("The store does not answer")
	case s.LastPost.IsZero():
		return t.Text("No new post since Winnow was started") + behind(t, s.Waiting)
	}
	return t.Text("Last post %s", t.Recent(s.LastPost)) + behind(t, s.Waiting)
}

func behind(t *words.Teller, batches uint64) string {
	if batches < waitingWorthSaying {
		return ""
	}
	return t.Count(batches, "; the numbers are behind by %s batch of posts", "; the numbers are behind by %s batches of posts")
}

// Render writes a page. The page is made in memory first: half a page with an
// error in its middle would be worse than an error.
func (f *Frame) Render(w http.ResponseWriter, r *http.Request, status int, name, title string, body any) {
	t := f.Teller(r)
	now := t.Now()
	f.write(w, r, status, pageView{
		Title: title, Here: name, Demo: f.o.Demo, Version: f.o.Version,
		Status: f.statusView(t), Coverage: f.o.Coverage(r.Context(), now), Generated: now, Body: body,
		Reader: access.Of(r.Context()),
	})
}

// ShowLogIn shows the form for logging in, to anybody.
func (f *Frame) ShowLogIn(w http.ResponseWriter, r *http.Request, status int, form access.Form) {
	f.write(w, r, status, pageView{Title: f.Teller(r).Text("Log in"), Here: "login", Demo: f.o.Demo, Generated: f.o.Now(), Body: form, Closed: true})
}

// write sends a page that stands in memory as a whole.
func (f *Frame) write(w http.ResponseWriter, r *http.Request, status int, v pageView) {
	v.Styles, v.Icon = []string{f.assets.address("desk.css"), f.assets.address("coverage.css"), f.assets.address("finding.css"), f.assets.address("time.css")}, f.assets.address("icon.svg")
	t := f.Teller(r)
	v.Language, v.Languages = t.Language(), f.languages(r, t.Language())
	if v.Zone = f.zoneView(r, t.Zone()); !v.Closed {
		v.Scripts = f.assets.scripts(v.Here)
	}
	var page bytes.Buffer
	all, err := f.pages[t]()
	if err == nil {
		err = all[v.Here].ExecuteTemplate(&page, "layout.html", v)
	}
	if err != nil {
		f.o.Log.ErrorContext(r.Context(), "page could not be made", "page", v.Here, "err", err)
		http.Error(w, "Winnow could not make this page. Its log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A reader who left needs no answer.
	_, _ = page.WriteTo(w)
}

// Problem is what an error page says, in messages.
type Problem struct {
	Heading string
	// What and Next are sentences: what happened, and what to do about it.
	What, Next string
}

// Fail answers when the store could not. Details go to the log only: they are
// no help to the reader and may tell more than the page should.
func (f *Frame) Fail(w http.ResponseWriter, r *http.Request, attempt string, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader left
	}
	f.o.Log.ErrorContext(r.Context(), "store did not answer", "attempt", attempt, "err", err)
	p := Problem{
		Heading: catalogue.Mark("The store does not answer"),
		What:    catalogue.Mark("Winnow could not read its numbers just now. Nothing is lost: posts are kept in the log until the store has them."),
		Next:    catalogue.Mark("Wait a moment and load this page again. If it stays like this, look at the log of the winnow process."),
	}
	if errors.Is(err, context.DeadlineExceeded) {
		p.Heading = catalogue.Mark("This takes too long")
		p.What = catalogue.Mark("The store did not answer in time. Nothing is lost.")
		p.Next = catalogue.Mark("Choose a shorter time range, or wait a moment and load this page again.")
	}
	f.Refuse(w, r, http.StatusServiceUnavailable, p)
}

// Refuse answers with a problem in the place of a page.
func (f *Frame) Refuse(w http.ResponseWriter, r *http.Request, status int, p Problem) {
	f.Render(w, r, status, "error", f.Teller(r).Say(p.Heading), p)
}

// Missing answers for a page, campaign or finding that is not there.
func (f *Frame) Missing(w http.ResponseWriter, r *http.Request, p Problem) {
	f.Refuse(w, r, http.StatusNotFound, p)
}

// RowsInSight is how many rows of a long table are shown at once, the rest being behind a
// click.
const RowsInSight = 20

// InSight parts rows into those shown at once and those behind a click. A click must be
// worth it, so a few too many are all shown.
func InSight[T any](rows []T) (shown, rest []T) {
	if len(rows) <= RowsInSight+RowsInSight/4 {
		return rows, nil
	}
	return rows[:RowsInSight], rows[RowsInSight:]
}
