package grafana

import (
	"encoding/json"
	"io/fs"
	"path"
	"testing"
)

// dashboard is the part of Grafana's classic dashboard JSON that the tests
// look at.
type dashboard struct {
	ID            *int   `json:"id"`
	UID           string `json:"uid"`
	Title         string `json:"title"`
	Description   string `json:"description"`
	SchemaVersion int    `json:"schemaVersion"`
	Timezone      string `json:"timezone"`
	GraphTooltip  int    `json:"graphTooltip"`
	Refresh       string `json:"refresh"`
	Tags          []string
	Inputs        json.RawMessage `json:"__inputs"`
	Links         []link
	Panels        []panel
	Templating    struct{ List []variable }
	Annotations   struct{ List []annotation }
}

type link struct {
	Title       string
	Type        string
	URL         string
	Tags        []string
	IncludeVars bool
	KeepTime    bool
}

type source struct{ Type, UID string }

type target struct {
	RefID      string
	Datasource source
	EditorType string
	QueryType  string
	// Format is what the store's plugin reads: 0 time series, 1 table.
	Format int
	RawSQL string `json:"rawSql"`
	Expr   string
}

type panel struct {
	ID          int
	Type        string
	Title       string
	Description string
	Collapsed   bool
	Interval    string
	Datasource  source
	GridPos     struct{ X, Y, W, H int }
	FieldConfig struct {
		Defaults  fieldDefaults
		Overrides []override
	}
	Options         struct{ XField string }
	Transformations []struct {
		ID      string
		Options struct{ Fields []string }
	}
	Links   []link
	Targets []target
	Panels  []panel
}

type fieldDefaults struct {
	Unit       string
	NoValue    string
	Links      []link
	Thresholds struct{ Steps []struct{ Value *float64 } }
}

type override struct {
	Matcher    struct{ ID, Options string }
	Properties []struct {
		ID    string
		Value json.RawMessage
	}
}

type variable struct {
	Name, Type, Query, Definition, Description string
	Datasource                                 source
	Multi, IncludeAll                          bool
	Hide                                       int
	Options                                    []struct{ Value string }
}

type annotation struct {
	Name       string
	BuiltIn    int
	Datasource source
	Filter     struct{ IDs []int }
	Target     target
}

// query is one SQL text of a dashboard and where it stands.
type query struct {
	where string
	// kind is "annotation", "variable" or the panel's type.
	kind   string
	target target
	panel  panel
}

// panels lists the panels of d, those of folded rows included, and no rows.
func (d dashboard) panels() []panel {
	var out []panel
	for _, p := range d.Panels {
		if p.Type == "row" {
			out = append(out, p.Panels...)
			continue
		}
		out = append(out, p)
	}
	return out
}

// queries lists every SQL text of d.
func (d dashboard) queries() []query {
	var out []query
	for _, p := range d.panels() {
		for _, t := range p.Targets {
			if t.RawSQL == "" {
				continue
			}
			where := p.Title
			if len(p.Targets) > 1 {
				where += ", " + t.RefID
			}
			out = append(out, query{where: where, kind: p.Type, target: t, panel: p})
		}
	}
	for _, a := range d.Annotations.List {
		if a.BuiltIn == 0 {
			out = append(out, query{where: a.Name, kind: "annotation", target: a.Target})
		}
	}
	for _, v := range d.Templating.List {
		if v.Type == "query" {
			out = append(out, query{where: v.Name, kind: "variable", target: target{RawSQL: v.Query, Format: 1}})
		}
	}
	return out
}

// links lists every link of d, those of its panels, fields and overrides
// included.
func (d dashboard) links(t *testing.T) []link {
	t.Helper()
	out := append([]link{}, d.Links...)
	for _, p := range d.panels() {
		out = append(out, p.Links...)
		out = append(out, p.FieldConfig.Defaults.Links...)
		for _, o := range p.FieldConfig.Overrides {
			for _, prop := range o.Properties {
				if prop.ID != "links" {
					continue
				}
				var more []link
				if err := json.Unmarshal(prop.Value, &more); err != nil {
					t.Fatalf("links of %q in panel %q: %v", o.Matcher.Options, p.Title, err)
				}
				out = append(out, more...)
			}
		}
	}
	return out
}

// dashboards reads every shipped dashboard, by file name.
func dashboards(t *testing.T) map[string]dashboard {
	t.Helper()
	names, err := fs.Glob(Files, "dashboards/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("found %d dashboards (%v)", len(names), err)
	}
	out := make(map[string]dashboard, len(names))
	for _, name := range names {
		out[path.Base(name)] = readDashboard(t, name)
	}
	return out
}

func readDashboard(t *testing.T, name string) dashboard {
	t.Helper()
	text, err := fs.ReadFile(Files, name)
	if err != nil {
		t.Fatal(err)
	}
	var d dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}
