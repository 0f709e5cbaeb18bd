package desk

import (
	"embed"
	"html/template"
	"net/http"

	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/changed"
	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/draft"
	"winnow/dashboards/desk/finding"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/judge"
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

// pageNames are the pages, each of which has a template of its name.
func pageNames() []string {
	return []string{"campaigns", "campaign", "finding", "change", "replay", "people", "alerts", "coverage", "about", "draft"}
}

// parts are the templates that the pages use.
func parts() []frame.Part {
	return []frame.Part{
		{Files: chart.Files, Name: "chart.html"},
		{Files: chart.Files, Name: "brush.html"},
		{Files: replay.Files, Name: "replay.html"},
		{Files: finding.Files, Name: "finding.html"},
		{Files: judge.Files, Name: "judge.html"},
		{Files: texts.Files, Name: "texts.html"},
		{Files: network.Files, Name: "network.html"},
		{Files: strip.Files, Name: "strip.html"},
		{Files: people.Files, Name: "people.html"},
		{Files: alerts.Files, Name: "alerts.html"},
		{Files: draft.Files, Name: "draft.html"},
		{Files: report.Files, Name: "links.html"},
	}
}

// funcs are what the templates call besides package words.
func funcs(t *words.Teller) template.FuncMap {
	return template.FuncMap{
		"pair":       func(a, b any) [2]any { return [2]any{a, b} },
		"seen":       func(c view.Coverage) string { return coverage.Seen(t, c) },
		"named":      func(platform, source string) string { return coverage.Name(t, platform, source) },
		"held":       func(c view.Change) string { return changed.Held(t, c) },
		"held_means": func(c view.Change) string { return changed.HeldMeans(t, c) },
		"going":      changed.Going,
		"usual":      func(c view.Change) string { return changed.Usual(t, c) },
		"judged":     func(judgement string) string { return judge.Told(t, judgement) },
		"author":     func(author string) string { return judge.Who(t, author) },
	}
}

// showAbout explains every word and number in plain language.
func (d *desk) showAbout(w http.ResponseWriter, r *http.Request) {
	d.Render(w, r, http.StatusOK, "about", d.Teller(r).Text("What the numbers mean"), nil)
}

func (d *desk) showNotFound(w http.ResponseWriter, r *http.Request) {
	d.Missing(w, r, frame.Problem{
		Heading: catalogue.Mark("There is no such page"),
		What:    catalogue.Mark("Nothing is kept at this address."),
		Next:    catalogue.Mark("Start from the list of campaigns."),
	})
}
