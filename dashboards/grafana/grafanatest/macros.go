package grafanatest

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// TimeRange is what Grafana knows when it runs a query.
type TimeRange struct {
	From, To time.Time
	// Interval is how far apart two points of a graph are.
	Interval time.Duration
}

// backEndMacros are those the data source's back end expands; they work in
// alerts too. The ones that only the page expands ($__conditionalAll,
// $__adHocFilters) are left out on purpose.
var backEndMacros = map[string]func(r TimeRange, arg string) string{
	"fromTime":   func(r TimeRange, _ string) string { return dateTime(r.From) },
	"toTime":     func(r TimeRange, _ string) string { return dateTime(r.To) },
	"interval_s": func(r TimeRange, _ string) string { return fmt.Sprint(seconds(r)) },
	"timeFilter": func(r TimeRange, column string) string {
		return fmt.Sprintf("%s >= %s AND %s <= %s", column, dateTime(r.From), column, dateTime(r.To))
	},
	"timeInterval": func(r TimeRange, column string) string {
		return fmt.Sprintf("toStartOfInterval(toDateTime(%s), INTERVAL %d second)", column, seconds(r))
	},
}

// Known reports whether a macro of that name, without "$__", is expanded.
func Known(macro string) bool { return backEndMacros[macro] != nil }

func dateTime(t time.Time) string { return fmt.Sprintf("toDateTime(%d)", t.Unix()) }

func seconds(r TimeRange) int { return int(max(r.Interval.Seconds(), 1)) }

var (
	// MacroUse finds a macro and its argument; the arguments in use here hold
	// no parentheses of their own.
	MacroUse = regexp.MustCompile(`\$__(\w+)(?:\(([^()]*)\))?`)
	// VariableUse finds ${name} and ${name:format}.
	VariableUse = regexp.MustCompile(`\$\{(\w+)(?::(\w+))?\}`)
)

// Everything is what the variables of Winnow's dashboards stand at before anybody
// chose, for a campaign and one of its findings: all platforms, and the whole.
func Everything(campaign, finding string) map[string][]string {
	return map[string][]string{
		"campaign": {campaign}, "finding": {finding}, "platform": {"x", "mastodon", "bluesky", "archive"},
		"tag": {"*"}, "language": {"*"}, "target": {"*"},
	}
}

// Expand turns a dashboard's SQL into what reaches the engine: first the page
// pastes in the variables, several values with commas between them, then the back
// end expands the macros. A macro or variable that it does not know is an error.
func Expand(sql string, r TimeRange, variables map[string][]string) (string, error) {
	var failed error
	sql = VariableUse.ReplaceAllStringFunc(sql, func(use string) string {
		m := VariableUse.FindStringSubmatch(use)
		values, ok := variables[m[1]]
		if !ok || m[2] != "singlequote" {
			failed = fmt.Errorf("variable %s is not declared or not quoted", use)
		}
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = "'" + strings.ReplaceAll(v, "'", `\'`) + "'"
		}
		return strings.Join(quoted, ",")
	})
	sql = MacroUse.ReplaceAllStringFunc(sql, func(use string) string {
		m := MacroUse.FindStringSubmatch(use)
		macro, ok := backEndMacros[m[1]]
		if !ok {
			failed = fmt.Errorf("macro %s is not known", use)
			return use
		}
		return macro(r, m[2])
	})
	return sql, failed
}
