package archive

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// The reasons why a file ends early. They are rejects: what came before is kept.
const (
	truncated post.Reason = "truncated" // the compressed file is cut off
	corrupt   post.Reason = "corrupt"   // its compression is damaged from here on
)

// maxZstdWindow is the largest window a zstd file may ask for: what the zstd
// tool itself allows without a flag.
const maxZstdWindow = 128 << 20

// file is an archive as it lies on disk.
type file struct {
	f    *os.File
	name string
	size int64
	temp bool
	info os.FileInfo
	read atomic.Int64 // bytes handed out since the last rewind
	err  error        // of the disk, which is not the archive's fault
}

// openFile opens the archive at path. What is no regular file, standard input
// above all, is copied first, since it is read twice.
func openFile(ctx context.Context, path string, o *Options) (*file, error) {
	if path == "-" {
		if o.Stdin == nil {
			return nil, errors.New("replay standard input: there is none")
		}
		return spool(ctx, o.Stdin, "standard input", o.TempDir)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("open archive: %w", err)
	}
	if info.IsDir() {
		_ = f.Close()
		return nil, fmt.Errorf("open archive: %s is a directory; name the files in it", path)
	}
	if !info.Mode().IsRegular() {
		defer func() { _ = f.Close() }()
		return spool(ctx, f, path, o.TempDir)
	}
	return &file{f: f, name: path, size: info.Size(), info: info}, nil
}

// spool copies r into a temporary file that only its owner can read.
func spool(ctx context.Context, r io.Reader, name, dir string) (*file, error) {
	f, err := os.CreateTemp(dir, "winnow-replay-*")
	if err != nil {
		return nil, fmt.Errorf("copy %s before replaying it: %w", name, err)
	}
	out := &file{f: f, name: name, temp: true}
	out.size, err = io.Copy(f, &ctxReader{ctx: ctx, r: r})
	if err == nil {
		out.info, err = f.Stat()
	}
	if err != nil {
		out.close()
		return nil, fmt.Errorf("copy %s before replaying it: %w", name, err)
	}
	return out, nil
}

type ctxReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *ctxReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.r.Read(p)
}

func (f *file) close() {
	_ = f.f.Close() // only read from
	if f.temp {
		_ = os.Remove(f.f.Name())
	}
}

// hash returns the SHA-256 of the file's bytes, in hex. seen is told how far it
// is.
func (f *file) hash(ctx context.Context, seen func(int64)) (string, error) {
	if err := f.rewind(); err != nil {
		return "", err
	}
	h := sha256.New()
	buf := make([]byte, 1<<20)
	for told := int64(0); ; {
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		n, err := f.Read(buf)
		h.Write(buf[:n])
		if at := f.read.Load(); at-told >= 64<<20 || err != nil {
			told = at
			seen(at)
		}
		if err == io.EOF {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// unchanged fails if the file was written to since it was opened: the hash
// would then name other posts than those replayed.
func (f *file) unchanged() error {
	if f.temp {
		return nil
	}
	now, err := f.f.Stat()
	if err != nil {
		return fmt.Errorf("read archive: %w", err)
	}
	if now.Size() != f.info.Size() || !now.ModTime().Equal(f.info.ModTime()) {
		return fmt.Errorf("read archive: %s was changed while it was read; replay a copy that nobody writes to", f.name)
	}
	return nil
}

func (f *file) rewind() error {
	if _, err := f.f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read archive: %w", err)
	}
	f.read.Store(0)
	f.err = nil
	return nil
}

// Read implements io.Reader and remembers an error of the disk.
func (f *file) Read(p []byte) (int, error) {
	n, err := f.f.Read(p)
	f.read.Add(int64(n))
	if err != nil && err != io.EOF {
		err = fmt.Errorf("read archive: %w", err)
		f.err = err
	}
	return n, err
}

// text is the decompressed content of a file.
type text struct {
	io.Reader
	src   *file
	close func()
}

// text returns the content from its start.
func (f *file) text() (*text, error) {
	if err := f.rewind(); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(f, 256<<10)
	magic, err := in.Peek(4)
	if err != nil && err != io.EOF {
		return nil, err
	}
	t := &text{Reader: in, src: f, close: func() {}}
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

// fault says what an error other than io.EOF means: a reject if the archive is
// to blame, an error if the disk is.
func (t *text) fault(err error) (*wire.Reject, error) {
	switch {
	case t.src.err != nil:
		return nil, t.src.err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return wire.Rejectf(truncated, "the compressed file ends here; what comes before is kept"), nil
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return wire.Rejectf(corrupt, "the file wants more than 128 MiB of window; decompress it with zstd --long=31 first"), nil
	}
	return wire.Rejectf(corrupt, "the compressed file cannot be read on from here; what comes before is kept"), nil
}
