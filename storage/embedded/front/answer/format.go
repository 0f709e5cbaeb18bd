package answer

import (
	"bytes"
	"strings"
)

// The engine formats each chunk of a streamed result as a document of its
// own. That is only right for formats in which documents put one behind the
// other are one document; for those with column names on top, once the names
// are taken off all chunks but the first. Anything else (JSON, Pretty, Parquet
// ...) is made in one piece.
//
// See https://clickhouse.com/docs/interfaces/formats.

// Streamable tells whether a result in a format may be sent chunk by chunk.
func Streamable(format string) bool { return appendable(format) || namedColumns(format) }

// appendable formats are rows and nothing else.
func appendable(format string) bool {
	switch strings.ToLower(format) {
	case "native", "rowbinary",
		"tsv", "tabseparated", "tsvraw", "tabseparatedraw", "raw", "tskv", "csv",
		"jsoneachrow", "jsonlines", "ndjson", "jsonstringseachrow", "jsoncompacteachrow", "jsoncompactstringseachrow",
		"lineasstring", "rawblob", "null":
		return true
	}
	return false
}

// namedColumns formats have one line with the columns' names on top.
func namedColumns(format string) bool {
	switch strings.ToLower(format) {
	case "csvwithnames", "tsvwithnames", "tabseparatedwithnames", "tsvrawwithnames", "tabseparatedrawwithnames":
		return true
	}
	return false
}

// headerLine returns the line with the names, its end included. A name may
// hold a line break, but in CSV only between quotes, and in TSV never.
func headerLine(document []byte, quotes bool) []byte {
	quoted := false
	for i, b := range document {
		switch {
		case b == '"' && quotes:
			quoted = !quoted
		case b == '\n' && !quoted:
			return document[:i+1]
		}
	}
	return document
}

// dropper takes a header off every chunk but the first.
type dropper struct {
	quotes bool
	header []byte
}

func (d *dropper) next(chunk []byte) []byte {
	if d.header == nil {
		d.header = bytes.Clone(headerLine(chunk, d.quotes))
		return chunk
	}
	return bytes.TrimPrefix(chunk, d.header)
}
