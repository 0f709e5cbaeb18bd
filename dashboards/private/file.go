package private

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gofrs/flock"
)

// maxSize bounds a file, in bytes.
const maxSize = 1 << 20

// File is such a file.
type File struct {
	Path string
	// What is in it, for errors: "the users".
	What string
}

// Read returns the text. Its error is fs.ErrNotExist if there is no file.
func (p File) Read() (string, error) {
	text, err := p.read()
	if err != nil {
		return "", fmt.Errorf("read %s: %w", p.What, err)
	}
	return text, nil
}

func (p File) read() (string, error) {
	f, err := os.Open(p.Path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return "", fmt.Errorf("%s can be written by others, who could let themselves in; run chmod 600 %s", p.Path, p.Path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return "", err
	}
	if len(data) > maxSize {
		return "", fmt.Errorf("%s is larger than %d bytes; is it the right file?", p.Path, maxSize)
	}
	return string(data), nil
}

// Change replaces the text by what change makes of it; neither the file nor its
// folder need be there yet. Nobody else can change it at the same time, and a reader
// sees it before or after.
func (p File) Change(change func(text string) (string, error)) (err error) {
	if err := os.MkdirAll(filepath.Dir(p.Path), 0o700); err != nil {
		return fmt.Errorf("make the folder of %s: %w", p.What, err)
	}
	lock := flock.New(p.Path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock %s: %w", p.What, err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if err := keepOwner(lock.Path(), p.Path); err != nil {
		return fmt.Errorf("lock %s: %w", p.What, err)
	}
	text, err := p.Read()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if text, err = change(text); err != nil {
		return err
	}
	if err := Replace(p.Path, []byte(text)); err != nil {
		return fmt.Errorf("write %s: %w", p.What, err)
	}
	return nil
}

// Replace writes a file beside, with the mode 0600, and renames it over, so that a
// crash leaves the old or the new one.
func Replace(path string, data []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*.new") // with the mode 0600
	if err != nil {
		return err
	}
	if err := fill(f, path, data); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// fill writes and closes the file that is to take the place of the one at path.
func fill(f *os.File, path string, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = keepOwner(f.Name(), path)
	}
	return errors.Join(err, f.Close())
}

// keepOwner gives a new file to whom the old one or, where there is none, the
// folder belongs: else root, who changed a password, would take the file from the
// Winnow that reads it.
func keepOwner(f, old string) error {
	info, err := os.Stat(old)
	if errors.Is(err, fs.ErrNotExist) {
		info, err = os.Stat(filepath.Dir(old))
	}
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		return os.Chown(f, int(s.Uid), int(s.Gid))
	}
	return nil
}
