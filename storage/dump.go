package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/query"
	"winnow/storage/schema"
)

// dumpFormat is ClickHouse's own form of rows: nothing is lost in it, and any server
// reads it.
const dumpFormat = "Native"

// ErrDumpCluster says that a cluster is not backed up.
var ErrDumpCluster = errors.New("winnow backup does not work with store.cluster: back it up with ClickHouse's own BACKUP ... ON CLUSTER")

// Dump calls each with the rows of every table, as they lie there, in ClickHouse's format
// Native. Nobody may write posts meanwhile.
func (s *Store) Dump(ctx context.Context, each func(table string, rows io.Reader) error) error {
	if s.clustered {
		return ErrDumpCluster
	}
	tables, err := s.dumped(ctx)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if err := s.dump(ctx, table, each); err != nil {
			return fmt.Errorf("copying the table %s: %w", table, err)
		}
	}
	return nil
}

// dumped are the tables that are copied. Verdicts stand before what is written before
// them, and marks behind all that sets them: a verdict that comes meanwhile is copied
// with all that it needs, or in part of what only records it.
func (s *Store) dumped(ctx context.Context) ([]string, error) {
	all, err := s.tableNames(ctx, shredTablesSQL)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(t string) bool {
		return t == "goose_db_version" || t == "marks" || t == "verdicts" || strings.HasSuffix(t, "_check")
	})
	return append(append([]string{"verdicts"}, all...), "marks"), nil
}

func (s *Store) dump(ctx context.Context, table string, each func(string, io.Reader) error) error {
	// The reader has limits that are too close for this.
	rows, err := s.write.QueryFormat(ctx, dumpFormat, dumpTableSQL, query.Named("table", table))
	if err != nil {
		return err
	}
	return errors.Join(each(table, rows), rows.Close())
}

// Restore makes the tables of a new database as they were at a version of the schema, and
// lets fill put rows into them, in the form of Dump. Open brings them up to date.
func Restore(ctx context.Context, o Options, version int64, fill func(ctx context.Context, put func(table string, rows io.Reader) error) error) error {
	if o.Cluster != "" {
		return ErrDumpCluster
	}
	if err := Restorable(version); err != nil {
		return err
	}
	if err := makeTables(ctx, o, version); err != nil {
		return err
	}
	conn, err := clickhouse.Open(copyOptions(o.Writer))
	if err != nil {
		return fmt.Errorf("connecting to the store for writing: %w", err)
	}
	defer conn.Close() //nolint:errcheck // what was inserted is there
	rows, err := conn.Query(ctx, shredTablesSQL)
	if err != nil {
		return fmt.Errorf("listing the tables of the store: %w", err)
	}
	tables, err := query.Collect(rows, "listing the tables of the store", func(t *string) []any { return []any{t} })
	if err != nil {
		return err
	}
	return fill(ctx, func(table string, rows io.Reader) error {
		if !slices.Contains(tables, table) {
			return fmt.Errorf("the backup has a table %.80q, which this program does not know", table)
		}
		if err := conn.InsertFormat(ctx, dumpFormat, "INSERT INTO `"+table+"`", rows); err != nil {
			return fmt.Errorf("filling the table %s: %w", table, err)
		}
		return nil
	})
}

// Restorable returns an error if Restore cannot make the tables of a version of the schema.
func Restorable(version int64) error {
	known, err := SchemaVersion()
	if err == nil && (version > known || version < 1) {
		err = fmt.Errorf("the backup has schema version %d and this program knows up to %d: restore it with the newer Winnow that made it", version, known)
	}
	return err
}

// ErrNotEmpty says that there is something already.
var ErrNotEmpty = errors.New("the store is not empty: restore into a new database")

// makeTables brings the schema of an empty database to a version.
func makeTables(ctx context.Context, o Options, version int64) error {
	db := clickhouse.OpenDB(copyOptions(o.Writer))
	defer db.Close() //nolint:errcheck // nothing was written that Close could lose
	p, err := provider(db, nil)
	if err != nil {
		return fmt.Errorf("preparing the schema: %w", err)
	}
	have, _, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the version of the schema: %w", err)
	}
	if have != 0 {
		return ErrNotEmpty
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return fmt.Errorf("making the tables: %w", err)
	}
	return nil
}

// SchemaVersion is the version of the tables that this program makes.
func SchemaVersion() (int64, error) {
	all, err := schema.Migrations()
	if err != nil || len(all) == 0 {
		return 0, fmt.Errorf("reading the migrations of the schema: %w", err)
	}
	return all[len(all)-1].Version, nil
}
