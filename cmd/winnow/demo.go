package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"winnow/cmd/app"
	"winnow/collectors/scenario"
	"winnow/collectors/scenario/export"
	"winnow/collectors/scenario/grid"
	"winnow/collectors/scenario/story"
	"winnow/storage/view"
)

type demoCmd struct {
	Scenario string  `enum:"${stories}" default:"${story}" placeholder:"NAME" help:"Which story to tell; all are named below."`
	Seed     uint64  `default:"1" help:"Seed of the story: another one gives other people, texts and times."`
	Scale    float64 `default:"1" help:"Size of the story: 1 is some ten thousand posts, and some thousand of a short one."`
	Listen   string  `placeholder:"HOST:PORT" help:"Address of the desk (default: the configured one, or any free port)."`
	Exit     bool    `help:"Print what was found and end, without serving the desk."`
	JSON     bool    `name:"json" help:"Print the summary as JSON."`
	Export   string  `placeholder:"DIR" help:"Write the story with its labels as tables into a folder, and end."`
	Grid     bool    `help:"With --export: draw size, languages, attacks and organic moments from the seed too."`
}

// Help is shown below the flags.
func (demoCmd) Help() string {
	return `Tells the story of #Baku2015 with synthetic posts: organic talk in several
languages, a moment that goes viral, a day of action that the campaign declared,
and two attacks by accounts that act together. The posts run through the same
path as real ones. Everybody in it is invented, and every page says so.

--scenario NAME tells another story, to practise on one thing at a time; all but the
first are short. On the campaign's page, "Replay it" goes through an attack again,
moment by moment. The stories:

` + story.List() + `

The data is kept in a temporary directory and removed at the end, unless --data
says where to keep it.

--export DIR tells the story to files instead, to measure a detector with:
posts.csv, labels.csv (1 acts in concert, 0 organic, empty counts neither way) and
attacks.csv (which post belongs to which attack). With --grid each seed, from 1 on,
is another campaign under other attacks: rings of reposts, floods of random words,
changed copies, groups that act together over days, and organic moments that look
like them. The same seed always gives the same files.`
}

// demoSummary is what --json prints.
type demoSummary struct {
	Posts     uint64         `json:"posts"`
	Accounts  uint64         `json:"accounts"`
	Campaigns []demoCampaign `json:"campaigns"`
	Findings  []demoFinding  `json:"findings"`
	Planted   []demoPlanted  `json:"planted"`
	// FalseFindings counts undeclared findings of which less than half of the
	// accounts were planted; ViralFlagged the accounts of the viral moment in
	// any finding.
	FalseFindings int `json:"false_findings"`
	ViralFlagged  int `json:"viral_flagged"`
}

type demoCampaign struct {
	Name             string  `json:"name"`
	Posts            uint64  `json:"posts"`
	Accounts         uint64  `json:"accounts"`
	PotentialReach   uint64  `json:"potential_reach"`
	CoordinatedShare float64 `json:"coordinated_share"`
}

type demoFinding struct {
	ID         string `json:"id"`
	Campaign   string `json:"campaign"`
	Kind       string `json:"kind"`
	Confidence string `json:"confidence"`
	Sentence   string `json:"sentence"`
	Accounts   uint64 `json:"accounts"`
	Declared   string `json:"declared"`
}

type demoPlanted struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Found bool   `json:"found"`
}

