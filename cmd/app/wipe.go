package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"winnow/cmd/control"
)

// ErrNotOurs says that a folder does not look like a data directory.
var ErrNotOurs = errors.New("this does not look like a data directory of Winnow, so nothing is removed")

// made are the names of what Winnow makes in a data directory. Keys go first: without
// them, pseudonyms and the list of who was forgotten tell nothing. With them goes what is
// named after them: locks, and files that were left half written.
var made = []string{"keys", "suppressed", "evidence", "store", "log", "rejects", notifyFile, auditFile}

func isMade(name string) bool {
	return slices.ContainsFunc(made, func(m string) bool { return name == m || strings.HasPrefix(name, m+".") }) ||
		name == "winnow.sock" || name == control.LockName
}

// Wipeable returns ErrNotOurs for a folder in which there is no sign of Winnow.
func Wipeable(dir string) error {
	info, err := os.Lstat(filepath.Join(dir, control.LockName))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s has no %s", ErrNotOurs, dir, control.LockName)
	}
	if err != nil {
		return fmt.Errorf("looking at the data directory: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is no file", ErrNotOurs, filepath.Join(dir, control.LockName))
	}
	return nil
}

// wipePatience is how long an owner may take to end. After that its files are removed all
// the same: in an emergency they must not stay because something hangs.
const wipePatience = 40 * time.Second

// Wipe removes what Winnow made in a data directory, and the directory if nothing else is
// in it; left is what else is. An owner is asked to end with stop; waiting is called if
// there is one.
func Wipe(ctx context.Context, dir string, waiting func(), stop func(context.Context, string) error) (left []string, err error) {
	if err := Wipeable(dir); err != nil {
		return nil, err
	}
	// The keys are gone before anything is waited for.
	if err := os.RemoveAll(filepath.Join(dir, "keys")); err != nil {
		return nil, fmt.Errorf("removing the keys: %w", err)
	}
	lock := flock.New(filepath.Join(dir, control.LockName))
	hung := takeOver(ctx, dir, lock, waiting, stop)
	errs := []error{hung}
	for _, name := range made {
		errs = append(errs, os.RemoveAll(filepath.Join(dir, name)))
	}
	files, err := os.ReadDir(dir)
	errs = append(errs, err)
	for _, f := range files {
		switch {
		case !isMade(f.Name()):
			left = append(left, f.Name())
		case f.Name() != control.LockName:
			errs = append(errs, os.RemoveAll(filepath.Join(dir, f.Name())))
		}
	}
	if err := errors.Join(append(errs, lock.Unlock())...); err != nil {
		// The lock stays: by it the directory is known when it is wiped again.
		return left, fmt.Errorf("wiping %s: %w", dir, err)
	}
	if err := os.Remove(filepath.Join(dir, control.LockName)); err != nil {
		return left, fmt.Errorf("wiping %s: %w", dir, err)
	}
	if len(left) == 0 {
		_ = os.Remove(dir) // a mount point, for one, stays
	}
	return left, nil
}

// takeOver waits until nobody owns a data directory any more, after asking the owner to
// end.
func takeOver(ctx context.Context, dir string, lock *flock.Flock, waiting func(), stop func(context.Context, string) error) error {
	got, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("locking the data directory: %w", err)
	}
	if got {
		return nil
	}
	waiting()
	asked := stop(ctx, dir)
	ctx, cancel := context.WithTimeout(ctx, wipePatience)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return errors.Join(asked, errors.New("the winnow that runs there did not end: its files were removed under it; stop it by hand, and wipe again"))
	}
	return nil
}
