package main

import (
	"errors"
	"fmt"

	"winnow/cmd/app"
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

Other commands work on the same data directory while it runs: "winnow replay"
hands its posts over, "winnow sql" asks through it.`
}

// Run serves until the context ends.
func (c serveCmd) Run(e *env) error {
	if c.Listen != "" {
		e.cfg.Desk.Listen = c.Listen
	}
	a, err := app.New(e.cfg, e.deps())
	if err != nil {
		return err
	}
	role := app.Role{Desk: true, Settle: true, Collect: true, Notify: true, Ready: func(url string) {
		fmt.Fprintf(e.stdout, "The desk is at %s (stop with Ctrl-C)\n", url)
	}}
	if err := a.Run(e.ctx, role, nil); err != nil {
		if errors.Is(err, control.ErrOwned) {
			return fmt.Errorf("%w; stop that one first, or give another --data", err)
		}
		return err
	}
	return nil
}
