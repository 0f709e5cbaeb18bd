package main

import (
	"bytes"
	"errors"
	"fmt"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/dashboards/export"
	"winnow/storage"
)

type exportCmd struct {
	Finding exportFindingCmd `cmd:"" help:"Write a finding with its evidence into one file, to hand on."`
}

// Help is shown below the flags.
func (exportCmd) Help() string { return exportFindingCmd{}.Help() }

type exportFindingCmd struct {
	ID       string `arg:"" help:"The finding, by the letters and digits that its page and the report tell."`
	Bundle   string `required:"" short:"o" placeholder:"FILE" help:"Where to write it: out.zip, or out.zip.age if it is encrypted."`
	Campaign string `placeholder:"NAME" help:"The campaign, where several have a finding of this id."`
	Profile  string `enum:"share,prove" default:"share" placeholder:"PROFILE" help:"share names nobody (default); prove names accounts and quotes posts, and must be encrypted."`
	receivers
	Force bool `help:"Overwrite the file if it is there."`
}

// Help is shown below the flags.
func (exportFindingCmd) Help() string {
	return `Writes one ZIP file with a report to read, the data in the forms that other programs
open (CSV for CooRTweet and spreadsheets, Parquet, JSON lines, GEXF for Gephi, GraphML,
STIX 2.1), the method with its parameters, what was not seen, and how to check that
nothing was changed: with sha256sum and ssh-keygen alone, or with "winnow evidence
verify". It is signed if "winnow key make" was run once.

The profile share names nobody: accounts, posts and what they shared are keyed hashes,
the same in all bundles of a campaign, and texts, names, links and mentions are left
out. Whoever has the posts may still know them again by their times.

The profile prove has all of it, for a journalist, a platform or a court. It is only
written encrypted (age-encryption.org), to those whose public keys you name, and the
audit log tells that it was made.

  winnow export finding 4be1c7a09d2f6653 --bundle finding.zip
  winnow export finding 4be1c7a09d2f6653 --bundle finding.zip.age --profile prove \\
      --recipient age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p

While "winnow serve" runs on the data directory, it makes the bundle.`
}

// Run has the bundle made by the owner of the data directory, or becomes it for a moment.
func (c exportFindingCmd) Run(e *env) error {
	out := outFile{path: c.Bundle, what: "the bundle", flag: "--bundle", force: c.Force}
	if err := out.check(); err != nil {
		return err
	}
	keys, err := c.lines()
	if err != nil {
		return err
	}
	ask := control.Exporting{Campaign: c.Campaign, Finding: c.ID, Profile: c.Profile, Receivers: keys}
	a, err := app.New(e.cfg, e.deps())
	if err != nil {
		return err
	}
	var file bytes.Buffer
	err = app.WithStore(e.ctx, e.cfg, e.deps(), func(s *storage.Store) error { return a.ExportOnce(e.ctx, &file, s.View(), ask) })
	if errors.Is(err, control.ErrOwned) {
		client, dialErr := control.Dial(e.cfg.DataDir)
		if dialErr != nil {
			return dialErr
		}
		err = client.Export(e.ctx, &file, ask)
	}
	if err != nil {
		return err
	}
	size := file.Len()
	if err := out.write(file.Bytes()); err != nil {
		return err
	}
	what := "it names nobody"
	if export.Profile(c.Profile) == export.Prove {
		what = "it names accounts and quotes posts, for those who can open it"
	}
	_, err = fmt.Fprintf(e.stdout, "%s: %s kB, %s\n", c.Bundle, count((size+999)/1000), what)
	return err
}
