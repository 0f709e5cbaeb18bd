package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/pipeline/post"
)

type forgetCmd struct {
	Account    string `placeholder:"PLATFORM:ID" help:"Forget an account, by its id or @handle: x:12345, mastodon:@anna@example.social, bluesky:did:plc:abc."`
	Campaign   string `placeholder:"NAME" help:"Forget a campaign, with the accounts that posted in no other."`
	AllowAgain string `placeholder:"PLATFORM:ID" help:"Let an account be collected again that was forgotten; name it as it was named then, by its id and once more by its handle."`
	DryRun     bool   `help:"Only say what there is."`
	Yes        bool   `help:"Do not ask whether it is meant."`
}

// Help is shown below the flags.
func (forgetCmd) Help() string {
	return `Erases an account everywhere in the data directory: its posts and profile; its name
in posts of others, where it was mentioned, answered, quoted or spelt out behind an
@; the text of reposts of its posts; findings, changes and evidence that hold it; the
log, reject files and half-written files. Old files of the store are removed as well:
nothing of it is left on the disk, as far as the disk itself forgets.

The account is kept on a list, as a keyed hash that tells nobody who it is, and is not
collected again. --allow-again takes it off.

What is counted is then what is left. Findings may become smaller or go, since they
are what the stored posts show: make a report or an export first if you must prove
one. Notes on verdicts are yours and stay; it says how many spell out the name.

Out of reach are reports, exports and bundles that were handed on, backups (make a new
one, and destroy the old), messages that were sent, what the platform itself shows,
and the logs and backups of a ClickHouse or NATS server of your own.

It cannot be undone. While "winnow serve" runs on the data directory, it does the work.

  winnow forget --account x:@somebody --dry-run
  winnow forget --account bluesky:did:plc:abc
  winnow forget --campaign "Baku2015"`
}

// Run asks the owner of the data directory, or becomes it.
func (c forgetCmd) Run(e *env) error {
	ask, err := c.ask()
	if err != nil {
		return err
	}
	return e.withOwner(func(ctx context.Context, o control.Owner) error {
		if ask.Allow {
			return c.allow(ctx, e, o, ask)
		}
		only := ask
		only.Only = true
		there, err := o.Forget(ctx, only)
		if err != nil {
			return err
		}
		c.tell(e.stdout, "There are", there)
		if c.DryRun {
			return nil
		}
		if c.Campaign != "" && !there.Known {
			return fmt.Errorf("there is no campaign %.80q; winnow sql \"SELECT DISTINCT campaign FROM reach FINAL\" lists all", c.Campaign)
		}
		if !c.Yes {
			if err := confirm(e, "Forget all of this? It cannot be undone.", "yes"); err != nil {
				return err
			}
		}
		m := newMeter(e.stderr, e.deps().Now)
		ask.Progress = func(what string, done, of int) {
			if of > 0 {
				m.show("%s: step %d of %d", what, done, of)
				return
			}
			m.show("%s", what)
		}
		done, err := o.Forget(ctx, ask)
		m.clear()
		if err != nil {
			return err
		}
		c.tell(e.stdout, "Forgotten:", done)
		c.outOfReach(e.stdout, done)
		return nil
	})
}

// ask turns the flags into a question.
func (c forgetCmd) ask() (ask control.Forgetting, err error) {
	given := 0
	for _, s := range []string{c.Account, c.Campaign, c.AllowAgain} {
		if s != "" {
			given++
		}
	}
	if given != 1 {
		return ask, errors.New("give one of --account, --campaign and --allow-again")
	}
	ask.Campaign, ask.Allow = c.Campaign, c.AllowAgain != ""
	if c.Campaign != "" {
		return ask, nil
	}
	platform, name, _ := strings.Cut(c.Account+c.AllowAgain, ":")
	known := []post.Platform{post.X, post.Mastodon, post.Bluesky, post.Archive}
	if !slices.Contains(known, post.Platform(platform)) || strings.Trim(name, "@ ") == "" {
		return ask, fmt.Errorf("%.80q names no account: write the platform (x, mastodon, bluesky, archive), a colon, and an id or an @handle", c.Account+c.AllowAgain)
	}
	ask.Platform = post.Platform(platform)
	if handle, ok := strings.CutPrefix(name, "@"); ok {
		ask.Handle = handle
	} else {
		ask.ID = name
	}
	return ask, nil
}

func (c forgetCmd) allow(ctx context.Context, e *env, o control.Owner, ask control.Forgetting) error {
	done, err := o.Forget(ctx, ask)
	if err != nil {
		return err
	}
	if !done.Suppressed {
		return errors.New("that name is on no list of accounts that are not to be collected")
	}
	fmt.Fprintln(e.stdout, "It may be collected again from now on. What was forgotten does not come back by itself.")
	return nil
}

func (c forgetCmd) tell(w io.Writer, head string, f control.Forgotten) {
	if c.Campaign != "" {
		fmt.Fprintf(w, "%s %s posts and %s findings of this campaign\n", head, count(f.Posts), count(f.Findings))
		return
	}
	fmt.Fprintf(w, "%s %s posts of the account, %s of others that name it or pass its posts on, in %d campaign(s);\n  %s findings hold it or are directed at it\n",
		head, count(f.Posts), count(f.Naming), len(f.Campaigns), count(f.Findings))
	if f.Records > 0 {
		fmt.Fprintf(w, "  %s posts as they were received\n", count(f.Records))
	}
	if f.Rejects > 0 {
		fmt.Fprintf(w, "  %s records of reject files\n", count(f.Rejects))
	}
}

func (c forgetCmd) outOfReach(w io.Writer, f control.Forgotten) {
	if f.Notes > 0 {
		fmt.Fprintf(w, "%s notes on verdicts spell its name out, and stay: change them where you judge findings\n", count(f.Notes))
	}
	if len(f.Protected) > 0 {
		fmt.Fprintf(w, "Your configuration names it as protected in %s: take it out there\n", strings.Join(f.Protected, ", "))
	}
	fmt.Fprintln(w, "Out of reach: reports, exports and bundles that were handed on, backups, messages that were sent, and what the platform shows")
}

// errUnmeant says that a question was not answered with yes.
var errUnmeant = errors.New("nothing was changed")

// confirm asks for a word.
func confirm(e *env, question, word string) error {
	fmt.Fprintf(e.stderr, "%s Type %s to go on: ", question, word)
	line, err := bufio.NewReader(e.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if strings.TrimSpace(line) != word {
		return errUnmeant
	}
	return nil
}

// withOwner has the owner of the data directory do something, or becomes it.
func (e *env) withOwner(work func(context.Context, control.Owner) error) error {
	a, err := app.New(e.cfg, e.deps())
	if err != nil {
		return err
	}
	err = a.Run(e.ctx, app.Role{}, func(ctx context.Context, r *app.Running) error { return work(ctx, r) })
	if !errors.Is(err, control.ErrOwned) {
		return err
	}
	client, err := control.Dial(e.cfg.DataDir)
	if err != nil {
		return err
	}
	return work(e.ctx, client)
}
