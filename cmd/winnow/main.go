// Command winnow watches hashtags for people who campaign under attack:
// it measures how far a campaign reaches and finds accounts that act together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // zones are named in the configuration, and not every machine has them

	"github.com/alecthomas/kong"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/collectors/archive/format"
	"winnow/collectors/archive/table"
	"winnow/collectors/scenario/story"
)

// version is set by the linker (see the Makefile).
var version = "unreleased"

// cli is the command line. Help texts are part of the product.
type cli struct {
	Config string `short:"c" placeholder:"FILE" help:"Configuration file. Without one, the defaults need no set-up."`
	Data   string `placeholder:"DIR" help:"Data directory; goes before data_dir of the configuration."`
	Log    string `enum:",debug,info,warn,error" default:"" placeholder:"LEVEL" help:"Least severity to log: debug, info, warn or error (default: info for serve, else warn)."`

	Serve   serveCmd   `cmd:"" help:"Watch, store, detect and show: runs until it is stopped."`
	Demo    demoCmd    `cmd:"" help:"Show what Winnow does with synthetic posts that tell the #Baku2015 story."`
	Replay  replayCmd  `cmd:"" help:"Take in archives of posts; goes on where an earlier run stopped."`
	Eval    evalCmd    `cmd:"" help:"Measure the detector on posts, and against labels."`
	Rebuild rebuildCmd `cmd:"" help:"Compute all buckets anew from the posts, or check those stored."`
	Report  reportCmd  `cmd:"" help:"Write what is known of a campaign into one HTML file, to hand on or print."`
	Export  exportCmd  `cmd:"" help:"Write a finding with its evidence into one file that others can check."`
	Key     keyCmd     `cmd:"" help:"The key that bundles are signed with: make, show."`
	SQL     sqlCmd     `cmd:"" name:"sql" help:"Ask the store a question in SQL."`
	Check   checkCmd   `cmd:"" help:"Check the configuration and everything it connects to."`
	Engine  engineCmd  `cmd:"" help:"Fetch the embedded engine, or run it alone for other ClickHouse clients."`
	User    userCmd    `cmd:"" help:"Say who may open the desk: add, passwd, remove, list."`
	Token   tokenCmd   `cmd:"" help:"Say which programs may read the JSON API: add, remove, list."`
	Notify  notifyCmd  `cmd:"" help:"Try out how people are told of attacks: test."`

	Evidence evidenceCmd `cmd:"" help:"Show and check what is kept as evidence: list, head, verify."`

	Forget  forgetCmd  `cmd:"" help:"Erase an account or a campaign everywhere, and keep the account from coming back."`
	Backup  backupCmd  `cmd:"" help:"Write all that the data directory holds into one file."`
	Restore restoreCmd `cmd:"" help:"Make a data directory of a backup."`
	Wipe    wipeCmd    `cmd:"" help:"Remove the data directory, in an emergency."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// env is what commands get from outside the command line.
type env struct {
	ctx            context.Context //nolint:containedctx // a value for kong's Run methods, gone with the command
	cfg            config.Config
	file           string // the configuration's path; empty if there is none
	dataGiven      bool   // by --data, not by the configuration
	log            *slog.Logger
	stdin          io.Reader
	stdout, stderr io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

const description = `Winnow watches hashtags on X, Mastodon and Bluesky for people who campaign
under attack. It measures how far a campaign really reaches, and finds accounts
that act together, with its evidence.

Begin with "winnow demo", or take in posts you have: "winnow replay FILE".`

// run is main with everything given: it returns the exit code, 0 for success,
// 1 for a failure, 2 for a command line or configuration that is wrong, 130
// when it was interrupted.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("winnow"), kong.Description(description), kong.UsageOnError(),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exit = code }),
		kong.Vars{
			"formats": format.List(), "columns": strings.Join(table.ColumnNames(), ", "),
			"stories": story.Names(), "story": story.Default,
		},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 90}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "winnow:", err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(stderr, "winnow: %v\nRun \"winnow --help\" to see what there is.\n", err)
		return 2
	}
	e := &env{ctx: ctx, file: c.Config, stdin: stdin, stdout: stdout, stderr: stderr}
	// The engine as a child gets all it needs from its parent, and the
	// version asks for nothing.
	if !c.Engine.Child && k.Command() != "version" {
		if e.cfg, err = config.Load(c.Config); err != nil {
			fmt.Fprintf(stderr, "winnow: %v\n", err)
			return 2
		}
		if c.Data != "" {
			e.cfg.DataDir, e.dataGiven = c.Data, true
		}
	}
	e.log = newLogger(stderr, c.level(k.Command(), e.cfg))
	switch err := k.Run(e); {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(stderr, "winnow: interrupted; what was taken in is safe")
		return 130
	default:
		fmt.Fprintf(stderr, "winnow: %v\n", err)
		return 1
	}
}

// level is the severity asked for, else the configured one for the service,
// and for everything else what a person must know.
func (c *cli) level(command string, cfg config.Config) string {
	switch {
	case c.Log != "":
		return c.Log
	case command == "serve":
		return cfg.LogLevel
	default:
		return "warn"
	}
}

func newLogger(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(strings.ToUpper(level))); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}

// deps is what every command hands to the app.
func (e *env) deps() app.Deps {
	return app.Deps{
		Version:       version,
		EngineCommand: engineCommand(),
		Log:           e.log,
		Now:           time.Now,
		Progress:      e.stderr,
	}
}

// engineCommand runs this very program as the embedded engine.
func engineCommand() []string {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return []string{self, "engine", "--child"}
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintln(e.stdout, "winnow", version)
	return err
}
