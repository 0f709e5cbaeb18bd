package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"winnow/cmd/app"
	"winnow/dashboards/export/seal"
)

type restoreCmd struct {
	File     string `arg:"" help:"The backup."`
	Identity string `placeholder:"FILE" help:"The file with your key, of age or OpenSSH, that opens an encrypted backup."`
}

// Help is shown below the flags.
func (restoreCmd) Help() string {
	return `Makes a data directory of a backup. The backup is checked as a whole before anything
is touched; the data directory must be empty, and if anything fails nothing is left
in it. With store.url the database there must be empty as well.

Sources go on where they were when the backup was made. What a platform still has of
the time since then is asked for, and what it has not is shown as a gap.

Accounts that were forgotten after the backup was made are in it, and are collected
again: have them forgotten once more.

  winnow restore winnow.backup --data /encrypted/winnow
  winnow restore winnow.backup --identity key.txt`
}

// enough of a file tells whether it is encrypted.
const enough = 32

// Run restores.
func (c restoreCmd) Run(e *env) error {
	m, err := app.Restore(e.ctx, e.cfg, e.deps(), c.open)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "Restored into %s what was backed up on %s by Winnow %s\n", e.cfg.DataDir, m.MadeAt.Format(time.DateTime+" UTC"), m.Version)
	return nil
}

// opened is a file that is read through something.
type opened struct {
	io.Reader
	io.Closer
}

// open opens the backup, and what it is encrypted with.
func (c restoreCmd) open() (io.ReadCloser, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, fmt.Errorf("opening the backup: %w", err)
	}
	in := bufio.NewReader(f)
	head, err := in.Peek(enough)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("reading the backup: %w", err), f.Close())
	}
	if !seal.IsEncrypted(head) {
		return opened{in, f}, nil
	}
	plain, err := c.decrypt(in)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return opened{plain, f}, nil
}

func (c restoreCmd) decrypt(in io.Reader) (io.Reader, error) {
	if c.Identity == "" {
		return nil, errors.New("the backup is encrypted: name the key with --identity")
	}
	return decrypted(in, c.Identity)
}
