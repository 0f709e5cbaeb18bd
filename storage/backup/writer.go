package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Piece stands between the name of something that is several members and the number of
// each member but the first.
const Piece = ".piece-"

// piece is how long a member is at most, in bytes: tar wants to know before.
const piece = 16 << 20

// Writer writes a backup.
type Writer struct {
	z        *zstd.Encoder
	t        *tar.Writer
	manifest Manifest
	buffer   []byte
}

// NewWriter begins a backup of which the manifest says about; its members and its form
// are filled in.
func NewWriter(w io.Writer, about Manifest) (*Writer, error) {
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("write a backup: %w", err)
	}
	about.Format, about.Members, about.MadeAt = Format, nil, about.MadeAt.UTC()
	return &Writer{z: z, t: tar.NewWriter(z), manifest: about, buffer: make([]byte, piece)}, nil
}

// Add writes what r gives under a name: as one member, or as several if it is long.
func (w *Writer) Add(name string, r io.Reader) error {
	if err := checkName(name); err != nil {
		return err
	}
	if strings.Contains(name, Piece) {
		return fmt.Errorf("%.200q cannot be told from a piece of something else in a backup: rename it", name)
	}
	for n := 0; ; n++ {
		size, err := io.ReadFull(r, w.buffer)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("read what is to be backed up as %s: %w", name, err)
		}
		if size == 0 && n > 0 {
			return nil
		}
		if err := w.member(pieceName(name, n), w.buffer[:size]); err != nil {
			return err
		}
		if size < len(w.buffer) {
			return nil
		}
	}
}

// pieceName is the name itself, then with a number behind.
func pieceName(name string, n int) string {
	if n == 0 {
		return name
	}
	return fmt.Sprintf("%s%s%06d", name, Piece, n)
}

func (w *Writer) member(name string, data []byte) error {
	sum := sha256.Sum256(data)
	w.manifest.Members = append(w.manifest.Members, Member{Name: name, Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])})
	return w.put(name, data)
}

func (w *Writer) put(name string, data []byte) error {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600, Size: int64(len(data)), ModTime: w.manifest.MadeAt, Format: tar.FormatPAX}
	err := w.t.WriteHeader(h)
	if err == nil {
		_, err = io.Copy(w.t, bytes.NewReader(data))
	}
	if err != nil {
		return fmt.Errorf("write %s into the backup: %w", name, err)
	}
	return nil
}

// Close writes the manifest. Without it a backup is none.
func (w *Writer) Close() error {
	text, err := json.MarshalIndent(w.manifest, "", " ")
	if err != nil {
		return fmt.Errorf("write the backup's manifest: %w", err)
	}
	if err := w.put(manifestName, append(text, '\n')); err != nil {
		return err
	}
	if err := errors.Join(w.t.Close(), w.z.Close()); err != nil {
		return fmt.Errorf("end the backup: %w", err)
	}
	return nil
}
