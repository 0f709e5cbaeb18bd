package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"winnow/storage/embedded/library"
)

// TestMain makes the test binary act as winnow for the scripts, and as its
// engine for winnow.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"winnow": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}})
}

// The scripts in testdata/script read like sessions in a shell. Those that
// need the engine say so in their first line.
func TestScripts(t *testing.T) {
	path, libraryErr := library.Find("")
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv(library.Variable, path)
			return nil
		},
		UpdateScripts: *update,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"keys": keys, "gzip": compress, "private": private, "freeport": freeport, "ask": ask, "said": said, "await": await, "hook": hook,
			"evidence": keepEvidence, "spoil": spoil, "stamp": stamp,
		},
		Condition: func(cond string) (bool, error) {
			if cond != "engine" {
				return false, errors.New("unknown condition " + cond)
			}
			if libraryErr != nil && os.Getenv("CI") == "true" {
				return false, libraryErr
			}
			return libraryErr == nil, nil
		},
	})
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %q, want %q", n, got, want)
		}
	}
}

// Every command has a help that says more than its flags.
func TestHelp(t *testing.T) {
	for _, command := range []string{"serve", "demo", "replay", "eval", "report", "sql", "check", "engine", "user", "notify", "forget", "backup", "restore"} {
		var out, err strings.Builder
		if code := run(t.Context(), []string{command, "--help"}, strings.NewReader(""), &out, &err); code != 0 {
			t.Fatalf("%s --help: exit %d: %s", command, code, err.String())
		}
		if n := strings.Count(out.String(), "\n"); n < 15 {
			t.Errorf("%s --help has %d lines:\n%s", command, n, out.String())
		}
	}
}
