package feed

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/pipeline/feed/stream"
)

// crashDir tells the test binary to act as a process that publishes into the
// log in this directory until it is killed.
const crashDir = "WINNOW_TEST_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		publishUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// publishUntilKilled prints each cursor once the log has its batch. It reads
// with a handler that acknowledges every message but the fifth.
func publishUntilKilled(dir string) {
	ctx := context.Background()
	l, err := Open(ctx, Options{Dir: dir, TrimEvery: time.Millisecond})
	if err != nil {
		fmt.Println("open:", err)
		os.Exit(1)
	}
	go func() {
		_ = l.Consume(ctx, func(_ context.Context, m Message) error {
			if m.Position.Seq == 5 {
				select {}
			}
			return nil
		})
	}()
	for k := 1; ; k++ {
		if err := l.Publish(ctx, sampleBatch("archive/a", 20, k)); err != nil {
			fmt.Println("publish:", err)
			os.Exit(1)
		}
		fmt.Println(k)
	}
}

func TestKilledProcessLosesNothingThatTheLogTook(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	promised := 0
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(lines.Text())
		}
		if promised = n; n == 300 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || promised < 300 {
		t.Fatalf("the process ended by itself after %d batches: %v", promised, err)
	}

	l := open(t, Options{Dir: dir})
	cursor, _, err := l.Cursor(t.Context(), "archive/a")
	if err != nil {
		t.Fatal(err)
	}
	last, err := strconv.Atoi(string(cursor))
	if err != nil || last < promised {
		t.Fatalf("cursor %q after the log promised %d", cursor, promised)
	}
	messages, _, err := l.Lag(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Acknowledgements may be forgotten, the rest may not.
	got := consume(t, l, int(messages), int(messages))
	first := got[0].Position.Seq
	if first > 5 {
		t.Errorf("message 5 was never acknowledged, and the first to come back is %d", first)
	}
	for i, m := range got {
		if want := fmt.Sprint(int(first) + i); string(m.Batch.Cursor) != want {
			t.Fatalf("message %d of %d has cursor %s, want %s", i, len(got), m.Batch.Cursor, want)
		}
	}
	if end := string(got[len(got)-1].Batch.Cursor); end != string(cursor) {
		t.Errorf("the last message has cursor %s, the source %s", end, cursor)
	}
}

// cutTail cuts bytes off the newest file of the log's messages, as a disk does
// that promised more than it had written. With index, what the store noted
// about its end is gone as well.
func cutTail(t *testing.T, dir string, bytes int64, index bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "jetstream", "*", "streams", stream.PostsStream, "msgs", "*.blk"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of messages: %v", err)
	}
	newest := slices.MaxFunc(files, func(a, b string) int {
		return blockNumber(t, a) - blockNumber(t, b)
	})
	info, err := os.Stat(newest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(newest, max(info.Size()-bytes, 0)); err != nil {
		t.Fatal(err)
	}
	if index {
		if err := os.Remove(filepath.Join(filepath.Dir(newest), "index.db")); err != nil {
			t.Fatal(err)
		}
	}
}

