package chdb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// copyChunk is how much of a result is handed on at once, in bytes.
const copyChunk = 256 << 10

// Query is a query taken apart where its result's destination can be named:
// what comes before FORMAT, the format, and what comes after it.
type Query struct{ Head, Format, Tail string }

// Copy runs a query and writes its result to w as it is made, as one document
// in whatever format, without ever holding more than a part of it. The engine
// writes it to a pipe as if to a file (INTO OUTFILE); its interface for results
// in chunks knows no end of the document, so that only few formats could be
// taken from it.
//
// When w fails, the rest of the result is thrown away and w's error returned:
// ending the query early is the caller's part. w is used by one other goroutine
// until Copy returns. After an engine's error w has got a part of a document.
func (c *Conn) Copy(w io.Writer, q Query, params ...Param) (Stats, error) {
	reader, writer, err := newPipe()
	if err != nil {
		return Stats{}, fmt.Errorf("make a pipe for the result: %w", err)
	}
	defer reader.Close()
	copied := make(chan error, 1)
	go func() {
		// Without the wrappers the two would find ways to copy that hold on to pages.
		_, err := io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{reader}, make([]byte, copyChunk))
		if err != nil {
			_, _ = io.Copy(io.Discard, reader) // the engine would wait for ever
		}
		copied <- err
	}()
	into := fmt.Sprintf(" INTO OUTFILE '/dev/fd/%d' APPEND", writer)
	_, stats, err := c.Exec(q.Head+into+" FORMAT "+q.Format+q.Tail, q.Format, params...)
	closeErr := syscall.Close(writer) // the last writing end: the reader comes to its end
	copyErr := <-copied
	var e *Error
	switch {
	case copyErr != nil:
		return stats, copyErr
	case errors.As(err, &e):
		e.Message = strings.ReplaceAll(e.Message, into, "")
		return Stats{}, e
	case err != nil:
		return Stats{}, err
	case closeErr != nil:
		return Stats{}, fmt.Errorf("close the result's pipe: %w", closeErr)
	}
	return stats, nil
}

// newPipe makes a pipe whose writing end blocks, as the engine expects of a
// file, and whose reading end is Go's.
func newPipe() (reader *os.File, writer int, err error) {
	var ends [2]int
	syscall.ForkLock.RLock()
	err = syscall.Pipe(ends[:])
	if err == nil {
		syscall.CloseOnExec(ends[0])
		syscall.CloseOnExec(ends[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, 0, os.NewSyscallError("pipe", err)
	}
	if err := syscall.SetNonblock(ends[0], true); err != nil {
		return nil, 0, errors.Join(os.NewSyscallError("fcntl", err), syscall.Close(ends[0]), syscall.Close(ends[1]))
	}
	return os.NewFile(uintptr(ends[0]), "result"), ends[1], nil
}
