package embedded_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"winnow/storage/storagetest"
)

// code is ClickHouse's number for an error, 0 when it has none.
func code(err error) int32 {
	var e *clickhouse.Exception
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func mustExec(t *testing.T, conn clickhouse.Conn, query string, args ...any) {
	t.Helper()
	if err := conn.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func TestColumnTypesComeBack(t *testing.T) {
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionGZIP, clickhouse.CompressionLZ4, clickhouse.CompressionZSTD, clickhouse.CompressionDeflate, clickhouse.CompressionBrotli} {
		t.Run(method.String(), func(t *testing.T) {
			o := storagetest.Options(t)
			o.Compression = &clickhouse.Compression{Method: method, Level: 3}
			conn, err := clickhouse.Open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			mustExec(t, conn, `CREATE TABLE t (
				a LowCardinality(String), b String CODEC(ZSTD(3)), c Nullable(UInt64), d Nullable(DateTime64(3, 'UTC')),
				e DateTime64(3, 'UTC') CODEC(Delta, ZSTD), f DateTime('UTC'), g Array(String), h UInt8, i UInt32, j UInt64, k Float64,
				l Map(LowCardinality(String), UInt64), m Array(Tuple(String, UInt32)), n Bool, o FixedString(4), p Array(Nullable(String))
			) ENGINE = ReplacingMergeTree(j) ORDER BY (a, b)`)
			type row struct {
				A, B string
				C    *uint64
				D    *time.Time
				E, F time.Time
				G    []string
				H    uint8
				I    uint32
				J    uint64
				K    float64
				L    map[string]uint64
				M    [][]any
				N    bool
				O    string
				P    []*string
			}
			at := time.Date(2015, 6, 12, 12, 34, 56, 789e6, time.UTC)
			followers, text := uint64(1<<63), "Bakı ’ \x00 \\ 🔥"
			want := []row{
				{A: "low", B: text, C: &followers, D: &at, E: at, F: at.Truncate(time.Second), G: []string{"", "a'b"}, H: 255, I: 1 << 31, J: 1 << 63, K: -0.5, L: map[string]uint64{"x": 1}, M: [][]any{{"y", uint32(2)}}, N: true, O: "four", P: []*string{nil, &text}},
				{A: "", B: "", E: time.Unix(0, 0).UTC(), F: time.Unix(0, 0).UTC(), G: []string{}, L: map[string]uint64{}, M: [][]any{}, O: "\x00\x00\x00\x00", P: []*string{}},
			}
			batch, err := conn.PrepareBatch(t.Context(), "INSERT INTO t")
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range want {
				if err := batch.Append(r.A, r.B, r.C, r.D, r.E, r.F, r.G, r.H, r.I, r.J, r.K, r.L, r.M, r.N, r.O, r.P); err != nil {
					t.Fatal(err)
				}
			}
			if err := batch.Send(); err != nil {
				t.Fatal(err)
			}
			rows, err := conn.Query(t.Context(), "SELECT * FROM t WHERE b = {text:String} OR b = {empty:String} ORDER BY a DESC",
				clickhouse.Named("empty", ""), clickhouse.Named("text", text))
			if err != nil {
				t.Fatal(err)
			}
			var got []row
			for rows.Next() {
				var r row
				if err := rows.Scan(&r.A, &r.B, &r.C, &r.D, &r.E, &r.F, &r.G, &r.H, &r.I, &r.J, &r.K, &r.L, &r.M, &r.N, &r.O, &r.P); err != nil {
					t.Fatal(err)
				}
				got = append(got, r)
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if err := conn.Exec(t.Context(), "SELECT nosuch(1)"); code(err) != 46 {
				t.Errorf("exec error: %v", err)
			}
			if _, err := conn.Query(t.Context(), "SELECT * FROM nowhere"); code(err) != 60 {
				t.Errorf("query error: %v", err)
			}
		})
	}
}

func TestErrorsKeepTheirCode(t *testing.T) {
	conn := storagetest.Open(t)
	for query, want := range map[string]int32{
		"SELECT * FROM nowhere": 60,
		"SELEKT":                62,
		"SELECT nosuch(1)":      46,
		"SELECT throwIf(1)":     395,
		"SELECT 1 FROM numbers(1000000000000) WHERE sipHash64(number) = 1 SETTINGS max_execution_time = 1": 159,
	} {
		rows, err := conn.Query(t.Context(), query)
		if err == nil {
			for rows.Next() {
			}
			err = rows.Err()
		}
		if code(err) != want {
			t.Errorf("%s: code %d, want %d: %v", query, code(err), want, err)
		}
	}
}

// An error in the midst of a result must not look like its end.
func TestLateErrorIsSeen(t *testing.T) {
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionGZIP, clickhouse.CompressionBrotli, clickhouse.CompressionDeflate, clickhouse.CompressionLZ4} {
		o := storagetest.Options(t)
		o.Compression = &clickhouse.Compression{Method: method}
		conn, err := clickhouse.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		rows, err := conn.Query(t.Context(), "SELECT number, throwIf(number = 3000000) FROM numbers(10000000)")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for rows.Next() {
			n++
		}
		if err := rows.Err(); code(err) != 395 {
			t.Errorf("%s: after %d rows: %v", method, n, err)
		}
		if n == 0 {
			t.Errorf("%s: the error came before any row", method)
		}
	}
}

func TestCancelEndsTheQuery(t *testing.T) {
	conn := storagetest.Open(t)
	for name, query := range map[string]string{
		"streamed": "SELECT count() FROM numbers(100000000000000) WHERE sipHash64(number) = 1",
		"at once":  "CREATE TABLE forever ENGINE = MergeTree ORDER BY () AS SELECT count() FROM numbers(100000000000000) WHERE sipHash64(number) = 1",
	} {
		running := func() (n uint64) {
			if err := conn.QueryRow(t.Context(), "SELECT count() FROM system.processes WHERE query LIKE '%100000000000000%' AND query NOT LIKE '%system.processes%'").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- conn.Exec(ctx, query) }()
		waitFor(t, func() bool { return running() == 1 })
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		waitFor(t, func() bool { return running() == 0 })
	}
}

func TestSettingsDoNotLeak(t *testing.T) {
	o := storagetest.Options(t)
	o.MaxOpenConns = 1
	conn, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	mustExec(t, conn, "SET max_block_size = 11")
	mustExec(t, conn, "USE system")
	ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"max_block_size": 12}))
	var size, database string
	if err := conn.QueryRow(ctx, "SELECT toString(getSetting('max_block_size'))").Scan(&size); err != nil || size != "12" {
		t.Errorf("its own setting: %q, %v", size, err)
	}
	if err := conn.QueryRow(t.Context(), "SELECT toString(getSetting('max_block_size')), currentDatabase()").Scan(&size, &database); err != nil {
		t.Fatal(err)
	}
	if size == "11" || size == "12" || database != o.Auth.Database {
		t.Errorf("leaked: block size %s, database %s", size, database)
	}
}

