package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/collectors/archive"
	"winnow/collectors/archive/format"
	"winnow/pipeline/campaign"
	"winnow/pipeline/feed"
	"winnow/storage/view"
)

type replayCmd struct {
	Files    []string          `arg:"" name:"file" help:"Archives, plain or compressed (gzip, zstd); - is standard input."`
	Format   string            `placeholder:"NAME" help:"Format of the archives, if it is not recognised: ${formats}."`
	Columns  map[string]string `mapsep:"," placeholder:"OURS=THEIRS,..." help:"Which of a CSV file's columns holds what; ours are: ${columns}."`
	Campaign string            `help:"Campaign for posts that name none, if none is configured (default: the file's name)."`
	Again    bool              `help:"Take in a file again that was taken in before; posts replace themselves."`
	Rejects  string            `placeholder:"DIR" help:"Where to keep what could not be read (default: rejects in the data directory)."`
}

// Help is shown below the flags.
func (replayCmd) Help() string {
	return `Reads posts from archives into the store, then detects and counts.

Lines that cannot be read never stop it: they are counted by reason and kept in
a reject file with their number. Stop it whenever you like: the same command
goes on where it stopped. A file is known by its content, and one that was
finished is not taken in twice.

While "winnow serve" runs on the same data directory, the posts are handed to it.`
}

// Run replays through the owner of the data directory, or becomes it.
func (c replayCmd) Run(e *env) error {
	if c.Rejects == "" {
		c.Rejects = filepath.Join(e.cfg.DataDir, "rejects")
	}
	a, err := app.New(e.cfg, e.deps())
	if err != nil {
		return err
	}
	err = a.Run(e.ctx, app.Role{}, func(ctx context.Context, r *app.Running) error {
		return c.replay(ctx, e, r, r)
	})
	if errors.Is(err, control.ErrOwned) {
		client, err := control.Dial(e.cfg.DataDir)
		if err != nil {
			return err
		}
		fmt.Fprintln(e.stderr, "Handing the posts to the winnow that runs on this data directory.")
		return c.replay(e.ctx, e, client, nil)
	}
	return err
}

// batchPosts is how many posts of an archive make one log message and so one
// insert. What an insert costs beside its rows is the same for few and many.
const batchPosts = 20_000

// pipelined is the log of this very process; a batch is prepared while the one
// before is on its way into the log.
type pipelined struct {
	*app.Running
	publisher *feed.Publisher
}

// Publish hands a batch over before it is safe; Flush waits for that.
func (p pipelined) Publish(ctx context.Context, b feed.Batch) error {
	return p.publisher.Publish(ctx, b)
}

// file replays one file; when it returns, what was published is safe.
func (replayCmd) file(ctx context.Context, path string, o control.Owner, local *app.Running, opts archive.Options) (archive.Report, error) {
	if local == nil {
		return archive.Replay(ctx, path, o, opts)
	}
	// One publisher a file: it keeps the order of one source.
	p := pipelined{local, local.Publisher()}
	report, err := archive.Replay(ctx, path, p, opts)
	return report, errors.Join(err, p.publisher.Flush(ctx))
}

// replay takes in the files one after the other. What was taken in before a
// failure or an interruption stays and is settled by the next run.
func (c replayCmd) replay(ctx context.Context, e *env, o control.Owner, local *app.Running) error {
	begin := time.Now()
	m := newMeter(e.stderr, time.Now)
	var failed []error
	if err := os.MkdirAll(c.Rejects, 0o700); err != nil {
		return fmt.Errorf("making a directory for what cannot be read: %w", err)
	}
	for _, file := range c.Files {
		report, err := c.file(ctx, file, o, local, archive.Options{
			BatchPosts: batchPosts,
			Format:     format.Name(c.Format),
			Columns:    c.Columns,
			Campaign:   c.Campaign,
			Again:      c.Again,
			Evidence:   campaign.AnyEvidence(e.cfg.CampaignList()),
			RejectDir:  c.Rejects,
			Stdin:      e.stdin,
			Progress:   showProgress(m, filepath.Base(file)),
		})
		m.clear()
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		printReport(e.stdout, file, report)
		if err != nil {
			failed = append(failed, err) // it names the file
		}
	}
	read := time.Since(begin)
	if err := c.drain(ctx, m, o, local); err != nil {
		return errors.Join(append(failed, err)...)
	}
	fmt.Fprintf(e.stderr, "Read in %s, stored, searched and counted after %s.\n", read.Round(time.Millisecond), time.Since(begin).Round(time.Millisecond))
	if err := printOutcome(ctx, e.stdout, o); err != nil {
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// drain waits until everything is stored and settled, and shows that it does.
func (replayCmd) drain(ctx context.Context, m *meter, o control.Owner, local *app.Running) error {
	defer m.clear()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer stop()
		return o.Drain(ctx)
	})
	g.Go(func() error {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			if local == nil {
				m.show("Storing, searching, counting ...")
				continue
			}
			lag, err := local.Lag(ctx)
			switch {
			case err != nil:
				return nil // only the display: Drain reports what matters
			case lag > 0:
				m.show("Storing: %s posts stored, %s batches to go", count(local.Stored()), count(lag))
			default:
				m.show("Searching for accounts that act together, counting ...")
			}
		}
	})
	return g.Wait()
}

