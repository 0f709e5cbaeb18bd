package embedded_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) {
	for variable, play := range map[string]func(string) error{parentVariable: playParent, programVariable: playProgram} {
		if with := os.Getenv(variable); with != "" {
			if err := play(with); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			return
		}
	}
	storagetest.Main(m)
}

func TestBatchComesBack(t *testing.T) {
	conn := storagetest.Open(t)
	ctx := context.Background()
	if err := conn.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	if err := conn.Exec(ctx, "CREATE TABLE t (a UInt64, b String, c Array(String), d Nullable(UInt64), e LowCardinality(String), f DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY a"); err != nil {
		t.Fatal(err)
	}
	const rows = 50_000
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO t (a, b, c, d, e, f)")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2015, 6, 12, 12, 0, 0, 0, time.UTC)
	for i := range uint64(rows) {
		var d *uint64
		if i%2 == 0 {
			d = &i
		}
		if err := batch.Append(i, fmt.Sprint("row ", i), []string{"x", fmt.Sprint(i)}, d, "low", at.Add(time.Duration(i)*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
	var n, nulls uint64
	var last time.Time
	if err := conn.QueryRow(ctx, "SELECT count(), countIf(d IS NULL), max(f) FROM t").Scan(&n, &nulls, &last); err != nil {
		t.Fatal(err)
	}
	if n != rows || nulls != rows/2 || !last.Equal(at.Add((rows-1)*time.Millisecond)) {
		t.Errorf("got %d rows, %d without d, last at %s", n, nulls, last)
	}
}
