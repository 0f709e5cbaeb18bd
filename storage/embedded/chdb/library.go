package chdb

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Library is a loaded libchdb. One process holds one engine on one data
// directory; all connections of a Library share it.
type Library struct {
	version           func() *byte
	setSignalHandlers func(enabled int32)
	connect           func(argc int32, argv *unsafe.Pointer) unsafe.Pointer
	closeConn         func(conn unsafe.Pointer)
	classify          func(conn unsafe.Pointer, sql *byte, n uintptr, database *byte, databaseN uintptr, out *analysis) int32

	query func(conn unsafe.Pointer, sql *byte, n uintptr, format *byte, formatN uintptr, names *unsafe.Pointer, nameNs *uintptr, values *unsafe.Pointer, valueNs *uintptr, count uintptr) unsafe.Pointer

	insert        func(conn unsafe.Pointer, sql *byte, n uintptr, format *byte, formatN uintptr) unsafe.Pointer
	insertAppend  func(insert unsafe.Pointer, data *byte, n uintptr) int32
	insertDone    func(insert unsafe.Pointer) unsafe.Pointer
	insertCancel  func(insert unsafe.Pointer)
	insertError   func(insert unsafe.Pointer) *byte
	insertDestroy func(insert unsafe.Pointer)

	resultBuffer       func(result unsafe.Pointer) *byte
	resultLength       func(result unsafe.Pointer) uintptr
	resultError        func(result unsafe.Pointer) *byte
	resultElapsed      func(result unsafe.Pointer) float64
	resultRows         func(result unsafe.Pointer) uint64
	resultBytes        func(result unsafe.Pointer) uint64
	resultStorageRows  func(result unsafe.Pointer) uint64
	resultStorageBytes func(result unsafe.Pointer) uint64
	resultWrittenRows  func(result unsafe.Pointer) uint64
	resultWrittenBytes func(result unsafe.Pointer) uint64
	resultDestroy      func(result unsafe.Pointer)
}

// Open loads the library at path and takes its hands off the process's signal
// handlers, which are Go's. It fails with the loader's words when path is not a
// libchdb for this platform or lacks one of the functions used here.
func Open(path string) (*Library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load engine library: %w", err)
	}
	l := new(Library)
	for _, s := range []struct {
		name string
		fn   any
	}{
		{"chdb_version", &l.version},
		{"chdb_set_signal_handlers_enabled", &l.setSignalHandlers},
		{"chdb_connect", &l.connect},
		{"chdb_close_conn", &l.closeConn},
		{"chdb_classify_query_n", &l.classify},
		{"chdb_query_with_params_n", &l.query},
		{"chdb_stream_insert_n", &l.insert},
		{"chdb_stream_append", &l.insertAppend},
		{"chdb_stream_done", &l.insertDone},
		{"chdb_stream_cancel_insert", &l.insertCancel},
		{"chdb_stream_insert_error", &l.insertError},
		{"chdb_destroy_insert_stream", &l.insertDestroy},
		{"chdb_result_buffer", &l.resultBuffer},
		{"chdb_result_length", &l.resultLength},
		{"chdb_result_error", &l.resultError},
		{"chdb_result_elapsed", &l.resultElapsed},
		{"chdb_result_rows_read", &l.resultRows},
		{"chdb_result_bytes_read", &l.resultBytes},
		{"chdb_result_storage_rows_read", &l.resultStorageRows},
		{"chdb_result_storage_bytes_read", &l.resultStorageBytes},
		{"chdb_result_rows_written", &l.resultWrittenRows},
		{"chdb_result_bytes_written", &l.resultWrittenBytes},
		{"chdb_destroy_query_result", &l.resultDestroy},
	} {
		symbol, err := purego.Dlsym(handle, s.name)
		if err != nil {
			return nil, fmt.Errorf("load engine library: it lacks %s, another version is needed: %w", s.name, err)
		}
		purego.RegisterFunc(s.fn, symbol)
	}
	// Before the first connection, or the library replaces the handlers for
	// SEGV, BUS, URG and others and Go can no longer turn faults into panics.
	l.setSignalHandlers(0)
	return l, nil
}

// Version is the library's own version, such as "26.7.3".
func (l *Library) Version() string { return goString(l.version()) }

// Connect opens a connection. The first one starts the engine and takes the
// server's options ("--path=...", "--config-file=..."); later ones take
// "--path=..." again and settings ("--max_threads=4"), which hold for that
// connection alone. One connection must stay open for as long as the engine is
// needed: closing the last one shuts it down.
//
// The goroutine that connects is tied to its thread until it closes the
// connection and must be the only one to use it: the engine keeps state per
// thread.
func (l *Library) Connect(args ...string) (*Conn, error) {
	argv := make([]unsafe.Pointer, 0, len(args)+2)
	var pins runtime.Pinner
	defer pins.Unpin()
	for _, arg := range append([]string{"clickhouse"}, args...) {
		b := append([]byte(arg), 0)
		pins.Pin(&b[0])
		argv = append(argv, unsafe.Pointer(&b[0]))
	}
	argv = append(argv, nil)

	runtime.LockOSThread()
	handle := l.connect(int32(len(argv)-1), &argv[0])
	if handle == nil {
		runtime.UnlockOSThread()
		return nil, ErrConnect
	}
	return &Conn{lib: l, handle: handle}, nil
}

// goString copies a NUL-terminated string of the library.
func goString(p *byte) string {
	if p == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}

// first is the address of a string's bytes for a call that only reads them, nil
// when empty.
func first(s string) *byte {
	if s == "" {
		return nil
	}
	return unsafe.StringData(s)
}
