package chdb

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"time"
	"unsafe"
)

// Conn is a connection to the engine; see Library.Connect for who may use it.
type Conn struct {
	lib    *Library
	handle unsafe.Pointer
}

// Param is the value of a {name:Type} placeholder, in ClickHouse's escaped text
// form.
type Param struct{ Name, Value string }

// Stats is what a query read, returned and wrote.
type Stats struct {
	// Rows and Bytes are the result's, bytes in the engine's own form.
	Rows, Bytes uint64
	// ReadRows and ReadBytes were read from tables.
	ReadRows, ReadBytes uint64
	// WrittenRows and WrittenBytes were written into tables.
	WrittenRows, WrittenBytes uint64
	Elapsed                   time.Duration
}

func (s *Stats) add(t Stats) {
	s.Rows += t.Rows
	s.Bytes += t.Bytes
	s.ReadRows += t.ReadRows
	s.ReadBytes += t.ReadBytes
	s.WrittenRows += t.WrittenRows
	s.WrittenBytes += t.WrittenBytes
	s.Elapsed += t.Elapsed
}

// Close closes the connection. Closing twice does nothing.
func (c *Conn) Close() {
	if c.handle == nil {
		return
	}
	c.lib.closeConn(c.handle)
	c.handle = nil
	runtime.UnlockOSThread()
}

// inner is the value the library's functions take: the handle points to it.
func (c *Conn) inner() unsafe.Pointer { return *(*unsafe.Pointer)(c.handle) }

// analysis is chdb_query_analysis_v1.
type analysis struct {
	size, statements, _, class uint32
}

// Analysis is what the engine's own parser makes of a text.
type Analysis struct {
	// Statements that would run; 0 when the text does not parse.
	Statements int
	// ReadOnly says that no statement of it leaves a trace, in the engine or
	// outside it (SELECT, SHOW, DESCRIBE, EXPLAIN, EXISTS, CHECK).
	ReadOnly bool
}

// Analyze parses a text without running it.
func (c *Conn) Analyze(sql string) (Analysis, error) {
	out := analysis{size: uint32(unsafe.Sizeof(analysis{}))}
	if c.lib.classify(c.inner(), first(sql), uintptr(len(sql)), nil, 0, &out) != 0 {
		return Analysis{}, errors.New("analyze query: the connection is closed")
	}
	return Analysis{Statements: int(out.statements), ReadOnly: out.class == 0 && out.statements > 0}, nil
}

// Exec runs statements and returns the result in one piece, in the format named
// unless the statement names another. For results that may be large use Query.
func (c *Conn) Exec(sql, format string, params ...Param) ([]byte, Stats, error) {
	result := c.call(c.lib.query, sql, format, params)
	defer c.lib.resultDestroy(result)
	if text := goString(c.lib.resultError(result)); text != "" {
		return nil, Stats{}, parseError(text)
	}
	data := c.lib.bytes(result)
	return append([]byte(nil), data...), c.lib.stats(result), nil
}

// ErrNotStreamable is returned by Query for statements that Exec must run:
// anything but one SELECT.
var ErrNotStreamable = errors.New("statement cannot be streamed")

// Query starts a SELECT whose result is fetched chunk by chunk.
func (c *Conn) Query(sql, format string, params ...Param) (*Stream, error) {
	result := c.call(c.lib.stream, sql, format, params)
	if text := goString(c.lib.resultError(result)); text != "" {
		c.lib.resultDestroy(result)
		err := parseError(text)
		if err.Code == 36 && strings.HasPrefix(err.Message, "Streaming query is not supported") {
			return nil, ErrNotStreamable
		}
		return nil, err
	}
	return &Stream{conn: c, handle: result}, nil
}

type queryFunc = func(conn unsafe.Pointer, sql *byte, n uintptr, format *byte, formatN uintptr, names *unsafe.Pointer, nameNs *uintptr, values *unsafe.Pointer, valueNs *uintptr, count uintptr) unsafe.Pointer

func (c *Conn) call(fn queryFunc, sql, format string, params []Param) unsafe.Pointer {
	if len(params) == 0 {
		return fn(c.inner(), first(sql), uintptr(len(sql)), first(format), uintptr(len(format)), nil, nil, nil, nil, 0)
	}
	var pins runtime.Pinner
	defer pins.Unpin()
	names, values := make([]unsafe.Pointer, len(params)), make([]unsafe.Pointer, len(params))
	nameNs, valueNs := make([]uintptr, len(params)), make([]uintptr, len(params))
	for i, p := range params {
		// A trailing byte, so that an empty value has an address too.
		name, value := append([]byte(p.Name), 0), append([]byte(p.Value), 0)
		pins.Pin(&name[0])
		pins.Pin(&value[0])
		names[i], nameNs[i] = unsafe.Pointer(&name[0]), uintptr(len(p.Name))
		values[i], valueNs[i] = unsafe.Pointer(&value[0]), uintptr(len(p.Value))
	}
	return fn(c.inner(), first(sql), uintptr(len(sql)), first(format), uintptr(len(format)),
		&names[0], &nameNs[0], &values[0], &valueNs[0], uintptr(len(params)))
}

// Stream is the result of a SELECT as it comes.
type Stream struct {
	conn   *Conn
	handle unsafe.Pointer
	chunk  unsafe.Pointer
	done   bool
	stats  Stats
}

// Next returns the next chunk, which is valid until the next call, and io.EOF
// after the last. Chunks are about a megabyte; their borders mean nothing.
func (s *Stream) Next() ([]byte, error) {
	s.release()
	if s.done {
		return nil, io.EOF
	}
	lib := s.conn.lib
	s.chunk = lib.fetch(s.conn.inner(), s.handle)
	if text := goString(lib.resultError(s.chunk)); text != "" {
		s.done = true
		return nil, parseError(text)
	}
	data := lib.bytes(s.chunk)
	if len(data) == 0 {
		s.done = true
		return nil, io.EOF
	}
	s.stats.add(lib.stats(s.chunk))
	return data, nil
}

// Stats is what the chunks returned so far stand for.
func (s *Stream) Stats() Stats { return s.stats }

// Close ends the query, whether or not it was read to its end.
func (s *Stream) Close() {
	s.release()
	if s.handle == nil {
		return
	}
	if !s.done {
		s.done = true
		s.conn.lib.cancelQuery(s.conn.inner(), s.handle)
	}
	s.conn.lib.resultDestroy(s.handle)
	s.handle = nil
}

func (s *Stream) release() {
	if s.chunk != nil {
		s.conn.lib.resultDestroy(s.chunk)
		s.chunk = nil
	}
}

// bytes is a result's data in the library's memory.
func (l *Library) bytes(result unsafe.Pointer) []byte {
	n := l.resultLength(result)
	p := l.resultBuffer(result)
	if p == nil || n == 0 {
		return nil
	}
	return unsafe.Slice(p, n)
}

func (l *Library) stats(result unsafe.Pointer) Stats {
	return Stats{
		Rows: l.resultRows(result), Bytes: l.resultBytes(result),
		ReadRows: l.resultStorageRows(result), ReadBytes: l.resultStorageBytes(result),
		WrittenRows: l.resultWrittenRows(result), WrittenBytes: l.resultWrittenBytes(result),
		Elapsed: time.Duration(l.resultElapsed(result) * float64(time.Second)),
	}
}
