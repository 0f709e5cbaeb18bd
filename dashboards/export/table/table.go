package table

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"

	"winnow/dashboards/export"
)

// Table is one of the tables of a dataset.
type Table struct {
	// Name is posts, accounts, objects or evidence.
	Name string
	// Columns are its columns, in order.
	Columns             []string
	csv, parquet, jsonl func(io.Writer, *export.Dataset) error
}

// Tables returns all tables, the posts first.
func Tables() []Table {
	return []Table{
		table("posts", postColumns(), postRows),
		table("accounts", accountColumns(), accountRows),
		table("objects", objectColumns(), objectRows),
		table("evidence", evidenceColumns(), evidenceRows),
	}
}

// CSV writes the table as comma-separated values, the names of the columns first.
func (t Table) CSV(w io.Writer, d *export.Dataset) error { return t.said("CSV", t.csv(w, d)) }

// Parquet writes the table as Parquet. Times are UTC, to the millisecond.
func (t Table) Parquet(w io.Writer, d *export.Dataset) error {
	return t.said("Parquet", t.parquet(w, d))
}

// JSONLines writes the table as JSON, one object a line.
func (t Table) JSONLines(w io.Writer, d *export.Dataset) error {
	return t.said("JSON lines", t.jsonl(w, d))
}

func (t Table) said(format string, err error) error {
	if err != nil {
		return fmt.Errorf("write %s as %s: %w", t.Name, format, err)
	}
	return nil
}

// row is a row that can be written as cells, in the order of the table's columns.
type row interface{ cells(*cells) }

func table[R row](name string, columns []string, rows func(*export.Dataset) iter.Seq[R]) Table {
	return Table{
		Name: name, Columns: columns,
		csv:     func(w io.Writer, d *export.Dataset) error { return writeCSV(w, columns, rows(d)) },
		parquet: func(w io.Writer, d *export.Dataset) error { return writeParquet(w, rows(d)) },
		jsonl:   func(w io.Writer, d *export.Dataset) error { return writeLines(w, rows(d)) },
	}
}

func writeCSV[R row](w io.Writer, columns []string, rows iter.Seq[R]) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	var c cells
	for r := range rows {
		c = c[:0]
		r.cells(&c)
		if err := out.Write(c); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// groupRows is how many rows Parquet keeps together, and in memory while it is written.
const groupRows = 20_000

func writeParquet[R row](w io.Writer, rows iter.Seq[R]) error {
	// The name of the writer is fixed, so that another version of the library that writes
	// the same writes the same bytes.
	out := parquet.NewGenericWriter[R](w, parquet.Compression(&parquet.Snappy), parquet.CreatedBy("winnow", "1", "0"), parquet.MaxRowsPerRowGroup(groupRows))
	some := make([]R, 0, 500)
	flush := func() error {
		_, err := out.Write(some)
		some = some[:0]
		return err
	}
	for r := range rows {
		if some = append(some, r); len(some) == cap(some) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return out.Close()
}

func writeLines[R row](w io.Writer, rows iter.Seq[R]) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for r := range rows {
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}
