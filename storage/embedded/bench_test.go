package embedded_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/embedded"
	"winnow/storage/storagetest"
)

func BenchmarkStart(b *testing.B) {
	o := storagetest.Config(b)
	o.Dir = b.TempDir()
	for b.Loop() {
		e, err := embedded.Start(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := e.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkInsert sends batches of 50,000 rows like those of posts, decoding of
// the rows on this side included.
func BenchmarkInsert(b *testing.B) {
	conn, err := clickhouse.Open(storagetest.Options(b))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Exec(b.Context(), `CREATE TABLE t (campaign LowCardinality(String), post_id String, account_id String, followers Nullable(UInt64),
		posted_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD), text String CODEC(ZSTD(3)), tags Array(String), kind LowCardinality(String), version UInt64)
		ENGINE = ReplacingMergeTree(version) ORDER BY (campaign, post_id)`); err != nil {
		b.Fatal(err)
	}
	const rows = 50_000
	at := time.Date(2015, 6, 12, 0, 0, 0, 0, time.UTC)
	n := uint64(0)
	for b.Loop() {
		batch, err := conn.PrepareBatch(b.Context(), "INSERT INTO t")
		if err != nil {
			b.Fatal(err)
		}
		for range rows {
			n++
			followers := n % 1000
			if err := batch.Append("baku", fmt.Sprint("x:", n), fmt.Sprint(n%9973), &followers, at.Add(time.Duration(n)*time.Millisecond),
				fmt.Sprint("the same praise and the same photos, number ", n*7919), []string{"baku2015", "eurogames"}, "post", n); err != nil {
				b.Fatal(err)
			}
		}
		if err := batch.Send(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkSmallQuery(b *testing.B) {
	conn, err := clickhouse.Open(storagetest.Engine(b).ReaderOptions())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	for b.Loop() {
		if err := conn.Exec(b.Context(), "SELECT 1"); err != nil {
			b.Fatal(err)
		}
	}
}
