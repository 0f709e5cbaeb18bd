package main

import (
	"errors"
	"fmt"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/storage"
)

type rebuildCmd struct {
	Check    bool   `help:"Only compare what is stored with what the posts give, and say what differs."`
	Campaign string `placeholder:"NAME" help:"One campaign instead of all."`
}

// Help is shown below the flags.
func (rebuildCmd) Help() string {
	return `The numbers that pages and dashboards show are kept in buckets (tables reach,
account_buckets and audience), which are recomputed from the stored posts whenever these change.
This command computes all of them from the beginning, by the same queries.

With --check they are computed beside those stored, and nothing is changed. The
exit code is 1 if any bucket differs. Days in which posts are being recomputed
anyway are left out; run it again when they are done.

While "winnow serve" runs on the data directory, it does the work.`
}

// errDifferent makes the exit code tell what was printed.
var errDifferent = errors.New("some buckets are not what the posts give: run \"winnow rebuild\" to compute them anew, and please report it")

// Run asks the owner of the data directory, or becomes it for a moment.
func (c rebuildCmd) Run(e *env) error {
	m := newMeter(e.stderr, e.deps().Now)
	o := storage.Rebuilding{Campaign: c.Campaign, Check: c.Check, Progress: func(campaign string, done, of int) {
		m.show("%s: %s of %s hours", campaign, count(done), count(of))
	}}
	var done storage.Rebuilt
	err := app.WithStore(e.ctx, e.cfg, e.deps(), func(s *storage.Store) (err error) {
		done, err = s.Rebuild(e.ctx, o)
		return err
	})
	if errors.Is(err, control.ErrOwned) {
		client, dialErr := control.Dial(e.cfg.DataDir)
		if dialErr != nil {
			return dialErr
		}
		done, err = client.Rebuild(e.ctx, o)
	}
	m.clear()
	if err != nil {
		return err
	}
	return c.report(e, done)
}

func (c rebuildCmd) report(e *env, r storage.Rebuilt) error {
	what := fmt.Sprintf("%s posts in %s hours of %d campaign(s)", count(r.Posts), count(r.Hours), r.Campaigns)
	if !c.Check {
		fmt.Fprintf(e.stdout, "rebuilt: %s\n", what)
		return nil
	}
	if r.Marked > 0 {
		fmt.Fprintf(e.stdout, "not compared: the days of %s hours that wait to be recomputed\n", count(r.Marked))
	}
	if r.Different == 0 {
		fmt.Fprintf(e.stdout, "equal: %s\n", what)
		return nil
	}
	fmt.Fprintf(e.stdout, "%s bucket(s) differ: %s\n", count(r.Different), what)
	for _, d := range r.Differences {
		fmt.Fprintf(e.stdout, "%s, campaign %s, %s\n  stored    %s\n  computed  %s\n", d.Table, d.Campaign, d.Bucket, orNone(d.Stored), orNone(d.Computed))
	}
	return errDifferent
}

func orNone(numbers string) string {
	if numbers == "" {
		return "none"
	}
	return numbers
}