func TestReadersAndWriterTogether(t *testing.T) {
	o := storagetest.Options(t)
	conn, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	mustExec(t, conn, "CREATE TABLE t (batch UInt32, n UInt32) ENGINE = MergeTree ORDER BY batch")
	ro := storagetest.Engine(t).ReaderOptions()
	ro.Auth.Database = o.Auth.Database
	reader, err := clickhouse.Open(ro)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	const batches, rows = 20, 1000
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 6 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				var torn uint64
				if err := reader.QueryRow(t.Context(), "SELECT count() FROM (SELECT batch FROM t GROUP BY batch HAVING count() != 1000)").Scan(&torn); err != nil {
					t.Error(err)
					return
				}
				if torn != 0 {
					t.Errorf("%d batches seen in part", torn)
				}
			}
		})
	}
	for b := range uint32(batches) {
		batch, err := conn.PrepareBatch(t.Context(), "INSERT INTO t")
		if err != nil {
			t.Fatal(err)
		}
		for n := range uint32(rows) {
			if err := batch.Append(b, n); err != nil {
				t.Fatal(err)
			}
		}
		if err := batch.Send(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	var n uint64
	if err := reader.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n); err != nil || n != batches*rows {
		t.Errorf("%d rows, %v", n, err)
	}
}

func TestDeduplicationToken(t *testing.T) {
	conn := storagetest.Open(t)
	mustExec(t, conn, "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100")
	for _, insert := range []struct {
		token string
		rows  int
	}{{"one", 10}, {"one", 10}, {"one", 20}, {"two", 10}} {
		ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"insert_deduplication_token": insert.token}))
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO t")
		if err != nil {
			t.Fatal(err)
		}
		for i := range insert.rows {
			if err := batch.Append(uint64(i)); err != nil {
				t.Fatal(err)
			}
		}
		if err := batch.Send(); err != nil {
			t.Fatal(err)
		}
	}
	var n uint64
	if err := conn.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if n != 20 {
		t.Errorf("%d rows, want 20: one of each token", n)
	}
}

