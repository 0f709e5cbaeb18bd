package main

import (
	"errors"
	"fmt"
	"os"

	"winnow/cmd/app"
	"winnow/storage/embedded"
)

type engineCmd struct {
	Fetch bool `help:"Fetch the engine's library for this machine if it is not there yet, and say where it is."`
	Child bool `hidden:"" help:"Run as the child of another winnow."`
}

// Help is shown below the flags.
func (engineCmd) Help() string {
	return `The embedded engine is ClickHouse itself, as a library of about 560 MB that is
kept in your cache directory. It is fetched on first use with npm; --fetch does
it beforehand.

Without a flag it runs the engine on the data directory for other programs
(curl, Grafana, any ClickHouse client over HTTP) at engine.listen, read only,
until it is stopped. While "winnow serve" runs with engine.listen set, it does
the same.`
}

// Run fetches or runs the engine.
func (c engineCmd) Run(e *env) error {
	if c.Child {
		return embedded.ChildMain(e.ctx, os.Stdin, os.Stdout, e.log)
	}
	if c.Fetch {
		path, err := app.EngineLibrary(e.ctx, e.deps())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(e.stdout, path)
		return err
	}
	if e.cfg.Engine.Listen == "" {
		return errors.New("engine.listen is not set: give an address such as 127.0.0.1:8123 and engine.password_file in the configuration")
	}
	a, err := app.New(e.cfg, e.deps())
	if err != nil {
		return err
	}
	return a.Run(e.ctx, app.Role{Ready: func(string) {
		fmt.Fprintf(e.stdout, "The engine listens on http://%s/ for the user %q, read only (stop with Ctrl-C)\n", e.cfg.Engine.Listen, embedded.ReaderName)
	}}, nil)
}
