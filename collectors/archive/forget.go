package archive

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// ForgetRejects takes the records out of the reject files of a folder whose text match is
// true of, and says how many. That they were rejected, and why, stays. The folder need not
// be there.
func ForgetRejects(dir string, match func(text string) bool) (int, error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for reject files: %w", err)
	}
	n := 0
	for _, f := range files {
		if !f.Type().IsRegular() {
			continue
		}
		out, err := forgetIn(filepath.Join(dir, f.Name()), match)
		if err != nil {
			return n, fmt.Errorf("take records out of the reject file %s: %w", f.Name(), err)
		}
		n += out
	}
	return n, nil
}

// forgetIn writes a reject file anew, if anything is to be taken out of it.
func forgetIn(path string, match func(string) bool) (n int, err error) {
	in, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = in.Close() }()                          // it was only read
	out, err := os.CreateTemp(filepath.Dir(path), ".forget-*") // with the mode 0600
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil || n == 0 {
			err = errors.Join(err, os.Remove(out.Name()))
		}
	}()
	if n, err = forgetLines(in, out, match); err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil || n == 0 {
		return 0, err
	}
	return n, os.Rename(out.Name(), path)
}

func forgetLines(in io.Reader, out io.Writer, match func(string) bool) (n int, err error) {
	r, w := bufio.NewReader(in), bufio.NewWriter(out)
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 0 {
			kept, hit := forgetLine(line, match)
			if hit {
				n++
			}
			if _, err := w.Write(kept); err != nil {
				return n, err
			}
		}
		if err == io.EOF {
			return n, w.Flush()
		}
		if err != nil {
			return n, err
		}
	}
}

// forgetLine is a line without its record, if match is true of that. What is no line of a
// reject file, such as half of one from a crash, is dropped if it fits.
func forgetLine(line []byte, match func(string) bool) ([]byte, bool) {
	var l rejectLine
	if json.Unmarshal(line, &l) != nil {
		if match(Unescaped(string(line))) {
			return nil, true
		}
		return line, false
	}
	raw := l.Raw
	if l.Encoding == "base64" {
		b, err := base64.StdEncoding.DecodeString(raw)
		if err != nil {
			return line, false
		}
		raw = string(b)
	}
	if !match(raw) && !match(Unescaped(raw)) && !match(l.Detail) {
		return line, false
	}
	l.Raw, l.Encoding, l.Detail, l.Cut = "", "", "", true
	kept, err := json.Marshal(l)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return append(kept, '\n'), true
}

// escape is a character as JSON may write it.
var escape = regexp.MustCompile(`\\u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\/`)

// Unescaped is JSON with its characters written out, for looking names up in it.
func Unescaped(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(e string) string {
		if e == `\/` {
			return "/"
		}
		if s, err := strconv.Unquote(`"` + e + `"`); err == nil {
			return s
		}
		var s string // surrogates, which only JSON writes
		if json.Unmarshal([]byte(`"`+e+`"`), &s) != nil {
			return e
		}
		return s
	})
}
