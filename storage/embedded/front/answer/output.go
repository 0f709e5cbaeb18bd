package answer

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/compress"

	"winnow/storage/embedded/chdb"
)

// Writer writes an answer, once it is known whether there is one.
type Writer struct {
	w      http.ResponseWriter
	id     string
	frames bool
	// encoding is HTTP's for the body, encoder what makes it; empty and nil for none.
	encoding string
	encoder  io.WriteCloser
	tag      string
	started  bool
	body     io.Writer
	frame    *compress.Writer
	format   string
	held     []byte
	// Patience is how long the client may take for each part, 0 for ever.
	Patience time.Duration
}

// Control bounds the time of the connection.
func (o *Writer) Control() *http.ResponseController { return http.NewResponseController(o.w) }

// New returns a writer of one answer to w.
func New(w http.ResponseWriter) *Writer { return &Writer{w: w} }

// Prepare takes what the request wants of the answer's form: the query's id,
// whether results come in ClickHouse's own compressed frames, and the body's
// encoding as Encoding picked it.
func (o *Writer) Prepare(id string, frames bool, encoding string) {
	o.id, o.frames, o.encoding = id, frames, encoding
	o.tag = strings.ToLower(rand.Text())[:16]
}

// start sends the header of a good answer.
func (o *Writer) start(format string) {
	o.started = true
	header := o.w.Header()
	header.Set("X-ClickHouse-Query-Id", o.id)
	header.Set("X-ClickHouse-Server-Display-Name", "winnow")
	header.Set("X-ClickHouse-Timezone", "UTC")
	header.Set("X-ClickHouse-Exception-Tag", o.tag)
	header.Set("X-ClickHouse-Format", format)
	header.Set("Content-Type", contentType(format))
	o.body = o.w
	if o.encoder = newEncoder(o.encoding, o.w); o.encoder != nil {
		header.Set("Content-Encoding", o.encoding)
		o.body = o.encoder
	}
	if o.frames {
		o.frame = compress.NewWriter(compress.LevelZero, compress.LZ4)
	}
	o.w.WriteHeader(http.StatusOK)
}

// Whole sends an answer in one piece.
func (o *Writer) Whole(format string, data []byte, stats chdb.Stats) error {
	if len(data) == 0 {
		o.encoding = ""
	}
	if o.encoding == "" && !o.frames {
		// An empty body with its length told is how clients know that there is no block.
		o.w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	}
	o.w.Header().Set("X-ClickHouse-Summary", summary(stats))
	o.start(format)
	return o.write(data)
}

// heldBack is how much of a result is awaited before the header goes out, in
// bytes, so that most errors still get a status of their own.
const heldBack = 256 << 10

// Begin tells the format of a result that comes in parts, by Write, and ends
// with End or Fail.
func (o *Writer) Begin(format string) { o.format = format }

// Write takes a part of a result; where parts end means nothing.
func (o *Writer) Write(part []byte) (int, error) {
	if !o.started {
		if len(o.held)+len(part) <= heldBack {
			o.held = append(o.held, part...)
			return len(part), nil
		}
		o.start(o.format)
		if err := o.write(o.held); err != nil {
			return 0, err
		}
		o.held = nil
	}
	if err := o.write(part); err != nil {
		return 0, err
	}
	return len(part), nil
}

// End sends what was held back; stats are told if the header has not gone out.
func (o *Writer) End(stats chdb.Stats) error {
	if o.started {
		return nil
	}
	return o.Whole(o.format, o.held, stats)
}

func (o *Writer) write(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	if o.frames {
		if err := o.frame.Compress(data); err != nil {
			return fmt.Errorf("compress answer: %w", err)
		}
		data = o.frame.Data
	}
	if o.Patience > 0 {
		if err := o.Control().SetWriteDeadline(time.Now().Add(o.Patience)); err != nil {
			return fmt.Errorf("limit the answer's time: %w", err)
		}
	}
	if _, err := o.body.Write(data); err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return nil
}

// Finish ends a good answer.
func (o *Writer) Finish() {
	if o.encoder != nil {
		_ = o.encoder.Close() // a client that is gone needs no answer
	}
	if o.Patience > 0 && o.started {
		// The deadline was this answer's, not that of the connection's next.
		_ = o.Control().Flush()
		_ = o.Control().SetWriteDeadline(time.Time{})
	}
}

// Fail sends an error: as the answer, or when that has begun as the block by
// which clients of ClickHouse know that a result broke off; the connection is
// then cut, so that others notice too.
func (o *Writer) Fail(err error) {
	code, text := describe(err)
	if !o.started {
		header := o.w.Header()
		header.Del("Content-Length")
		header.Set("Content-Type", "text/plain; charset=UTF-8")
		header.Set("X-ClickHouse-Exception-Code", strconv.Itoa(code))
		if o.id != "" {
			header.Set("X-ClickHouse-Query-Id", o.id)
		}
		o.w.WriteHeader(status(code))
		_, _ = io.WriteString(o.w, text+"\n") // a client that is gone needs no answer
		return
	}
	const maxText = 12 << 10 // clients look for the whole block within 16 KiB
	text = text[:min(len(text), maxText)]
	block := fmt.Sprintf("\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n", o.tag, text, len(text)+1, o.tag)
	w := bufio.NewWriter(o.body)
	_, _ = w.WriteString(block) // a client that is gone needs no answer, here and below
	_ = w.Flush()
	o.Finish()
	_ = o.Control().Flush()
	panic(http.ErrAbortHandler)
}

func summary(s chdb.Stats) string {
	return fmt.Sprintf(`{"read_rows":"%d","read_bytes":"%d","written_rows":"%d","written_bytes":"%d","total_rows_to_read":"0","result_rows":"%d","result_bytes":"%d","elapsed_ns":"%d"}`,
		s.ReadRows, s.ReadBytes, s.WrittenRows, s.WrittenBytes, s.Rows, s.Bytes, s.Elapsed.Nanoseconds())
}

func contentType(format string) string {
	switch {
	case strings.HasPrefix(format, "JSON"):
		return "application/json; charset=UTF-8"
	case strings.HasPrefix(format, "CSV"):
		return "text/csv; charset=UTF-8; header=absent"
	case strings.HasPrefix(format, "TabSeparated"), strings.HasPrefix(format, "TSV"):
		return "text/tab-separated-values; charset=UTF-8"
	case format == "Native", format == "RowBinary", format == "Parquet":
		return "application/octet-stream"
	}
	return "text/plain; charset=UTF-8"
}
