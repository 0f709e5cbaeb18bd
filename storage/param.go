package storage

import (
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// named is a parameter for a {name:Type} place in a query file.
func named(name string, value any) driver.NamedValue { return clickhouse.Named(name, value) }

// second is a time as a DateTime('UTC') parameter, milli as a DateTime64(3).
func second(t time.Time) string { return t.UTC().Format(time.DateTime) }
func milli(t time.Time) string  { return t.UTC().Format("2006-01-02 15:04:05.000") }
