package main

import (
	"errors"
	"fmt"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/cmd/control"
)

type serveCmd struct {
	Listen string `placeholder:"HOST:PORT" help:"Address of the desk; goes before desk.listen of the configuration."`
}

// Help is shown below the flags.
func (serveCmd) Help() string {
	return `Runs the live sources that the configuration names, the log, the pipeline, the
store and the desk until it is stopped (Ctrl-C). The desk listens on 127.0.0.1
only, unless desk.listen says otherwise, and then needs users ("winnow user") and
a safe way for their passwords.

What a source could not see is kept as a gap and shown beside every number. Try
"winnow check" before: it says whether each source works, and what it would cost.
Whom to tell of attacks is in the configuration, too; try "winnow notify test".

Admins can make and change campaigns in the pages. That writes them into the
configuration file, comments kept, and Winnow works by the changed file at once.

Other commands work on the same data directory while it runs: "winnow replay"
hands its posts over, "winnow sql" asks through it.`
}

// Run serves until the context ends.
func (c serveCmd) Run(e *env) error {
	told := ""
	role := app.Role{Desk: true, Settle: true, Collect: true, Notify: true, Ready: func(url string) {
		if url != told {
			fmt.Fprintf(e.stdout, "The desk is at %s (stop with Ctrl-C)\n", url)
		}
		told = url
	}}
	err := c.serve(e, role)
	if errors.Is(err, control.ErrOwned) {
		return fmt.Errorf("%w; stop that one first, or give another --data", err)
	}
	return err
}

// serve runs what a configuration file says, whatever it comes to say, or without one
// the defaults.
func (c serveCmd) serve(e *env, role app.Role) error {
	adjust := func(cfg *config.Config) {
		if c.Listen != "" {
			cfg.Desk.Listen = c.Listen
		}
		if e.dataGiven {
			cfg.DataDir = e.cfg.DataDir
		}
	}
	if e.file != "" {
		s, err := app.NewService(e.file, adjust, e.deps(), role)
		if err != nil {
			return err
		}
		return s.Run(e.ctx)
	}
	adjust(&e.cfg)
	a, err := app.New(e.cfg, e.deps())
	if err != nil {
		return err
	}
	return a.Run(e.ctx, role, nil)
}
