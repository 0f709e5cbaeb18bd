package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"winnow/cmd/control"
	"winnow/cmd/keyring"
	"winnow/cmd/suppressed"
	"winnow/collectors/archive"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
	"winnow/storage"
)

// ErrConfigured says that a campaign would be collected again at once.
var ErrConfigured = errors.New("the campaign is in the configuration: its posts would be collected again; take it out there, let Winnow start again, and then have it forgotten")

// rejectsDir is where replays keep what they cannot read, unless told otherwise.
func rejectsDir(dataDir string) string { return filepath.Join(dataDir, "rejects") }

// recordKeeper has posts as they were received, besides the log and the store.
type recordKeeper interface {
	// EraseRecords erases the records that match is true of, by campaign, platform, account
	// and bytes, and returns how many.
	EraseRecords(ctx context.Context, match func(campaign, platform, account string, raw []byte) bool) (int, error)
	// EraseCampaign erases all records of a campaign.
	EraseCampaign(campaign string) error
}

// suppressedList reads who is not to be collected.
func (a *App) suppressedList() (*suppressed.List, error) {
	ring := keyring.In(a.cfg.DataDir)
	l, err := suppressed.Load(a.cfg.DataDir, func() (suppressed.Hasher, error) { return ring.Suppression() })
	if err != nil {
		return nil, err
	}
	a.metrics.MustRegister(l)
	return l, nil
}

// handle takes a message of the log to the store, without those who are not to be
// collected.
func (r *Running) handle(ctx context.Context, m feed.Message) error {
	r.writing.RLock()
	defer r.writing.RUnlock()
	r.suppressed.Clean(&m.Batch)
	return r.ingest.Handle(ctx, m)
}

// Forget erases an account or a campaign everywhere. An account is put on the list of
// those who are not to be collected first.
func (r *Running) Forget(ctx context.Context, ask control.Forgetting) (control.Forgotten, error) {
	r.forgetting.Lock()
	defer r.forgetting.Unlock()
	if ask.Campaign != "" {
		return r.forgetCampaign(ctx, ask)
	}
	if ask.ID == "" && ask.Handle == "" {
		return control.Forgotten{}, errors.New("whom to forget is missing")
	}
	if ask.Allow {
		was, err := r.suppressed.Remove(ask.Platform, ask.ID, []string{ask.Handle})
		return control.Forgotten{Suppressed: was}, err
	}
	// Those of whom posts wait in the log are known by their names only afterwards.
	if err := r.WaitStored(ctx); err != nil {
		return control.Forgotten{}, err
	}
	p, err := r.store.Identify(ctx, ask.Platform, ask.ID, ask.Handle)
	if err != nil {
		return control.Forgotten{}, err
	}
	out := control.Forgotten{Names: len(p.Handles), Protected: r.protects(p)}
	if p.ID != "" {
		out.Names++
	}
	o := storage.Erasing{Person: p}
	if ask.Only {
		out.Traces, err = r.store.Traces(ctx, o)
		return out, err
	}
	if err := r.suppressed.Add(p.Platform, p.ID, p.Handles); err != nil {
		return out, err
	}
	out.Traces, err = r.erase(ctx, o, ask.Progress, func(ctx context.Context) error {
		inText := inText(p)
		if out.Rejects, err = archive.ForgetRejects(rejectsDir(r.dataDir), inText); err != nil {
			return err
		}
		for _, k := range r.records {
			n, err := k.EraseRecords(ctx, func(_, platform, account string, raw []byte) bool {
				return platform == string(p.Platform) && (account == p.ID && account != "" || inText(archive.Unescaped(string(raw))))
			})
			out.Records += n
			if err != nil {
				return fmt.Errorf("erasing posts as they were received: %w", err)
			}
		}
		return nil
	})
	return out, err
}

