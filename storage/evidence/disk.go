package evidence

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// file is what is written to. Tests put one in its place that fails.
type file interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
}

// opener opens a file to append to, and makes it where it is missing.
type opener func(path string) (file, error)

func openAppend(path string) (file, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}

// appended is a file that grows by what is safe.
type appended struct {
	file
	// size is how much of it is on disk for sure.
	size int64
}

// add appends and syncs. After an error the file may hold more than its size says.
func (a *appended) add(data []byte) error {
	if _, err := a.Write(data); err != nil {
		return err
	}
	if err := a.Sync(); err != nil {
		return err
	}
	a.size += int64(len(data))
	return nil
}

// undo cuts off what is not safe.
func (a *appended) undo() error {
	return errors.Join(a.Truncate(a.size), a.Sync())
}

// cut makes a file as long as what of it is sound.
func cut(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Sync(), f.Close())
}

// syncFile makes sure that what can be read of a file is on disk.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// replace puts a file in its place as a whole: a crash leaves the old or the new one, and
// what it may leave besides is removed at the next start.
func replace(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path+unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes sure that names which came or went in a folder do so on disk.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// tidy removes what a crash left unfinished in a folder and those in it.
func tidy(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path == dir || !strings.HasSuffix(path, unfinished) && !strings.HasSuffix(path, removed) {
			return nil
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
}