// Run tells the story and, unless told to exit, serves its desk.
func (c demoCmd) Run(e *env) (err error) {
	if c.Export != "" {
		return c.export(e.stdout)
	}
	if c.Grid {
		return errors.New("--grid is for --export: say where to write, with --export DIR")
	}
	// A directory that another run left behind is not ours to build on: the
	// demo keeps its data only where it is told to.
	if !e.dataGiven {
		if e.cfg.DataDir, err = os.MkdirTemp("", "winnow-demo-"); err != nil {
			return fmt.Errorf("making a temporary data directory: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(e.cfg.DataDir)) }()
	}
	if c.Listen != "" {
		e.cfg.Desk.Listen = c.Listen
	}
	// The demo never writes to a log or store that the configuration names
	// for real posts.
	e.cfg.Log.URL, e.cfg.Store.URL, e.cfg.Store.Cluster, e.cfg.Campaigns = "", "", "", nil
	e.cfg.Engine.Listen, e.cfg.Engine.WriterPassword = "", ""

	told := scenario.New(c.config())
	deps := e.deps()
	deps.Campaigns, deps.Demo = told.Campaigns(), true
	a, err := app.New(e.cfg, deps)
	if err != nil {
		return err
	}
	var url string
	role := app.Role{Desk: !c.Exit, AnyPort: c.Listen == "", Settle: !c.Exit, Ready: func(u string) { url = u }}
	return a.Run(e.ctx, role, func(ctx context.Context, r *app.Running) error {
		summary, err := c.tell(ctx, e.stderr, told, r)
		if err != nil {
			return err
		}
		if err := c.print(e.stdout, summary, url); err != nil || c.Exit {
			return err
		}
		<-ctx.Done()
		return nil
	})
}

// config is the setting of the story that was asked for.
func (c demoCmd) config() scenario.Config {
	s, _ := story.Named(c.Scenario) // the command line takes no other
	return s.Config(c.Seed, c.Scale)
}

// export writes the story as tables.
func (c demoCmd) export(w io.Writer) error {
	cfg := c.config()
	if c.Grid {
		if c.Scenario != story.Default {
			return errors.New("--grid draws a story and --scenario names one: give one of them")
		}
		cfg = grid.Config(c.Seed)
	}
	sum, err := export.Write(c.Export, scenario.New(cfg))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "Synthetic posts: everybody in this story is invented.\n%s posts by %s accounts, %s posts of %s attacks: %s\n",
		count(sum.Posts), count(sum.Accounts), count(sum.AttackPosts), count(sum.Instances), c.Export)
	return err
}

// tell sends the story through the log and reads what came of it.
func (c demoCmd) tell(ctx context.Context, progress io.Writer, told *scenario.Scenario, r *app.Running) (*demoSummary, error) {
	begin := time.Now()
	m := newMeter(progress, time.Now)
	pub := r.Publisher()
	sent := 0
	for b := range told.Batches(5000) {
		if err := pub.Publish(ctx, b); err != nil {
			return nil, err
		}
		sent += len(b.Posts)
		m.show("Telling the story: %s posts", count(sent))
	}
	if err := pub.Flush(ctx); err != nil {
		return nil, err
	}
	m.clear()
	fmt.Fprintf(progress, "%s synthetic posts sent; storing, detecting, counting ...\n", count(sent))
	if err := r.Drain(ctx); err != nil {
		return nil, err
	}
	s, err := summarise(ctx, told, r.View())
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(progress, "Done in %s.\n", time.Since(begin).Round(100*time.Millisecond))
	return s, nil
}

// summarise holds what was found against what was planted.
func summarise(ctx context.Context, told *scenario.Scenario, store *view.Reader) (*demoSummary, error) {
	s := &demoSummary{Campaigns: []demoCampaign{}, Findings: []demoFinding{}, Planted: []demoPlanted{}}
	var err error
	if s.Posts, s.Accounts, err = store.Totals(ctx); err != nil {
		return nil, err
	}
	campaigns, err := store.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	attackers, viral := make(map[string]bool), make(map[string]bool)
	for _, p := range told.Planted() {
		for _, key := range p.Accounts {
			if p.Kind != scenario.PlantDeclared {
				attackers[key] = true
			}
		}
	}
	for _, key := range told.Viral() {
		viral[key] = true
	}
	type members struct {
		declared bool
		keys     map[string]bool
	}
	var all []members
	flagged := make(map[string]bool)
	for _, c := range campaigns {
		s.Campaigns = append(s.Campaigns, demoCampaign{c.Name, c.Posts, c.Accounts, c.PotentialReach, c.CoordinatedShare()})
		fs, err := store.Findings(ctx, c.Name)
		if err != nil {
			return nil, err
		}
		for _, f := range fs {
			s.Findings = append(s.Findings, demoFinding{f.ID, f.Campaign, f.Kind, f.Confidence, f.Sentence, f.Accounts, f.Declared})
			d, _, err := store.Finding(ctx, c.Name, f.ID)
			if err != nil {
				return nil, err
			}
			m := members{declared: f.Declared != "", keys: make(map[string]bool)}
			planted := 0
			for _, a := range d.AccountRows {
				key := a.Platform + "/" + a.AccountID
				m.keys[key] = true
				if attackers[key] {
					planted++
				}
				if viral[key] {
					flagged[key] = true
				}
			}
			if !m.declared && 2*planted < len(m.keys) {
				s.FalseFindings++
			}
			all = append(all, m)
		}
	}
	s.ViralFlagged = len(flagged)
	for _, p := range told.Planted() {
		found := slices.ContainsFunc(all, func(m members) bool {
			n := 0
			for _, key := range p.Accounts {
				if m.keys[key] {
					n++
				}
			}
			return m.declared == (p.Kind == scenario.PlantDeclared) && 2*n >= len(p.Accounts)
		})
		s.Planted = append(s.Planted, demoPlanted{p.Name, p.Kind, found})
	}
	return s, nil
}

func (c demoCmd) print(w io.Writer, s *demoSummary, url string) error {
	if c.JSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		if err := enc.Encode(s); err != nil {
			return fmt.Errorf("printing the summary: %w", err)
		}
		if url != "" {
			fmt.Fprintf(os.Stderr, "The desk is at %s (stop with Ctrl-C)\n", url)
		}
		return nil
	}
	fmt.Fprintf(w, "\nSynthetic posts: everybody in this story is invented.\n\n%s posts by %s accounts.\n", count(s.Posts), count(s.Accounts))
	for _, c := range s.Campaigns {
		fmt.Fprintf(w, "\n%s: %s posts, %s accounts, potential reach %s, %.1f %% of the posts coordinated\n",
			c.Name, count(c.Posts), count(c.Accounts), count(c.PotentialReach), 100*c.CoordinatedShare)
		for _, f := range s.Findings {
			if f.Campaign != c.Name {
				continue
			}
			what := f.Kind
			if f.Declared != "" {
				what = "declared: " + f.Declared
			}
			if f.Confidence == "early" {
				what = "early sign, may be taken back: " + what
			}
			fmt.Fprintf(w, "  [%s] %s\n", what, f.Sentence)
		}
	}
	fmt.Fprintln(w, "\nWhat the story had planted:")
	for _, p := range s.Planted {
		fmt.Fprintf(w, "  %-9s %s (%s)\n", map[bool]string{true: "found", false: "NOT FOUND"}[p.Found], p.Name, p.Kind)
	}
	fmt.Fprintf(w, "  false findings: %d, accounts of the viral moment flagged: %d\n", s.FalseFindings, s.ViralFlagged)
	if url != "" {
		fmt.Fprintf(w, "\nThe desk is at %s (stop with Ctrl-C)\n", url)
	}
	return nil
}
