package archive

import (
	"bytes"
	"io"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// The bounds on one record.
const (
	// maxRecord is the longest line or array element, in bytes. A page of 500
	// posts with everything X can include has some 3 MB.
	maxRecord = 16 << 20
	// maxRow is the longest table row: a post's longest text with every
	// character doubled, and room for the rest. An opening quote that finds
	// no end within it is taken for a mistake in its own line.
	maxRow = 1 << 20
	// maxRaw is how much of a bad record the reject file holds.
	maxRaw = 64 << 10
)

const (
	tooLong   post.Reason = "too-long"
	openQuote post.Reason = "open-quote"
)

// frame is one record as it stands in the file.
type frame struct {
	// record counts from 1; line is where it begins.
	record, line int64
	// raw is valid until the next call.
	raw []byte
	// size is the record's length where raw holds only its beginning.
	size int64
	// fault is set if the record cannot be decoded as it is.
	fault *wire.Reject
}

// blank reports whether a record is nothing but white space as JSON knows it.
func blank(raw []byte) bool { return len(bytes.Trim(raw, " \t\r\n")) == 0 }

// framer cuts a file into records. next returns io.EOF at the end; other
// errors are the disk's. A damaged file ends with a frame that says so.
type framer interface {
	next() (frame, error)
}

// window is the part of a file that is in memory.
type window struct {
	in         *text
	buf        []byte
	start, end int
	err        error
	line       int64 // lines consumed
	record     int64 // frames given
}

func newWindow(in *text) *window {
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
func (w *window) take(n, raw int) frame {
	f := w.frame(w.buf[w.start : w.start+raw])
	w.pass(n)
	return f
}

func (w *window) frame(raw []byte) frame {
	w.record++
	return frame{record: w.record, line: w.line + 1, raw: raw, size: int64(len(raw))}
}

// last gives the end of the file: what is left as a frame, if complete says
// that the file may end there; a damaged file as a fault; then io.EOF.
func (w *window) last(incomplete *wire.Reject) (frame, error) {
	rest := len(w.bytes())
	if w.err == io.EOF {
		if blank(w.bytes()) {
			w.start = w.end
			return frame{}, io.EOF
		}
		f := w.take(rest, rest)
		f.fault = incomplete
		return f, nil
	}
	fault, err := w.in.fault(w.err)
	if err != nil {
		return frame{}, err
	}
	w.err = io.EOF
	f := w.take(rest, rest)
	f.fault = fault
	return f, nil
}

// bounded turns a frame that is longer than a record may be into a fault, as
// skip does: how much of a file is in memory must make no difference.
func bounded(f frame) frame {
	if len(f.raw) <= maxRecord {
		return f
	}
	f.raw = f.raw[:maxRaw]
	f.fault = wire.Rejectf(tooLong, "longer than 16 MB")
	return f
}

// skip gives the record that began with the window's bytes as too long. scan
// reports for each further piece how many of its bytes belong to the record,
// and whether it ends there.
func (w *window) skip(scan func(piece []byte) (int, bool)) frame {
	f := w.frame(bytes.Clone(w.bytes()[:maxRaw]))
	f.size = int64(len(w.bytes()))
	f.fault = wire.Rejectf(tooLong, "longer than 16 MB")
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
		f.size += int64(n)
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

// skipLine is skip for a line.
func (w *window) skipLine() frame {
	f := w.skip(func(piece []byte) (int, bool) {
		if i := bytes.IndexByte(piece, '\n'); i >= 0 {
			return i, true
		}
		return len(piece), false
	})
	if len(w.bytes()) > 0 {
		w.pass(1) // the line's end
	}
	return f
}

// lines cuts a file into lines. Blank ones, which streams send to show that
// they live, count as records and have no bytes.
type lines struct{ *window }

func (l lines) next() (frame, error) {
	scanned := 0
	for {
		if i := bytes.IndexByte(l.bytes()[scanned:], '\n'); i >= 0 {
			end := scanned + i
			return bounded(l.take(end+1, end)), nil
		}
		scanned = len(l.bytes())
		if scanned > maxRecord {
			return l.skipLine(), nil
		}
		if !l.more() {
			return l.last(nil)
		}
	}
}
