package main

import (
	"errors"
	"fmt"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/token"
	"winnow/dashboards/desk/access/user"
)

type tokenCmd struct {
	Add    tokenAddCmd    `cmd:"" help:"Let a program in, and print its token, once."`
	Remove tokenRemoveCmd `cmd:"" help:"Let a program in no more."`
	List   tokenListCmd   `cmd:"" help:"Print names, roles and until when they are good; never a token."`
}

// Help is shown below the flags.
func (tokenCmd) Help() string {
	return `A token lets a program read the desk's JSON API, /api/v1, where the desk has users;
without users, whoever reaches the desk reads that too. The tokens stand beside the
users: in the file that desk.users_file names, with .tokens behind its name. Only
their hashes are kept, so a token that was lost cannot be shown again.

Roles: a viewer reads all; an analyst may judge findings as well, where there is
something to judge by.

  winnow --config winnow.yaml token add nightly-report --role viewer --expires 90d
  curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8010/api/v1/campaigns

A Winnow that is running sees a change at once. The audit log, desk-audit.jsonl in
the data directory, tells when tokens were added, removed and refused.`
}

// tokensFile is where the tokens stand.
func (e *env) tokensFile() (string, error) {
	users, err := e.usersFile()
	if err != nil {
		return "", err
	}
	return token.Path(users), nil
}

// audited writes into the audit log what is about to be done with a token. What is
// not there does not happen.
func (e *env) audited(event audit.Event, t token.Token, now time.Time) error {
	return audit.Append(app.AuditPath(e.cfg.DataDir), audit.Entry{
		Time: now, Event: event, Token: t.Name, Role: string(t.Role), Address: audit.CommandLine,
	})
}

type tokenAddCmd struct {
	Name    string `arg:"" help:"Small letters, digits and . _ - between them."`
	Role    string `enum:"viewer,analyst" default:"viewer" placeholder:"ROLE" help:"viewer or analyst (default: viewer)."`
	Expires string `placeholder:"90d" help:"How long it is good: 90d, 12h (default: for ever)."`
}

// Run adds a token.
func (c tokenAddCmd) Run(e *env) error {
	path, err := e.tokensFile()
	if err != nil {
		return err
	}
	var life config.Span
	if c.Expires != "" {
		if err := life.Scan(c.Expires); err != nil {
			return fmt.Errorf("--expires %.40q: %w", c.Expires, err)
		}
		if life <= 0 {
			return errors.New("--expires: a token that is good for no time is of no use; write 90d, or leave it out")
		}
	}
	now := time.Now()
	t, secret, err := token.New(c.Name, user.Role(c.Role), life.Duration(), now)
	if err != nil {
		return err
	}
	err = token.Change(path, func(l token.List) (token.List, error) {
		if _, ok := l.Named(c.Name); ok {
			return nil, fmt.Errorf("there is a token %s already; remove it first, or take another name", c.Name)
		}
		return l.With(t), e.audited(audit.TokenAdded, t, now)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "%s can read as %s, %s. This is its token; it is not shown again:\n", t.Name, t.Role, goodUntil(t, now))
	fmt.Fprintln(e.stdout, secret)
	return nil
}

// goodUntil says how long a token is good.
func goodUntil(t token.Token, now time.Time) string {
	switch {
	case t.Until.IsZero():
		return "for ever"
	case t.Over(now):
		return "no more since " + t.Until.Format(time.RFC3339)
	}
	return "until " + t.Until.Format(time.RFC3339)
}

type tokenRemoveCmd struct {
	Name string `arg:"" help:"Which is to be let in no more."`
}

// Run removes a token.
func (c tokenRemoveCmd) Run(e *env) error {
	path, err := e.tokensFile()
	if err != nil {
		return err
	}
	named := func(l token.List) (token.Token, error) {
		t, ok := l.Named(c.Name)
		if !ok {
			return t, fmt.Errorf("there is no token %.40q; winnow token list prints all", c.Name)
		}
		return t, nil
	}
	// Before anything is made to change it.
	l, err := token.Load(path)
	if err == nil {
		_, err = named(l)
	}
	if err != nil {
		return err
	}
	err = token.Change(path, func(l token.List) (token.List, error) {
		t, err := named(l)
		if err != nil {
			return nil, err
		}
		return l.Without(c.Name), e.audited(audit.TokenRemoved, t, time.Now())
	})
	if err == nil {
		fmt.Fprintf(e.stdout, "%s can read no more\n", c.Name)
	}
	return err
}

type tokenListCmd struct{}

// Run prints the tokens.
func (tokenListCmd) Run(e *env) error {
	path, err := e.tokensFile()
	if err != nil {
		return err
	}
	l, err := token.Load(path)
	if err != nil {
		return err
	}
	now := time.Now()
	for _, t := range l {
		fmt.Fprintf(e.stdout, "%-32s %-8s made %s, good %s\n", t.Name, t.Role, t.Made.Format(time.DateOnly), goodUntil(t, now))
	}
	if len(l) == 0 {
		fmt.Fprintln(e.stderr, "There is none yet; winnow token add NAME makes one.")
	}
	return nil
}
