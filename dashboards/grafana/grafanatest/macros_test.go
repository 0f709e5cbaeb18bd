package grafanatest

import (
	"testing"
	"time"
)

func TestExpand(t *testing.T) {
	r := TimeRange{From: time.Unix(1000, 0), To: time.Unix(2000, 0), Interval: 90 * time.Second}
	vars := map[string][]string{"campaign": {"women's day"}, "platform": {"x", "bluesky"}}
	for _, c := range []struct{ name, sql, want string }{
		{"variable", "c = ${campaign:singlequote}", `c = 'women\'s day'`},
		{"several values", "p IN (${platform:singlequote})", "p IN ('x','bluesky')"},
		{"time filter", "$__timeFilter(at) AND x", "at >= toDateTime(1000) AND at <= toDateTime(2000) AND x"},
		{"bounds", "a <= $__toTime AND b >= $__fromTime", "a <= toDateTime(2000) AND b >= toDateTime(1000)"},
		{"interval", "$__interval_s <= 120", "90 <= 120"},
		{"time interval", "$__timeInterval(at)", "toStartOfInterval(toDateTime(at), INTERVAL 90 second)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Expand(c.sql, r, vars)
			if err != nil || got != c.want {
				t.Errorf("Expand(%q) = %q, %v; want %q", c.sql, got, err, c.want)
			}
		})
	}
	for _, sql := range []string{"$__adHocFilters('reach')", "${campaign}", "${other:singlequote}", "${campaign:raw}"} {
		if got, err := Expand(sql, r, vars); err == nil {
			t.Errorf("Expand(%q) = %q, want an error", sql, got)
		}
	}
}
