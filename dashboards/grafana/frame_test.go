package grafana

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/dashboards/grafana/grafanatest"
)

// frame is a query's answer: what Grafana would draw from.
type frame struct {
	columns []string
	types   []string
	rows    [][]string
}

// answer runs a query as Grafana would.
func answer(t *testing.T, conn driver.Conn, sql string, r grafanatest.TimeRange, chosen map[string][]string) frame {
	t.Helper()
	expanded, err := grafanatest.Expand(sql, r, chosen)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), expanded)
	if err != nil {
		t.Fatalf("%v\n%s", err, expanded)
	}
	defer rows.Close()
	f := frame{columns: rows.Columns(), rows: [][]string{}}
	values := make([]any, len(f.columns))
	for i, c := range rows.ColumnTypes() {
		f.types = append(f.types, c.DatabaseTypeName())
		values[i] = reflect.New(c.ScanType()).Interface()
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = text(reflect.ValueOf(v).Elem())
		}
		f.rows = append(f.rows, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%v\n%s", err, expanded)
	}
	return f
}

// column is the values of one column.
func (f frame) column(t *testing.T, name string) []string {
	t.Helper()
	i := slices.Index(f.columns, name)
	if i < 0 {
		t.Fatalf("no column %q in %v", name, f.columns)
	}
	var out []string
	for _, row := range f.rows {
		out = append(out, row[i])
	}
	return out
}

// text writes a value as the tests expect it; "null" is an unknown one.
func text(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "null"
		}
		v = v.Elem()
	}
	if at, ok := v.Interface().(time.Time); ok {
		return at.UTC().Format("02T15:04:05")
	}
	return fmt.Sprint(v.Interface())
}

func bare(typ string) string {
	return strings.TrimSuffix(strings.TrimPrefix(typ, "Nullable("), ")")
}

func isTime(typ string) bool { return strings.HasPrefix(bare(typ), "DateTime") }

func isNumber(typ string) bool {
	typ = bare(typ)
	return strings.HasPrefix(typ, "UInt") || strings.HasPrefix(typ, "Int") || strings.HasPrefix(typ, "Float")
}

func isString(typ string) bool {
	return bare(typ) == "String" || strings.HasPrefix(typ, "LowCardinality(") && strings.Contains(typ, "String")
}

// like says what is wrong unless the columns begin with the named ones, each of
// its type: "t" a time, "s" a string, "n" a number.
func (f frame) like(types string, names ...string) string {
	if len(f.columns) < len(names) || !slices.Equal(f.columns[:len(names)], names) {
		return fmt.Sprintf("columns are %v, want %v", f.columns, names)
	}
	is := map[rune]func(string) bool{'t': isTime, 's': isString, 'n': isNumber}
	for i, want := range types {
		if !is[want](f.types[i]) {
			return fmt.Sprintf("column %q is a %s, want type %c", f.columns[i], f.types[i], want)
		}
	}
	return ""
}

// shape says what is wrong with a frame's columns for what draws it.
func shape(q query, f frame) string {
	switch q.kind {
	case "annotation":
		return f.like("ttsss", "time", "timeEnd", "title", "text", "tags")
	case "variable":
		if len(f.columns) > 2 {
			return fmt.Sprintf("columns are %v, want a value and what it is called", f.columns)
		}
		return f.like("ss"[:len(f.columns)], f.columns...)
	case "nodeGraph":
		if q.target.RefID == "edges" {
			return f.like("ssssn", "id", "source", "target", "mainstat", "thickness")
		}
		return f.like("ssssss", "id", "title", "subtitle", "mainstat", "secondarystat", "color")
	case "heatmap":
		if len(f.columns) != 2 {
			return fmt.Sprintf("columns are %v, want a time and a number", f.columns)
		}
		return f.like("tn", "time", f.columns[1])
	case "state-timeline":
		return f.like("tss", "time", q.panel.Transformations[0].Options.Fields[0], "what")
	case "barchart":
		return f.like("sn", q.panel.Options.XField)
	case "stat":
		if len(f.rows) > 1 {
			return fmt.Sprintf("%d rows, want one: only the last would be shown", len(f.rows))
		}
	}
	if q.target.Format == 0 {
		return seriesShape(f)
	}
	for i, typ := range f.types {
		if !isNumber(typ) && !isTime(typ) && !isString(typ) {
			return fmt.Sprintf("column %q is a %s, which a table cannot show", f.columns[i], typ)
		}
	}
	return ""
}

// seriesShape says what is wrong with lines: a time first and in order, then
// numbers, and at most one string that names the line.
func seriesShape(f frame) string {
	if len(f.columns) < 2 || f.columns[0] != "time" || !isTime(f.types[0]) {
		return fmt.Sprintf("columns are %v %v, want time first", f.columns, f.types)
	}
	names := 0
	for i, typ := range f.types[1:] {
		if isString(typ) {
			names++
		} else if !isNumber(typ) {
			return fmt.Sprintf("series %q is a %s, want a number", f.columns[i+1], typ)
		}
	}
	if names > 1 {
		return fmt.Sprintf("columns are %v, want one string at most", f.columns)
	}
	for i := 1; i < len(f.rows); i++ {
		if f.rows[i][0] < f.rows[i-1][0] || names == 0 && f.rows[i][0] == f.rows[i-1][0] {
			return fmt.Sprintf("time goes from %s to %s", f.rows[i-1][0], f.rows[i][0])
		}
	}
	return ""
}
