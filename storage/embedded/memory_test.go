package embedded_test

import (
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/storagetest"
)

// A query that needs more than its share spills to disk where that is possible,
// and fails alone where it is not; the engine stays within its limit.
func TestMemoryHasLimits(t *testing.T) {
	const limit = 512 << 20
	o := storagetest.Config(t)
	o.Dir, o.MemoryLimit = t.TempDir(), limit
	e := start(t, o)
	writer := open(t, e)
	reader, err := clickhouse.Open(e.ReaderOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reader.Close() })

	var perQuery, spill uint64
	if err := reader.QueryRow(t.Context(), "SELECT toUInt64(getSetting('max_memory_usage')), toUInt64(getSetting('max_bytes_before_external_group_by'))").Scan(&perQuery, &spill); err != nil {
		t.Fatal(err)
	}
	if perQuery != limit/4 || spill != limit/8 {
		t.Errorf("a reader's query may take %d bytes and spills from %d", perQuery, spill)
	}
	pid := e.Pid()
	before, peak := watchMemory(t, pid, func() {
		for name, query := range map[string]string{
			"grouping": "SELECT toUInt64(count()) FROM (SELECT number, count() FROM numbers(4000000) GROUP BY number)",
			"sorting":  "SELECT toUInt64(count()) FROM (SELECT toString(number) AS s, repeat('x', 50) AS x FROM numbers(4000000) ORDER BY s LIMIT 4000000)",
		} {
			var n uint64
			if err := reader.QueryRow(t.Context(), query).Scan(&n); err != nil || n != 4_000_000 {
				t.Errorf("%s: %d, %v", name, n, err)
			}
		}
		// It is spilling that makes this possible.
		tight := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{
			"max_memory_usage": limit / 4, "max_bytes_before_external_group_by": 0, "max_bytes_ratio_before_external_group_by": 0,
		}))
		if err := writer.Exec(tight, "SELECT count() FROM (SELECT number, count() FROM numbers(4000000) GROUP BY number)"); code(err) != 241 {
			t.Errorf("grouping without spilling: %v", err)
		}
		for name, conn := range map[string]clickhouse.Conn{"reader": reader, "writer": writer} {
			if err := conn.Exec(t.Context(), "SELECT length(groupArray(number)) FROM numbers(1000000000)"); code(err) != 241 {
				t.Errorf("too much for the %s: %v", name, err)
			}
		}
	})
	t.Logf("the engine's memory went from %d kB to %d kB", before, peak)
	// Its code and what the library holds apart from queries come on top.
	if peak > (limit+256<<20)>>10 {
		t.Errorf("the engine grew to %d kB", peak)
	}
	if e.Pid() != pid {
		t.Error("the engine is another process")
	}
	var one uint8
	if err := reader.QueryRow(t.Context(), "SELECT 1").Scan(&one); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	// Nothing that was spilled is left.
	var parts uint64
	if err := writer.QueryRow(t.Context(), "SELECT toUInt64(sum(value)) FROM system.metrics WHERE metric LIKE 'TemporaryFiles%'").Scan(&parts); err != nil || parts != 0 {
		t.Errorf("%d temporary files, %v", parts, err)
	}
}