func TestMigrationsRun(t *testing.T) {
	o := storagetest.Options(t)
	db := clickhouse.OpenDB(o)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectClickHouse, db, os.DirFS("../schema"))
	if err != nil {
		t.Fatal(err)
	}
	up, err := provider.Up(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(up) == 0 {
		t.Fatal("no migration ran")
	}
	if again, err := provider.Up(t.Context()); err != nil || len(again) != 0 {
		t.Errorf("again: %d migrations, %v", len(again), err)
	}
	if n := tables(t, db); n < 5 {
		t.Errorf("%d tables after all migrations", n)
	}
	if _, err := provider.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if n := tables(t, db); n != 1 {
		t.Errorf("%d tables after going back, want goose's own only", n)
	}
}

func tables(t *testing.T, db *sql.DB) (n uint64) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), "SELECT count() FROM system.tables WHERE database = currentDatabase()").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWrongSecretIsRefused(t *testing.T) {
	e := storagetest.Engine(t)
	for _, o := range []*clickhouse.Options{e.ClientOptions(), e.ReaderOptions()} {
		o.Auth.Password += "x"
		conn, err := clickhouse.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Ping(t.Context()); code(err) != 516 {
			t.Errorf("%s with a wrong password: %v", o.Auth.Username, err)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}

// An insert whose body breaks off must leave nothing behind.
func TestBrokenInsertLeavesNothing(t *testing.T) {
	o := storagetest.Options(t)
	e := storagetest.Engine(t)
	conn, err := clickhouse.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Exec(t.Context(), "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a"); err != nil {
		t.Fatal(err)
	}
	body, feed := io.Pipe()
	query := url.Values{"database": {o.Auth.Database}, "query": {"INSERT INTO t FORMAT CSV"}}
	req, err := http.NewRequest(http.MethodPost, e.URL()+"/?"+query.Encode(), body)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(o.Auth.Username, o.Auth.Password)
	client := e.HTTPClient()
	defer client.CloseIdleConnections()
	broken := errors.New("the client dies")
	go func() {
		_, _ = io.WriteString(feed, "1\n2\n3\n")
		_ = feed.CloseWithError(broken)
	}()
	if res, err := client.Do(req); !errors.Is(err, broken) {
		t.Fatalf("got %v, %v", res, err)
	}
	// Queries wait for nothing: ask until the insert is gone from the running ones.
	waitFor(t, func() bool {
		var n uint64
		if err := conn.QueryRow(t.Context(), "SELECT count() FROM system.processes WHERE query_kind = 'Insert' AND current_database = ?", o.Auth.Database).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
	var n uint64
	if err := conn.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n); err != nil {
		t.Fatal(err)
	}
	if n != 0 {
		t.Errorf("%d rows of a broken insert", n)
	}
}

// waitFor asks until what it waits for is there, and fails after a while.
func waitFor(t *testing.T, there func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !there() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("waited too long")
		}
	}
}
