package model

import "encoding/json"

// schemaVersion is that of the classic JSON which Grafana 12 and 13 read.
const schemaVersion = 42

// Tag is on every dashboard: the links between them go by it.
const Tag = "winnow"

// Dashboard is one file.
type Dashboard struct {
	UID           string      `json:"uid"`
	Title         string      `json:"title"`
	Description   string      `json:"description"`
	Tags          []string    `json:"tags"`
	SchemaVersion int         `json:"schemaVersion"`
	Version       int         `json:"version"`
	Editable      bool        `json:"editable"`
	Timezone      string      `json:"timezone"`
	WeekStart     string      `json:"weekStart"`
	GraphTooltip  int         `json:"graphTooltip"` // 1: a crosshair for all panels
	FiscalYear    int         `json:"fiscalYearStartMonth"`
	LiveNow       bool        `json:"liveNow"`
	Refresh       string      `json:"refresh"`
	Time          TimeRange   `json:"time"`
	Timepicker    Timepicker  `json:"timepicker"`
	Links         []Link      `json:"links"`
	Templating    Templating  `json:"templating"`
	Annotations   Annotations `json:"annotations"`
	Panels        []Panel     `json:"panels"`
}

// TimeRange is what a dashboard shows when it is opened, in Grafana's words.
type TimeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Timepicker is how often a reader may have it loaded anew. Buckets are written
// a few seconds after the posts, so no choice is below a minute.
type Timepicker struct {
	RefreshIntervals []string `json:"refresh_intervals"`
}

// Templating holds the variables at the top of a dashboard.
type Templating struct {
	List []Variable `json:"list"`
}

// Annotations holds what is marked in the graphs.
type Annotations struct {
	List []Annotation `json:"list"`
}

// New is a dashboard of the given panels, laid out in their order. Annotations
// are drawn in its graphs alone.
func New(uid, title, description string, variables []Variable, marks []Annotation, panels ...Panel) Dashboard {
	place(panels)
	return Dashboard{
		UID: uid, Title: title, Description: description, Tags: []string{Tag},
		SchemaVersion: schemaVersion, Version: 1, Editable: true, Timezone: "utc", WeekStart: "monday", GraphTooltip: 1,
		Refresh: "1m", Time: TimeRange{"now-24h", "now"}, Timepicker: Timepicker{[]string{"1m", "5m", "15m", "1h"}},
		Links: []Link{{
			Type: "dashboards", Title: "Winnow", Tags: []string{Tag}, IncludeVars: true, KeepTime: true,
			Icon: "external link", Tooltip: "Other Winnow dashboards, same campaign and time",
		}},
		Templating:  Templating{List: append([]Variable{}, variables...)},
		Annotations: Annotations{List: annotations(marks, panels)},
		Panels:      panels,
	}
}

// JSON is the dashboard as a file.
func (d Dashboard) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(d, "", "  ")
	return append(text, '\n'), err
}

// Link leads from a dashboard to others.
type Link struct {
	Type        string   `json:"type,omitempty"` // dashboards: those with the tags
	Title       string   `json:"title"`
	URL         string   `json:"url"`
	Tags        []string `json:"tags,omitempty"`
	IncludeVars bool     `json:"includeVars,omitempty"`
	KeepTime    bool     `json:"keepTime,omitempty"`
	AsDropdown  bool     `json:"asDropdown"`
	TargetBlank bool     `json:"targetBlank"`
	Icon        string   `json:"icon,omitempty"`
	Tooltip     string   `json:"tooltip,omitempty"`
}

// DataLink leads from a value of a field elsewhere.
type DataLink struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Annotation is what a query marks in the graphs: columns time, timeEnd (a
// region), title, text and tags.
type Annotation struct {
	Name       string            `json:"name"`
	BuiltIn    int               `json:"builtIn,omitempty"`
	Type       string            `json:"type,omitempty"`
	Datasource Source            `json:"datasource"`
	Enable     bool              `json:"enable"`
	Hide       bool              `json:"hide"`
	IconColor  string            `json:"iconColor"`
	Filter     *AnnotationFilter `json:"filter,omitempty"`
	Target     *Target           `json:"target,omitempty"`
}

// AnnotationFilter says in which panels it is drawn.
type AnnotationFilter struct {
	Exclude bool  `json:"exclude"`
	IDs     []int `json:"ids"`
}

// Mark is an annotation by a query of the store.
func Mark(name, color, sql string) Annotation {
	t := Table(sql)
	t.RefID = "Anno"
	return Annotation{Name: name, Datasource: Store, Enable: true, IconColor: color, Target: &t}
}

// annotations are the marks, drawn in graphs over time only, behind Grafana's own.
func annotations(marks []Annotation, panels []Panel) []Annotation {
	graphs := []int{}
	for _, p := range panels {
		if p.Type == "timeseries" {
			graphs = append(graphs, p.ID)
		}
	}
	out := []Annotation{{
		Name: "Annotations & Alerts", BuiltIn: 1, Type: "dashboard", Datasource: Source{"grafana", "-- Grafana --"},
		Enable: true, Hide: true, IconColor: "rgba(0, 211, 255, 1)",
	}}
	for _, m := range marks {
		m.Filter = &AnnotationFilter{IDs: graphs}
		out = append(out, m)
	}
	return out
}
