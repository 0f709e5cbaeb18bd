package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"winnow/collectors/bluesky"
	"winnow/collectors/mastodon"
	"winnow/collectors/wire"
	"winnow/collectors/x/v1"
	"winnow/collectors/x/v2"
)

// Format is what an archive's records are.
type Format string

// The formats. Those in JSON may be lines, an array, or objects over several
// lines.
const (
	XV1      Format = "x-v1.1"   // statuses of X's v1.1 interface
	XV2      Format = "x-v2"     // pages or stream messages of v2, as twarc2 stores them
	Mastodon Format = "mastodon" // statuses
	Bluesky  Format = "bluesky"  // Jetstream events, of the old or the new wire
	CSV      Format = "csv"      // a table; see ColumnNames
)

// Formats returns the formats that can be read.
func Formats() []Format { return []Format{XV1, XV2, Mastodon, Bluesky, CSV} }

// layout is how records stand in a file.
type layout string

const (
	asLines  layout = "lines"
	asValues layout = "values"
	asRows   layout = "rows"
)

// shape is all that has to be known to read a file.
type shape struct {
	format Format
	layout layout
	table  *table // of a CSV
}

func (s shape) framer(w *window) framer {
	switch s.layout {
	case asValues:
		return &values{window: w}
	case asRows:
		return rows{window: w, delim: s.table.delim}
	}
	return lines{w}
}

// open returns how the records of a content are cut out and decoded.
func (s shape) open(in *text, o *Options) (framer, func([]byte, *wire.Message), error) {
	f := s.framer(newWindow(in))
	if r, ok := f.(rows); ok {
		// The header was read when the shape was recognised.
		for {
			h, err := r.next()
			if err != nil {
				return nil, nil, err
			}
			r.record = 0
			if !blank(h.raw) {
				break
			}
		}
	}
	return f, s.decoder(o), nil
}

func (s shape) decoder(o *Options) func([]byte, *wire.Message) {
	switch s.format {
	case XV1:
		return v1.Decode
	case XV2:
		return v2.Decode
	case Mastodon:
		return func(raw []byte, m *wire.Message) { mastodon.Decode(raw, o.Host, m) }
	case Bluesky:
		return bluesky.Decode
	}
	return newRowDecoder(s.table).decode
}

// firstLook is how much of a file is looked at first; if that decides nothing,
// up to one longest record is.
const firstLook = 256 << 10

// recognise tells the shape of a file from its beginning.
func recognise(src *file, o *Options) (shape, error) {
	switch o.Format {
	case "", XV1, XV2, Mastodon, Bluesky, CSV:
	default:
		return shape{}, fmt.Errorf("unknown format %q; it is one of %s", o.Format, formatList())
	}
	in, err := src.text()
	if err != nil {
		return shape{}, err
	}
	defer in.close()
	w := newWindow(in)
	for look := firstLook; ; look *= 8 {
		for len(w.bytes()) < look && w.more() {
		}
		if src.err != nil {
			return shape{}, src.err
		}
		final := w.err != nil || len(w.bytes()) > maxRecord
		s, err := guess(w.bytes(), w.err != nil, o)
		if err == nil || final {
			if err != nil && w.err != nil && w.err != io.EOF && errors.Is(err, ErrNothingReadable) {
				fault, _ := in.fault(w.err)
				return shape{}, fmt.Errorf("%w (%s)", err, fault.Detail)
			}
			return s, err
		}
	}
}

// guess tells the shape from the beginning of the content; whole says that it
// is all of it.
func guess(head []byte, whole bool, o *Options) (shape, error) {
	start := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(start) == 0:
		return shape{}, fmt.Errorf("%w: the file is empty", ErrNothingReadable)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return shape{}, fmt.Errorf("%w: the file is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8", ErrNothingReadable)
	}
	if o.Format == CSV {
		return guessTable(start, whole, o)
	}
	if start[0] == '[' {
		return guessJSON(start, asValues, o)
	}
	if s, err := guessJSON(head, asLines, o); err == nil {
		return s, nil
	}
	if start[0] == '{' || o.Format != "" {
		return guessJSON(start, asValues, o)
	}
	return guessTable(start, whole, o)
}