// showProgress shows rate and time left of the stage that a replay is in.
func showProgress(m *meter, name string) func(archive.Progress) {
	var first archive.Progress
	begin := time.Now()
	return func(p archive.Progress) {
		if p.Stage != first.Stage {
			// A resumed replay skips what it had: the rate counts from here.
			first, begin = p, time.Now()
		}
		took := time.Since(begin).Seconds()
		line := fmt.Sprintf("%s: %s %s", name, p.Stage, percent(p.Bytes, p.TotalBytes))
		if p.Stage != archive.Hashing {
			line += fmt.Sprintf(", %s posts", count(p.Posts))
			if p.Rejected > 0 {
				line += fmt.Sprintf(", %s rejected", count(p.Rejected))
			}
		}
		if done := p.Bytes - first.Bytes; done > 0 && took > 1 {
			if posts := float64(p.Posts-first.Posts) / took; posts > 0 {
				line += fmt.Sprintf(", %s posts/s", count(int64(posts)))
			}
			rest := time.Duration(took * float64(p.TotalBytes-p.Bytes) / float64(done) * float64(time.Second))
			line += ", " + rest.Round(time.Second).String() + " left"
		}
		m.show("%s", line)
	}
}

func percent(n, of int64) string {
	if of <= 0 {
		return "..."
	}
	return fmt.Sprintf("%d %%", 100*n/of)
}

// printReport says what became of one file.
func printReport(w io.Writer, file string, r archive.Report) {
	switch {
	case r.AlreadyDone:
		fmt.Fprintf(w, "%s: taken in before, nothing to do (--again takes it in again)\n", file)
		return
	case r.Lines == 0 && r.Posts == 0:
		return
	}
	fmt.Fprintf(w, "%s: %s posts", file, count(r.Posts))
	if r.Resumed {
		fmt.Fprint(w, " (went on where an earlier run stopped)")
	}
	if r.Deletions > 0 {
		fmt.Fprintf(w, ", %s deletions", count(r.Deletions))
	}
	fmt.Fprintln(w)
	printCounts(w, "not posts", r.Ignored)
	printCounts(w, "rejected", r.Rejected)
	if len(r.Rejected) > 0 {
		fmt.Fprintf(w, "  kept in %s\n", r.RejectFile)
	}
}

func printCounts(w io.Writer, what string, counts map[string]int64) {
	keys := make([]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		fmt.Fprintf(w, "  %s, %s: %s\n", what, k, count(counts[k]))
	}
}

// printOutcome lists the findings that the store now holds.
func printOutcome(ctx context.Context, w io.Writer, o control.Owner) error {
	result, err := o.Query(ctx, view.OutcomeSQL, "JSONEachRow")
	if err != nil {
		return err
	}
	defer result.Close() //nolint:errcheck // read only
	none := true
	for rows := json.NewDecoder(result); ; {
		var f struct{ Campaign, Sentence, Declared, Confidence string }
		switch err := rows.Decode(&f); {
		case errors.Is(err, io.EOF) && none:
			fmt.Fprintln(w, "No accounts were found that act together more than chance explains.")
			return nil
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading the findings: %w", err)
		}
		if none {
			fmt.Fprintln(w, `Findings (the first 20; "winnow serve" shows them with their evidence):`)
			none = false
		}
		if f.Declared != "" {
			f.Declared = " (declared: " + f.Declared + ")"
		}
		if f.Confidence == "early" {
			f.Declared += " (early sign, may be taken back)"
		}
		fmt.Fprintf(w, "  %s%s: %s\n", f.Campaign, f.Declared, f.Sentence)
	}
}
