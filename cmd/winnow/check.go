package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/cmd/control"
	"winnow/collectors"
	"winnow/storage"
)

type checkCmd struct {
	Dump bool `help:"Print the whole configuration as it counts, defaults included and secrets hidden."`
}

// Help is shown below the flags.
func (checkCmd) Help() string {
	return `Reads the configuration, reports every mistake with its place, then tries what
serve would use: the data directory, the engine or the ClickHouse server, the
desk's address, and each live source: whether it can be reached, whether it
accepts the token, what is left of its limits and what it would cost. It takes no
post in, and changes nothing but bringing the store's schema up to date.`
}

// Run checks one thing after the other and goes on after a failure.
func (c checkCmd) Run(e *env) error {
	if c.Dump {
		return e.cfg.Dump(e.stdout)
	}
	failed := 0
	step := func(what string, f func() (string, error)) {
		note, err := f()
		if err != nil {
			failed++
			fmt.Fprintf(e.stdout, "FAILED  %s: %v\n", what, err)
			return
		}
		fmt.Fprintf(e.stdout, "ok      %s: %s\n", what, note)
	}
	step("configuration", func() (string, error) {
		if _, err := app.New(e.cfg, e.deps()); err != nil {
			return "", err
		}
		n := len(e.cfg.Campaigns)
		if n == 0 {
			return "no campaign: an archive goes into one named after its file", nil
		}
		return fmt.Sprintf("%d campaign(s)", n), nil
	})
	running := false
	step("store", func() (string, error) {
		ctx, cancel := context.WithTimeout(e.ctx, time.Minute)
		defer cancel()
		note := ""
		err := app.WithStore(ctx, e.cfg, e.deps(), func(s *storage.Store) error {
			posts, accounts, err := s.View().Totals(ctx)
			note = fmt.Sprintf("%s posts, %s accounts, in %s", count(posts), count(accounts), e.cfg.DataDir)
			return err
		})
		if errors.Is(err, control.ErrOwned) {
			running = true
			return "in use by a winnow that is running", nil
		}
		return note, err
	})
	step("desk", func() (string, error) {
		if running {
			return "as the running winnow says", nil
		}
		l, err := net.Listen("tcp", e.cfg.Desk.Listen)
		if err != nil {
			return "", fmt.Errorf("%w; set desk.listen to a free address", err)
		}
		return e.cfg.Desk.Listen + " is free", l.Close()
	})
	step("access", func() (string, error) {
		a, err := app.New(e.cfg, e.deps())
		if err != nil {
			return "", err
		}
		return a.CheckAccess()
	})
	if n := len(e.cfg.Notify.Receivers); n > 0 {
		fmt.Fprintf(e.stdout, "ok      alerts: %d receiver(s); \"winnow notify test\" says whether each is reached\n", n)
	}
	c.evidence(e)
	failed += c.sources(e)
	if failed > 0 {
		return fmt.Errorf("%d check(s) failed", failed)
	}
	return nil
}

// evidence says what the settings of evidence are worth.
func (checkCmd) evidence(e *env) {
	kept := 0
	for _, c := range e.cfg.Campaigns {
		if c.Evidence {
			kept++
		}
	}
	if kept == 0 {
		return
	}
	if w := &e.cfg.Evidence.Witness; w.Any() {
		fmt.Fprintf(e.stdout, "ok      evidence: kept of %d campaign(s), its heads are shown to others every %s\n", kept, w.Every)
	} else {
		fmt.Fprintf(e.stdout, "WARNING evidence: kept of %d campaign(s), and nobody is shown its heads: it proves nothing against yourself\n"+
			"        Name receivers or a time stamping authority under evidence.witness\n", kept)
	}
	if e.cfg.Evidence.Deleted == config.KeepDeleted && e.cfg.Collectors.Any() {
		fmt.Fprintln(e.stdout, "WARNING evidence: what was received of deleted posts is kept, which the platforms forbid to whoever uses their interfaces\n"+
			"        docs/ethics-and-law.md has their rules; evidence.deleted: erase keeps to them")
	}
}

// sources asks the live sources, and returns how many checks failed.
func (checkCmd) sources(e *env) (failed int) {
	a, err := app.New(e.cfg, e.deps())
	if err != nil {
		return 0 // said already
	}
	err = a.Probe(e.ctx, func(source string, checks []collectors.Check) {
		for _, c := range checks {
			word := "ok      "
			switch c.Outcome {
			case collectors.Warn:
				word = "WARNING "
			case collectors.Bad:
				word = "FAILED  "
				failed++
			}
			fmt.Fprintf(e.stdout, "%s%s: %s\n", word, source, c.Text)
			if c.Advice != "" {
				fmt.Fprintf(e.stdout, "        %s\n", c.Advice)
			}
		}
	})
	if err != nil {
		failed++
		fmt.Fprintf(e.stdout, "FAILED  sources: %v\n", err)
	}
	return failed
}
