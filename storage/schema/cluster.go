package schema

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Cluster makes the tables of the migrations for a cluster of ClickHouse servers:
// of each table x the rows are in x_local, replicated on the nodes of a shard, and
// x itself is Distributed over the shards, so that every query stays as it is.
//
// The nodes need the macros shard and replica, and a database of the engine
// Atomic, which is the default.
type Cluster struct {
	// Name is that of remote_servers in the servers' configuration.
	Name string
	// Database holds the tables on every node.
	Database string
}

// shardedBy are the columns that tell the shard of a row. Rows that replace each
// other must be on one shard, since FINAL and merges look no further: so they are
// part of the sorting key, which shard checks. Posts go by their identity and not by
// their author, whom two sources may name differently; buckets of accounts go by
// the account, so that a shard counts its unique accounts by itself.
var shardedBy = map[string][]string{
	"posts":                  {"platform", "post_id"},
	"posts_next":             {"platform", "post_id"},
	"posts_before":           {"platform", "post_id"},
	"tombstones":             {"platform", "native_id"},
	"aliases":                {"platform", "native_id"},
	"accounts":               {"platform", "account_id"},
	"accounts_next":          {"platform", "account_id"},
	"accounts_before":        {"platform", "account_id"},
	"account_sights":         {"platform", "account_id"},
	"account_buckets":        {"platform", "account_id"},
	"account_buckets_next":   {"platform", "account_id"},
	"account_buckets_before": {"platform", "account_id"},
	"audience":               {"campaign"},
	"audience_days":          {"campaign"},
	"marks":                  {"campaign"},
	"reach":                  {"campaign"},
	"findings":               {"campaign"},
	"finding_accounts":       {"campaign"},
	"finding_objects":        {"campaign"},
	"finding_posts":          {"campaign"},
	"finding_evidence":       {"campaign"},
	"verdicts":               {"campaign"},
	"verdict_history":        {"campaign"},
	"changes":                {"campaign"},
	"change_items":           {"campaign"},
	"gaps":                   {"source"},
	"watches":                {"source"},
	"horizons":               {"campaign"},
	"declared_actions":       {"campaign"},
}

// views are what views themselves read besides tables.
var views = []string{"memberships"}

// The statements that migrations are made of. What is written in another way is
// refused, so that nobody has to guess what becomes of it.
var (
	createTable = regexp.MustCompile(`(?s)^CREATE TABLE (IF NOT EXISTS )?(\w+)\n(\(\n.*\n\))\nENGINE = ((?:Replacing|Aggregating)MergeTree)(?:\((\w+)\))?\nORDER BY \(([\w, ]+)\)((?:\n--[^\n]*)*\nSETTINGS (?:min_bytes_for_wide_part|index_granularity) = \d+)?$`)
	createView  = regexp.MustCompile(`(?s)^CREATE VIEW IF NOT EXISTS (\w+) AS\n(SELECT\b.*)$`)
	dropTable   = regexp.MustCompile(`^DROP TABLE IF EXISTS (\w+)$`)
	alterTable  = regexp.MustCompile(`(?s)^ALTER TABLE (\w+) ((?:ADD|COMMENT|DROP) COLUMN IF (?:NOT )?EXISTS\s.*)$`)
	renameTable = regexp.MustCompile(`^RENAME TABLE (\w+) TO (\w+), (\w+) TO (\w+)$`)
	insertInto  = regexp.MustCompile(`(?s)^INSERT INTO (\w+)\s+(?:\([\w,\s]+\)\s*)?SELECT\b.*$`)
	fromTable   = regexp.MustCompile(`\b(FROM|JOIN) (\w+)\b`)

	clusterName = regexp.MustCompile(`^[A-Za-z_][\w-]*$`)
)

// Check says whether the names may be written into statements.
func (c Cluster) Check() error {
	for _, name := range []string{c.Name, c.Database} {
		if !clusterName.MatchString(name) {
			return fmt.Errorf("%q is no name of a cluster or database: use letters, digits, _ and -", name)
		}
	}
	return nil
}

// Migrations are the migrations for the cluster.
func (c Cluster) Migrations() ([]Migration, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	all, err := Migrations()
	if err != nil {
		return nil, err
	}
	for i, m := range all {
		var out []string
		for _, s := range m.Statements {
			some, err := c.rewrite(s)
			if err != nil {
				return nil, fmt.Errorf("make migration %s for a cluster: %w", m.File, err)
			}
			out = append(out, some...)
		}
		all[i].Statements = out
	}
	return all, nil
}

// VersionTable is the table in which the migrations are noted. All nodes have all
// of it, whichever of them is asked.
func (c Cluster) VersionTable(name string) string {
	return fmt.Sprintf(`CREATE TABLE IF NOT EXISTS %s ON CLUSTER %s
(
    version_id  Int64,
    is_applied  UInt8,
    date        Date DEFAULT now(),
    tstamp      DateTime DEFAULT now()
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{uuid}/all', '{shard}-{replica}')
ORDER BY date`, c.table(name), quote(c.Name))
}

