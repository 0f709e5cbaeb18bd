package main

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/report"
	"winnow/storage"
)

type reportCmd struct {
	Campaign   string `arg:"" help:"The campaign, by its name."`
	Out        string `short:"o" placeholder:"FILE" help:"Where to write it (default: a file in this folder, named after the campaign and the day)."`
	From       string `placeholder:"TIME" help:"Beginning, such as 2015-06-12 or '2015-06-12 18:00' (default: the first post)."`
	To         string `placeholder:"TIME" help:"End, which is not included (default: the last post)."`
	Identities bool   `help:"Name accounts and show what they shared. Without it the report holds numbers only."`
	Force      bool   `help:"Overwrite the file if it is there."`
}

// Help is shown below the flags.
func (reportCmd) Help() string {
	return `Writes what is known of a campaign into one HTML file that needs nothing else: it
opens offline, in any browser, and prints well. In it are the five answers with
their numbers, the campaign over time, how far it went with and without the
coordinated accounts, each finding with its evidence and chance baseline, what
changed, what was not seen, the method with its limits, and how to check it all.

It names no account and quotes no post. With --identities it does both, for those
who must act on it: whoever is named may have taken part without knowing, so give
that file to nobody who does not need the names. What was written to the target of
a pile-on is left out even then. Where the desk has users, the audit log tells when
such a report was made.

Times without a zone are in that of desk.timezone; the time is widened to whole
hours. Only you can read the file, and nothing is overwritten without --force.

  winnow report "Baku2015" --out baku.html
  winnow report "Baku2015" --from 2015-06-12 --to 2015-06-14 --out opening.html
  winnow sql "SELECT DISTINCT campaign FROM reach FINAL"

While "winnow serve" runs on the data directory, it makes the report.`
}

// Run has the report made by the owner of the data directory, or becomes it for a
// moment.
func (c reportCmd) Run(e *env) error {
	o := report.Options{Campaign: c.Campaign, Identities: c.Identities, Version: version, Zone: e.cfg.Desk.Zone(), Language: e.cfg.Desk.Tongue(), Now: time.Now()}
	if err := o.SetSpan(c.From, c.To); err != nil {
		return err
	}
	if c.Out == "" {
		c.Out = report.FileName(o)
	}
	out := outFile{path: c.Out, what: "the report", flag: "--out", force: c.Force}
	if err := out.check(); err != nil {
		return err
	}
	if err := c.audited(e, o); err != nil {
		return err
	}
	m := newMeter(e.stderr, e.deps().Now)
	o.Progress = func(done, of int) { m.show("reading finding %d of %d", done+1, of) }
	var file bytes.Buffer
	err := app.WithStore(e.ctx, e.cfg, e.deps(), func(s *storage.Store) error { return report.Write(e.ctx, &file, s.View(), o) })
	if errors.Is(err, control.ErrOwned) {
		client, dialErr := control.Dial(e.cfg.DataDir)
		if dialErr != nil {
			return dialErr
		}
		err = client.Report(e.ctx, &file, control.Reporting{Campaign: o.Campaign, From: o.From, To: o.To, Identities: o.Identities})
	}
	m.clear()
	if err != nil {
		return fmt.Errorf("report on %.80q: %w", c.Campaign, err)
	}
	size := file.Len()
	if err := out.write(file.Bytes()); err != nil {
		return err
	}
	what := "it names no account and quotes no post"
	if c.Identities {
		what = "it names accounts: give it to nobody who does not need the names"
	}
	_, err = fmt.Fprintf(e.stdout, "%s: %s kB, %s\n", c.Out, count((size+999)/1000), what)
	return err
}

// audited writes down that names are about to be taken out, where the desk has users.
func (c reportCmd) audited(e *env, o report.Options) error {
	if !c.Identities || e.cfg.Desk.UsersFile == "" {
		return nil
	}
	return audit.Append(app.AuditPath(e.cfg.DataDir), audit.Entry{Time: o.Now, Event: audit.ReportTaken, Campaign: c.Campaign, Address: audit.CommandLine})
}
