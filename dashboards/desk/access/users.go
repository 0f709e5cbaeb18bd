package access

import (
	"fmt"
	"io/fs"
	"os"
	"sync"

	"winnow/dashboards/desk/access/user"
)

// Users are the users of a file, as it is now: when it was changed, it is read
// again.
type Users struct {
	path string

	mu   sync.Mutex
	read fs.FileInfo
	list user.List
	err  error
}

// OpenUsers reads a file of users. It has to have one at least.
func OpenUsers(path string) (*Users, error) {
	u := &Users{path: path}
	if _, err := u.current(); err != nil {
		return nil, err
	}
	return u, nil
}

// current returns the users. A file that cannot be read lets nobody in, those
// included whom it let in before.
func (u *Users) current() (user.List, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	info, err := os.Stat(u.path)
	if err != nil {
		u.read = nil
		return nil, fmt.Errorf("read the users: %w", err)
	}
	if u.read != nil && os.SameFile(info, u.read) && info.ModTime().Equal(u.read.ModTime()) && info.Size() == u.read.Size() && info.Mode() == u.read.Mode() {
		return u.list, u.err
	}
	u.list, u.err = user.Load(u.path)
	if u.err == nil && len(u.list) == 0 {
		u.err = fmt.Errorf("read the users: there is none in %s; add one by winnow user add", u.path)
	}
	u.read = info
	return u.list, u.err
}
