package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"winnow/dashboards/export/seal"
	"winnow/storage/evidence"
)

// recordsFolder is where a bundle has what was received.
const recordsFolder = "evidence"

// bundleCheck checks a bundle, which needs nothing but the file.
type bundleCheck struct {
	path string
	// identity is a file with the key that opens what is encrypted, key the public key of
	// whom it should be from; empty for none.
	identity, key string
	// options are for the chain in it.
	options evidence.VerifyOptions
}

// isFile is true of what is there and no folder.
func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (c bundleCheck) run(e *env, stamps *[]string) error {
	archive, err := c.open()
	if err != nil {
		return err
	}
	r, err := seal.Verify(archive)
	if err != nil {
		return err
	}
	m := r.Manifest
	fmt.Fprintf(e.stdout, "%s: finding %.60q of the campaign %.80q, profile %s, %s files, written by Winnow %s\n", c.path,
		m.Fact("finding"), m.Fact("campaign"), printed(m.Fact("profile")), count(len(m.Files)), printed(m.Fact("winnow")))
	faults := r.Faults
	if fault := c.signed(e, r); fault != "" {
		faults = append(faults, fault)
	}
	inside, err := c.chain(e, archive, r, stamps)
	if err != nil {
		return err
	}
	faults = append(faults, inside...)
	for _, f := range faults {
		fmt.Fprintln(e.stdout, "fault:", f)
	}
	if len(faults) == 0 {
		fmt.Fprintln(e.stdout, "nothing was changed since it was written")
		return nil
	}
	return fmt.Errorf("%s fault(s): this is not what was written. Ask the sender for it again, and keep this file as it is", count(len(faults)))
}

// printed is a word of an archive as a terminal may show it.
func printed(word string) string { return strings.Trim(fmt.Sprintf("%.40q", word), `"`) }

// open reads the file, and opens what is encrypted.
func (c bundleCheck) open() ([]byte, error) {
	file, err := os.ReadFile(c.path)
	if err != nil {
		return nil, fmt.Errorf("reading the bundle: %w", err)
	}
	if !seal.IsEncrypted(file) {
		return file, nil
	}
	if c.identity == "" {
		return nil, fmt.Errorf("%s is encrypted: name the file with your key by --identity, or open it with age and check what comes out", c.path)
	}
	plain, err := decrypted(bytes.NewReader(file), c.identity)
	if err != nil {
		return nil, err
	}
	if file, err = io.ReadAll(plain); err != nil {
		return nil, fmt.Errorf("opening %s: it was changed or cut off since it was encrypted: %w", c.path, err)
	}
	return file, nil
}

// signed tells who signed, and what is wrong about that.
func (c bundleCheck) signed(e *env, r *seal.Report) (fault string) {
	if c.key != "" {
		want, err := seal.ParsePublicKey(c.key)
		switch {
		case err != nil:
			return err.Error()
		case r.Key.Equal(want):
			fmt.Fprintf(e.stdout, "signed with the key that you named, %s\n", want.Fingerprint())
			return ""
		}
		return "it is not signed with the key that you named, " + want.Fingerprint()
	}
	switch {
	case !r.Key.IsZero():
		fmt.Fprintf(e.stdout, "signed with the key %s\n  compare that with what the sender tells you on another way, or name the key by --key: anybody can sign with a key of their own\n", r.Key.Fingerprint())
	case !r.Signed:
		fmt.Fprintln(e.stdout, "not signed: the files fit each other, and nothing says who wrote them")
	}
	return ""
}

// chain checks what was received, where the bundle has it.
func (c bundleCheck) chain(e *env, archive []byte, r *seal.Report, stamps *[]string) ([]string, error) {
	if !hasRecords(r) {
		return nil, nil
	}
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, fmt.Errorf("reading what was received: %w", err)
	}
	inside, err := fs.Sub(z, recordsFolder)
	if err != nil {
		return nil, fmt.Errorf("reading what was received: %w", err)
	}
	o := c.options
	o.Partial, o.Progress = true, nil
	report, err := evidence.Verify(e.ctx, inside, o)
	if errors.Is(err, evidence.ErrNone) {
		return []string{recordsFolder + ": this is no chain of evidence"}, nil
	}
	if err != nil {
		return nil, err
	}
	printChecked(e.stdout, report, *stamps)
	var faults []string
	for _, f := range report.All() {
		faults = append(faults, recordsFolder+": "+f.String())
	}
	return faults, nil
}

func hasRecords(r *seal.Report) bool {
	for path := range r.Files {
		if strings.HasPrefix(path, recordsFolder+"/") {
			return true
		}
	}
	return false
}
