package input

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"winnow/collectors/wire"
)

// maxZstdWindow is the largest window a zstd file may ask for: what the zstd
// tool itself allows without a flag.
const maxZstdWindow = 128 << 20

// Text is the decompressed content of a file. Text{Reader: r} is one that lies
// in memory.
type Text struct {
	io.Reader
	src   *File
	close func()
}

// Close frees the decompressor.
func (t *Text) Close() {
	if t.close != nil {
		t.close()
	}
}

// Text returns the content from its start: of gzip and zstd, told by their
// first bytes, what they hold. It ends a Text that was returned before.
func (f *File) Text() (*Text, error) {
	if err := f.rewind(); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(f, 256<<10)
	magic, err := in.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	t := &Text{Reader: in, src: f}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(in)
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			t.Reader = failed{err}
			break
		}
		t.Reader, t.close = z, func() { _ = z.Close() }
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}), len(magic) == 4 && magic[0]&0xf0 == 0x50 && bytes.HasSuffix(magic, []byte{0x2a, 0x4d, 0x18}):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, fmt.Errorf("read archive: %w", err)
		}
		t.Reader, t.close = z, z.Close
	}
	return t, nil
}

// failed is a reader that only fails.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

// Fault says what an error of Read other than io.EOF means: a reject if the
// archive is to blame, an error if the disk is.
func (t *Text) Fault(err error) (*wire.Reject, error) {
	switch {
	case t.src != nil && t.src.err != nil:
		return nil, t.src.err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return wire.Rejectf(Truncated, "the compressed file ends here; what comes before is kept"), nil
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return wire.Rejectf(Corrupt, "the file wants more than 128 MiB of window; decompress it with zstd --long=31 first"), nil
	}
	return wire.Rejectf(Corrupt, "the compressed file cannot be read on from here; what comes before is kept"), nil
}
