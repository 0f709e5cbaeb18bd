package grafana

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/grafana/grafanatest"
	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// campaignName has a quote, which SQL must survive.
const campaignName = "women's day"

var noon = time.Date(2024, 3, 8, 12, 0, 0, 0, time.UTC)

// lastHours is the time that the tests look at: from 10:00 to 14:00.
func lastHours(interval time.Duration) grafanatest.TimeRange {
	return grafanatest.TimeRange{From: noon.Add(-2 * time.Hour), To: noon.Add(2 * time.Hour), Interval: interval}
}

// frame is a query's answer: what Grafana would draw from.
type frame struct {
	columns []string
	types   []string
	rows    [][]string
}

// answer runs a dashboard's query.
func answer(t *testing.T, conn driver.Conn, sql string, r grafanatest.TimeRange, campaign string) frame {
	t.Helper()
	expanded, err := grafanatest.Expand(sql, r, map[string]string{"campaign": campaign})
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

func isTime(typ string) bool {
	return strings.HasPrefix(strings.TrimPrefix(typ, "Nullable("), "DateTime")
}

func isNumber(typ string) bool {
	typ = strings.TrimPrefix(typ, "Nullable(")
	return strings.HasPrefix(typ, "UInt") || strings.HasPrefix(typ, "Int") || strings.HasPrefix(typ, "Float")
}

func isString(typ string) bool {
	return typ == "String" || typ == "LowCardinality(String)"
}

// shape says what is wrong with a frame's columns for the query's kind.
func shape(q query, f frame) string {
	switch {
	case q.kind == "annotation":
		if want := []string{"time", "timeEnd", "title", "text", "tags"}; !slices.Equal(f.columns, want) {
			return fmt.Sprintf("columns are %v, want %v", f.columns, want)
		}
		if !isTime(f.types[0]) || !isTime(f.types[1]) || !isString(f.types[2]) || !isString(f.types[3]) || !isString(f.types[4]) {
			return fmt.Sprintf("types are %v, want two times and three strings", f.types)
		}
	case q.kind == "variable":
		if len(f.columns) != 1 || !isString(f.types[0]) {
			return fmt.Sprintf("columns are %v %v, want one string", f.columns, f.types)
		}
	case q.target.Format == 0:
		if len(f.columns) < 2 || f.columns[0] != "time" || !isTime(f.types[0]) {
			return fmt.Sprintf("columns are %v %v, want time first", f.columns, f.types)
		}
		for i, typ := range f.types[1:] {
			if !isNumber(typ) {
				return fmt.Sprintf("series %q is a %s, want a number", f.columns[i+1], typ)
			}
		}
	default:
		for i, typ := range f.types {
			if !isNumber(typ) && !isTime(typ) && !isString(typ) {
				return fmt.Sprintf("column %q is a %s, which a table cannot show", f.columns[i], typ)
			}
		}
	}
	return ""
}

func TestEveryQueryRuns(t *testing.T) {
	conn := sampleStore(t)
	for name, d := range dashboards(t) {
		for _, q := range d.queries() {
			t.Run(name+"/"+q.where, func(t *testing.T) {
				f := answer(t, conn, q.target.RawSQL, lastHours(time.Minute), campaignName)
				if wrong := shape(q, f); wrong != "" {
					t.Error(wrong)
				}
				if len(f.rows) == 0 {
					t.Error("no rows on the sample")
				}
				if q.kind == "variable" {
					return
				}
				// A campaign without posts must give its "no value" text, not
				// a division by zero.
				for _, row := range answer(t, conn, q.target.RawSQL, lastHours(time.Minute), "nobody's campaign").rows {
					if !slices.Equal(row, []string{"0"}) {
						t.Errorf("an empty campaign shows %v", row)
					}
				}
			})
		}
	}
}

func TestReachNumbers(t *testing.T) {
	conn := sampleStore(t)
	queries := map[string]query{}
	for _, q := range readDashboard(t, "dashboards/reach.json").queries() {
		queries[q.where] = q
	}
	const short, long, days = time.Minute, 30 * time.Minute, 12 * time.Hour
	for _, c := range []struct {
		where    string
		interval time.Duration
		want     [][]string
	}{
		{"campaign", short, [][]string{{"other"}, {campaignName}}},
		{"Posts", short, [][]string{{"43"}}},
		{"Accounts", short, [][]string{{"4"}}},
		// 1000 and 200 and 50, each seen last; the fourth is unknown.
		{"Potential reach", short, [][]string{{"1250"}}},
		{"Coordinated share of posts", short, [][]string{{fmt.Sprint(24.0 / 43)}}},
		{"Open findings", short, [][]string{{"1"}}},
		{"Posts over time", short, [][]string{
			{"08T11:58:00", "3", "0", "0"},
			{"08T12:00:00", "6", "4", "20"},
			{"08T12:01:00", "5", "1", "4"},
		}},
		{"Posts over time", long, [][]string{
			{"08T11:00:00", "3", "0", "0"},
			{"08T12:00:00", "11", "5", "24"},
		}},
		{"Accounts over time", long, [][]string{
			{"08T11:00:00", "3", "0", "0"},
			{"08T12:00:00", "30", "4", "20"},
		}},
		{"Potential reach over time", long, [][]string{
			{"08T11:00:00", "300", "0"},
			{"08T12:00:00", "9000", "2000"},
		}},
		{"Coordinated share over time", long, [][]string{
			{"08T11:00:00", "0", "0"},
			{"08T12:00:00", fmt.Sprint(24.0 / 40), fmt.Sprint(20.0 / 30)},
		}},
		// The day's bucket begins before the four hours.
		{"Posts over time", days, [][]string{}},
		{"Findings", short, [][]string{
			{
				"08T11:59:30", "08T12:01:10", "copies", "20 accounts posted the same text.", "no", "firm",
				"20", "24", "190", "0.2", "55.5", "", millis(-630), millis(670),
			},
			{
				"08T12:00:00", "08T12:01:00", "flood", "30 accounts came at once.", "no", "early, may be taken back",
				"30", "31", "30", "0.2", "22", "", millis(-600), millis(660),
			},
			{
				"08T09:00:00", "08T12:30:00", "reposts", "4 accounts reposted in step.", "declared: the march", "firm",
				"4", "5", "6", "0.1", "30", "", millis(-3*3600 - 600), millis(30*60 + 600),
			},
			{
				"08T12:00:00", "08T12:01:00", "copies", "2 accounts did the same.", "declared: the march", "not known",
				"2", "3", "3", "0.2", "21", "", millis(-600), millis(660),
			},
		}},
		{"Undeclared findings", short, [][]string{
			{"08T11:59:30", "08T12:01:10", "coordinated: copies", "20 accounts posted the same text.", "coordinated,copies"},
		}},
		{"Not seen", short, [][]string{
			{"08T10:30:00", "08T10:40:00", "not seen: x/stream", "suspended, all that it watches", "gap,suspended"},
			{"08T13:40:00", "08T14:00:00", "not seen: mastodon/a.example", "stalled, still open", "gap,stalled"},
		}},
		{"Seen in part", short, [][]string{
			{"08T12:10:00", "08T12:15:00", "seen in part: x/stream", "network, all that it watches; reposts are missing", "gap,part,network"},
			{"08T13:00:00", "08T13:30:00", "seen in part: x/stream", "budget, all that it watches", "gap,part,budget"},
		}},
		{"Gaps", short, [][]string{
			{"08T13:40:00", "null", "1200", "mastodon/a.example", "this campaign", "stalled", "0", "not yet", ""},
			{"08T13:00:00", "08T13:30:00", "1800", "x/stream", "all that it watches", "budget", "0.25", "nothing", ""},
			{"08T12:30:00", "08T12:31:00", "60", "x/stream", "all that it watches", "network", "0", "everything", ""},
			{"08T12:10:00", "08T12:15:00", "300", "x/stream", "all that it watches", "network", "0", "a part", "reposts are missing"},
			{"08T10:30:00", "08T10:40:00", "600", "x/stream", "all that it watches", "suspended", "0", "nothing", ""},
		}},
		{"Declared actions", short, [][]string{
			{"08T09:00:00", "08T12:30:00", "declared: the march", "4 accounts reposted in step.", "declared,reposts"},
			{"08T12:00:00", "08T12:01:00", "declared: the march", "2 accounts did the same.", "declared,copies"},
		}},
	} {
		t.Run(fmt.Sprintf("%s every %s", c.where, c.interval), func(t *testing.T) {
			f := answer(t, conn, queries[c.where].target.RawSQL, lastHours(c.interval), campaignName)
			if diff := cmp.Diff(c.want, f.rows); diff != "" {
				t.Errorf("%v (-want +got):\n%s", f.columns, diff)
			}
		})
	}
}

// millis is the time so many seconds from noon, as Grafana's URLs have it.
func millis(seconds int) string {
	return fmt.Sprint(noon.Add(time.Duration(seconds) * time.Second).UnixMilli())
}
