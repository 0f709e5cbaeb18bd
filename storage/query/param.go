package query

import (
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Named is a parameter for a {name:Type} place in a query file.
func Named(name string, value any) driver.NamedValue { return clickhouse.Named(name, value) }

// Second is a time as a DateTime('UTC') parameter.
func Second(t time.Time) string { return t.UTC().Format(time.DateTime) }

// earliest and latest are what Bound keeps times between.
var (
	earliest = time.Unix(0, 0).UTC()
	latest   = time.Date(2105, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Bound moves a time that the store's types cannot hold, such as the zero time,
// to the nearest one that they can: no post lies beyond.
func Bound(t time.Time) time.Time {
	switch {
	case t.Before(earliest):
		return earliest
	case t.After(latest):
		return latest
	}
	return t
}

// Milli is a time as a DateTime64(3) parameter.
func Milli(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }
