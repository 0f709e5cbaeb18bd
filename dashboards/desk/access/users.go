package access

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"winnow/dashboards/desk/access/token"
	"winnow/dashboards/desk/access/user"
)

// reread is what a file says, as it is now: when it was changed, it is read again.
type reread[T any] struct {
	path string
	what string // is in it, for errors
	load func(path string) (T, error)

	mu      sync.Mutex
	read    fs.FileInfo
	content T
	err     error
}

// current returns what the file says.
func (f *reread[T]) current() (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var none T
	info, err := os.Stat(f.path)
	if err != nil {
		f.read = nil
		return none, fmt.Errorf("read %s: %w", f.what, err)
	}
	if f.read != nil && os.SameFile(info, f.read) && info.ModTime().Equal(f.read.ModTime()) && info.Size() == f.read.Size() && info.Mode() == f.read.Mode() {
		return f.content, f.err
	}
	f.content, f.err = f.load(f.path)
	f.read = info
	return f.content, f.err
}

// Users are the users of a file, and the tokens of the one beside it, as they are now.
type Users struct {
	users  reread[user.List]
	tokens reread[token.List]
}

// OpenUsers reads a file of users. It has to have one at least.
func OpenUsers(path string) (*Users, error) {
	u := &Users{
		users:  reread[user.List]{path: path, what: "the users", load: loadUsers},
		tokens: reread[token.List]{path: token.Path(path), what: "the tokens", load: token.Load},
	}
	if _, err := u.current(); err != nil {
		return nil, err
	}
	if _, err := u.currentTokens(); err != nil {
		return nil, err
	}
	return u, nil
}

func loadUsers(path string) (user.List, error) {
	l, err := user.Load(path)
	if err == nil && len(l) == 0 {
		err = fmt.Errorf("read the users: there is none in %s; add one by winnow user add", path)
	}
	return l, err
}

// current returns the users. A file that cannot be read lets nobody in, those
// included whom it let in before.
func (u *Users) current() (user.List, error) { return u.users.current() }

// currentTokens returns the tokens: none without a file. One that cannot be read lets
// none in.
func (u *Users) currentTokens() (token.List, error) {
	l, err := u.tokens.current()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return l, err
}
