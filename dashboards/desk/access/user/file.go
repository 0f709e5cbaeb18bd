package user

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

// maxFile bounds the file of users, in bytes.
const maxFile = 1 << 20

// Load reads a file of users. Its error is fs.ErrNotExist if there is none.
func Load(path string) (List, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the users: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the users: %w", err)
	}
	if info.Mode().Perm()&0o022 != 0 {
		return nil, fmt.Errorf("read the users: %s can be written by others, who could let themselves in; run chmod 600 %s", path, path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the users: %w", err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("read the users: %s is larger than %d bytes; is it the right file?", path, maxFile)
	}
	l, err := Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("read the users: %s: %w", path, err)
	}
	return l, nil
}

// Change replaces a file of users, which need not be there yet nor its folder, by what change
// makes of it. Nobody else can change it at the same time, and a reader sees it
// before or after.
func Change(path string, change func(List) (List, error)) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the folder of the users: %w", err)
	}
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock the users: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	if err := keepOwner(lock.Path(), path); err != nil {
		return fmt.Errorf("lock the users: %w", err)
	}
	l, err := Load(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if l, err = change(l); err != nil {
		return err
	}
	if len(l) > maxUsers {
		return fmt.Errorf("there are more than %d users; remove some first", maxUsers)
	}
	if err := replace(path, []byte(l.String())); err != nil {
		return fmt.Errorf("write the users: %w", err)
	}
	return nil
}

// replace writes a file beside and renames it over, so that a crash leaves the
// old or the new one.
func replace(path string, data []byte) error {
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
// folder belongs: else root, who changed a password, would take the users from the
// Winnow that reads them.
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
