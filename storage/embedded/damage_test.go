package embedded_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"winnow/storage/embedded"
	"winnow/storage/storagetest"
)

// damagedStore runs an engine that writes three parts of a table, ends it, and
// returns its options and the directory of one of the parts.
func damagedStore(t *testing.T) (o embedded.Options, part string) {
	t.Helper()
	o = storagetest.Config(t)
	o.Dir = t.TempDir()
	e, err := embedded.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	conn := open(t, e)
	mustExec(t, conn, "CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
	mustExec(t, conn, "SYSTEM STOP MERGES t")
	for i := range 3 {
		mustExec(t, conn, fmt.Sprintf("INSERT INTO t SELECT number + %d, toString(cityHash64(number)) FROM numbers(1000)", 1000*i))
	}
	if err := conn.QueryRow(t.Context(), "SELECT any(path) FROM system.parts WHERE table = 't' AND active").Scan(&part); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o, part
}

// The engine puts a part that it cannot load aside and goes on without it, in
// silence; Winnow does not.
func TestDamagedPartStopsTheEngine(t *testing.T) {
	for name, damage := range map[string]func(part string) error{
		"data cut":       func(part string) error { return os.Truncate(filepath.Join(part, "data.bin"), 100) },
		"no columns":     func(part string) error { return os.Remove(filepath.Join(part, "columns.txt")) },
		"empty checksum": func(part string) error { return os.Truncate(filepath.Join(part, "checksums.txt"), 0) },
	} {
		t.Run(name, func(t *testing.T) {
			o, part := damagedStore(t)
			if err := damage(part); err != nil {
				t.Fatal(err)
			}
			aside := filepath.Join(filepath.Dir(filepath.Clean(part)), "detached", "broken-on-start_"+filepath.Base(part))
			for range 2 { // it is not forgotten by the next start
				e, err := embedded.Start(t.Context(), o)
				if err == nil {
					_ = e.Close(t.Context()) // the test has failed
					t.Fatal("a store with a damaged part was opened")
				}
				if !errors.Is(err, embedded.ErrDamaged) {
					t.Errorf("%v is not ErrDamaged", err)
				}
				for _, want := range []string{embedded.ErrDamaged.Error(), aside, "default.t"} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%v\ndoes not say %s", err, want)
					}
				}
			}
			// What the message says to do helps.
			if err := os.Rename(aside, filepath.Join(t.TempDir(), "part")); err != nil {
				t.Fatal(err)
			}
			var rows uint64
			if err := open(t, start(t, o)).QueryRow(t.Context(), "SELECT count() FROM t").Scan(&rows); err != nil || rows != 2000 {
				t.Errorf("%d rows, %v; want those of the two good parts", rows, err)
			}
		})
	}
}

// An engine that is started again in the course of things finds damage as well,
// and then it is not started once more.
func TestDamageFoundByARestartEndsTheEngine(t *testing.T) {
	o, part := damagedStore(t)
	e := start(t, o)
	if err := os.Truncate(filepath.Join(part, "data.bin"), 100); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(e.Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-e.Done():
	case <-time.After(time.Minute):
		t.Fatal("the engine goes on")
	}
	if err := e.Err(); !errors.Is(err, embedded.ErrDamaged) || !strings.Contains(err.Error(), filepath.Base(part)) {
		t.Errorf("%v; want ErrDamaged that names %s", err, part)
	}
}

// Bytes that changed on disk are found when they are read.
func TestChangedBytesAreFoundWhenRead(t *testing.T) {
	o, part := damagedStore(t)
	file := filepath.Join(part, "data.bin")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		if i%100 == 50 {
			data[i] ^= 0xff
		}
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	var sum uint64
	err = open(t, start(t, o)).QueryRow(t.Context(), "SELECT sum(n + length(s)) FROM t").Scan(&sum)
	if err == nil || !strings.Contains(err.Error(), filepath.Base(part)) {
		t.Errorf("%v; want an error that names %s", err, part)
	}
}

// Without a table's description the engine refuses to start and names the file.
func TestDamagedTableStopsTheEngine(t *testing.T) {
	o, _ := damagedStore(t)
	files, err := filepath.Glob(filepath.Join(o.Dir, "store", "store", "*", "*", "t.sql"))
	if err != nil || len(files) != 1 {
		t.Fatalf("table's descriptions %v, %v", files, err)
	}
	if err := os.WriteFile(files[0], []byte("nothing that anybody can read"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := embedded.Start(t.Context(), o)
	if err == nil {
		_ = e.Close(t.Context()) // the test has failed
	}
	if err == nil || !strings.Contains(err.Error(), files[0]) {
		t.Errorf("%v; want an error that names %s", err, files[0])
	}
}
