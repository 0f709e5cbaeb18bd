package embedded_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/embedded"
	"winnow/storage/embedded/library"
	"winnow/storage/storagetest"
)

// start runs an engine of the test's own.
func start(t *testing.T, o embedded.Options) *embedded.Engine {
	t.Helper()
	e, err := embedded.Start(t.Context(), o)
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

func open(t *testing.T, e *embedded.Engine) clickhouse.Conn {
	t.Helper()
	conn, err := clickhouse.Open(e.ClientOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// insert sends rows n to n+99 and tells whether that was acknowledged.
func insert(ctx context.Context, conn clickhouse.Conn, n uint64) error {
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO t")
	if err != nil {
		return err
	}
	for i := range uint64(100) {
		if err := batch.Append(n + i); err != nil {
			return err
		}
	}
	return batch.Send()
}

func TestAcknowledgedRowsOutliveAKill(t *testing.T) {
	o := storagetest.Config(t)
	o.Dir = t.TempDir()
	e := start(t, o)
	conn := open(t, e)
	mustExec(t, conn, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
	acknowledged := make(map[uint64]bool)
	var failed int
	for round, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGSEGV, syscall.SIGABRT} {
		for i := range 20 {
			n := uint64(round*20+i) * 100
			pid := e.Pid()
			if i == 10 {
				// In the midst of inserts, from another goroutine.
				go func() { _ = syscall.Kill(pid, sig) }()
			}
			// The writer's part: again until it is in.
			waitFor(t, func() bool {
				if err := insert(t.Context(), conn, n); err != nil {
					failed++
					return false
				}
				return true
			})
			acknowledged[n] = true
		}
	}
	if failed == 0 {
		t.Error("no insert failed: the engine was never away")
	}
	rows, err := conn.Query(t.Context(), "SELECT n, count() FROM t GROUP BY n")
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for rows.Next() {
		var n, count uint64
		if err := rows.Scan(&n, &count); err != nil {
			t.Fatal(err)
		}
		got++
		if !acknowledged[n/100*100] {
			t.Errorf("row %d from nowhere", n)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if want := len(acknowledged) * 100; got != want {
		t.Errorf("%d different rows, want %d", got, want)
	}
}

func TestEngineIsTheOwnersAlone(t *testing.T) {
	o := storagetest.Config(t)
	o.Dir = filepath.Join(t.TempDir(), "data")
	e := start(t, o)
	for path, want := range map[string]os.FileMode{
		o.Dir:                              0o700,
		filepath.Dir(e.Socket()):           0o700,
		e.Socket():                         0o600,
		filepath.Join(o.Dir, "engine.xml"): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
	// The secret goes through the pipe, where no other user can see it.
	for _, file := range []string{"cmdline", "environ"} {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", e.Pid(), file))
		if err != nil {
			t.Skipf("read from /proc: %v", err)
		}
		if strings.Contains(string(b), e.ClientOptions().Auth.Password) {
			t.Errorf("the secret is in the child's %s", file)
		}
	}
}

func TestLongDirectoryGetsAShortSocket(t *testing.T) {
	o := storagetest.Config(t)
	o.Dir = filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	e := start(t, o)
	if len(e.Socket()) > 104 {
		t.Errorf("socket path %s", e.Socket())
	}
	if err := open(t, e).Ping(t.Context()); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(filepath.Dir(e.Socket()))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("its directory has mode %o", info.Mode().Perm())
	}
}

func TestCloseFreesTheDirectory(t *testing.T) {
	o := storagetest.Config(t)
	o.Dir = t.TempDir()
	first, err := embedded.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	mustExec(t, open(t, first), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n")
	// A second one waits while the first is there, and says what it waits for.
	impatient := o
	impatient.StartTime = 500 * time.Millisecond
	if _, err := embedded.Start(t.Context(), impatient); err == nil || !strings.Contains(err.Error(), "another process holds "+o.Dir) {
		t.Errorf("second engine on the directory: %v", err)
	}
	second := make(chan error, 1)
	var e *embedded.Engine
	go func() {
		var err error
		e, err = embedded.Start(t.Context(), o)
		second <- err
	}()
	if err := first.Close(t.Context()); err != nil {
		t.Error(err)
	}
	<-first.Done()
	if err := first.Err(); err != nil {
		t.Errorf("after a close: %v", err)
	}
	if err := first.Close(t.Context()); err != nil {
		t.Errorf("second close: %v", err)
	}
	if err := <-second; err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background()) //nolint:errcheck // the test is over
	var n uint64
	if err := open(t, e).QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n); err != nil {
		t.Error(err)
	}
}

func TestStartSaysWhatIsWrong(t *testing.T) {
	good := storagetest.Config(t)
	fake := filepath.Join(t.TempDir(), "libchdb.so")
	if err := os.WriteFile(fake, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		change func(o *embedded.Options)
		want   string
	}{
		"no library":          {func(o *embedded.Options) { o.Library += "x" }, "winnow engine --fetch"},
		"not a library":       {func(o *embedded.Options) { o.Library = fake }, "load engine library: "},
		"no such command":     {func(o *embedded.Options) { o.Command = []string{"/nowhere/winnow"} }, "start engine process: "},
		"command ends":        {func(o *embedded.Options) { o.Command = []string{"false"} }, "engine process ended"},
		"address in use":      {func(o *embedded.Options) { o.Listen, o.ReaderPassword = "256.0.0.1:1", "x" }, "listen for other programs: "},
		"listen, no password": {func(o *embedded.Options) { o.Listen = "127.0.0.1:0" }, "needs a password for readers"},
		"directory is a file": {func(o *embedded.Options) { o.Dir = fake }, "not a directory"},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			o.Dir = t.TempDir()
			tt.change(&o)
			_, err := embedded.Start(t.Context(), o)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestReadersComeByTCP(t *testing.T) {
	o := storagetest.Config(t)
	o.Dir, o.Listen, o.ReaderPassword = t.TempDir(), "127.0.0.1:0", "open sesame"
	e := start(t, o)
	get := func(user, password, query string) (int, string) {
		t.Helper()
		req, err := http.NewRequest(http.MethodPost, "http://"+e.ListenAddr()+"/", strings.NewReader(query))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(user, password)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	if status, body := get(embedded.ReaderName, o.ReaderPassword, "SELECT 1"); status != 200 || body != "1\n" {
		t.Errorf("reader: %d %s", status, body)
	}
	if status, _ := get(embedded.ReaderName, "guess", "SELECT 1"); status != 403 {
		t.Errorf("reader with a wrong password: %d", status)
	}
	secret := e.ClientOptions().Auth.Password
	if status, _ := get(embedded.WriterName, secret, "SELECT 1"); status != 403 {
		t.Errorf("the writer was let in by TCP: %d", status)
	}
}

// parentVariable makes the test binary play a parent that is killed, with an
// engine in the directory it names.
const parentVariable = "WINNOW_TEST_PARENT"

func playParent(dir string) error {
	path, err := library.Find("")
	if err != nil {
		return err
	}
	e, err := embedded.Start(context.Background(), embedded.Options{
		Dir: dir, Library: path, Command: os.Args[:1], Env: []string{parentVariable + "=", storagetest.ChildVariable + "=1"},
	})
	if err != nil {
		return err
	}
	fmt.Println(e.Pid())
	<-e.Done()
	return e.Err()
}

func TestChildEndsWithItsParent(t *testing.T) {
	o := storagetest.Config(t)
	o.Dir = t.TempDir()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentVariable+"="+o.Dir)
	stdout, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var child int
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(line, &child); err != nil {
		t.Fatalf("parent said %q: %v", line, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // it was killed
	// A successor that comes at once waits for the directory and gets it.
	if err := open(t, start(t, o)).Ping(t.Context()); err != nil {
		t.Errorf("the successor: %v", err)
	}
	waitFor(t, func() bool { return errors.Is(syscall.Kill(child, 0), syscall.ESRCH) || zombie(child) })
}

// zombie tells whether a process has ended and only waits to be buried, which in
// a container nobody may do.
func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return strings.HasPrefix(rest, "Z")
}
