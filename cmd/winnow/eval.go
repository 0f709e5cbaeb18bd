package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"winnow/collectors/archive/collection"
	"winnow/collectors/archive/format"
	"winnow/collectors/archive/input"
	"winnow/pipeline/coordination"
	"winnow/pipeline/coshare"
	"winnow/pipeline/evaluate"
	"winnow/pipeline/post"
)

type evalCmd struct {
	Files    []string          `arg:"" name:"file" help:"Archives of posts, plain or compressed (gzip, zstd); - is standard input."`
	Labels   string            `placeholder:"FILE" help:"Which accounts acted together: a CSV file with account_id, label (1 or 0) and attack."`
	Attacks  string            `placeholder:"FILE" help:"Which posts belong to which attack: a CSV file with content_id, account_id, attack and instance."`
	JSON     bool              `name:"json" help:"Print one JSON object."`
	Accounts string            `placeholder:"FILE" help:"Write the flagged accounts to this CSV file."`
	Shuffle  int               `placeholder:"N" help:"Run N times more with the posts' times dealt out anew within each hour, and count what is found by chance."`
	Exact    bool              `help:"Count the plain co-share network as well."`
	Window   time.Duration     `default:"60s" help:"With --exact: how far apart two actions on one object may be."`
	MinWt    int               `name:"min-weight" default:"1" help:"With --exact: the least number of co-actions that makes a pair."`
	Format   string            `placeholder:"NAME" help:"Format of the archives, if it is not recognised: ${formats}."`
	Columns  map[string]string `mapsep:"," placeholder:"OURS=THEIRS,..." help:"Which of a CSV file's columns holds what; ours are: ${columns}."`
}

// Help is shown below the flags.
func (evalCmd) Help() string {
	return `Measures the detector: runs it over posts and says what it finds, how fast, and,
given labels, how often it is right. It uses no engine and no data directory, and
stores nothing. The posts are read as "winnow replay" reads them; each campaign
that they name has a detector of its own.

    winnow eval posts.csv.gz --labels labels.csv --attacks attacks.csv --json

With labels: precision, recall and F1 of the accounts in findings, the share of
the organic accounts that are flagged, and the recall for each kind of attack.
Accounts without a label are neither right nor wrong.

With attacks: how many are found, which is to say that one single finding holds
at least half of their accounts, and the delay: from the fifth coordinated post
of an attack until the detector had its finding, in the time of the posts. The
delay of all together is that of the fast ones, whose first five posts come
within five minutes.

With --shuffle: how many findings there are when who posts with whom is left to
chance, for a thousand hours of a campaign.

With --exact: the accounts and pairs of the plain co-share network, to compare
with CooRTweet and the coordination-network-toolkit. Every row is an action, in
any order; a pair's weight is how often two of its actions on one object are
within the window. The object is the one that the row names, else the reposted
post, else each link, else the folded text. More than 50 million pairs are an
error.

posts_per_second counts everything from the start, reading included;
detector_posts_per_second the detector alone, by the clock or by the processor's
time, whichever is less. peak_rss_bytes is the most memory that the process held
(VmHWM of Linux; elsewhere what it asked for).`
}

// evalReport is what --json prints. Other programs read it: keys may be added,
// not changed.
type evalReport struct {
	Posts     int   `json:"posts"`
	Rejected  int64 `json:"rejected"`
	Accounts  int   `json:"accounts_seen"`
	Campaigns int   `json:"campaigns"`
	// Late and Duplicates are posts that the detector left out.
	Late uint64 `json:"late"`
	// Withdrawn is how often evidence that stood was taken back, because what
	// began so suddenly went on.
	Withdrawn         uint64  `json:"withdrawn"`
	Duplicates        uint64  `json:"duplicates"`
	PostsPerSecond    float64 `json:"posts_per_second"`
	DetectorPerSecond float64 `json:"detector_posts_per_second"`
	PeakRSS           uint64  `json:"peak_rss_bytes"`
	evaluate.Scores
	*evalNetwork
	Shuffled *evalShuffled `json:"shuffled,omitempty"`
}

// evalShuffled is the part of --shuffle: with the times dealt out anew, whatever
// is found is found by chance.
type evalShuffled struct {
	Seeds    int     `json:"seeds"`
	Findings int     `json:"findings"`
	High     int     `json:"findings_high"`
	Hours    float64 `json:"campaign_hours"`
	Rate     float64 `json:"findings_per_1000_hours"`
}

// evalNetwork is the part of --exact.
type evalNetwork struct {
	Accounts int `json:"accounts"`
	Pairs    int `json:"pairs"`
}

// evalBatch is how many posts are decoded, then given to the detector, at a
// time: few enough for a processor's cache, many enough for the clock between
// them to cost nothing.
const evalBatch = 512

// evalGC is by how much, in per cent, memory may grow between two rounds of the
// garbage collector.
const evalGC = 10

