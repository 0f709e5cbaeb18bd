package control

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrOwned means that another process owns the data directory.
var ErrOwned = errors.New("another winnow owns this data directory")

// LockName is the name of the lock's file in a data directory.
const LockName = "winnow.lock"

// Lock makes this process the owner of a data directory, which is created if
// missing, readable by its user only. It returns ErrOwned if another process
// is. Release it with Unlock; it also ends with the process.
func Lock(dir string) (*flock.Flock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the data directory: %w", err)
	}
	if err := closeToOthers(dir); err != nil {
		return nil, err
	}
	l := flock.New(filepath.Join(dir, LockName), flock.SetPermissions(0o600))
	got, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking the data directory: %w", err)
	}
	if !got {
		return nil, fmt.Errorf("%w: %s", ErrOwned, dir)
	}
	return l, nil
}

// closeToOthers takes from others what they may do with a data directory of ours, such as
// one that somebody made by hand.
func closeToOthers(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && info.Mode().Perm()&0o077 != 0 && ownedByUs(info) {
		err = os.Chmod(dir, 0o700)
	}
	if err != nil {
		return fmt.Errorf("closing the data directory to others: %w", err)
	}
	return nil
}

// maxSocketPath is what the shortest sun_path of the supported systems holds
// (104 bytes on macOS, 108 on Linux), less the ending zero.
const maxSocketPath = 103

// SocketPath is where the owner of a data directory listens: inside it, or
// under the user's runtime directory where that path would be too long.
func SocketPath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("finding the data directory: %w", err)
	}
	if p := filepath.Join(abs, "winnow.sock"); len(p) <= maxSocketPath {
		return p, nil
	}
	base := os.Getenv("XDG_RUNTIME_DIR")
	if base == "" {
		base = filepath.Join(os.TempDir(), fmt.Sprintf("winnow-%d", os.Getuid()))
	}
	if err := privateDir(base); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(abs))
	return filepath.Join(base, "winnow-"+hex.EncodeToString(sum[:6])+".sock"), nil
}

// privateDir makes sure that dir exists and that nobody else can put a socket
// of their own there.
func privateDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("creating a directory for the socket: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("looking at the directory for the socket: %w", err)
	}
	if !info.IsDir() || info.Mode().Perm()&0o022 != 0 || !ownedByUs(info) {
		return fmt.Errorf("%s is not a private directory of yours: remove it, or set XDG_RUNTIME_DIR to one that is", dir)
	}
	return nil
}
