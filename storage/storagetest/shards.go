package storagetest

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/schema"
)

// ClusterName is the cluster that Shards and ClusterEngine know.
const ClusterName = "two"

// clusterConfig is what makes an engine the only node of a cluster of two shards.
// Both are this process: it takes its own port for local and never dials it. The
// test keeper lives in the process too.
const clusterConfig = `<clickhouse>
<tcp_port>9000</tcp_port>
<remote_servers><two>
<shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard>
<shard><replica><host>localhost</host><port>9000</port></replica></shard>
</two></remote_servers>
<macros><shard>1</shard><replica>1</replica></macros>
<zookeeper><implementation>testkeeper</implementation></zookeeper>
</clickhouse>`

// ClusterEngine is a new, empty database of an engine that takes itself for a
// cluster of two shards. It has no queue for ON CLUSTER.
func ClusterEngine(t testing.TB) *clickhouse.Options {
	t.Helper()
	o := Config(t)
	o.Dir = t.TempDir()
	// The engine reads what lies beside its engine.xml.
	if err := os.Mkdir(filepath.Join(o.Dir, "engine.d"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.Dir, "engine.d", "cluster.xml"), []byte(clusterConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	return Database(t, start(t, o).ClientOptions())
}

var (
	onCluster   = regexp.MustCompile(" ON CLUSTER `[^`]+`")
	replicated  = regexp.MustCompile(`Replicated(\w*MergeTree)\('[^']*', '[^']*'(?:, (\w+))?\)`)
	tableName   = regexp.MustCompile("^CREATE TABLE (?:IF NOT EXISTS )?(`\\w+`)\\.\\w+")
	distributed = regexp.MustCompile(`Distributed\('[^']*', '([^']*)', '([^']*)', (.*)\)`)
)

// OnOneNode is a statement for the cluster as its only node can run it: without ON
// CLUSTER, and without replicas, which stay read-only here.
func OnOneNode(statement string) string {
	return replicated.ReplaceAllString(onCluster.ReplaceAllString(statement, ""), "$1($2)")
}

// Replica is a statement that makes a replicated table, for an empty table of
// another name. Only ON CLUSTER gives a path the uuid of its table.
func Replica(statement string) (string, bool) {
	if !replicated.MatchString(statement) {
		return "", false
	}
	name := strings.ToLower(rand.Text())
	s := onCluster.ReplaceAllString(statement, "")
	return strings.ReplaceAll(tableName.ReplaceAllString(s, "CREATE TABLE $1."+name), "{uuid}", name), true
}

// Shards is a database with all tables, spread over two shards. They lie in one
// engine, but each sees only the rows that are its own: an insert puts all rows
// into one local table, of which shard i reads those whose sharding key is i
// modulo two. So FINAL, joins, subqueries and sums over shards are those of a
// cluster. Replication, the network and ON CLUSTER are left out.
func Shards(t testing.TB) *clickhouse.Options {
	t.Helper()
	o := ClusterEngine(t)
	conn, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // test
	do := func(sql string) {
		t.Helper()
		if err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	migrations, err := schema.Cluster{Name: ClusterName, Database: o.Auth.Database}.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	do("CREATE TABLE goose_db_version (version_id Int64, is_applied UInt8, date Date DEFAULT now(), tstamp DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY date")
	do("INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)")
	filters := make(map[string]string)
	for _, m := range migrations {
		for _, s := range m.Statements {
			do(OnOneNode(s))
			if d := distributed.FindStringSubmatch(s); d != nil {
				filters[d[1]+"."+d[2]] = d[3] + " % 2 = shardNum() - 1"
			}
		}
		do(fmt.Sprintf("INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, 1)", m.Version))
	}
	var all []string
	for table, filter := range filters {
		all = append(all, fmt.Sprintf("'%s': '%s'", table, filter))
	}
	o.Settings = clickhouse.Settings{"additional_table_filters": "{" + strings.Join(all, ", ") + "}"}
	return o
}
