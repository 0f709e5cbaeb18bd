package seal

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxSize bounds an archive, in bytes: it is read into memory.
const maxSize = 1 << 30

// Report is what was found about an archive.
type Report struct {
	// Faults say what does not fit, in words; without any, the archive is as it was packed.
	Faults []string
	// Key is the one that it was signed with; its zero value if it is not signed, or the
	// signature does not fit.
	Key PublicKey
	// Signed says that there is a signature, right or wrong.
	Signed   bool
	Manifest Manifest
	// Files are those that it was made for, by path.
	Files map[string][]byte
}

// OK is true of an archive without faults.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

func (r *Report) fault(format string, args ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// Verify looks at every byte of an archive. The error is that it cannot be read at all.
func Verify(archive []byte) (*Report, error) {
	if len(archive) > maxSize {
		return nil, fmt.Errorf("verify an archive: it has more than %d bytes", maxSize)
	}
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("verify an archive: this is no ZIP file, or a damaged one: %w", err)
	}
	r := &Report{Files: map[string][]byte{}}
	found := map[string][]byte{}
	var order []string
	for _, f := range z.File {
		if _, twice := found[f.Name]; twice {
			r.fault("%s: there is more than one file of this name", printable(f.Name))
			continue
		}
		data, err := read(f)
		if err != nil {
			r.fault("%s: damaged: %v", printable(f.Name), err)
		}
		found[f.Name] = data
		order = append(order, f.Name)
	}
	r.checkSums(found, order)
	r.checkManifest(found, order)
	r.checkSignature(found)
	if r.OK() {
		r.checkBytes(archive, found, order)
	}
	return r, nil
}

func read(f *zip.File) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(in, maxSize))
	if closed := in.Close(); err == nil {
		err = closed
	}
	return data, err
}

// checkSums compares the files with SHA256SUMS.
func (r *Report) checkSums(found map[string][]byte, order []string) {
	text, there := found[SumsFile]
	if !there {
		r.fault("%s: missing", SumsFile)
		return
	}
	var listed []string
	for line := range strings.Lines(string(text)) {
		want, path, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok || slices.Contains(listed, path) {
			r.fault("%s: a line that does not belong there: %.100q", SumsFile, line)
			continue
		}
		listed = append(listed, path)
		data, there := found[path]
		switch {
		case !there:
			r.fault("%s: missing", printable(path))
		case sum(data) != want:
			r.fault("%s: changed", printable(path))
		}
	}
	var packed []string
	for _, path := range order {
		if path == SumsFile || path == SignatureFile {
			continue
		}
		packed = append(packed, path)
		if !slices.Contains(listed, path) {
			r.fault("%s: added: %s does not list it", printable(path), SumsFile)
		}
	}
	if r.OK() && !slices.Equal(listed, packed) {
		r.fault("the files are in another order than %s has", SumsFile)
	}
}

// checkManifest compares the files with the manifest.
func (r *Report) checkManifest(found map[string][]byte, order []string) {
	text, there := found[ManifestFile]
	if !there {
		return // missing, as the sums say
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	var m Manifest
	if err := dec.Decode(&m); err != nil || m.Format != Format {
		r.fault("%s: not a manifest of the format %s", ManifestFile, Format)
		return
	}
	r.Manifest = m
	if again, err := m.text(); err != nil || !bytes.Equal(again, text) {
		r.fault("%s: not written as manifests are", ManifestFile)
	}
	listed := map[string]bool{}
	for _, e := range m.Files {
		data, there := found[e.Path]
		listed[e.Path] = true
		switch {
		case !packable(e.Path):
			r.fault("%s: lists %.100q, which is no path for an archive", ManifestFile, e.Path)
		case !there:
			r.fault("%s: lists %s, which is missing", ManifestFile, printable(e.Path))
		case len(data) != e.Size || sum(data) != e.SHA256:
			r.fault("%s: tells another size or sum of %s", ManifestFile, printable(e.Path))
		default:
			r.Files[e.Path] = data
		}
	}
	for _, path := range order {
		if !listed[path] && path != SumsFile && path != SignatureFile && path != ManifestFile {
			r.fault("%s: does not list %s", ManifestFile, printable(path))
		}
	}
}

func (r *Report) checkSignature(found map[string][]byte) {
	armored, there := found[SignatureFile]
	if !there {
		if r.Manifest.Signer != "" {
			r.fault("%s: missing, and the manifest names who signed", SignatureFile)
		}
		return
	}
	r.Signed = true
	key, err := checkSignature(found[SumsFile], armored)
	if err != nil {
		r.fault("%s: the signature does not fit: %v", SignatureFile, err)
		return
	}
	if key.String() != r.Manifest.Signer {
		r.fault("%s: signed with another key than the manifest names", SignatureFile)
		return
	}
	r.Key = key
}

// checkBytes packs the files again: no byte may be another.
func (r *Report) checkBytes(archive []byte, found map[string][]byte, order []string) {
	files := make([]File, len(order))
	for i, path := range order {
		files[i] = File{Path: path, Data: found[path]}
	}
	var again bytes.Buffer
	if err := writeZIP(&again, files); err != nil || !bytes.Equal(again.Bytes(), archive) {
		r.fault("the archive was changed around its files: in times, attributes or remarks, or it was packed by another program")
	}
}

// printable is a name as it can be shown in a terminal.
func printable(name string) string {
	if quoted := fmt.Sprintf("%.200q", name); quoted != `"`+name+`"` {
		return quoted
	}
	return name
}
