package archive

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"winnow/collectors/archive/input"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// rejectLine is one line of the reject file.
type rejectLine struct {
	// Record and Line are where the record stands: its number and the line in
	// which it begins, both from 1.
	Record int64       `json:"record"`
	Line   int64       `json:"line"`
	Reason post.Reason `json:"reason"`
	Detail string      `json:"detail,omitempty"`
	// Raw is the record, cut after 64 kB; Cut says whether it was, Bytes how
	// long it is. Encoding is "base64" where Raw is no text.
	Raw      string `json:"raw,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Cut      bool   `json:"cut,omitempty"`
	Bytes    int64  `json:"bytes"`
}

// rejectLines gathers the lines of a batch.
type rejectLines struct{ buf []byte }

// add appends a reject; raw says whether the record itself goes with it, which
// is for the first of its rejects.
func (l *rejectLines) add(f input.Frame, r *wire.Reject, raw bool) {
	line := rejectLine{Record: f.Record, Line: f.Line, Reason: r.Reason, Detail: r.Detail, Bytes: f.Size}
	if raw {
		b := f.Raw
		if len(b) > input.MaxRaw {
			b = b[:input.MaxRaw]
			for n := 1; n < utf8.UTFMax && !utf8.Valid(b); n++ { // no half character
				b = f.Raw[:input.MaxRaw-n]
			}
		}
		line.Cut = int64(len(b)) < f.Size
		if utf8.Valid(b) {
			line.Raw = string(b)
		} else {
			line.Raw, line.Encoding = base64.StdEncoding.EncodeToString(b), "base64"
		}
	}
	out, err := json.Marshal(line)
	if err != nil {
		// Strings and numbers always marshal.
		panic(err)
	}
	l.buf = append(append(l.buf, out...), '\n')
}

func (l *rejectLines) take() []byte {
	out := l.buf
	l.buf = nil
	return out
}

// rejectFile is created with the first reject and readable by its owner only,
// since it holds posts.
type rejectFile struct {
	path string
	f    *os.File
}

// open prepares the file at path for the rejects of records after the given
// one: what an earlier run wrote about later records is taken off, since they
// come again. A file that is no reject file is left alone.
func (r *rejectFile) open(path string, after int64) error {
	r.path = path
	keep, err := rejectsUntil(path, after)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if keep == 0 {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("clear the reject file: %w", err)
		}
		return nil
	}
	if err := os.Truncate(path, keep); err != nil {
		return fmt.Errorf("shorten the reject file: %w", err)
	}
	return nil
}

// rejectsUntil returns the length of the part of a reject file that is about
// records up to the given one.
func rejectsUntil(path string, record int64) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("read the reject file: %w", err)
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewReader(f)
	var keep int64
	for first := true; ; first = false {
		line, err := in.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return keep, nil
		}
		if err != nil && err != io.EOF {
			return 0, fmt.Errorf("read the reject file: %w", err)
		}
		var l rejectLine
		if json.Unmarshal(line, &l) != nil || l.Record == 0 || l.Reason == "" {
			if first {
				return 0, fmt.Errorf("%s exists and is no reject file; name another with --rejects", path)
			}
			return keep, nil // half a line, from a crash
		}
		if err == io.EOF || l.Record > record {
			return keep, nil
		}
		keep += int64(len(line))
	}
}

func (r *rejectFile) create() error {
	if r.f != nil {
		return nil
	}
	f, err := os.OpenFile(r.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("create the reject file: %w", err)
	}
	r.f = f
	return nil
}

// write appends lines and returns when they are on disk.
func (r *rejectFile) write(lines []byte) error {
	if len(lines) == 0 {
		return nil
	}
	if err := r.create(); err != nil {
		return err
	}
	if _, err := r.f.Write(lines); err != nil {
		return fmt.Errorf("write the reject file: %w", err)
	}
	if err := r.f.Sync(); err != nil {
		return fmt.Errorf("write the reject file: %w", err)
	}
	return nil
}

// close may be called more than once.
func (r *rejectFile) close() error {
	if r.f == nil {
		return nil
	}
	f := r.f
	r.f = nil
	if err := f.Close(); err != nil {
		return fmt.Errorf("close the reject file: %w", err)
	}
	return nil
}
