package edit

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"winnow/cmd/config"
	"winnow/cmd/config/strict"
)

// maxFile bounds the file, in bytes, as package config does.
const maxFile = 1 << 20

var (
	// ErrChanged means that the file is not what it was when it was read.
	ErrChanged = errors.New("somebody changed the file meanwhile")
	// ErrLocked means that the file cannot be written, or not replaced as a whole.
	ErrLocked = errors.New("the file cannot be written by this process")
)

// File is a configuration file. Its methods may be called side by side.
type File struct {
	path string
	// key makes versions say nothing of the file: there may be secrets in it.
	key [sha256.Size]byte
	mu  sync.Mutex
}

// New returns the file at a path, which is not opened yet. A link is followed.
func New(path string) *File {
	f := &File{path: path}
	_, _ = rand.Read(f.key[:]) // it never fails
	return f
}

// Path is where the file is.
func (f *File) Path() string { return f.path }

// Version names a state of the file. It is good for one File only.
type Version string

// Read returns the configuration as the file has it now, and its version.
func (f *File) Read() (config.Config, Version, error) {
	data, err := f.read()
	if err != nil {
		return config.Config{}, "", err
	}
	cfg, err := config.Parse(f.path, data)
	return cfg, f.version(data), err
}

func (f *File) read() ([]byte, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer func() { _ = in.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s is larger than %d bytes", f.path, maxFile)
	}
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return data, nil
}

func (f *File) version(data []byte) Version {
	m := hmac.New(sha256.New, f.key[:])
	m.Write(data)
	return Version(hex.EncodeToString(m.Sum(nil)[:16]))
}

// Check returns everything that is wrong with a configuration in which a campaign is
// changed, or added: with the campaign, by paths such as tags[1], and with anything else
// that does not go together with it, by paths in the file.
func Check(cfg config.Config, c config.Campaign) (inside, outside strict.Problems) {
	want, at := candidate(cfg, c)
	want.Campaigns[at] = c // in its own order, for the paths
	var found strict.Problems
	if err := want.Validate(); !errors.As(err, &found) {
		return nil, nil
	}
	front := fmt.Sprintf("campaigns[%d]", at)
	for _, p := range found {
		if rest, ok := strings.CutPrefix(p.Path, front); ok {
			p.Path = strings.TrimPrefix(rest, ".")
			inside = append(inside, p)
		} else {
			outside = append(outside, p)
		}
	}
	return inside, outside
}

// Undo takes a change back.
type Undo struct {
	before []byte
	after  Version
}

// Put changes a campaign in the file, or adds one, if the file is still the one of that
// version: else the error is ErrChanged. Other errors are strict.Problems, ErrLayout and
// ErrLocked.
func (f *File) Put(v Version, c config.Campaign) (Undo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := f.read()
	if err != nil {
		return Undo{}, err
	}
	if f.version(data) != v {
		return Undo{}, ErrChanged
	}
	out, err := Put(f.path, data, c)
	if err != nil {
		return Undo{}, err
	}
	if len(out) > maxFile {
		return Undo{}, fmt.Errorf("the file would be larger than %d bytes", maxFile)
	}
	return Undo{before: data, after: f.version(out)}, f.replace(data, out)
}

// Undo puts back what the file was before a change, unless somebody changed it since:
// then the error is ErrChanged.
func (f *File) Undo(u Undo) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := f.read()
	if err != nil {
		return err
	}
	if f.version(data) != u.after {
		return ErrChanged
	}
	return f.replace(data, u.before)
}

// Writable returns ErrLocked if the file, or its folder, in which the new one is made,
// cannot be written.
func (f *File) Writable() error {
	path, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrLocked, err)
	}
	const write = 2 // W_OK of access(2)
	for _, one := range []string{path, filepath.Dir(path)} {
		if err := syscall.Access(one, write); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrLocked, one, err)
		}
	}
	return nil
}

// replace writes a file beside and renames it over, with the mode and the owner of the
// one before, so that a crash leaves the old or the new one. What was there must still
// be there: an editor has no lock of ours.
func (f *File) replace(was, data []byte) (err error) {
	defer func() {
		if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EROFS) {
			err = fmt.Errorf("%w: %w", ErrLocked, err) // EBUSY: mounted by itself, into a container
		}
	}()
	path, err := filepath.EvalSymlinks(f.path)
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	dir := filepath.Dir(path)
	next, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*.new") // with the mode 0600
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	if err := fill(next, info, data); err != nil {
		return errors.Join(fmt.Errorf("write the configuration: %w", err), os.Remove(next.Name()))
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, was) {
		return errors.Join(ErrChanged, err, os.Remove(next.Name()))
	}
	if err := os.Rename(next.Name(), path); err != nil {
		return errors.Join(fmt.Errorf("write the configuration: %w", err), os.Remove(next.Name()))
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// fill writes and closes the file that is to take the place of another.
func fill(f *os.File, old os.FileInfo, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Chmod(old.Mode().Perm())
	}
	if s, ok := old.Sys().(*syscall.Stat_t); ok && err == nil && (int(s.Uid) != os.Geteuid() || int(s.Gid) != os.Getegid()) {
		// Who may write the folder could take the file from whom it belongs to.
		err = f.Chown(int(s.Uid), int(s.Gid))
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
