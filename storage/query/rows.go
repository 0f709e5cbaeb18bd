package query

import (
	"errors"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Collect reads all rows of a result and closes it; fields gives the places of
// one row's columns. Doing is what an error says was attempted.
func Collect[T any](rows driver.Rows, doing string, fields func(*T) []any) ([]T, error) {
	var out []T
	err := Each(rows, fields, func(t *T) error {
		out = append(out, *t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return out, nil
}

// Each calls f for every row of a result, in order, and closes it. It stops at
// the first error, f's or its own.
func Each[T any](rows driver.Rows, fields func(*T) []any, f func(*T) error) (err error) {
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
