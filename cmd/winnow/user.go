package main

import (
	"errors"
	"fmt"
	"io/fs"

	"winnow/dashboards/desk/access/user"
)

type userCmd struct {
	Add    userAddCmd    `cmd:"" help:"Let somebody in."`
	Passwd userPasswdCmd `cmd:"" help:"Give somebody another password; it ends their sessions."`
	Remove userRemoveCmd `cmd:"" help:"Let somebody in no more; it ends their sessions."`
	List   userListCmd   `cmd:"" help:"Print names and roles."`
}

// Help is shown below the flags.
func (userCmd) Help() string {
	return `Whoever is named here can log in at the desk, and nobody else. Without users the
desk has no log-in, and answers on this machine only. The users stand in the file
that the configuration names:

  desk:
    users_file: users

Roles: a viewer reads all pages; an analyst judges findings as well; an admin
changes campaigns as well.

The password is asked for at the terminal, or read from the first line of a file
(--password-file FILE, "-" for standard input). It has at least 15 characters:
four or five words that nobody would put together do well. Only its hash is kept.

  winnow --config winnow.yaml user add anna --role viewer

A Winnow that is running sees a change at once.`
}

// usersFile is where the users stand.
func (e *env) usersFile() (string, error) {
	if e.cfg.Desk.UsersFile == "" {
		return "", errors.New("desk.users_file is not set: name a file in the configuration, such as users_file: users")
	}
	return e.cfg.Desk.UsersFile, nil
}

type userAddCmd struct {
	Name         string `arg:"" help:"Small letters, digits and . _ - between them."`
	Role         string `enum:"viewer,analyst,admin" default:"viewer" placeholder:"ROLE" help:"viewer, analyst or admin (default: viewer)."`
	PasswordFile string `placeholder:"FILE" help:"Read the password from a file, or - for standard input, instead of the terminal."`
}

// Run adds a user.
func (c userAddCmd) Run(e *env) error {
	path, err := e.usersFile()
	if err != nil {
		return err
	}
	taken := func(l user.List) error {
		if _, ok := l.Find(c.Name); ok {
			return fmt.Errorf("there is a user %s already; winnow user passwd gives another password, and for another role remove and add them again", c.Name)
		}
		return nil
	}
	// Before anybody thinks of a password.
	l, err := user.Load(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := errors.Join(user.CheckName(c.Name), taken(l)); err != nil {
		return err
	}
	u, err := e.newUser(c.Name, user.Role(c.Role), c.PasswordFile)
	if err != nil {
		return err
	}
	err = user.Change(path, func(l user.List) (user.List, error) {
		if err := taken(l); err != nil {
			return nil, err
		}
		return l.With(u), nil
	})
	if err == nil {
		fmt.Fprintf(e.stdout, "%s can log in as %s\n", u.Name, u.Role)
	}
	return err
}

// newUser asks for the password and makes the user.
func (e *env) newUser(name string, role user.Role, passwordFile string) (user.User, error) {
	password, err := e.newPassword(name, passwordFile)
	if err != nil {
		return user.User{}, err
	}
	return user.New(name, role, password, user.Standard())
}

type userPasswdCmd struct {
	Name         string `arg:"" help:"Whose password it is."`
	PasswordFile string `placeholder:"FILE" help:"Read the password from a file, or - for standard input, instead of the terminal."`
}

// Run sets a password.
func (c userPasswdCmd) Run(e *env) error {
	path, err := e.usersFile()
	if err != nil {
		return err
	}
	l, err := user.Load(path)
	if err != nil {
		return err
	}
	old, err := find(l, c.Name)
	if err != nil {
		return err
	}
	u, err := e.newUser(old.Name, old.Role, c.PasswordFile)
	if err != nil {
		return err
	}
	err = user.Change(path, func(l user.List) (user.List, error) {
		// The role may have changed meanwhile.
		if now, err := find(l, c.Name); err != nil || now.Stamp() != old.Stamp() {
			return nil, errors.Join(err, fmt.Errorf("somebody else changed %s meanwhile; try again", c.Name))
		}
		return l.With(u), nil
	})
	if err == nil {
		fmt.Fprintf(e.stdout, "%s has another password\n", c.Name)
	}
	return err
}

func find(l user.List, name string) (user.User, error) {
	u, ok := l.Find(name)
	if !ok {
		return user.User{}, fmt.Errorf("there is no user %.40q; winnow user list prints all", name)
	}
	return u, nil
}

type userRemoveCmd struct {
	Name string `arg:"" help:"Who is to be let in no more."`
}

// Run removes a user.
func (c userRemoveCmd) Run(e *env) error {
	path, err := e.usersFile()
	if err != nil {
		return err
	}
	if _, err := user.Load(path); err != nil {
		return err
	}
	err = user.Change(path, func(l user.List) (user.List, error) {
		if _, err := find(l, c.Name); err != nil {
			return nil, err
		}
		if len(l) == 1 {
			return nil, fmt.Errorf("%s is the only user, and without one nobody can open the desk; add another first", c.Name)
		}
		return l.Without(c.Name), nil
	})
	if err == nil {
		fmt.Fprintf(e.stdout, "%s can log in no more\n", c.Name)
	}
	return err
}

type userListCmd struct{}

// Run prints the users.
func (userListCmd) Run(e *env) error {
	path, err := e.usersFile()
	if err != nil {
		return err
	}
	l, err := user.Load(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, u := range l {
		fmt.Fprintf(e.stdout, "%-32s %s\n", u.Name, u.Role)
	}
	if len(l) == 0 {
		fmt.Fprintln(e.stderr, "There is nobody yet; winnow user add NAME lets somebody in.")
	}
	return nil
}