// rewrite turns one statement of a migration into those of the cluster. Done twice
// they do what the statement does when it is done twice.
func (c Cluster) rewrite(s string) ([]string, error) {
	on := " ON CLUSTER " + quote(c.Name)
	if m := createTable.FindStringSubmatch(s); m != nil {
		unless, name, columns, engine, version, key, settings := m[1], m[2], m[3], m[4], m[5], m[6], m[7]
		shard, err := shardOf(name, key)
		if err != nil {
			return nil, err
		}
		if version != "" {
			version = ", " + version
		}
		// A path by the table's name would be in the way of a table that is made
		// anew under the name of one that was renamed or dropped.
		return []string{
			fmt.Sprintf("CREATE TABLE %s%s%s\n%s\nENGINE = Replicated%s('/clickhouse/tables/{uuid}/{shard}', '{replica}'%s)\nORDER BY (%s)%s",
				unless, c.local(name), on, columns, engine, version, key, settings),
			c.distributed("CREATE TABLE "+unless, name, shard),
		}, nil
	}
	if m := createView.FindStringSubmatch(s); m != nil {
		body := fromTable.ReplaceAllStringFunc(m[2], func(from string) string {
			word, name, _ := strings.Cut(from, " ")
			if shardedBy[name] == nil && !slices.Contains(views, name) {
				return from
			}
			return word + " " + c.table(name)
		})
		return []string{"CREATE VIEW IF NOT EXISTS " + c.table(m[1]) + on + " AS\n" + body}, nil
	}
	if m := onTable(dropTable, s); len(m) > 0 {
		return []string{
			"DROP TABLE IF EXISTS " + c.table(m[1]) + on + " SYNC",
			"DROP TABLE IF EXISTS " + c.local(m[1]) + on + " SYNC",
		}, nil
	}
	if m := onTable(alterTable, s); len(m) > 0 {
		return []string{
			"ALTER TABLE " + c.local(m[1]) + on + " " + m[2],
			"ALTER TABLE " + c.table(m[1]) + on + " " + m[2],
		}, nil
	}
	if m := renameTable.FindStringSubmatch(s); len(m) > 4 && m[1] == m[4] {
		return c.swap(m[1], m[2], m[3])
	}
	if m := onTable(insertInto, s); len(m) > 0 {
		return []string{s}, nil // by way of the distributed tables
	}
	first, _, _ := strings.Cut(s, "\n")
	return nil, fmt.Errorf("not known how to do this on a cluster: %s", first)
}

// onTable are the parts of a statement about a known table; none of any other.
func onTable(form *regexp.Regexp, s string) []string {
	m := form.FindStringSubmatch(s)
	if len(m) < 2 || len(shardedBy[m[1]]) == 0 {
		return nil
	}
	return m
}

// swap puts next in the place of name, which becomes before. The distributed
// tables are made anew, since they hold the columns too; of name there is one at
// any moment, or the migration could not be done again.
func (c Cluster) swap(name, before, next string) ([]string, error) {
	if !slices.Equal(shardedBy[name], shardedBy[next]) || !slices.Equal(shardedBy[name], shardedBy[before]) || shardedBy[name] == nil {
		return nil, fmt.Errorf("tables %s, %s and %s are not on the same shards", name, before, next)
	}
	shard := expression(shardedBy[name])
	return []string{
		fmt.Sprintf("RENAME TABLE %s TO %s, %s TO %s ON CLUSTER %s", c.local(name), c.local(before), c.local(next), c.local(name), quote(c.Name)),
		c.distributed("CREATE OR REPLACE TABLE ", name, shard),
		c.distributed("CREATE OR REPLACE TABLE ", before, shard),
		"DROP TABLE IF EXISTS " + c.table(next) + " ON CLUSTER " + quote(c.Name) + " SYNC",
	}, nil
}

func (c Cluster) distributed(create, name, shard string) string {
	return fmt.Sprintf("%s%s ON CLUSTER %s AS %s\nENGINE = Distributed('%s', '%s', '%s_local', %s)",
		create, c.table(name), quote(c.Name), c.local(name), c.Name, c.Database, name, shard)
}

func (c Cluster) table(name string) string { return quote(c.Database) + "." + name }

func (c Cluster) local(name string) string { return c.table(name) + "_local" }

// shardOf is the expression that tells the shard of a table's rows.
func shardOf(table, key string) (string, error) {
	columns := shardedBy[table]
	if columns == nil {
		return "", fmt.Errorf("table %s: not known by what to spread it over the shards", table)
	}
	sorted := strings.Split(key, ", ")
	for _, column := range columns {
		if !slices.Contains(sorted, column) {
			return "", errors.New("table " + table + ": rows that replace each other would be on different shards: " + column + " is no part of its sorting key")
		}
	}
	return expression(columns), nil
}

func expression(columns []string) string { return "sipHash64(" + strings.Join(columns, ", ") + ")" }

func quote(name string) string { return "`" + name + "`" }
