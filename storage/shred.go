package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"winnow/storage/query"
)

// The engine never changes a file: what is deleted is left out of a new one, and the old
// one is removed some minutes later, when the new one has surely reached the disk.

const (
	// shredPatience is how long files may be in use before shredding gives up.
	shredPatience = 2 * time.Minute
	// shredPause is how often they are looked at. The engine counts their age in seconds.
	shredPause = 300 * time.Millisecond
)

// ErrInUse says that old files are still being read.
var ErrInUse = errors.New("what was erased is still in files that are being read: run it again in some minutes")

// shredding runs f, after which no file of the store is left that was replaced, by f or
// before.
func (s *Store) shredding(ctx context.Context, f func(context.Context) error) (err error) {
	tables, err := s.tableNames(ctx, shredTablesSQL)
	if err != nil {
		return err
	}
	if err := s.onTables(ctx, shredKeenSQL, tables); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.onTables(context.WithoutCancel(ctx), shredCalmSQL, tables)) }()
	hidden, err := s.tableNames(ctx, shredMaskedSQL)
	if err != nil {
		return err
	}
	if err := s.onTables(ctx, shredCleanSQL, hidden); err != nil {
		return err
	}
	if err := f(ctx); err != nil {
		return err
	}
	if err := s.onTables(ctx, shredDetachedSQL, tables); err != nil {
		return err
	}
	return s.shred(ctx)
}

// shred removes old files until there are none.
func (s *Store) shred(ctx context.Context) error {
	end := time.Now().Add(shredPatience)
	tick := time.NewTicker(shredPause)
	defer tick.Stop()
	for {
		left, err := s.tableNames(ctx, shredLeftSQL)
		if err != nil || len(left) == 0 {
			return err
		}
		if time.Now().After(end) {
			return ErrInUse
		}
		if err := s.onTables(ctx, shredOldSQL, left); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}

func (s *Store) tableNames(ctx context.Context, sql string) ([]string, error) {
	const what = "listing the tables of the store"
	rows, err := s.write.Query(ctx, sql)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return query.Collect(rows, what, func(name *string) []any { return []any{name} })
}

// onTables executes a statement about each of some tables.
func (s *Store) onTables(ctx context.Context, sql string, tables []string) error {
	for _, table := range tables {
		if err := s.write.Exec(ctx, sql, query.Named("table", table)); err != nil {
			return fmt.Errorf("having the engine remove old files of %s: %w", table, err)
		}
	}
	return nil
}
