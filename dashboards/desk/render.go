package desk

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/changed"
	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/draft"
	"winnow/dashboards/desk/judge"
	"winnow/dashboards/desk/live"
	"winnow/dashboards/desk/network"
	"winnow/dashboards/desk/people"
	"winnow/dashboards/desk/replay"
	"winnow/dashboards/desk/report"
	"winnow/dashboards/desk/strip"
	"winnow/dashboards/desk/texts"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

//go:embed templates
var templateFiles embed.FS

// pages are the parsed templates by the name of their file. Each holds the
// layout, the shared parts and one page, which defines "content".
type pages map[string]*template.Template

func loadPages(t *words.Teller) (pages, error) {
	base, err := template.New("layout.html").Funcs(t.Funcs()).Funcs(template.FuncMap{
		"pair":       func(a, b any) [2]any { return [2]any{a, b} },
		"seen":       func(c view.Coverage) string { return coverage.Seen(t, c) },
		"named":      func(platform, source string) string { return coverage.Name(t, platform, source) },
		"held":       func(c view.Change) string { return changed.Held(t, c) },
		"held_means": func(c view.Change) string { return changed.HeldMeans(t, c) },
		"going":      changed.Going,
		"usual":      func(c view.Change) string { return changed.Usual(t, c) },
		"judged":     func(judgement string) string { return judge.Told(t, judgement) },
		"author":     func(author string) string { return judge.Who(t, author) },
	}).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
	for _, part := range []struct {
		files embed.FS
		name  string
	}{{chart.Files, "chart.html"}, {chart.Files, "brush.html"}, {replay.Files, "replay.html"}, {judge.Files, "judge.html"}, {texts.Files, "texts.html"}, {network.Files, "network.html"}, {strip.Files, "strip.html"}, {people.Files, "people.html"}, {alerts.Files, "alerts.html"}, {draft.Files, "draft.html"}, {report.Files, "links.html"}} {
		if err == nil {
			base, err = base.ParseFS(part.files, part.name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	all := pages{}
	for _, name := range []string{"campaigns", "campaign", "finding", "change", "replay", "people", "alerts", "coverage", "about", "draft", "login", "error"} {
		page, err := base.Clone()
		if err == nil {
			page, err = page.ParseFS(templateFiles, "templates/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", name, err)
		}
		all[name] = page
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

func (d *desk) statusView(t *words.Teller) *statusView {
	v := &statusView{}
	v.Sources, v.Fine = coverage.Health(t, d.sources())
	if d.status == nil {
		if v.Sources == "" {
			return nil
		}
		return v
	}
	s := d.status()
	v.Notes = s.Notes
	v.judge(s)
	v.Words = tell(t, s)
	return v
}

// liveState is the state of the process as an open page is told.
func (d *desk) liveState() live.State {
	_, fine := coverage.Health(d.tellers[tongue{language: catalogue.English().Code}], d.sources())
	if d.status == nil {
		return live.State{Fine: fine}
	}
	s := d.status()
	v := &statusView{Fine: fine}
	v.judge(s)
	return live.State{
		Words: func(r *http.Request) string { return tell(d.teller(r), s) }, Fine: v.Fine, LastPost: s.LastPost,
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

// render writes a page. The page is made in memory first: half a page with an
// error in its middle would be worse than an error.
func (d *desk) render(w http.ResponseWriter, r *http.Request, status int, name, title string, body any) {
	t := d.teller(r)
	now := t.Now()
	d.write(w, r, status, pageView{
		Title: title, Here: name, Demo: d.demo, Version: d.version,
		Status: d.statusView(t), Coverage: d.anyCoverage(r.Context(), now), Generated: now, Body: body,
		Reader: access.Of(r.Context()),
	})
}

// showLogIn shows the form for logging in, to anybody.
func (d *desk) showLogIn(w http.ResponseWriter, r *http.Request, status int, f access.Form) {
	d.write(w, r, status, pageView{Title: d.teller(r).Text("Log in"), Here: "login", Demo: d.demo, Generated: d.now(), Body: f, Closed: true})
}

// write sends a page that stands in memory as a whole.
func (d *desk) write(w http.ResponseWriter, r *http.Request, status int, v pageView) {
	v.Styles, v.Icon = []string{d.assets.address("desk.css"), d.assets.address("coverage.css"), d.assets.address("finding.css"), d.assets.address("time.css")}, d.assets.address("icon.svg")
	t := d.teller(r)
	v.Language, v.Languages = t.Language(), d.languages(r, t.Language())
	if v.Zone = d.zoneView(r, t.Zone()); !v.Closed {
		v.Scripts = d.assets.scripts(v.Here)
	}
	var page bytes.Buffer
	if err := d.pages[t][v.Here].ExecuteTemplate(&page, "layout.html", v); err != nil {
		d.log.ErrorContext(r.Context(), "page could not be made", "page", v.Here, "err", err)
		http.Error(w, "Winnow could not make this page. Its log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A reader who left needs no answer.
	_, _ = page.WriteTo(w)
}

// problem is what an error page says, in messages.
type problem struct {
	Heading string
	// What and Next are sentences: what happened, and what to do about it.
	What, Next string
}

// fail answers when the store could not. Details go to the log only: they are
// no help to the reader and may tell more than the page should.
func (d *desk) fail(w http.ResponseWriter, r *http.Request, attempt string, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader left
	}
	d.log.ErrorContext(r.Context(), "store did not answer", "attempt", attempt, "err", err)
	p := problem{
		Heading: catalogue.Mark("The store does not answer"),
		What:    catalogue.Mark("Winnow could not read its numbers just now. Nothing is lost: posts are kept in the log until the store has them."),
		Next:    catalogue.Mark("Wait a moment and load this page again. If it stays like this, look at the log of the winnow process."),
	}
	if errors.Is(err, context.DeadlineExceeded) {
		p.Heading = catalogue.Mark("This takes too long")
		p.What = catalogue.Mark("The store did not answer in time. Nothing is lost.")
		p.Next = catalogue.Mark("Choose a shorter time range, or wait a moment and load this page again.")
	}
	d.refuse(w, r, http.StatusServiceUnavailable, p)
}

// refuse answers with a problem in the place of a page.
func (d *desk) refuse(w http.ResponseWriter, r *http.Request, status int, p problem) {
	d.render(w, r, status, "error", d.teller(r).Say(p.Heading), p)
}

// missing answers for a page, campaign or finding that is not there.
func (d *desk) missing(w http.ResponseWriter, r *http.Request, p problem) {
	d.refuse(w, r, http.StatusNotFound, p)
}

// showAbout explains every word and number in plain language.
func (d *desk) showAbout(w http.ResponseWriter, r *http.Request) {
	d.render(w, r, http.StatusOK, "about", d.teller(r).Text("What the numbers mean"), nil)
}

func (d *desk) showNotFound(w http.ResponseWriter, r *http.Request) {
	d.missing(w, r, problem{
		Heading: catalogue.Mark("There is no such page"),
		What:    catalogue.Mark("Nothing is kept at this address."),
		Next:    catalogue.Mark("Start from the list of campaigns."),
	})
}
