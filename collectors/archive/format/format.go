package format

import (
	"errors"
	"strings"

	"winnow/collectors/archive/input"
	"winnow/collectors/archive/table"
	"winnow/collectors/bluesky"
	"winnow/collectors/mastodon"
	"winnow/collectors/wire"
	"winnow/collectors/x/v1"
	"winnow/collectors/x/v2"
)

// ErrNothingReadable says that not one record of a file could be read.
var ErrNothingReadable = errors.New("nothing readable")

// Name is that of a format: what an archive's records are.
type Name string

// The formats. Those in JSON may be lines, an array, or objects over several
// lines.
const (
	XV1      Name = "x-v1.1"   // statuses of X's v1.1 interface
	XV2      Name = "x-v2"     // pages or stream messages of v2, as twarc2 stores them
	Mastodon Name = "mastodon" // statuses
	Bluesky  Name = "bluesky"  // Jetstream events, of the old or the new wire
	CSV      Name = "csv"      // a table; see table.ColumnNames
)

// Names returns the formats that can be read.
func Names() []Name { return []Name{XV1, XV2, Mastodon, Bluesky, CSV} }

// Layout is how records stand in a file.
type Layout string

// The layouts.
const (
	Lines  Layout = "lines"
	Values Layout = "values"
	Rows   Layout = "rows"
)

// Records are what a file is cut into; see input.Lines.
type Records interface {
	Next() (input.Frame, error)
}

// Shape is all that has to be known to read a file.
type Shape struct {
	Format Name
	Layout Layout
	table  *table.Table // of a CSV
}

// Open cuts a content into its records and returns how each is decoded. The
// header of a table is no record. An error is the disk's.
func (s Shape) Open(in *input.Text) (Records, func(raw []byte, m *wire.Message), error) {
	if s.Layout == Rows {
		r := input.NewRows(in, s.table.Delim())
		return r, table.NewDecoder(s.table).Decode, r.Header()
	}
	return cut(in, s.Layout), s.decoder(), nil
}

// cut cuts a content of JSON.
func cut(in *input.Text, l Layout) Records {
	if l == Values {
		return input.NewValues(in)
	}
	return input.NewLines(in)
}

func (s Shape) decoder() func([]byte, *wire.Message) {
	switch s.Format {
	case XV1:
		return v1.Decode
	case XV2:
		return v2.Decode
	case Mastodon:
		return mastodon.Decode
	}
	return bluesky.Decode
}

// List names the formats that can be read, for people.
func List() string {
	var names []string
	for _, f := range Names() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}
