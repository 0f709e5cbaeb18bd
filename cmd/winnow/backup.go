package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"winnow/cmd/control"
	"winnow/dashboards/export/seal"
)

type backupCmd struct {
	File string `arg:"" help:"Where to write it; it must not be there yet."`
	receivers
}

// Help is shown below the flags.
func (backupCmd) Help() string {
	return `Writes all that the data directory holds into one file that only you can read: the
store's tables, where each source goes on, evidence, users, and the keys. Whoever has
it knows whom you watch, so encrypt it: "age-keygen -o key.txt" makes a key and prints
its recipient (https://age-encryption.org). Keep the key elsewhere.

Your configuration file is not in it: it may hold passwords, and lies where you put it.

The file is a tar archive in zstd, with a manifest of SHA-256; tables are in
ClickHouse's format Native, which any ClickHouse server reads. Posts that come while
it is made wait in the log, and are not in it.

  winnow backup winnow.backup --recipient age1...
  winnow restore winnow.backup --identity key.txt

While "winnow serve" runs on the data directory, it does the work. What is forgotten
afterwards is still in the backup: make a new one, and destroy the old.`
}

// Run has the owner of the data directory write the backup, or becomes it.
func (c backupCmd) Run(e *env) (err error) {
	to, err := c.parse()
	if err != nil {
		return err
	}
	if len(to) == 0 {
		fmt.Fprintln(e.stderr, "Not encrypted: whoever gets this file knows whom you watch, and has your keys. Encrypt it with --recipient.")
	}
	f, err := os.OpenFile(c.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: name another file", c.File)
	}
	if err != nil {
		return fmt.Errorf("writing the backup: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(c.File)) // half a backup is none
		}
	}()
	err = c.write(e, f, to)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return fmt.Errorf("looking at the backup: %w", err)
	}
	how := "not encrypted"
	if len(to) > 0 {
		how = fmt.Sprintf("encrypted to %d recipient(s)", len(to))
	}
	fmt.Fprintf(e.stdout, "%s: %s kB, %s; your configuration file is not in it\n", c.File, count((info.Size()+999)/1000), how)
	return nil
}

func (backupCmd) write(e *env, f io.Writer, to seal.Receivers) error {
	out := f
	var locked io.WriteCloser
	if len(to) > 0 {
		var err error
		if locked, err = to.Encrypt(f); err != nil {
			return err
		}
		out = locked
	}
	m := newMeter(e.stderr, e.deps().Now)
	defer m.clear()
	err := e.withOwner(func(ctx context.Context, o control.Owner) error {
		return o.Backup(ctx, &shown{w: out, m: m})
	})
	if err == nil && locked != nil {
		err = locked.Close()
	}
	return err
}

// shown shows how much went by.
type shown struct {
	w io.Writer
	m *meter
	n int64
}

// Write implements io.Writer.
func (s *shown) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.n += int64(n)
	s.m.show("writing the backup: %s kB", count(s.n/1000))
	return n, err
}
