package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/control"
)

type wipeCmd struct {
	Yes bool `help:"Do not ask. For an emergency, or a script."`
}

// Help is shown below the flags.
func (wipeCmd) Help() string {
	return `Removes what Winnow made in the data directory, for an emergency: the keys first, then
everything else. Other files there stay, and are named. A Winnow that runs on it is stopped. It cannot be undone.

What was removed may still be on the disk: SSDs write elsewhere and keep the old, file
systems have snapshots, and there are backups. Nothing that a program does helps
against that. Keep the data directory on an encrypted volume, and switch the machine
off: then whoever takes it has nothing.

Your configuration file, users elsewhere, exports and backups stay: remove them, too.
So does what is in a ClickHouse or NATS server of your own.`
}

// Run wipes.
func (c wipeCmd) Run(e *env) error {
	dir, err := filepath.Abs(e.cfg.DataDir)
	if err != nil {
		return fmt.Errorf("finding the data directory: %w", err)
	}
	if err := app.Wipeable(dir); err != nil {
		return err
	}
	if !c.Yes {
		if err := confirm(e, fmt.Sprintf("This removes all of %s for good.", dir), filepath.Base(dir)); err != nil {
			return err
		}
	}
	m := newMeter(e.stderr, e.deps().Now)
	left, err := app.Wipe(e.ctx, dir, func() { m.show("stopping the Winnow that runs on it") }, stopOwner)
	m.clear()
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "What Winnow made in %s is gone, as far as a program can tell: SSDs, snapshots and backups may still have it\n", dir)
	if len(left) > 0 {
		fmt.Fprintf(e.stdout, "Not made by Winnow, and still there: %s\n", strings.Join(left, ", "))
	}
	if e.cfg.Store.URL.Reveal() != "" || e.cfg.Log.URL.Reveal() != "" {
		fmt.Fprintln(e.stdout, "What is in the servers that store.url and log.url name is still there: drop the database and the streams yourself")
	}
	return nil
}

// stopOwner asks the owner of a data directory to end.
func stopOwner(ctx context.Context, dir string) error {
	client, err := control.Dial(dir)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err = client.Stop(ctx)
	if errors.Is(err, control.ErrUnreachable) {
		return nil // it is on its way up or down
	}
	return err
}
