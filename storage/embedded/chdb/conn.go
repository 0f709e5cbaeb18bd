package chdb

import (
	"errors"
	"runtime"
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
// unless the statement names another. For results that may be large use Copy.
func (c *Conn) Exec(sql, format string, params ...Param) ([]byte, Stats, error) {
	result := c.call(sql, format, params)
	defer c.lib.resultDestroy(result)
	if text := goString(c.lib.resultError(result)); text != "" {
		return nil, Stats{}, parseError(text)
	}
	data := c.lib.bytes(result)
	return append([]byte(nil), data...), c.lib.stats(result), nil
}

func (c *Conn) call(sql, format string, params []Param) unsafe.Pointer {
	fn := c.lib.query
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
