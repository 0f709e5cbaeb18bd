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
	"winnow/dashboards/desk/changed"
	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/judge"
	"winnow/dashboards/desk/live"
	"winnow/dashboards/desk/network"
	"winnow/dashboards/desk/report"
	"winnow/dashboards/desk/texts"
	"winnow/dashboards/desk/words"
)

//go:embed templates
var templateFiles embed.FS

// pages are the parsed templates by the name of their file. Each holds the
// layout, the shared parts and one page, which defines "content".
type pages map[string]*template.Template

func loadPages(now func() time.Time, zone *time.Location) (pages, error) {
	base, err := template.New("layout.html").Funcs(words.Funcs(now, zone)).Funcs(template.FuncMap{
		"pair":       func(a, b any) [2]any { return [2]any{a, b} },
		"seen":       coverage.Seen,
		"named":      coverage.Name,
		"held":       changed.Held,
		"held_means": changed.HeldMeans,
		"going":      changed.Going,
		"usual":      changed.Usual,
		"thing":      changed.Thing,
		"language":   changed.Language,
		"judged":     judge.Told,
		"author":     judge.Who,
	}).ParseFS(templateFiles, "templates/layout.html", "templates/parts.html")
	for _, part := range []struct {
		files embed.FS
		name  string
	}{{chart.Files, "chart.html"}, {judge.Files, "judge.html"}, {texts.Files, "texts.html"}, {network.Files, "network.html"}, {report.Files, "links.html"}} {
		if err == nil {
			base, err = base.ParseFS(part.files, part.name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	all := pages{}
	for _, name := range []string{"campaigns", "campaign", "finding", "change", "coverage", "about", "login", "error"} {
		t, err := base.Clone()
		if err == nil {
			t, err = t.ParseFS(templateFiles, "templates/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("parse template %s: %w", name, err)
		}
		all[name] = t
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
	// Script keeps an open page up to date; the pages do without it.
	Script  string
	Demo    bool
	Version string
	Status  *statusView
	// Reader is who is logged in; empty without users, and at the log-in.
	Reader access.Identity
	// Closed is for the log-in: it tells nothing about what lies behind it.
	Closed bool
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

func (d *desk) statusView(now time.Time) *statusView {
	v := &statusView{}
	v.Sources, v.Fine = coverage.Health(d.sources())
	if d.status == nil {
		if v.Sources == "" {
			return nil
		}
		return v
	}
	v.tell(d.status(), now)
	return v
}

// liveState is the state of the process as an open page is told.
func (d *desk) liveState() live.State {
	v := &statusView{}
	_, v.Fine = coverage.Health(d.sources())
	if d.status == nil {
		return live.State{Fine: v.Fine}
	}
	s := d.status()
	v.tell(s, d.now())
	return live.State{Words: v.Words, Fine: v.Fine, LastPost: s.LastPost}
}

// tell puts the state of the process into words.
func (v *statusView) tell(s Status, now time.Time) {
	v.Notes = s.Notes
	v.Fine = v.Fine && len(s.Notes) == 0
	switch {
	case !s.EngineUp:
		v.Fine, v.Words = false, "The store does not answer"
	case s.LastPost.IsZero():
		v.Words = "No new post since Winnow was started"
	default:
		v.Words = "Last post " + words.Recent(s.LastPost, now)
	}
	if s.EngineUp && s.Waiting >= waitingWorthSaying {
		v.Fine = false
		v.Words += "; the numbers are behind by " + words.Count(s.Waiting, "batch", "batches") + " of posts"
	}
}

// render writes a page. The page is made in memory first: half a page with an
// error in its middle would be worse than an error.
func (d *desk) render(w http.ResponseWriter, r *http.Request, status int, name, title string, body any) {
	now := d.now()
	d.write(w, r, status, pageView{
		Title: title, Here: name, Demo: d.demo, Version: d.version,
		Status: d.statusView(now), Coverage: d.anyCoverage(r.Context(), now), Generated: now, Body: body,
		Reader: access.Of(r.Context()),
	})
}

// showLogIn shows the form for logging in, to anybody.
func (d *desk) showLogIn(w http.ResponseWriter, r *http.Request, status int, f access.Form) {
	d.write(w, r, status, pageView{Title: "Log in", Here: "login", Demo: d.demo, Generated: d.now(), Body: f, Closed: true})
}

// write sends a page that stands in memory as a whole.
func (d *desk) write(w http.ResponseWriter, r *http.Request, status int, v pageView) {
	v.Styles, v.Icon = []string{d.assets.address("desk.css"), d.assets.address("coverage.css"), d.assets.address("finding.css")}, d.assets.address("icon.svg")
	zone := d.zoneOf(r)
	if v.Zone = d.zoneView(r, zone); !v.Closed {
		v.Script = d.assets.address("live.js")
	}
	var page bytes.Buffer
	if err := d.pages[zone][v.Here].ExecuteTemplate(&page, "layout.html", v); err != nil {
		d.log.ErrorContext(r.Context(), "page could not be made", "page", v.Here, "err", err)
		http.Error(w, "Winnow could not make this page. Its log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A reader who left needs no answer.
	_, _ = page.WriteTo(w)
}

// problem is what an error page says.
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
		Heading: "The store does not answer",
		What: "Winnow could not read its numbers just now. Nothing is lost: posts are kept in the log " +
			"until the store has them.",
		Next: "Wait a moment and load this page again. If it stays like this, look at the log of the winnow process.",
	}
	if errors.Is(err, context.DeadlineExceeded) {
		p.Heading = "This takes too long"
		p.What = "The store did not answer within " + words.Duration(requestTimeout) + ". Nothing is lost."
		p.Next = "Choose a shorter time range, or wait a moment and load this page again."
	}
	d.render(w, r, http.StatusServiceUnavailable, "error", p.Heading, p)
}

// missing answers for a page, campaign or finding that is not there.
func (d *desk) missing(w http.ResponseWriter, r *http.Request, p problem) {
	d.render(w, r, http.StatusNotFound, "error", p.Heading, p)
}

// showAbout explains every word and number in plain language.
func (d *desk) showAbout(w http.ResponseWriter, r *http.Request) {
	d.render(w, r, http.StatusOK, "about", "What the numbers mean", nil)
}

func (d *desk) showNotFound(w http.ResponseWriter, r *http.Request) {
	d.missing(w, r, problem{
		Heading: "There is no such page",
		What:    "Nothing is kept at this address.",
		Next:    "Start from the list of campaigns.",
	})
}