func blockNumber(t *testing.T, path string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(path), ".blk"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLostTail(t *testing.T) {
	for _, index := range []bool{false, true} {
		t.Run(fmt.Sprintf("index lost %v", index), func(t *testing.T) {
			dir := t.TempDir()
			l := open(t, Options{Dir: dir})
			for k := 1; k <= 5; k++ {
				publish(t, l, sampleBatch("archive/a", 5, k))
			}
			before := l.store.Incarnation
			closeLog(t, l)
			// Half a message: the last one is torn.
			cutTail(t, dir, 200, index)

			l = open(t, Options{Dir: dir})
			wantCursor(t, l, "archive/a", "4")
			publish(t, l, sampleBatch("archive/a", 5, 50))
			wantCursor(t, l, "archive/a", "50")
			got := consume(t, l, 5, 5)
			if c := cursors(got); c != "archive/a=1 archive/a=2 archive/a=3 archive/a=4 archive/a=50" {
				t.Errorf("consumed %s", c)
			}
			if lost := testutil.ToFloat64(l.metrics.lost); !index && lost != 1 {
				t.Errorf("%v lost messages counted, want 1", lost)
			}
			again := got[4].Position
			if index && again.Seq != 5 {
				t.Errorf("sequence %d after the lost tail; this test expects 5 to be handed out again", again.Seq)
			}
			if again.Incarnation <= before {
				t.Errorf("incarnation %d after %d", again.Incarnation, before)
			}
		})
	}
}

func TestMessageThatWentBadOnDiskIsNotSteppedOver(t *testing.T) {
	for bad, want := range map[int]string{1: "", 3: "archive/a=1 archive/a=2"} {
		dir := t.TempDir()
		l := open(t, Options{Dir: dir})
		for k := 1; k <= 5; k++ {
			publish(t, l, sampleBatch("archive/a", 50, k))
		}
		closeLog(t, l)
		file := filepath.Join(dir, "jetstream", "$G", "streams", stream.PostsStream, "msgs", "1.blk")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// The five messages are about equally long.
		data[(2*bad-1)*len(data)/10] ^= 0xff
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}

		l = open(t, Options{Dir: dir})
		var got []Message
		err = l.Consume(t.Context(), func(_ context.Context, m Message) error {
			got = append(got, m)
			return nil
		})
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), fmt.Sprintf("messages %d to %d", bad, bad)) || !strings.Contains(err.Error(), dir) {
			t.Errorf("message %d went bad: %v; want ErrDamaged that names it and the directory", bad, err)
		}
		if cursors(got) != want {
			t.Errorf("message %d went bad: consumed %q, want %q", bad, cursors(got), want)
		}
	}
}

func TestLostTailThatWasAcknowledged(t *testing.T) {
	dir := t.TempDir()
	l := open(t, Options{Dir: dir})
	for k := 1; k <= 5; k++ {
		publish(t, l, sampleBatch("archive/a", 5, k))
	}
	consume(t, l, 5, 5)
	publish(t, l, sampleBatch("archive/b", 5, 6))
	closeLog(t, l)
	cutTail(t, dir, 1<<30, true)

	// The log starts over below what was acknowledged. The kept cursor stands,
	// and new messages under old sequences come through and win over it.
	l = open(t, Options{Dir: dir})
	wantCursor(t, l, "archive/a", "5")
	publish(t, l, sampleBatch("archive/a", 5, 9))
	wantCursor(t, l, "archive/a", "9")
	got := consume(t, l, 1, 1)
	if c := cursors(got); c != "archive/a=9" {
		t.Errorf("consumed %s", c)
	}
	if seq := got[0].Position.Seq; seq > 5 {
		t.Errorf("sequence %d; this test expects one to be handed out again", seq)
	}
	wantCursor(t, l, "archive/a", "9")
	kept, err := l.store.Kept(t.Context(), "archive/a")
	if err != nil || string(kept.Cursor) != "9" {
		t.Errorf("kept %q, %v", kept.Cursor, err)
	}
}

func TestCloseLeavesNoGoroutines(t *testing.T) {
	// What the libraries start once and never stop is started first.
	l := open(t, Options{Dir: t.TempDir()})
	closeLog(t, l)
	before := runtime.NumGoroutine()
	for range 3 {
		l := open(t, Options{Dir: t.TempDir()})
		publish(t, l, sampleBatch("archive/a", 5, 1), sampleBatch("archive/a", 5, 2))
		consume(t, l, 2, 1)
		closeLog(t, l)
	}
	// Goroutines that were told to end may take a moment.
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > before {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
		runtime.Gosched()
	}
}

// A new log of a machine whose clock stands behind begins after what others remember of
// the one before: else they would take its messages for old ones.
func TestNewLogIsAfterWhatOthersRemember(t *testing.T) {
	behind := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	const remembered = 1_900_000_000_000_000
	l := open(t, Options{Dir: t.TempDir(), Now: func() time.Time { return behind }, After: remembered})
	publish(t, l, sampleBatch("archive/a", 5, 1))
	if got := consume(t, l, 1, 1)[0].Position.Incarnation; got <= remembered {
		t.Errorf("incarnation %d, want one after %d", got, remembered)
	}
}
