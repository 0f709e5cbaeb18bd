package input

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// File is an archive as it lies on disk.
type File struct {
	f    *os.File
	name string
	size int64
	temp bool
	info os.FileInfo
	read atomic.Int64 // bytes handed out since the last rewind
	err  error        // of the disk, which is not the archive's fault
}

// Open opens the archive at path; "-" is stdin. What is no regular file is
// copied into a temporary one first, since it is read twice. The end of ctx
// ends the copying.
func Open(ctx context.Context, path string, stdin io.Reader) (*File, error) {
	if path == "-" {
		if stdin == nil {
			return nil, errors.New("replay standard input: there is none")
		}
		return spool(ctx, stdin, "standard input")
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
		return spool(ctx, f, path)
	}
	return &File{f: f, name: path, size: info.Size(), info: info}, nil
}

// spool copies r into a temporary file that only its owner can read.
func spool(ctx context.Context, r io.Reader, name string) (*File, error) {
	f, err := os.CreateTemp("", "winnow-replay-*")
	if err != nil {
		return nil, fmt.Errorf("copy %s before replaying it: %w", name, err)
	}
	out := &File{f: f, name: name, temp: true}
	out.size, err = io.Copy(f, &ctxReader{ctx: ctx, r: r})
	if err == nil {
		out.info, err = f.Stat()
	}
	if err != nil {
		out.Close()
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

// Close closes the file and removes the copy, if it is one.
func (f *File) Close() {
	_ = f.f.Close() // only read from
	if f.temp {
		_ = os.Remove(f.f.Name())
	}
}

// Size is the length of the file on disk, in bytes.
func (f *File) Size() int64 { return f.size }

// Pos is how many of its bytes have been read. It may be called at any time.
func (f *File) Pos() int64 { return f.read.Load() }

// Hash returns the SHA-256 of the file's bytes, in hex. seen is told now and
// then, and at the end, how far it is, in bytes.
func (f *File) Hash(ctx context.Context, seen func(int64)) (string, error) {
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

// Unchanged fails if the file was written to since it was opened: the hash
// would then name other posts than those replayed.
func (f *File) Unchanged() error {
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

func (f *File) rewind() error {
	if _, err := f.f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read archive: %w", err)
	}
	f.read.Store(0)
	f.err = nil
	return nil
}

// Read implements io.Reader and remembers an error of the disk.
func (f *File) Read(p []byte) (int, error) {
	n, err := f.f.Read(p)
	f.read.Add(int64(n))
	if err != nil && err != io.EOF {
		err = fmt.Errorf("read archive: %w", err)
		f.err = err
	}
	return n, err
}
