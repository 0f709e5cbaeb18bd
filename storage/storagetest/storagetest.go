package storagetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/embedded"
	"winnow/storage/embedded/library"
)

// ChildVariable is set to 1 in all processes that a test binary starts: its engines.
const ChildVariable = "WINNOW_ENGINE_CHILD"

// URLVariable names a ClickHouse server for Options to use instead of the
// embedded engine, as clickhouse-go's DSN: "http://user:password@host:8123".
const URLVariable = "WINNOW_TEST_STORE_URL"

// shared is the engine of this test binary.
var shared struct {
	once   sync.Once
	engine *embedded.Engine
	dir    string
	err    error
}

// Main runs the tests, or the engine when this process is one, and exits.
func Main(m *testing.M) {
	if os.Getenv(ChildVariable) == "1" {
		os.Exit(childMain())
	}
	code := 1
	// Whatever this binary starts of itself is an engine.
	if err := os.Setenv(ChildVariable, "1"); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	if shared.engine != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		if err := shared.engine.Close(ctx); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
		cancel()
	}
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir) // the system's temporary directory is cleared anyway
	}
	os.Exit(code)
}

func childMain() int {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := embedded.ChildMain(context.Background(), os.Stdin, os.Stdout, log); err != nil {
		return 1
	}
	return 0
}

// Config is what an engine of a test's own needs besides a directory. Without
// the library the test is skipped, with CI=true it fails.
func Config(t testing.TB) embedded.Options {
	t.Helper()
	o, err := config()
	if err != nil {
		missing(t, err)
	}
	return o
}

func config() (embedded.Options, error) {
	path, err := library.Find("")
	if err != nil {
		return embedded.Options{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return embedded.Options{}, fmt.Errorf("find test binary: %w", err)
	}
	return embedded.Options{Library: path, Command: []string{self}}, nil
}

// Engine is the test binary's engine, started by the first call. Without the
// library the test is skipped, with CI=true it fails.
func Engine(t testing.TB) *embedded.Engine {
	t.Helper()
	shared.once.Do(func() {
		var o embedded.Options
		if o, shared.err = config(); shared.err != nil {
			return
		}
		if o.Dir, shared.err = os.MkdirTemp("", "winnow-test-"); shared.err != nil {
			return
		}
		shared.dir = o.Dir
		shared.engine, shared.err = embedded.Start(context.Background(), o)
	})
	if shared.err != nil {
		missing(t, shared.err)
	}
	return shared.engine
}

// missing skips the test when the library is what is missing and this is not CI.
func missing(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, library.ErrMissing) && os.Getenv("CI") != "true" {
		t.Skipf("run `make engine` to have this test: %v", err)
	}
	t.Fatal(err)
}

// Options are clickhouse-go's options for a new, empty database that is dropped
// when the test ends.
func Options(t testing.TB) *clickhouse.Options {
	t.Helper()
	var o *clickhouse.Options
	if url := os.Getenv(URLVariable); url != "" {
		var err error
		if o, err = clickhouse.ParseDSN(url); err != nil {
			t.Fatalf("read %s: %v", URLVariable, err)
		}
	} else {
		o = Engine(t).ClientOptions()
	}
	return Database(t, o)
}

// Server is the URL of an engine of the test's own that a writer reaches by TCP,
// as a configuration has it: all that sets it apart from a ClickHouse server is
// whose program it is. Without the library the test is skipped, with CI=true it fails.
func Server(t testing.TB) string {
	t.Helper()
	o := Config(t)
	o.Dir, o.Listen, o.ReaderPassword, o.WriterPassword = t.TempDir(), "127.0.0.1:0", rand.Text(), rand.Text()
	e := start(t, o)
	return "http://" + embedded.WriterName + ":" + o.WriterPassword + "@" + e.ListenAddr() + "/default"
}

// start runs an engine of the test's own.
func start(t testing.TB, o embedded.Options) *embedded.Engine {
	t.Helper()
	e, err := embedded.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return e
}

// Database are options like o for a new, empty database there that is dropped
// when the test ends.
func Database(t testing.TB, o *clickhouse.Options) *clickhouse.Options {
	t.Helper()
	admin := *o
	conn, err := clickhouse.Open(&admin)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strings.ToLower(rand.Text()[:12])
	if err := conn.Exec(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Exec(context.Background(), "DROP DATABASE IF EXISTS "+name); err != nil {
			t.Error(err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	mine := *o
	mine.Auth.Database = name
	return &mine
}

// Open is a connection to a new, empty database that is dropped when the test ends.
func Open(t testing.TB) clickhouse.Conn {
	t.Helper()
	conn, err := clickhouse.Open(Options(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	})
	return conn
}
