package streaming

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// errTooLong says that a server sends more in one event than is read.
var errTooLong = fmt.Errorf("an event is longer than %d bytes", MaxMessage)

// eventStream takes an event stream (text/event-stream of the HTML standard)
// apart. Lines end in \n, \r\n or \r; what is held back of an event that never
// ended is not reported.
type eventStream struct {
	r      *bufio.Reader
	most   int
	skipLF bool // the line before ended in \r
	line   []byte
}

// event is one event of such a stream; name is "" if it tells none.
type event struct {
	name string
	data []byte
}

func newEventStream(r io.Reader, most int) *eventStream {
	return &eventStream{r: bufio.NewReaderSize(r, 32<<10), most: most}
}

// next returns the next event. The error is errTooLong or that of reading,
// io.EOF in the end.
func (s *eventStream) next() (event, error) {
	var e event
	some := false
	for {
		line, err := s.readLine()
		if err != nil {
			return event{}, err
		}
		if len(line) == 0 {
			if some {
				return e, nil
			}
			e = event{} // an event without data is none
			continue
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			e.name = string(value)
		case "data":
			if some {
				e.data = append(e.data, '\n')
			}
			e.data = append(e.data, value...)
			some = true
			if len(e.data) > s.most {
				return event{}, errTooLong
			}
		default: // a heartbeat, which has no field name, or a field of no use
		}
	}
}

// readLine returns the next line without its end, valid until the next call. A
// line at the end of the stream that has no end is not returned.
func (s *eventStream) readLine() ([]byte, error) {
	s.line = s.line[:0]
	for {
		if s.r.Buffered() == 0 {
			if _, err := s.r.Peek(1); err != nil {
				return nil, endOf(err)
			}
		}
		chunk, err := s.r.Peek(s.r.Buffered())
		if err != nil {
			return nil, endOf(err)
		}
		if s.skipLF {
			s.skipLF = false
			if chunk[0] == '\n' {
				s.discard(1)
				continue
			}
		}
		i := bytes.IndexAny(chunk, "\r\n")
		if i < 0 {
			s.line = append(s.line, chunk...)
			s.discard(len(chunk))
		} else {
			s.line = append(s.line, chunk[:i]...)
			s.skipLF = chunk[i] == '\r'
			s.discard(i + 1)
		}
		if len(s.line) > s.most {
			return nil, errTooLong
		}
		if i >= 0 {
			return s.line, nil
		}
	}
}

// discard drops what was peeked at, which cannot fail.
func (s *eventStream) discard(n int) {
	_, _ = s.r.Discard(n)
}

func endOf(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return io.EOF
	}
	return err
}
