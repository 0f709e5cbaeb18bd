package model

// Source names a data source by its type and uid.
type Source struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// The data sources, as provisioned.
var (
	Store   = Source{Type: "grafana-clickhouse-datasource", UID: "clickhouse"}
	Metrics = Source{Type: "prometheus", UID: "prometheus"}
)

// Target is one query of a panel.
type Target struct {
	RefID      string `json:"refId"`
	Datasource Source `json:"datasource"`

	// Of the store. Format is what the plugin's back end reads, 0 time series or 1
	// table; of Prometheus it is a word.
	EditorType string `json:"editorType,omitempty"`
	QueryType  string `json:"queryType,omitempty"`
	Format     any    `json:"format,omitempty"`
	RawSQL     string `json:"rawSql,omitempty"`

	// Of Prometheus.
	Expr         string `json:"expr,omitempty"`
	LegendFormat string `json:"legendFormat,omitempty"`
	EditorMode   string `json:"editorMode,omitempty"`
	Instant      bool   `json:"instant,omitempty"`
	Range        bool   `json:"range,omitempty"`
}

// Table asks the store for rows as they are.
func Table(sql string) Target {
	return Target{RefID: "A", Datasource: Store, EditorType: "sql", QueryType: "table", Format: 1, RawSQL: sql}
}

// Series asks the store for lines: a time first, then numbers; a string column
// names the line.
func Series(sql string) Target {
	return Target{RefID: "A", Datasource: Store, EditorType: "sql", QueryType: "timeseries", Format: 0, RawSQL: sql}
}

// Over asks Prometheus for lines, named by a template such as "{{source}}".
func Over(expr, legend string) Target {
	return Target{RefID: "A", Datasource: Metrics, Expr: expr, LegendFormat: legend, EditorMode: "code", Range: true}
}

// Now asks Prometheus for the values of the moment.
func Now(expr, legend string) Target {
	return Target{RefID: "A", Datasource: Metrics, Expr: expr, LegendFormat: legend, EditorMode: "code", Instant: true}
}

// As is the target under another name.
func (t Target) As(refID string) Target {
	t.RefID = refID
	return t
}
