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

Without a flag it runs the engine on the data directory for other programs, over
HTTP as a ClickHouse server does, read only, until it is stopped. It needs a
password, alone in a file that only you can read, and this in the configuration:

  engine:
    listen: 127.0.0.1:8123
    password_file: reader-password

While "winnow serve" runs with these set, it does the same, and this command is
not needed.

With one more line the user "winnow" is let in there as well, with all rights, so
that the engine serves as a ClickHouse server: for a program that writes, or for
another Winnow with store.url http://winnow:PASSWORD@127.0.0.1:8123/default.

    writer_password_file: writer-password

WARNING: whoever has that password can read and write the files of this machine
that you can, by file(), and reach other machines, by url(). Give it to nobody
else, and listen on 127.0.0.1 or in a network that you trust: there is no TLS.

curl:
  curl --user reader:PASSWORD --data-binary 'SHOW TABLES' http://127.0.0.1:8123/
  curl --user reader:PASSWORD --compressed --output posts.csv \
    --data-binary 'SELECT * FROM posts WHERE campaign = {c:String}' \
    'http://127.0.0.1:8123/?param_c=baku&default_format=CSVWithNames'

Grafana: a data source of the type ClickHouse with the server address 127.0.0.1,
port 8123, protocol HTTP, user "reader" and the password. The dashboards that
come with Winnow are in dashboards/grafana.

DBeaver and whatever else takes JDBC: jdbc:clickhouse://127.0.0.1:8123/default
with the user "reader" and the password.

Readers may run one SELECT, SHOW, DESCRIBE, EXPLAIN or EXISTS at a time, for a
minute at most, and in a quarter of engine.memory. SETTINGS belong into the URL
(?max_execution_time=10). Results come in any of ClickHouse's formats, and may be
larger than the memory.`
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
		users := fmt.Sprintf("the user %q, read only", embedded.ReaderName)
		if e.cfg.Engine.WriterPassword != "" {
			users += fmt.Sprintf(", and %q, with all rights", embedded.WriterName)
		}
		fmt.Fprintf(e.stdout, "The engine listens on http://%s/ for %s (stop with Ctrl-C)\n", e.cfg.Engine.Listen, users)
	}}, nil)
}
