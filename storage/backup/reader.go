package backup

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// maxWindow is how far back the compression may refer, in bytes; the writer's is less.
const maxWindow = 64 << 20

// Check reads a whole backup and returns its manifest. Its error is ErrDamaged or
// ErrNewer if it is not to be used.
func Check(r io.Reader) (Manifest, error) {
	var m Manifest
	var have []Member
	err := walk(r, func(h *tar.Header, body io.Reader) error {
		if h.Name != manifestName {
			sum := sha256.New()
			n, err := io.Copy(sum, body)
			if err != nil {
				return err
			}
			have = append(have, Member{Name: h.Name, Size: n, SHA256: hex.EncodeToString(sum.Sum(nil))})
			return nil
		}
		if m.Format != 0 || h.Size > maxManifest {
			return damaged("it has no single manifest")
		}
		text, err := io.ReadAll(io.LimitReader(body, maxManifest))
		if err != nil {
			return err
		}
		m, err = parseManifest(text)
		return err
	})
	switch {
	case err != nil:
		return Manifest{}, err
	case m.Format == 0:
		return Manifest{}, damaged("its manifest is missing")
	case !slices.Equal(m.Members, have):
		return Manifest{}, damaged("what it holds is not what its manifest names")
	}
	seen := make(map[string]bool, len(have))
	for _, x := range have {
		if err := checkName(x.Name); err != nil || seen[x.Name] {
			return Manifest{}, damaged("a member has a name that it cannot have")
		}
		seen[x.Name] = true
	}
	return m, nil
}

// Each calls f with every thing that a backup holds, pieces joined, in order. The manifest
// is what Check returned: a backup that changed since ends with ErrDamaged, at the latest
// where f has read something to its end. What f does not read is passed over.
func Each(r io.Reader, m Manifest, f func(name string, r io.Reader) error) error {
	j := joined{want: m.Members}
	defer func() { _ = j.end() }() // nobody waits for what is not read any more
	return walk(r, func(h *tar.Header, body io.Reader) error { return j.member(h, body, f) }, j.end)
}

// joined hands pieces on as one stream: f runs beside, and reads from a pipe.
type joined struct {
	want []Member
	base string
	n    int
	pipe *io.PipeWriter
	over chan error
}

func (j *joined) member(h *tar.Header, body io.Reader, f func(string, io.Reader) error) error {
	if h.Name == manifestName {
		return nil
	}
	if len(j.want) == 0 || j.want[0].Name != h.Name {
		return damaged("it changed while it was read")
	}
	want := j.want[0]
	j.want = j.want[1:]
	if j.pipe == nil || h.Name != pieceName(j.base, j.n+1) {
		if err := j.end(); err != nil {
			return err
		}
		j.base, j.n = h.Name, 0
		r, w := io.Pipe()
		j.pipe, j.over = w, make(chan error, 1)
		go func(name string, over chan<- error) {
			err := f(name, struct{ io.Reader }{r}) // nobody else is to close it
			if err == nil {
				_, err = io.Copy(io.Discard, r)
			}
			_ = r.CloseWithError(errStopped)
			over <- err
		}(h.Name, j.over)
	} else {
		j.n++
	}
	err := copyChecked(j.pipe, body, want)
	if errors.Is(err, errStopped) {
		return j.end()
	}
	if err != nil {
		_ = j.pipe.CloseWithError(err)
		return errors.Join(err, j.wait())
	}
	return nil
}

// errStopped says that f wants no more; why, it says itself.
var errStopped = errors.New("reading was given up")

// end tells f that what it reads is whole, and waits for it.
func (j *joined) end() error {
	if j.pipe == nil {
		return nil
	}
	_ = j.pipe.Close()
	return j.wait()
}

func (j *joined) wait() error {
	j.pipe = nil
	err := <-j.over
	if errors.Is(err, errStopped) {
		err = nil
	}
	return err
}

// copyChecked copies a member; its last bytes are handed on only when all of it is right.
func copyChecked(w io.Writer, body io.Reader, want Member) error {
	data, err := io.ReadAll(io.LimitReader(body, piece+1))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	if int64(len(data)) != want.Size || hex.EncodeToString(sum[:]) != want.SHA256 {
		return damaged("it changed while it was read")
	}
	_, err = w.Write(data)
	return err
}

// walk calls f with every member, and the last ones when all are read.
func walk(r io.Reader, f func(*tar.Header, io.Reader) error, last ...func() error) error {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	defer z.Close()
	t := tar.NewReader(z)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return damaged("%v", err)
		}
		if h.Typeflag != tar.TypeReg {
			return damaged("%.200q is no file", h.Name)
		}
		if err := f(h, t); err != nil {
			if errors.Is(err, ErrDamaged) || errors.Is(err, ErrNewer) || len(last) > 0 {
				return err
			}
			return damaged("%v", err)
		}
	}
	switch n, err := io.Copy(io.Discard, z); { // its checksum stands behind
	case err != nil:
		return damaged("%v", err)
	case n > 0:
		return damaged("something stands behind its end")
	}
	for _, f := range last {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}