// guessJSON classifies the records of the beginning until one tells.
func guessJSON(head []byte, l layout, o *Options) (shape, error) {
	w := newWindow(&text{Reader: bytes.NewReader(head)})
	f := shape{layout: l}.framer(w)
	weak := Format("")
	for {
		// Damage and the end of the head are one here.
		fr, err := f.next()
		if err != nil {
			break
		}
		raw := bytes.TrimSpace(fr.raw)
		if fr.fault != nil || len(raw) == 0 || raw[0] != '{' {
			continue
		}
		format, sure := classify(raw)
		if o.Format != "" && format != "" {
			return shape{format: o.Format, layout: l}, nil
		}
		if sure {
			return shape{format: format, layout: l}, nil
		}
		if weak == "" {
			weak = format
		}
	}
	if weak != "" {
		return shape{format: weak, layout: l}, nil
	}
	return shape{}, nothingReadable(o)
}

func guessTable(start []byte, whole bool, o *Options) (shape, error) {
	header, _, complete := bytes.Cut(start, []byte{'\n'})
	if !complete && !whole || wire.Text(header) != nil || len(header) > maxRow {
		return shape{}, nothingReadable(o)
	}
	if o.Format != CSV && !bytes.ContainsAny(header, ",;\t") {
		return shape{}, nothingReadable(o)
	}
	t, err := newTable(header, o.Columns)
	if err != nil {
		var columns *ColumnsError
		if !errors.As(err, &columns) {
			return shape{}, nothingReadable(o)
		}
		return shape{}, err
	}
	return shape{format: CSV, layout: asRows, table: t}, nil
}

func nothingReadable(o *Options) error {
	if o.Format != "" {
		return fmt.Errorf("%w: no record looks like format %s; leave the format out to have it recognised", ErrNothingReadable, o.Format)
	}
	return fmt.Errorf("%w: tried %s; if it is one of these, name it with --format to see in the reject file what is wrong",
		ErrNothingReadable, formatList())
}

func formatList() string {
	var names []string
	for _, f := range Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// keys are the members that tell the formats apart.
type keys struct {
	// Of Jetstream.
	DID     jsontext.Value `json:"did"`
	Kind    jsontext.Value `json:"kind"`
	Type    string         `json:"$type"`
	Payload jsontext.Value `json:"payload"`
	// Of X v2.
	Data     jsontext.Value `json:"data"`
	Errors   jsontext.Value `json:"errors"`
	Meta     jsontext.Value `json:"meta"`
	AuthorID jsontext.Value `json:"author_id"`
	Issue    jsontext.Value `json:"connection_issue"`
	// Of X v1.1.
	User     jsontext.Value `json:"user"`
	FullText jsontext.Value `json:"full_text"`
	Delete   jsontext.Value `json:"delete"`
	Limit    jsontext.Value `json:"limit"`
	Text     jsontext.Value `json:"text"`
	// Of Mastodon.
	Account jsontext.Value `json:"account"`
	URI     jsontext.Value `json:"uri"`
	Content jsontext.Value `json:"content"`
}

var keyOptions = wire.Options()

// classify tells the format of one JSON object, "" for none; sure is false for
// notices, which do not settle what the posts are.
func classify(raw []byte) (f Format, sure bool) {
	var k keys
	if wire.Unmarshal(raw, &k, keyOptions) != nil {
		return "", false
	}
	text := k.Text != nil || k.FullText != nil
	switch {
	case k.DID != nil && k.Kind != nil, k.Type == "message" && k.Payload != nil:
		return Bluesky, true
	case k.Account != nil && k.URI != nil && k.Content != nil:
		return Mastodon, true
	case k.User != nil && text:
		return XV1, true
	case k.Data != nil, k.AuthorID != nil && text:
		return XV2, true
	case k.Errors != nil, k.Issue != nil, k.Meta != nil:
		return XV2, false
	case k.Delete != nil, k.Limit != nil:
		return XV1, false
	}
	return "", false
}
