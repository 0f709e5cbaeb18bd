package api

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// MaxLine is the longest message, in bytes, that a collector should read.
const MaxLine = 4 << 20

// ErrTooLong says that a message was longer than allowed and was skipped.
var ErrTooLong = errors.New("a message is longer than allowed")

// LineReader cuts a stream into messages. It is not safe for concurrent use.
type LineReader struct {
	r     *bufio.Reader
	long  []byte // a message that did not fit into r's buffer
	most  int
	ended error
}

// Lines returns a reader of messages that end with "\n" or "\r\n", each of at
// most most bytes (0 for MaxLine). Empty messages, which keep the connection
// alive, are skipped.
func Lines(r io.Reader, most int) *LineReader {
	if most <= 0 {
		most = MaxLine
	}
	return &LineReader{r: bufio.NewReaderSize(r, 64<<10), most: most}
}

// Next returns the next message without its end. It is good until the next
// call. ErrTooLong says that a message was skipped, and reading may go on; any
// other error is r's and final. What stands before the end of r without an end
// of its own is a message if r ended well (io.EOF), else it is dropped.
func (l *LineReader) Next() ([]byte, error) {
	for {
		line, err := l.line()
		if err != nil {
			return nil, err
		}
		if line = bytes.Trim(line, " \t\r\n"); len(line) > 0 {
			return line, nil
		}
	}
}

// line returns everything up to the next "\n".
func (l *LineReader) line() ([]byte, error) {
	if l.ended != nil {
		return nil, l.ended
	}
	part, err := l.r.ReadSlice('\n')
	if err == nil && len(part) <= l.most+2 {
		return l.checked(part)
	}
	l.long = l.long[:0]
	for {
		if len(l.long) <= l.most+2 {
			l.long = append(l.long, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			break
		}
		part, err = l.r.ReadSlice('\n')
	}
	if err != nil {
		l.ended = err
		if !errors.Is(err, io.EOF) {
			return nil, err
		}
		if len(l.long) == 0 {
			return nil, err
		}
	}
	line := l.long
	if cap(l.long) > 1<<20 { // one huge message must not stay for days
		l.long = nil
	}
	return l.checked(line)
}

// checked says whether a line is short enough, its end not counted.
func (l *LineReader) checked(line []byte) ([]byte, error) {
	if len(bytes.TrimRight(line, "\r\n")) > l.most {
		return nil, ErrTooLong
	}
	return line, nil
}
