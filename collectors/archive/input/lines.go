package input

import "bytes"

// Lines cuts a file into lines. Blank ones, which streams send to show that
// they live, count as records and have no bytes.
type Lines struct{ *window }

// NewLines cuts in.
func NewLines(in *Text) *Lines { return &Lines{newWindow(in)} }

// Next gives the next line; io.EOF at the end. Other errors are the disk's: a
// damaged file ends with a frame that says so.
func (l *Lines) Next() (Frame, error) {
	scanned := 0
	for {
		if i := bytes.IndexByte(l.bytes()[scanned:], '\n'); i >= 0 {
			end := scanned + i
			return bounded(l.take(end+1, end)), nil
		}
		scanned = len(l.bytes())
		if scanned > MaxRecord {
			return l.skipLine(), nil
		}
		if !l.more() {
			return l.last(nil)
		}
	}
}

// skipLine is skip for a line.
func (w *window) skipLine() Frame {
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
