package grafana

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// timeRange is what Grafana knows when it runs a query.
type timeRange struct {
	from, to time.Time
	interval time.Duration
}

// backEndMacros are those the data source's back end expands; they work in
// alerts too. The ones that only the page expands ($__conditionalAll,
// $__adHocFilters) are left out on purpose.
var backEndMacros = map[string]func(r timeRange, arg string) string{
	"fromTime":   func(r timeRange, _ string) string { return dateTime(r.from) },
	"toTime":     func(r timeRange, _ string) string { return dateTime(r.to) },
	"interval_s": func(r timeRange, _ string) string { return fmt.Sprint(seconds(r)) },
	"timeFilter": func(r timeRange, column string) string {
		return fmt.Sprintf("%s >= %s AND %s <= %s", column, dateTime(r.from), column, dateTime(r.to))
	},
	"timeInterval": func(r timeRange, column string) string {
		return fmt.Sprintf("toStartOfInterval(toDateTime(%s), INTERVAL %d second)", column, seconds(r))
	},
}

func dateTime(t time.Time) string { return fmt.Sprintf("toDateTime(%d)", t.Unix()) }

func seconds(r timeRange) int { return int(max(r.interval.Seconds(), 1)) }

var (
	// macroUse finds a macro and its argument; the arguments in use here hold
	// no parentheses of their own.
	macroUse = regexp.MustCompile(`\$__(\w+)(?:\(([^()]*)\))?`)
	// variableUse finds ${name} and ${name:format}; bareUse finds $name, which
	// Grafana would paste in unquoted.
	variableUse = regexp.MustCompile(`\$\{(\w+)(?::(\w+))?\}`)
	bareUse     = regexp.MustCompile(`\$([A-Za-z]\w*|_[A-Za-z]\w*)`)
)

// expand turns a dashboard's SQL into what reaches the engine: first the page
// pastes in the variables, then the back end expands the macros.
func expand(sql string, r timeRange, variables map[string]string) (string, error) {
	var failed error
	sql = variableUse.ReplaceAllStringFunc(sql, func(use string) string {
		m := variableUse.FindStringSubmatch(use)
		value, ok := variables[m[1]]
		if !ok || m[2] != "singlequote" {
			failed = fmt.Errorf("variable %s is not declared or not quoted", use)
		}
		return "'" + strings.ReplaceAll(value, "'", `\'`) + "'"
	})
	sql = macroUse.ReplaceAllStringFunc(sql, func(use string) string {
		m := macroUse.FindStringSubmatch(use)
		macro, ok := backEndMacros[m[1]]
		if !ok {
			failed = fmt.Errorf("macro %s is not known", use)
			return use
		}
		return macro(r, m[2])
	})
	return sql, failed
}

func TestExpand(t *testing.T) {
	r := timeRange{from: time.Unix(1000, 0), to: time.Unix(2000, 0), interval: 90 * time.Second}
	vars := map[string]string{"campaign": "women's day"}
	for _, c := range []struct{ name, sql, want string }{
		{"variable", "c = ${campaign:singlequote}", `c = 'women\'s day'`},
		{"time filter", "$__timeFilter(at) AND x", "at >= toDateTime(1000) AND at <= toDateTime(2000) AND x"},
		{"bounds", "a <= $__toTime AND b >= $__fromTime", "a <= toDateTime(2000) AND b >= toDateTime(1000)"},
		{"interval", "$__interval_s <= 120", "90 <= 120"},
		{"time interval", "$__timeInterval(at)", "toStartOfInterval(toDateTime(at), INTERVAL 90 second)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := expand(c.sql, r, vars)
			if err != nil || got != c.want {
				t.Errorf("expand(%q) = %q, %v; want %q", c.sql, got, err, c.want)
			}
		})
	}
	for _, sql := range []string{"$__adHocFilters('reach')", "${campaign}", "${other:singlequote}", "${campaign:raw}"} {
		if got, err := expand(sql, r, vars); err == nil {
			t.Errorf("expand(%q) = %q, want an error", sql, got)
		}
	}
}
