package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// outFile is a file that a command makes for its user.
type outFile struct {
	path string
	// what is in it, for errors: "the report".
	what string
	// flag is how another name is given.
	flag string
	// force lets it take the place of another file.
	force bool
}

// check sees, before the work, whether the file can be there.
func (o outFile) check() error {
	if _, err := os.Lstat(o.path); err == nil && !o.force {
		return o.taken()
	}
	if _, err := os.Stat(filepath.Dir(o.path)); err != nil {
		return fmt.Errorf("writing %s: %w", o.what, err)
	}
	return nil
}

func (o outFile) taken() error {
	return fmt.Errorf("%s is there already: name another file with %s, or overwrite it with --force", o.path, o.flag)
}

// write puts the file in its place, for its owner only; half of it is never there.
func (o outFile) write(data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(o.path), "."+filepath.Base(o.path)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.what, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		if err = o.place(f.Name()); err == nil {
			return nil
		}
	}
	return errors.Join(err, os.Remove(f.Name()))
}

// place gives a whole file its name. Without force it first makes sure that the name is
// its own: a file that came meanwhile stays.
func (o outFile) place(whole string) error {
	if !o.force {
		f, err := os.OpenFile(o.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return o.taken()
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", o.what, err)
		}
	}
	err := os.Rename(whole, o.path)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("putting %s in its place: %w", o.what, err)
	if !o.force {
		err = errors.Join(err, os.Remove(o.path)) // ours, and empty
	}
	return err
}
