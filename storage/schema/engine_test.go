package schema_test

import (
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/schema"
	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// The engine's parser takes every statement, and it carries out each of them as far
// as one node can. It makes the replicated tables too, apart from the others.
func TestEngineTakesClusterTables(t *testing.T) {
	o := storagetest.ClusterEngine(t)
	conn, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // test
	c := schema.Cluster{Name: storagetest.ClusterName, Database: o.Auth.Database}
	migrations, err := c.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	all := []string{c.VersionTable("goose_db_version")}
	for _, m := range migrations {
		all = append(all, m.Statements...)
	}
	for _, s := range all {
		if err := conn.Exec(t.Context(), "EXPLAIN AST "+s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
		if err := conn.Exec(t.Context(), storagetest.OnOneNode(s)); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		if replica, ok := storagetest.Replica(s); ok {
			if err := conn.Exec(t.Context(), replica); err != nil {
				t.Errorf("%s: %v", replica, err)
			}
		}
	}
	var local, spread, replicas, other uint64
	if err := conn.QueryRow(t.Context(), `SELECT
			countIf(endsWith(name, '_local')), countIf(engine = 'Distributed'), countIf(startsWith(engine, 'Replicated')),
			countIf(NOT endsWith(name, '_local') AND NOT startsWith(engine, 'Replicated') AND engine NOT IN ('Distributed', 'View'))
		FROM system.tables WHERE database = currentDatabase()`).Scan(&local, &spread, &replicas, &other); err != nil {
		t.Fatal(err)
	}
	// Of those made, posts, reach, accounts and their buckets were made twice, and the versions are on all nodes.
	if local < 18 || local != spread || replicas != local+5 || other != 1 {
		t.Errorf("%d local tables, %d spread over them, %d replicas, %d others", local, spread, replicas, other)
	}
}
