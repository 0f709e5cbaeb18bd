package chdb

import "unsafe"

// Insert is an insert whose data is pushed chunk by chunk.
type Insert struct {
	conn   *Conn
	handle unsafe.Pointer
	done   bool
}

// Insert starts an insert. sql has neither FORMAT nor data, as in
// "INSERT INTO t (a, b)"; format is that of the chunks to come. The connection
// takes no other statement until Close.
func (c *Conn) Insert(sql, format string) (*Insert, error) {
	i := &Insert{conn: c, handle: c.lib.insert(c.inner(), first(sql), uintptr(len(sql)), first(format), uintptr(len(format)))}
	if err := i.failure(); err != nil {
		i.Close()
		return nil, err
	}
	return i, nil
}

// Append pushes a chunk, which is copied, and waits while the engine is behind.
// Borders between chunks mean nothing.
func (i *Insert) Append(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	if i.conn.lib.insertAppend(i.handle, unsafe.SliceData(data), uintptr(len(data))) == 0 {
		return nil
	}
	if err := i.failure(); err != nil {
		return err
	}
	// The reason is only told at the end.
	_, err := i.Commit()
	if err == nil {
		err = &Error{Code: 1001, Name: "STD_EXCEPTION", Message: "the engine took no more data"}
	}
	return err
}

// Commit ends the data and returns when the rows are stored.
func (i *Insert) Commit() (Stats, error) {
	i.done = true
	result := i.conn.lib.insertDone(i.handle)
	defer i.conn.lib.resultDestroy(result)
	if text := goString(i.conn.lib.resultError(result)); text != "" {
		return Stats{}, parseError(text)
	}
	return i.conn.lib.stats(result), nil
}

// Close frees the insert. One that was not committed is cancelled; as with any
// ClickHouse insert, blocks that the engine had already written stay.
func (i *Insert) Close() {
	if i.handle == nil {
		return
	}
	if !i.done {
		i.conn.lib.insertCancel(i.handle)
	}
	i.conn.lib.insertDestroy(i.handle)
	i.handle = nil
}

func (i *Insert) failure() error {
	if text := goString(i.conn.lib.insertError(i.handle)); text != "" {
		return parseError(text)
	}
	return nil
}
