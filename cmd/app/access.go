package app

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/token"
	"winnow/dashboards/desk/access/user"
)

// auditFile is the audit log's name in the data directory; the one before it has
// ".1" behind.
const auditFile = "desk-audit.jsonl"

// AuditPath is where the audit log is.
func AuditPath(dataDir string) string { return filepath.Join(dataDir, auditFile) }

// entrance is how people come to the desk.
type entrance struct {
	// people is who may; nil for whoever reaches it.
	people *access.Options
	// certificate is for https; nil for http.
	certificate *certificate
}

// openEntrance reads who may open the desk and by which certificate, before
// anything else is started. Without any user and with a first password in the
// configuration, it makes the first one.
func (a *App) openEntrance() (*entrance, error) {
	d, e := &a.cfg.Desk, &entrance{}
	metrics := access.NewMetrics(a.metrics)
	if d.TLSCertFile != "" {
		var err error
		if e.certificate, err = loadCertificate(d.TLSCertFile, d.TLSKeyFile, a.deps.Log); err != nil {
			return nil, err
		}
	}
	if d.UsersFile == "" {
		return e, nil
	}
	if err := a.firstUser(); err != nil {
		return nil, err
	}
	users, err := access.OpenUsers(d.UsersFile)
	if err != nil {
		return nil, missingUsers(err)
	}
	log, err := audit.Open(AuditPath(a.cfg.DataDir))
	if err != nil {
		return nil, err
	}
	e.people = &access.Options{
		Users: users, Audit: log, MetricsToken: d.MetricsToken.Reveal(), Proxies: d.ProxyList(),
		Metrics: metrics, OnlySecure: len(d.Proxies) > 0 && e.certificate == nil && !d.PublishedOnLoopback,
	}
	if a.service != nil {
		e.people.Sessions = a.service.sessions
	}
	return e, nil
}

// close ends what openEntrance opened.
func (e *entrance) close() error {
	if e.people == nil {
		return nil
	}
	return e.people.Audit.Close()
}

// firstUser makes the first user where there is no file of users yet. One that
// is there is left alone, whatever the first password is by now.
func (a *App) firstUser() error {
	d := &a.cfg.Desk
	if _, err := user.Load(d.UsersFile); d.FirstPassword == "" || !errors.Is(err, fs.ErrNotExist) {
		return nil // what else may be wrong with it is told by whoever reads it next
	}
	first, err := user.New(user.First, user.Admin, d.FirstPassword.Reveal(), user.Standard())
	if err != nil {
		return fmt.Errorf("making the first user of desk.first_password: %w", err)
	}
	return user.Change(d.UsersFile, func(l user.List) (user.List, error) {
		if len(l) > 0 {
			return l, nil
		}
		return l.With(first), nil
	})
}

// missingUsers tells the next step where there is no file of users.
func missingUsers(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; make it by winnow user add NAME --role admin", err)
	}
	return err
}

// CheckAccess says who can open the desk, in words, or what is wrong with that. It
// changes nothing.
func (a *App) CheckAccess() (string, error) {
	d := &a.cfg.Desk
	if d.TLSCertFile != "" {
		if _, err := loadCertificate(d.TLSCertFile, d.TLSKeyFile, a.deps.Log); err != nil {
			return "", err
		}
	}
	if d.UsersFile == "" {
		return "whoever reaches " + d.Listen + ", without a log-in", nil
	}
	l, err := user.Load(d.UsersFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && d.FirstPassword != "":
		return fmt.Sprintf("%q, who is made at the first start", user.First), nil
	case err != nil:
		return "", missingUsers(err)
	case len(l) == 0:
		return "", fmt.Errorf("there is nobody in %s; add somebody by winnow user add NAME --role admin", d.UsersFile)
	}
	tokens, err := token.Load(token.Path(d.UsersFile))
	if err != nil {
		return "", err
	}
	note := fmt.Sprintf("%d user(s) of %s", len(l), d.UsersFile)
	if n := len(tokens); n > 0 {
		note += fmt.Sprintf(", and programs with %d token(s)", n)
	}
	return note, nil
}
