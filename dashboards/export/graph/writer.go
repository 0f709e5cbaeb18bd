package graph

import (
	"bufio"
	"encoding/xml"
	"io"
)

// writer writes XML, element by element. The first error stays and ends all writing.
type writer struct {
	out *bufio.Writer
	enc *xml.Encoder
	err error
}

func newWriter(w io.Writer) *writer {
	out := bufio.NewWriter(w)
	_, err := out.WriteString(xml.Header)
	enc := xml.NewEncoder(out)
	enc.Indent("", " ")
	return &writer{out, enc, err}
}

// open begins an element, with attributes as names and values.
func (w *writer) open(name string, attributes ...string) {
	if w.err == nil {
		w.err = w.enc.EncodeToken(start(name, attributes...))
	}
}

func (w *writer) end(names ...string) {
	for _, name := range names {
		if w.err == nil {
			w.err = w.enc.EncodeToken(xml.EndElement{Name: xml.Name{Local: name}})
		}
	}
}

// element writes a whole element.
func (w *writer) element(name string, content any, attributes ...string) {
	if w.err == nil {
		w.err = w.enc.EncodeElement(content, start(name, attributes...))
	}
}

// close writes what is left, and says what went wrong.
func (w *writer) close() error {
	if w.err == nil {
		w.err = w.enc.Close()
	}
	if w.err == nil {
		w.err = w.out.WriteByte('\n')
	}
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}

// start is the begin of an element. Attributes without a value are left out.
func start(name string, attributes ...string) xml.StartElement {
	e := xml.StartElement{Name: xml.Name{Local: name}}
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			e.Attr = append(e.Attr, xml.Attr{Name: xml.Name{Local: attributes[i]}, Value: attributes[i+1]})
		}
	}
	return e
}
