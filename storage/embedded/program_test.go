package embedded_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/embedded"
	"winnow/storage/storagetest"
)

// programVariable makes the test binary play another program: one that knows
// an address and a password and nothing of package embedded.
const programVariable = "WINNOW_TEST_PROGRAM"

// program is what the other program does and how it reaches the engine.
type program struct {
	Task     string
	Network  string // tcp or unix
	Addr     string
	User     string
	Password string
	Rows     uint64
}

func playProgram(text string) error {
	var p program
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return fmt.Errorf("read the task: %w", err)
	}
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol: clickhouse.HTTP,
		Addr:     []string{"localhost:8123"},
		Auth:     clickhouse.Auth{Database: "default", Username: p.User, Password: p.Password},
		DialContext: func(ctx context.Context, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, p.Network, p.Addr)
		},
	})
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer conn.Close()
	task, ok := map[string]func(context.Context, clickhouse.Conn, program) error{
		"read": readAsProgram, "write": writeAsProgram, "large": readLargeAsProgram,
	}[p.Task]
	if !ok {
		return fmt.Errorf("no task %q", p.Task)
	}
	return task(context.Background(), conn, p)
}

// readAsProgram does what a dashboard does.
func readAsProgram(ctx context.Context, conn clickhouse.Conn, _ program) error {
	if err := conn.Ping(ctx); err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	version, err := conn.ServerVersion()
	if err != nil || version.Version.Major < 20 {
		return fmt.Errorf("version %v: %w", version, err)
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_execution_time": 20}))
	var n uint64
	var text string
	var list []string
	var at time.Time
	if err := conn.QueryRow(ctx, "SELECT {n:UInt64} + 1, {s:String}, {l:Array(String)}, toDateTime64({at:String}, 3, 'UTC')",
		clickhouse.Named("n", 41), clickhouse.Named("s", "it's\n\\ {x}"), clickhouse.Named("l", []string{"a", "b'c"}), clickhouse.Named("at", "2015-06-12 12:00:00.5"),
	).Scan(&n, &text, &list, &at); err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	if n != 42 || text != "it's\n\\ {x}" || len(list) != 2 || list[1] != "b'c" || !at.Equal(time.Date(2015, 6, 12, 12, 0, 0, 5e8, time.UTC)) {
		return fmt.Errorf("parameters came back as %d, %q, %q, %s", n, text, list, at)
	}
	if err := fails(ctx, conn, map[string]int32{
		"SELECT * FROM nowhere":                60,
		"SELEKT 1":                             164,
		"SELECT 1 +":                           62,
		"CREATE TABLE x (a Int8) ENGINE = Log": 164,
		"INSERT INTO posts SELECT 1":           164,
		"SELECT * FROM file('/etc/passwd')":    497,
		"SELECT throwIf(number = 2000000), number FROM numbers(3000000)": 395,
	}); err != nil {
		return err
	}
	if _, err := conn.PrepareBatch(ctx, "INSERT INTO posts"); err == nil {
		return errors.New("a reader may prepare a batch")
	}
	return nil
}

// writeAsProgram inserts batches, good and bad.
func writeAsProgram(ctx context.Context, conn clickhouse.Conn, p program) error {
	if err := conn.Exec(ctx, "CREATE TABLE written (n UInt64, s String, m Map(String, UInt64)) ENGINE = MergeTree ORDER BY n"); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO written")
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	for n := range p.Rows {
		if err := batch.Append(n, fmt.Sprint("row ", n), map[string]uint64{"n": n}); err != nil {
			return fmt.Errorf("append: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	var n, sum uint64
	if err := conn.QueryRow(ctx, "SELECT count(), sum(n + m['n']) FROM written").Scan(&n, &sum); err != nil || n != p.Rows || sum != p.Rows*(p.Rows-1) {
		return fmt.Errorf("%d rows with sum %d: %w", n, sum, err)
	}
	var text string
	if err := conn.QueryRow(ctx, "SELECT s FROM written WHERE n = {n:UInt64} AND has({of:Array(String)}, s)",
		clickhouse.Named("n", 7), clickhouse.Named("of", []string{"it's", "row 7"})).Scan(&text); err != nil || text != "row 7" {
		return fmt.Errorf("parameters of a select: %q: %w", text, err)
	}
	if err := conn.Exec(ctx, "INSERT INTO {t:Identifier} SELECT n + {more:UInt64}, {s:String}, map('n', {more:UInt64}) FROM written WHERE n < 10",
		clickhouse.Named("t", "written"), clickhouse.Named("more", p.Rows), clickhouse.Named("s", "it's\n\\ {x}")); err != nil {
		return fmt.Errorf("insert of a select: %w", err)
	}
	if err := conn.QueryRow(ctx, "SELECT count() FROM written WHERE s = {s:String} AND n >= {from:UInt64}",
		clickhouse.Named("s", "it's\n\\ {x}"), clickhouse.Named("from", p.Rows)).Scan(&n); err != nil || n != 10 {
		return fmt.Errorf("%d rows of an insert of a select: %w", n, err)
	}
	if _, err := conn.PrepareBatch(ctx, "INSERT INTO nowhere"); code(err) != 60 {
		return errors.New("insert into nowhere: no error")
	}
	if err := conn.Exec(ctx, "INSERT INTO written (n) SELECT throwIf(1)"); code(err) != 395 {
		return fmt.Errorf("insert that fails: %w", err)
	}
	if err := fails(ctx, conn, map[string]int32{
		"SELECT * FROM nowhere": 60,
		"SELEKT 1":              62,
		"SELECT 1; SELECT 2":    62,
		"CREATE TABLE written (n Int8) ENGINE = Log":                     57,
		"SELECT throwIf(number = 2000000), number FROM numbers(3000000)": 395,
	}); err != nil {
		return err
	}
	return nil
}

// largeQuery makes rows of about 120 bytes.
const largeQuery = "SELECT number, repeat('x', 100) AS text, number * 2 AS twice FROM numbers(%d)"

// readLargeAsProgram reads a result of many rows, one by one.
func readLargeAsProgram(ctx context.Context, conn clickhouse.Conn, p program) error {
	rows, err := conn.Query(ctx, fmt.Sprintf(largeQuery, p.Rows))
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	var n, sum, number, twice uint64
	var text string
	for rows.Next() {
		if err := rows.Scan(&number, &text, &twice); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		n++
		sum += twice
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("after %d rows: %w", n, err)
	}
	if n != p.Rows || sum != p.Rows*(p.Rows-1) {
		return fmt.Errorf("%d rows with sum %d", n, sum)
	}
	return nil
}

// run starts the other program and waits for it.
func (p program) run(t *testing.T) {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Error(err)
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), programVariable+"="+string(text))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", p.Task, err, out)
	}
}

// listening is an engine that readers reach by TCP.
func listening(t *testing.T) *embedded.Engine {
	t.Helper()
	o := storagetest.Config(t)
	o.Dir, o.Listen, o.ReaderPassword = t.TempDir(), "127.0.0.1:0", "open sesame"
	return start(t, o)
}

// writable is one that the writer reaches by TCP, too.
func writable(t *testing.T) *embedded.Engine {
	t.Helper()
	o := storagetest.Config(t)
	o.Dir, o.Listen, o.ReaderPassword, o.WriterPassword = t.TempDir(), "127.0.0.1:0", "open sesame", "shut sesame"
	return start(t, o)
}

// allowance is how far the engine may grow while a result is read, whatever the
// result's size: what is under way in it and in the allocator's hands.
const allowance = 96 << 10 // kB

// Another program works with the engine through clickhouse-go alone, and the
// engine's memory does not depend on the size of what it reads.
func TestAnotherProgram(t *testing.T) {
	e := listening(t)
	read := program{Task: "read", Network: "tcp", Addr: e.ListenAddr(), User: embedded.ReaderName, Password: "open sesame"}
	read.run(t)
	secret := e.ClientOptions().Auth
	program{Task: "write", Network: "unix", Addr: e.Socket(), User: secret.Username, Password: secret.Password, Rows: 100_000}.run(t)

	large := read
	large.Task, large.Rows = "large", 100_000
	large.run(t) // what a first query brings into memory is there afterwards
	// The race detector makes the program so slow that a reader's minute would not do.
	if large.Rows = 5_000_000; raced {
		large.Rows = 1_000_000
	}
	before, peak := watchMemory(t, e.Pid(), func() { large.run(t) })
	t.Logf("%d rows, %d MB as Native: the engine's memory went from %d kB to %d kB", large.Rows, large.Rows*118/1e6, before, peak)
	if peak > before+allowance {
		t.Errorf("the engine grew from %d kB to %d kB", before, peak)
	}
}

// watchMemory runs work and tells the process's resident memory before it and at
// its highest in it, in kB.
func watchMemory(t *testing.T, pid int, work func()) (before, peak int) {
	t.Helper()
	before = resident(t, pid)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		peak = max(peak, resident(t, pid))
		select {
		case <-done:
			return before, peak
		case <-tick.C:
		}
	}
}

// resident is a process's memory now, in kB.
func resident(t *testing.T, pid int) (kb int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skipf("memory is read from /proc: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	if _, err := fmt.Sscan(rest, &kb); err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(err)
	}
	return kb
}

// fails asks queries that must fail, each with its code.
func fails(ctx context.Context, conn clickhouse.Conn, codes map[string]int32) error {
	for query, want := range codes {
		rows, err := conn.Query(ctx, query)
		if err == nil {
			for rows.Next() {
			}
			err = rows.Err()
		}
		if code(err) != want {
			return fmt.Errorf("%s: want code %d: %w", query, want, err)
		}
	}
	return nil
}
