// Package embedded runs ClickHouse inside Winnow: the engine's shared library in
// a child process of the same binary, behind an HTTP front on a Unix socket.
//
// The parent calls Start and gets options for clickhouse-go. The child runs
// ChildMain. Between them: a pipe that carries the configuration with the
// secret, and whose end is the child's signal to close the store and leave, so
// that no child outlives its parent whatever happens to it. A child that dies is
// started again; requests fail in the meantime.
//
// The package owns the child, its supervision and the data directory's lock.
// Where the library comes from is in package library, how it is called in chdb,
// the HTTP protocol in front, and what readers may run in statement. Schema and
// queries belong to package storage, which cannot tell this engine from a server.
//
// Its tests are those of the whole: other programs (clickhouse-go, curl) against
// a real engine, every attack that package statement knows of, memory, and what
// happens when one of the two processes dies.
package embedded
