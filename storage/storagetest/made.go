package storagetest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// pattern is the database that others of this test binary are made like.
var pattern struct {
	once     sync.Once
	database string
	// tables are their statements, filled the names of those that hold rows.
	tables, filled []string
	err            error
}

// Made are options for a new database as make leaves an empty one, which is dropped when
// the test ends. Only the first is made by it, and the others like that one: some thirty
// tables, without the steps in which they came about. All tests of a binary give the
// same make.
func Made(t testing.TB, make func(*clickhouse.Options) error) *clickhouse.Options {
	t.Helper()
	o := Options(t)
	if os.Getenv(URLVariable) != "" { // nothing may be left behind there
		if err := make(o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	ctx := context.Background()
	conn, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // test
	pattern.once.Do(func() { pattern.err = drawPattern(ctx, conn, *o, make) })
	if pattern.err != nil {
		t.Fatal(pattern.err)
	}
	for _, statement := range pattern.tables {
		if err := conn.Exec(ctx, strings.ReplaceAll(statement, pattern.database, o.Auth.Database)); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range pattern.filled {
		if err := conn.Exec(ctx, fmt.Sprintf("INSERT INTO %s SELECT * FROM %s.%s", table, pattern.database, table)); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func drawPattern(ctx context.Context, conn clickhouse.Conn, o clickhouse.Options, make func(*clickhouse.Options) error) error {
	pattern.database = "test_pattern"
	o.Auth.Database = pattern.database
	if err := conn.Exec(ctx, "CREATE DATABASE "+pattern.database); err != nil {
		return err
	}
	if err := make(&o); err != nil {
		return err
	}
	var tables []struct {
		Name string `ch:"name"`
		SQL  string `ch:"create_table_query"`
		Rows uint64 `ch:"rows"`
	}
	err := conn.Select(ctx, &tables, "SELECT name, create_table_query, ifNull(total_rows, 0) AS rows FROM system.tables WHERE database = $1 ORDER BY name", pattern.database)
	if err != nil {
		return err
	}
	for _, table := range tables {
		pattern.tables = append(pattern.tables, table.SQL)
		if table.Rows > 0 {
			pattern.filled = append(pattern.filled, table.Name)
		}
	}
	return nil
}
