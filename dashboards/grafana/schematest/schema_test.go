package schematest

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"winnow/dashboards/grafana"
)

func TestMain(m *testing.M) {
	register()
	os.Exit(m.Run())
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	text, err := fs.ReadFile(grafana.Files, name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDashboardsFollowGrafanasSchema(t *testing.T) {
	names, err := fs.Glob(grafana.Files, "dashboards/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("found %d dashboards (%v)", len(names), err)
	}
	for _, name := range names {
		for _, wrong := range dashboardFaults(file(t, name)) {
			t.Errorf("%s: %s", name, wrong)
		}
	}
}

func TestEachFaultIsFound(t *testing.T) {
	for _, c := range []struct{ name, file, old, with, want string }{
		{"unknown field of the dashboard", "reach", `"liveNow": false`, `"liveNew": false`, "unexpected field 'liveNew'"},
		{"type of the dashboard", "reach", `"graphTooltip": 1`, `"graphTooltip": "1"`, "graphTooltip"},
		{"variable", "reach", `"includeAll": true`, `"includesAll": true`, "includesAll"},
		{"link between dashboards", "reach", `"keepTime": true`, `"keepsTime": true`, "keepsTime"},
		{"unknown field of a panel", "reach", `"gridPos"`, `"gridPlace"`, `panel "Posts": Panel: unexpected field 'gridPlace'`},
		{"unknown kind", "reach", `"type": "stat"`, `"type": "state"`, `panel "Posts": of the kind "state"`},
		{"unknown option", "reach", `"wideLayout"`, `"wideLayouts"`, `panel "Posts": options.`},
		{"type of an option", "reach", `"wideLayout": true`, `"wideLayout": "yes"`, `panel "Posts": options.wideLayout`},
		{"lacking option", "reach", `"wideLayout": true`, `"wideLayout": null`, `panel "Posts": options.wideLayout: required`},
		{"option in an option", "reach", `"lastNotNull"`, `3`, `panel "Posts": options.reduceOptions.calcs`},
		{"setting of all fields", "reach", `"noValue"`, `"noValues"`, `panel "Posts": defaults.`},
		{"colour of all fields", "reach", `"fixedColor"`, `"fixed"`, "unexpected field 'fixed'"},
		{"type of a setting of all fields", "reach", `"unit": "short"`, `"unit": 7`, `panel "Posts": defaults.unit`},
		{"own setting of the kind", "reach", `"drawStyle"`, `"drawingStyle"`, `panel "Posts over time": fieldConfig.defaults.custom.`},
		{"type of a kind's own setting", "reach", `"lineWidth": 0`, `"lineWidth": "none"`, `fieldConfig.defaults.custom.lineWidth`},
		{"override", "reach", `"id": "custom.minWidth"`, `"id": "custom.leastWidth"`, `panel "Share of voice": override of "tag", custom.leastWidth`},
		{"type in an override", "reach", `"value": "percentunit"`, `"value": false`, `override of "accounts whose followers are known", unit: unit`},
		{"override of all kinds", "reach", `"id": "decimals"`, `"id": "digits"`, `digits`},
		{"link of a field", "reach", `"url": "/d/`, `"href": "/d/`, `override of "tag", links`},
		{"query to Prometheus", "service", `"legendFormat"`, `"legend"`, `panel "Posts a second": targets[0]`},
		{"query to the store", "reach", `"rawSql"`, `"rawSQLs"`, `unknown field "rawSQLs"`},
		{"format of a query", "reach", `"format": 1`, `"format": "table"`, `storeQuery.format`},
		{"query of a mark", "reach", `"refId": "Anno"`, `"refIds": "Anno"`, `annotations.list[1].target`},
		{"panel in a row", "people", `"title": "Texts"`, `"title": "Texts", "titles": ""`, `panel "Texts": Panel: unexpected field 'titles'`},
		{"transformation", "coverage", `"id": "partitionByValues"`, `"ids": "partitionByValues"`, `panel "When posts were missed": transformations[0]`},
		{"heat map", "people", `"yHistogram"`, `"histogram"`, `options.tooltip.`},
		{"network", "finding", `"zoomMode"`, `"zoom"`, `panel "Who is joined by what": options.`},
		{"ranking", "reach", `"xField"`, `"x"`, `panel "Languages": options.`},
		{"lanes", "coverage", `"perPage"`, `"page"`, `panel "When posts were missed": options.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			sound := string(file(t, "dashboards/"+c.file+".json"))
			if !strings.Contains(sound, c.old) {
				t.Fatalf("nothing like %s in it", c.old)
			}
			got := dashboardFaults([]byte(strings.Replace(sound, c.old, c.with, 1)))
			if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, c.want) }) {
				t.Errorf("got %q, want something with %s", got, c.want)
			}
		})
	}
}