// Run measures.
func (c evalCmd) Run(e *env) (err error) {
	begin := time.Now()
	// What is held here is mostly numbers, which the garbage collector need not
	// look at: to have it come often costs little time and saves much memory.
	defer debug.SetGCPercent(debug.SetGCPercent(evalGC))
	if c.Window < 0 || c.MinWt < 1 {
		return errors.New("--window must not be negative, and --min-weight at least 1")
	}
	evaluation, labels, err := c.evaluation(e.ctx)
	if err != nil {
		return err
	}
	var out *accountsFile
	if c.Accounts != "" { // before the work: the folder may be missing
		if out, err = newAccountsFile(c.Accounts, labels); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, out.discard()) }()
	}
	var network coshare.Network
	see := evaluation.See
	if c.Exact {
		see = func(p *post.Post) {
			evaluation.See(p)
			network.Add(p)
		}
	}
	m := newMeter(e.stderr, time.Now)
	posts, rejected, err := c.load(e, m, see)
	if err != nil {
		return err
	}
	evaluation.Done()
	r := evalReport{Posts: posts.Len(), Rejected: rejected, Accounts: evaluation.Accounts(), Campaigns: len(posts.Streams())}
	wall := func() time.Duration { return time.Since(begin) }
	findings, took, err := c.detect(e.ctx, m, posts, &r, wall, processorTime)
	if err != nil {
		return err
	}
	if c.Shuffle > 0 {
		if r.Shuffled, err = c.shuffle(e.ctx, m, posts); err != nil {
			return err
		}
	}
	if c.Exact {
		m.show("Counting the co-share network ...")
		n, err := network.Join(e.ctx, c.Window, c.MinWt)
		if err != nil {
			return err
		}
		r.evalNetwork = &evalNetwork{n.Accounts, n.Pairs}
	}
	m.clear()
	r.Scores = evaluation.Score(findings)
	r.PostsPerSecond = perSecond(r.Posts, time.Since(begin))
	r.DetectorPerSecond = perSecond(r.Posts, took)
	r.PeakRSS = peakMemory()
	if out != nil {
		if err := out.write(findings); err != nil {
			return err
		}
	}
	return c.print(e.stdout, &r)
}

// perSecond leaves the digits out that say nothing.
func perSecond(n int, took time.Duration) float64 {
	return math.Round(float64(n) / max(took, time.Microsecond).Seconds())
}

// evaluation reads labels and attacks.
func (c evalCmd) evaluation(ctx context.Context) (*evaluate.Evaluation, *evaluate.Labels, error) {
	var labels *evaluate.Labels
	var attacks *evaluate.Attacks
	if c.Labels != "" {
		err := readTable(ctx, c.Labels, func(in io.Reader, name string) (err error) {
			labels, err = evaluate.ReadLabels(in, name)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	if c.Attacks != "" {
		err := readTable(ctx, c.Attacks, func(in io.Reader, name string) (err error) {
			attacks, err = evaluate.ReadAttacks(in, name)
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return evaluate.New(labels, attacks), labels, nil
}

// readTable opens a small table, plain or compressed.
func readTable(ctx context.Context, path string, read func(in io.Reader, name string) error) error {
	f, err := input.Open(ctx, path, nil)
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := f.Text()
	if err != nil {
		return err
	}
	defer text.Close()
	return read(text, input.Name(path))
}

// load reads the archives.
func (c evalCmd) load(e *env, m *meter, see func(*post.Post)) (posts *collection.Collection, rejected int64, err error) {
	posts = new(collection.Collection)
	for _, path := range c.Files {
		name := input.Name(path)
		report, err := posts.Load(e.ctx, path, collection.Options{
			Format: format.Name(c.Format), Columns: c.Columns, Stdin: e.stdin, Post: see,
			Progress: func(read, size int64) { m.show("%s: reading %s", name, percent(read, size)) },
		})
		m.clear()
		if err != nil {
			return nil, 0, err
		}
		if n := report.RejectedTotal(); n > 0 {
			rejected += n
			fmt.Fprintf(e.stderr, "%s: %s of %s records rejected: %s\n", name, count(n), count(report.Records), &report)
		}
	}
	return posts, rejected, nil
}

// detect runs a detector over each campaign and returns the time they took.
func (c evalCmd) detect(ctx context.Context, m *meter, posts *collection.Collection, r *evalReport, clocks ...evaluate.Clock) (findings []coordination.Finding, took time.Duration, err error) {
	posts.Sort(evaluate.Lateness)
	done := 0
	for _, s := range posts.Streams() {
		batches := s.Drain(evalBatch)
		if c.Shuffle > 0 { // they are needed again
			batches = s.Batches(evalBatch)
		}
		run := evaluate.Detect(s.Campaign, until(ctx, batches, func(n int) {
			done += n
			m.show("Detecting: %s", percent(int64(done), int64(r.Posts)))
		}), clocks...)
		if ctx.Err() != nil {
			return nil, 0, context.Cause(ctx)
		}
		findings = append(findings, run.Findings...)
		took += run.Took
		r.Late += run.Stats.Late
		r.Withdrawn += run.Stats.Withdrawn
		r.Duplicates += run.Stats.Duplicates
	}
	return findings, took, nil
}

// shuffle runs the detector on the posts with their times dealt out anew.
func (c evalCmd) shuffle(ctx context.Context, m *meter, posts *collection.Collection) (*evalShuffled, error) {
	out := &evalShuffled{Seeds: c.Shuffle}
	for seed := range c.Shuffle {
		rng := rand.New(rand.NewPCG(uint64(seed), 1)) //nolint:gosec // repeatable, not secret
		for _, s := range posts.Streams() {
			run := evaluate.Detect(s.Campaign, until(ctx, s.Shuffled(rng, time.Hour).Batches(evalBatch), func(int) {
				m.show("Shuffled %d of %d times", seed, c.Shuffle)
			}))
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			out.Findings += len(run.Findings)
			for i := range run.Findings {
				if run.Findings[i].Confidence == coordination.ConfidenceHigh {
					out.High++
				}
			}
			out.Hours += s.Span().Hours()
		}
	}
	if out.Hours > 0 {
		out.Rate = 1000 * float64(out.Findings) / out.Hours
	}
	return out, nil
}

// until passes batches on until the context ends, and tells how many posts are
// through.
func until(ctx context.Context, batches iter.Seq[[]post.Post], through func(posts int)) iter.Seq[[]post.Post] {
	return func(yield func([]post.Post) bool) {
		for b := range batches {
			if ctx.Err() != nil || !yield(b) {
				return
			}
			through(len(b))
		}
	}
}
