package front

import (
	"errors"
	"io"

	"winnow/storage/embedded/chdb"
	"winnow/storage/embedded/front/answer"
)

// insertChunk is how much of an insert's data is handed over at once, in bytes.
const insertChunk = 1 << 20

// insert streams the request's body into the engine. A body that breaks off
// commits nothing but the blocks that were already written.
func (h *Handler) insert(conn *chdb.Conn, req *request, out *answer.Writer) error {
	insert, err := conn.Insert(req.insert.Into, req.insert.Format)
	if err != nil {
		return err
	}
	defer insert.Close()
	buffer := make([]byte, insertChunk)
	for {
		n, err := fill(req.data, buffer)
		if appendErr := insert.Append(buffer[:n]); appendErr != nil {
			return appendErr
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return readError(err)
		}
	}
	stats, err := insert.Commit()
	if err != nil {
		return err
	}
	return out.Whole(req.format, nil, stats)
}

// fill reads until the buffer is full. Unlike io.ReadFull it leaves the reader's
// error as it is, so that a body that ended differs from one that broke off.
func fill(r io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var m int
		m, err = r.Read(buffer[n:])
		n += m
	}
	return n, err
}
