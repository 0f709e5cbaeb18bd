package input

import (
	"bytes"
	"io"

	"winnow/collectors/wire"
)

// window is the part of a file that is in memory.
type window struct {
	in         *Text
	buf        []byte
	start, end int
	err        error
	line       int64 // lines consumed
	record     int64 // frames given
}

func newWindow(in *Text) *window {
	w := &window{in: in, buf: make([]byte, 256<<10)}
	for w.end < 3 && w.more() {
	}
	if bytes.HasPrefix(w.bytes(), []byte("\xef\xbb\xbf")) {
		w.start = 3 // a byte order mark
	}
	return w
}

func (w *window) bytes() []byte { return w.buf[w.start:w.end] }

// more reads on; false at the end.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	if w.end == len(w.buf) {
		if w.start > len(w.buf)/2 {
			copy(w.buf, w.buf[w.start:w.end])
		} else {
			bigger := make([]byte, 2*len(w.buf))
			copy(bigger, w.buf[w.start:w.end])
			w.buf = bigger
		}
		w.start, w.end = 0, w.end-w.start
	}
	for range 100 {
		n, err := w.in.Read(w.buf[w.end:])
		w.end += n
		w.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	w.err = io.ErrNoProgress
	return false
}

// cleanEnd reports whether the file was read to its end without damage.
func (w *window) cleanEnd() bool { return w.err == io.EOF }

// take consumes n bytes and gives them as a frame, of which raw is the record.
func (w *window) take(n, raw int) Frame {
	f := w.frame(w.buf[w.start : w.start+raw])
	w.pass(n)
	return f
}

func (w *window) frame(raw []byte) Frame {
	w.record++
	return Frame{Record: w.record, Line: w.line + 1, Raw: raw, Size: int64(len(raw))}
}

// last gives the end of the file: what is left as a frame, if complete says
// that the file may end there; a damaged file as a fault; then io.EOF.
func (w *window) last(incomplete *wire.Reject) (Frame, error) {
	rest := len(w.bytes())
	if w.err == io.EOF {
		if Blank(w.bytes()) {
			w.start = w.end
			return Frame{}, io.EOF
		}
		f := w.take(rest, rest)
		f.Fault = incomplete
		return f, nil
	}
	fault, err := w.in.Fault(w.err)
	if err != nil {
		return Frame{}, err
	}
	w.err = io.EOF
	f := w.take(rest, rest)
	f.Fault = fault
	return f, nil
}

// bounded turns a frame that is longer than a record may be into a fault, as
// skip does: how much of a file is in memory must make no difference.
func bounded(f Frame) Frame {
	if len(f.Raw) <= MaxRecord {
		return f
	}
	f.Raw = f.Raw[:MaxRaw]
	f.Fault = wire.Rejectf(TooLong, "longer than 16 MB")
	return f
}

// skip gives the record that began with the window's bytes as too long. scan
// reports for each further piece how many of its bytes belong to the record,
// and whether it ends there.
func (w *window) skip(scan func(piece []byte) (int, bool)) Frame {
	f := w.frame(bytes.Clone(w.bytes()[:MaxRaw]))
	f.Size = int64(len(w.bytes()))
	f.Fault = wire.Rejectf(TooLong, "longer than 16 MB")
	w.pass(len(w.bytes()))
	for {
		if w.start == w.end {
			w.start, w.end = 0, 0
			if !w.more() {
				return f
			}
		}
		n, end := scan(w.bytes())
		w.pass(n)
		f.Size += int64(n)
		if end {
			return f
		}
	}
}

// pass consumes n bytes.
func (w *window) pass(n int) {
	w.line += int64(bytes.Count(w.bytes()[:n], []byte{'\n'}))
	w.start += n
}

// Head is the beginning of a content, of which more and more can be looked at.
type Head struct{ w *window }

// NewHead looks at the beginning of in, a byte order mark left out.
func NewHead(in *Text) *Head { return &Head{newWindow(in)} }

// Grow returns at least size bytes, or what there is with the reason why there
// is no more: io.EOF, or an error for Text.Fault. The bytes are valid until the
// next call.
func (h *Head) Grow(size int) ([]byte, error) {
	for len(h.w.bytes()) < size && h.w.more() {
	}
	return h.w.bytes(), h.w.err
}
