package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// residue says in which files of a directory something is: a file's first folder and
// name below, by what was looked for. It reads every file as it is, and all that it can
// take apart in it: ClickHouse's compressed blocks (LZ4, ZSTD), zstd wherever it begins,
// gzip, each also within another.
type residue struct {
	needles map[string][][]byte
	z       *zstd.Decoder
	found   map[string]map[string]bool
}

// forms are the ways in which something may be written, in small letters.
func forms(s string) [][]byte {
	b := []byte(s)
	out := [][]byte{bytes.ToLower(b), []byte(hex.EncodeToString(b))}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 {
			// What stands before moves the bits; the ends hold bits of what is beside.
			e := enc.EncodeToString(append(make([]byte, shift), b...))
			e = e[(shift*8+5)/6 : (shift+len(b))*8/6]
			out = append(out, bytes.ToLower([]byte(e)))
		}
	}
	return out
}

func newResidue(t *testing.T, what map[string]string) *residue {
	t.Helper()
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(z.Close)
	r := &residue{needles: map[string][][]byte{}, z: z}
	for name, s := range what {
		r.needles[name] = forms(s)
	}
	return r
}

// in looks through a directory.
func (r *residue) in(t *testing.T, dir string) map[string]map[string]bool {
	t.Helper()
	r.found = map[string]map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // the engine tidies up
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		r.look(name, []byte(name), 0)
		r.look(name, data, 0)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.found
}

func (r *residue) look(file string, data []byte, depth int) {
	small := bytes.ToLower(data)
	for name, all := range r.needles {
		for _, n := range all {
			if bytes.Contains(small, n) {
				if r.found[name] == nil {
					r.found[name] = map[string]bool{}
				}
				r.found[name][file] = true
			}
		}
	}
	if depth == 3 {
		return
	}
	for _, inner := range r.apart(data) {
		r.look(file, inner, depth+1)
	}
}

// apart is all that data holds in another form.
func (r *residue) apart(data []byte) (out [][]byte) {
	if whole := blocks(data, r.z); len(whole) > 0 {
		out = append(out, whole)
	}
	magic := []byte{0x28, 0xb5, 0x2f, 0xfd}
	for at := 0; ; {
		i := bytes.Index(data[at:], magic)
		if i < 0 {
			break
		}
		at += i
		// However it ends: what came out counts.
		if z, err := zstd.NewReader(bytes.NewReader(data[at:]), zstd.WithDecoderConcurrency(1)); err == nil {
			text, _ := io.ReadAll(io.LimitReader(z, 64<<20))
			out = append(out, text)
			z.Close()
		}
		at += len(magic)
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		if z, err := gzip.NewReader(bytes.NewReader(data)); err == nil {
			text, _ := io.ReadAll(io.LimitReader(z, 64<<20))
			out = append(out, text)
		}
	}
	return out
}

// blocks are ClickHouse's compressed blocks, one behind the other: a checksum of 16 bytes,
// the method, the sizes of both forms, and the data.
func blocks(data []byte, z *zstd.Decoder) (out []byte) {
	const head = 25
	for len(data) >= head {
		method, packed, size := data[16], int(binary.LittleEndian.Uint32(data[17:])), int(binary.LittleEndian.Uint32(data[21:]))
		if packed < 9 || 16+packed > len(data) || size > 1<<30 {
			return out
		}
		body := data[head : 16+packed]
		switch method {
		case 0x82:
			plain := make([]byte, size)
			n, err := lz4.UncompressBlock(body, plain)
			if err != nil {
				return out
			}
			out = append(out, plain[:n]...)
		case 0x90:
			plain, err := z.DecodeAll(body, nil)
			if err != nil {
				return out
			}
			out = append(out, plain...)
		case 0x02:
			out = append(out, body...)
		case 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99: // of numbers
		default:
			return out
		}
		data = data[16+packed:]
	}
	return out
}

// top are the first folders of files.
func top(files map[string]bool) map[string]bool {
	out := map[string]bool{}
	for f := range files {
		first, _, _ := strings.Cut(f, "/")
		out[first] = true
	}
	return out
}

// What the walker must see: every form in which the parts of Winnow write.
func TestResidueSees(t *testing.T) {
	dir := t.TempDir()
	const secret = "Unusual.Handle-77"
	packed := func() []byte {
		z, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		return z.EncodeAll([]byte(strings.Repeat("x", 100)+secret), nil)
	}()
	lz := make([]byte, 1000)
	plain := []byte(strings.Repeat("y", 100) + secret)
	n, err := lz4.CompressBlock(plain, lz, nil)
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	block := append(make([]byte, 16), 0x82)
	block = binary.LittleEndian.AppendUint32(block, uint32(n+9))
	block = binary.LittleEndian.AppendUint32(block, uint32(len(plain)))
	block = append(block, lz[:n]...)
	for name, data := range map[string][]byte{
		"raw": []byte("..." + strings.ToUpper(secret)), "hex": []byte(hex.EncodeToString([]byte("ab" + secret))),
		"base64-0": []byte(base64.StdEncoding.EncodeToString([]byte(secret + "z"))), "base64-1": []byte(base64.StdEncoding.EncodeToString([]byte("a" + secret + "zz"))),
		"base64-2": []byte(base64.URLEncoding.EncodeToString([]byte("ab" + secret))),
		"zstd":     append([]byte("head of a message"), packed...), "lz4": block, "nothing": []byte("Unusual.Handle-7"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found := newResidue(t, map[string]string{"handle": secret}).in(t, dir)["handle"]
	if len(found) != 7 || found["nothing"] {
		t.Errorf("it sees %v", found)
	}
}
