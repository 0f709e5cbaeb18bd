package storage

import (
	"errors"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// collect reads all rows of a result; fields gives the places of one row's columns.
func collect[T any](rows driver.Rows, doing string, fields func(*T) []any) ([]T, error) {
	var out []T
	err := each(rows, fields, func(t *T) error {
		out = append(out, *t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return out, nil
}

// each calls f for every row of a result, in order.
func each[T any](rows driver.Rows, fields func(*T) []any, f func(*T) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var t T
		if err := rows.Scan(fields(&t)...); err != nil {
			return err
		}
		if err := f(&t); err != nil {
			return err
		}
	}
	return rows.Err()
}
