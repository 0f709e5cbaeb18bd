package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"winnow/storage/query"
	"winnow/storage/schema"
)

// errOneNode says why a check of the buckets is refused: CREATE TABLE a AS b
// would make a second name for the stored rows of a cluster, not room beside them.
var errOneNode = errors.New("computing buckets beside those stored works with one server only, not on a cluster; " +
	"rebuild them without a check, which writes them anew")

// clusterSettings are those under which a cluster of distributed tables answers
// as one server does.
func clusterSettings(replicas uint64) clickhouse.Settings {
	s := clickhouse.Settings{
		// An insert is there when it is acknowledged: the marks rest on it.
		"insert_distributed_sync": 1,
		// A subquery about a distributed table is about all of its shards.
		"distributed_product_mode": "global",
		// A row that is computed on one shard may belong to another.
		"parallel_distributed_insert_select": 0,
		// A shard that does not answer makes an error and not a smaller number.
		"skip_unavailable_shards": 0,
		// Nor does a node answer that is behind the others.
		"max_replica_delay_for_distributed_queries":          1,
		"fallback_to_stale_replicas_for_distributed_queries": 0,
		// Replicated tables would drop an insert that came before: what is written
		// again is there to win over what was written between.
		"insert_deduplicate": 0,
	}
	if replicas > 1 {
		// On all nodes, so that whichever is asked next has it.
		s["insert_quorum"] = replicas
	}
	return s
}

// prepare finds out what the server is, gives both connections the settings that a
// cluster needs, and returns how to make the tables there; nil for one server. It
// refuses a database that was made for the other kind.
func prepare(ctx context.Context, o *Options) (*schema.Cluster, error) {
	conn, err := clickhouse.Open(copyOptions(o.Writer))
	if err != nil {
		return nil, fmt.Errorf("connecting to the store: %w", err)
	}
	defer conn.Close() //nolint:errcheck // nothing was written that Close could lose
	var name, engine string
	if err := conn.QueryRow(ctx, clusterTablesSQL).Scan(&name, &engine); err != nil {
		return nil, fmt.Errorf("asking the store what it is: %w", err)
	}
	if o.Cluster == "" {
		if engine == "Distributed" {
			return nil, fmt.Errorf("database %s is spread over a cluster: name the cluster as store.cluster", name)
		}
		return nil, nil
	}
	if engine != "" && engine != "Distributed" {
		return nil, fmt.Errorf("database %s was made for one server and not for cluster %s: give the cluster a new database, and copy the posts as docs/scaling.md says", name, o.Cluster)
	}
	var replicas uint64
	if err := conn.QueryRow(ctx, clusterReplicasSQL, query.Named("cluster", o.Cluster)).Scan(&replicas); err != nil {
		return nil, fmt.Errorf("asking the store for its cluster: %w", err)
	}
	if replicas == 0 {
		return nil, fmt.Errorf("the server knows no cluster %s: store.cluster is a name in remote_servers of its configuration (SELECT DISTINCT cluster FROM system.clusters)", o.Cluster)
	}
	for _, of := range []**clickhouse.Options{&o.Writer, &o.Reader} {
		c := copyOptions(*of)
		for k, v := range clusterSettings(replicas) {
			c.Settings[k] = v
		}
		*of = c
	}
	c := &schema.Cluster{Name: o.Cluster, Database: name}
	return c, c.Check()
}

// provider has the migrations of the schema, for one server or for a cluster.
func provider(db *sql.DB, c *schema.Cluster) (*goose.Provider, error) {
	if c == nil {
		return goose.NewProvider(goose.DialectClickHouse, db, schema.Files)
	}
	all, err := c.Migrations()
	if err != nil {
		return nil, err
	}
	steps := make([]*goose.Migration, len(all))
	for i, m := range all {
		steps[i] = goose.NewGoMigration(m.Version, &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
			for _, s := range m.Statements {
				if _, err := db.ExecContext(ctx, s); err != nil {
					return fmt.Errorf("%s: %w", m.File, err)
				}
			}
			return nil
		}}, nil)
	}
	versions, err := database.NewStore(goose.DialectClickHouse, goose.DefaultTablename)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectCustom, db, nil, goose.WithStore(clusterVersions{versions, *c}),
		goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true))
}

// clusterVersions notes migrations where all nodes see them.
type clusterVersions struct {
	database.Store
	cluster schema.Cluster
}

// CreateVersionTable implements database.Store.
func (v clusterVersions) CreateVersionTable(ctx context.Context, db database.DBTxConn) error {
	if _, err := db.ExecContext(ctx, v.cluster.VersionTable(v.Tablename())); err != nil {
		return fmt.Errorf("create the table of schema versions: %w", err)
	}
	return nil
}
