package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// VerifyOptions say what is checked and against what.
type VerifyOptions struct {
	// Campaign is the only one to check; empty for all.
	Campaign string
	// Heads are earlier ones, by campaign: the chain must have them in it. The name ""
	// is for a head whose campaign is not known; one chain must have it.
	Heads []Earlier
	// Partial is for an excerpt: segments, content and records may be left out.
	Partial bool
	// Live is for a store that is being written to: what of its last records is not
	// whole yet is no fault.
	Live bool
	// Answer checks what a witness answered that was shown a head. Nil leaves at
	// whether it is what was kept.
	Answer func(means string, answer []byte, h chain.Head) error
	// Progress is told how many segments of a campaign were checked; it may be nil.
	Progress func(campaign string, done, of int)
}

// Earlier is a head that somebody has from before.
type Earlier struct {
	Campaign string
	chain.Head
}

// Report is what a check found.
type Report struct {
	Campaigns []Checked
	// Faults are those of no single campaign.
	Faults []Fault
}

// Sound reports whether there is no fault.
func (r Report) Sound() bool { return len(r.All()) == 0 }

// All lists all faults.
func (r Report) All() []Fault {
	all := r.Faults
	for _, c := range r.Campaigns {
		all = append(all, c.Faults...)
	}
	return all
}

// Checked is what a check found of one campaign.
type Checked struct {
	Campaign string
	// Folder is its folder within what was checked.
	Folder string
	// Head is that of the last record, as far as the chain could be read.
	Head chain.Head
	// Segments is how many were read of how many there are.
	Segments, Of int
	// Records is how many lines the segments that were read have. Of these, the
	// content of Present is here and right, that of Erased is erased, and that of
	// Absent is in none of these files. Pending have content and no line as yet.
	Records, Present, Erased, Absent, Pending uint64
	// Notices is how many heads witnesses were shown, Confirmed how many earlier heads,
	// theirs and those given, are in the chain.
	Notices, Confirmed int
	Faults             []Fault
}

// Fault is one thing that is wrong with a file.
type Fault struct {
	// File is its path within what was checked; empty where none is meant.
	File string
	chain.Fault
}

// String says where and what, in one line.
func (f Fault) String() string {
	if f.File == "" {
		return f.Fault.String()
	}
	return f.File + ": " + f.Fault.String()
}

// maxFaults bounds what is said of one campaign.
const maxFaults = 1000

// VerifyDir checks what lies in a folder: a data directory, its folder of evidence, or
// that of a campaign. It only reads. Its error is that nothing could be checked; what is
// wrong with the evidence is in the report. Nothing outside the folder is read, wherever
// a link in it points to.
func VerifyDir(ctx context.Context, dir string, o VerifyOptions) (Report, error) {
	root, err := openDir(dir)
	if err != nil {
		return Report{}, fmt.Errorf("check evidence: %w", err)
	}
	defer func() { _ = root.Close() }() // it was only read
	return Verify(ctx, root.FS(), o)
}

// openDir opens a folder of evidence, or the one in a data directory.
func openDir(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	inner, err := root.OpenRoot("evidence")
	if errors.Is(err, fs.ErrNotExist) {
		return root, nil
	}
	return inner, errors.Join(err, root.Close())
}

// folders lists the folders of campaigns: the top itself, or those in it.
func folders(fsys fs.FS) ([]string, error) {
	if _, err := fs.Stat(fsys, identityFile); err == nil {
		return []string{"."}, nil
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && folderName.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Verify checks the evidence in a file system as [VerifyDir] does in a folder.
func Verify(ctx context.Context, fsys fs.FS, o VerifyOptions) (Report, error) {
	codec, err := content.NewCodec()
	if err != nil {
		return Report{}, fmt.Errorf("check evidence: %w", err)
	}
	names, err := folders(fsys)
	if err != nil {
		return Report{}, fmt.Errorf("check evidence: %w", err)
	}
	var r Report
	confirmed := make([]bool, len(o.Heads))
	for _, name := range names {
		sub, err := fs.Sub(fsys, name)
		if err != nil {
			return Report{}, fmt.Errorf("check evidence: %w", err)
		}
		c := check{folder: folder{FS: sub, codec: codec}, o: o, at: name, alone: len(names) == 1, confirmed: confirmed}
		if err := c.run(ctx); err != nil {
			return Report{}, fmt.Errorf("check evidence in %s: %w", name, err)
		}
		if !c.passed {
			r.Campaigns = append(r.Campaigns, c.Checked)
		}
	}
	for i, h := range o.Heads {
		if !confirmed[i] && (o.Campaign == "" || h.Campaign == "" || h.Campaign == o.Campaign) {
			r.Faults = append(r.Faults, Fault{Fault: chain.Fault{Record: h.Records, What: unconfirmed(h)}})
		}
	}
	if len(r.Campaigns) == 0 && len(r.Faults) == 0 {
		return Report{}, fmt.Errorf("check evidence: %w", ErrNone)
	}
	return r, nil
}

func unconfirmed(h Earlier) string {
	if h.Campaign == "" {
		return fmt.Sprintf("rewritten or gone: no chain here has the earlier head %s", h.Head)
	}
	return fmt.Sprintf("rewritten or gone: no chain of %.80q here has the earlier head %s", h.Campaign, h.Head)
}

// file is the path of a campaign's file within what is checked.
func (c *check) file(name string) string {
	if file := path.Join(c.at, name); file != "." {
		return file
	}
	return ""
}

func (c *check) fault(file string, f chain.Fault) {
	if len(c.Faults) == maxFaults {
		f = chain.Fault{What: "there is more that is wrong"}
	}
	if len(c.Faults) <= maxFaults {
		c.Faults = append(c.Faults, Fault{File: c.file(file), Fault: f})
	}
}

func (c *check) faults(file string, list []chain.Fault) {
	for _, f := range list {
		c.fault(file, f)
	}
}

func (c *check) say(file string, record uint64, format string, args ...any) {
	c.fault(file, chain.Fault{Record: record, What: fmt.Sprintf(format, args...)})
}
