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

// Milli is a time as a DateTime64(3) parameter.
func Milli(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }
