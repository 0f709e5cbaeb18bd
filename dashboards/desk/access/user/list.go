package user

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// First is the name of the user who can be made without a command, so that a
// container can be started with somebody to log in as.
const First = "admin"

// maxUsers bounds the list.
const maxUsers = 1000

// nameForm is what a name may be: it goes into pages, the audit log and a file
// of lines.
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

// User is somebody who may open the desk.
type User struct {
	Name string
	Role Role
	hash hash
}

// New makes a user of a name, a role and a password, or says which of them will
// not do.
func New(name string, role Role, password string, cost Cost) (User, error) {
	u := User{Name: name, Role: role}
	if err := u.check(); err != nil {
		return User{}, err
	}
	if err := CheckPassword(name, password); err != nil {
		return User{}, err
	}
	u.hash = newHash(password, cost)
	return u, nil
}

// CheckName says whether somebody can be called so.
func CheckName(name string) error {
	if !nameForm.MatchString(name) {
		return fmt.Errorf("%.40q is no name for a user; write at most 32 small letters, digits, and . _ - between them", name)
	}
	return nil
}

func (u User) check() error {
	if err := CheckName(u.Name); err != nil {
		return err
	}
	if !u.Role.Valid() {
		return fmt.Errorf("%.40q is no role; write viewer, analyst or admin", string(u.Role))
	}
	return nil
}

// Fits says whether the password is the user's. It takes the memory of the hash's
// cost, so the caller bounds how many run at once.
func (u User) Fits(password string) bool { return u.hash.fits(password) }

// Stamp changes whenever anything about the user does, the password included.
func (u User) Stamp() string { return u.line() }

func (u User) line() string { return u.Name + " " + string(u.Role) + " " + u.hash.String() }

// Nobody is a user whom no password fits, at the same cost as that of others:
// whoever tries a name that does not exist waits as long as for one that does.
func Nobody(like List) User {
	cost := Standard()
	if len(like) > 0 {
		cost = like[0].hash.cost
	}
	return User{hash: hash{cost: cost, salt: strings.Repeat("\x00", saltBytes), key: strings.Repeat("\x00", keyBytes)}}
}

// List is all users, by name.
type List []User

// Find returns the user of a name.
func (l List) Find(name string) (User, bool) {
	i := slices.IndexFunc(l, func(u User) bool { return u.Name == name })
	if i < 0 {
		return User{}, false
	}
	return l[i], true
}

// With returns the list with a user added, or put in the place of the one of
// that name.
func (l List) With(u User) List {
	out := append(l.Without(u.Name), u)
	slices.SortFunc(out, func(a, b User) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Without returns the list without the user of a name.
func (l List) Without(name string) List {
	return slices.DeleteFunc(slices.Clone(l), func(u User) bool { return u.Name == name })
}

// Parse reads the text of a file of users. Its error names the line, and no hash.
func Parse(text string) (List, error) {
	var l List
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if text == "" {
			break
		}
		fail := func(err error) (List, error) { return nil, fmt.Errorf("line %d: %w", n+1, err) }
		fields := strings.Split(line, " ")
		if len(fields) != 3 {
			return fail(fmt.Errorf("want a name, a role and a hash with one blank between them"))
		}
		u := User{Name: fields[0], Role: Role(fields[1])}
		if err := u.check(); err != nil {
			return fail(err)
		}
		var err error
		if u.hash, err = parseHash(fields[2]); err != nil {
			return fail(err)
		}
		if _, twice := l.Find(u.Name); twice {
			return fail(fmt.Errorf("%q stands here twice; keep one of the two lines", u.Name))
		}
		if len(l) == maxUsers {
			return fail(fmt.Errorf("there are more than %d users", maxUsers))
		}
		l = append(l, u)
	}
	return l, nil
}

// String writes the list as Parse reads it.
func (l List) String() string {
	var b strings.Builder
	for _, u := range l {
		b.WriteString(u.line() + "\n")
	}
	return b.String()
}
