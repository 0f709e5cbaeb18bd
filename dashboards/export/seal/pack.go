package seal

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// Format is the first line of what a manifest says of itself.
const Format = "winnow-bundle/1"

// The files that every archive has, besides those that it is made for.
const (
	SumsFile      = "SHA256SUMS"
	SignatureFile = "SHA256SUMS.sig"
	ManifestFile  = "manifest.json"
)

// File is a file to pack.
type File struct {
	// Path is where it lies, such as "data/posts.csv": letters of ASCII without space,
	// folders with slashes.
	Path string
	// What says in a few words what it is; it stands in the manifest.
	What string
	Data []byte
}

// Fact is a name and a value that the manifest tells of all files together.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Manifest says what is in an archive.
type Manifest struct {
	Format string `json:"format"`
	// Signer is the key that signs the archive, as OpenSSH writes it; empty for none.
	Signer string  `json:"signer"`
	Facts  []Fact  `json:"facts"`
	Files  []Entry `json:"files"`
}

// Entry is a file in a manifest. SHA256 is in hexadecimal.
type Entry struct {
	Path   string `json:"path"`
	What   string `json:"what"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// Fact is the value of a fact, or empty.
func (m Manifest) Fact(name string) string {
	for _, f := range m.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Pack writes an archive of files, in their order. With a signer it is signed. The same
// files, facts and signer give the same bytes.
func Pack(w io.Writer, facts []Fact, files []File, signer *Signer) error {
	m := Manifest{Format: Format, Facts: facts, Files: make([]Entry, len(files))}
	if signer != nil {
		m.Signer = signer.Public().String()
	}
	seen := map[string]bool{}
	for i, f := range files {
		if !packable(f.Path) || seen[f.Path] {
			return fmt.Errorf("pack %q: not a path for an archive, or there twice", f.Path)
		}
		seen[f.Path] = true
		m.Files[i] = Entry{Path: f.Path, What: f.What, Size: len(f.Data), SHA256: sum(f.Data)}
	}
	all, err := m.complete(files, signer)
	if err != nil {
		return err
	}
	return writeZIP(w, all)
}

// packable is true of paths that mean the same on every system.
func packable(path string) bool {
	return fs.ValidPath(path) && path != "." && path != SumsFile && path != SignatureFile && path != ManifestFile &&
		strings.IndexFunc(path, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/", r))
		}) < 0
}

// complete are the files with those that speak of them: sums, signature and manifest in
// front.
func (m Manifest) complete(files []File, signer *Signer) ([]File, error) {
	text, err := m.text()
	if err != nil {
		return nil, err
	}
	manifest := File{Path: ManifestFile, Data: text}
	sums := File{Path: SumsFile, Data: sums(append([]File{manifest}, files...))}
	all := []File{sums}
	if signer != nil {
		signature, err := signer.sign(sums.Data)
		if err != nil {
			return nil, err
		}
		all = append(all, File{Path: SignatureFile, Data: signature})
	}
	return slices.Concat(all, []File{manifest}, files), nil
}

func (m Manifest) text() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	return b.Bytes(), nil
}

// sums are the lines that sha256sum writes and checks.
func sums(files []File) []byte {
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", sum(f.Data), f.Path)
	}
	return b.Bytes()
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// dosDate is the first day that a ZIP file can name, 1 January 1980: the files have no
// time, since the same files shall give the same bytes.
const dosDate = 1<<5 | 1

func writeZIP(w io.Writer, files []File) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		size := uint64(len(f.Data))
		head := zip.FileHeader{
			Name: f.Path, Method: zip.Store, CRC32: crc32.ChecksumIEEE(f.Data),
			CompressedSize64: size, UncompressedSize64: size,
		}
		head.ModifiedDate = dosDate //nolint:staticcheck // Modified would add a field of its own
		part, err := z.CreateRaw(&head)
		if err == nil {
			_, err = part.Write(f.Data)
		}
		if err != nil {
			return fmt.Errorf("pack %s: %w", f.Path, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end an archive: %w", err)
	}
	return nil
}