func (r *Running) forgetCampaign(ctx context.Context, ask control.Forgetting) (out control.Forgotten, err error) {
	if _, configured := r.matcher.Lookup(ask.Campaign); configured {
		return out, ErrConfigured
	}
	if err := r.WaitStored(ctx); err != nil {
		return out, err
	}
	o := storage.Erasing{Campaign: ask.Campaign}
	if ask.Only {
		out.Traces, err = r.store.Traces(ctx, o)
		return out, err
	}
	out.Traces, err = r.erase(ctx, o, ask.Progress, func(ctx context.Context) error {
		// They do not say what campaign their records would have been in.
		if err := os.RemoveAll(rejectsDir(r.dataDir)); err != nil {
			return fmt.Errorf("remove the reject files: %w", err)
		}
		for _, k := range r.records {
			if err := k.EraseCampaign(ask.Campaign); err != nil {
				return fmt.Errorf("erasing posts as they were received: %w", err)
			}
		}
		return keyring.In(r.dataDir).Forget(ask.Campaign)
	})
	return out, err
}

// erase takes what is to be erased out of the log, the store, and with files out of the
// rest, and settles what is left.
func (r *Running) erase(ctx context.Context, o storage.Erasing, tell func(string, int, int), files func(context.Context) error) (t storage.Traces, err error) {
	if tell == nil {
		tell = func(string, int, int) {}
	}
	tell("emptying the log", 0, 0)
	if err := r.log.Quiet(ctx, r.log.Scrub); err != nil {
		return t, err
	}
	o.Progress = func(done, of int) { tell("erasing in the store", done, of) }
	err = r.unwritten(func() error {
		return r.settle.StillAnew(ctx, func(ctx context.Context) error {
			if t, err = r.store.Erase(ctx, o); err != nil {
				return err
			}
			tell("erasing in files", 0, 0)
			return errors.Join(files(ctx), removeLeftOvers(r.dataDir))
		})
	})
	if err != nil {
		return t, err
	}
	tell("searching and counting anew", 0, 0)
	r.logger.Info("something was forgotten", "posts", t.Posts, "naming", t.Naming, "findings", t.Findings)
	return t, r.settle.Drain(ctx)
}

// unwritten calls f while nothing is written into the store.
func (r *Running) unwritten(f func() error) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	return f()
}

// protects are the campaigns whose configuration names an account as protected.
func (r *Running) protects(p storage.Person) []string {
	var out []string
	for _, c := range r.matcher.Campaigns() {
		for _, w := range c.Protected {
			if named(p, w.Account) && (w.Platform == "" || w.Platform == p.Platform) {
				out = append(out, c.Name)
				break
			}
		}
	}
	return out
}

func named(p storage.Person, name string) bool {
	if name == p.ID {
		return true
	}
	for _, h := range p.Handles {
		if post.HandleKey(name) == h {
			return true
		}
	}
	return false
}

// inText tells texts that hold a name of an account as a word.
func inText(p storage.Person) func(string) bool {
	var names []string
	for _, n := range append([]string{p.ID}, p.Handles...) {
		if n != "" {
			names = append(names, regexp.QuoteMeta(n))
		}
	}
	if len(names) == 0 {
		return func(string) bool { return false }
	}
	return regexp.MustCompile(`(?i)(?:^|[^A-Za-z0-9_])(?:` + strings.Join(names, "|") + `)(?:$|[^A-Za-z0-9_])`).MatchString
}

// removeLeftOvers removes files that a process was writing when it was killed.
func removeLeftOvers(dataDir string) error {
	var errs []error
	for _, pattern := range []string{"*.new", "rejects/.forget-*"} {
		files, err := filepath.Glob(filepath.Join(dataDir, pattern))
		errs = append(errs, err)
		for _, f := range files {
			// Another process may be about to put a younger one in its place.
			if info, err := os.Stat(f); err == nil && time.Since(info.ModTime()) > time.Minute {
				errs = append(errs, os.Remove(f))
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("remove files that were left half written: %w", err)
	}
	return nil
}
