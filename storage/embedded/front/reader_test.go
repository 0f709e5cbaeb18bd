package front_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/storage/embedded"
	"winnow/storage/embedded/statement"
	"winnow/storage/storagetest"
)

// corpus reads queries from package statement's test data; its tests say how
// they are written.
func corpus(t *testing.T, file string) (queries []string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "statement", "testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\0`, "\x00", `\u`, "\u00a0")
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSuffix(line, "\n"); line != "" && !strings.HasPrefix(line, "##") {
			queries = append(queries, unescape.Replace(line))
		}
	}
	return queries
}

// What readers are allowed must be what the engine takes for one query that only
// reads; that a table is missing is no matter.
func TestAllowedQueriesAreTheEnginesToo(t *testing.T) {
	e := storagetest.Engine(t)
	for _, q := range corpus(t, "allowed.txt") {
		got := do(t, e, call{user: embedded.ReaderName, body: q})
		if c := got.header.Get("X-ClickHouse-Exception-Code"); slices.Contains([]string{"62", "164", "497"}, c) {
			t.Errorf("%q: %s", q, got.body)
		}
	}
}

// The lists of names in package statement must be complete for the engine's
// version, with or without a FROM before the name.
func TestTableFunctionsAreKnown(t *testing.T) {
	allowed := []string{"numbers", "numbers_mt", "zeros", "zeros_mt", "generateSeries", "generate_series", "values", "null", "view", "format", "generateRandom", "primes"}
	for _, name := range ask(t, "SELECT name FROM system.table_functions") {
		for _, query := range []string{"SELECT * FROM " + name + "()", "SELECT 1 IN " + name + "()", "SELECT * FROM a, " + strings.ToUpper(name) + " ()", "DESCRIBE `" + name + "`()"} {
			if _, err := statement.CheckReader(query); (err == nil) != slices.Contains(allowed, name) {
				t.Errorf("%s: %v", query, err)
			}
		}
	}
}

// Functions that sound as if they reach outside must have been looked at.
func TestFunctionsThatReachOutsideAreKnown(t *testing.T) {
	harmless := []string{
		"serverUUID", "serverTimezone", "getSetting", "getSettingOrDefault", "getMergeTreeSetting", "currentProfiles",
		"defaultProfiles", "enabledProfiles", "regionToCity", "buildId", "uptime", "isIPAddressInRange",
	}
	for _, name := range ask(t, `SELECT name FROM system.functions WHERE NOT is_aggregate AND alias_to = ''
		AND (match(name, '^ai[A-Z]|^dict|^llm|^regionToCity|buildId') OR multiSearchAnyCaseInsensitive(name,
			['file', 'http', 'server', 'host', 'macro', 'address', 'sleep', 'certificate', 'setting', 'catboost', 'model', 'logtrace', 'zookeeper', 'serial', 'joinget', 'uptime', 'fqdn', 'classifier', 'path(']))
		AND name NOT LIKE '%erialize%' AND name NOT LIKE '%Serialization%' AND name NOT LIKE '%erializedSize'`) {
		_, err := statement.CheckReader("SELECT " + name + "()")
		var refusal *statement.Error
		if refused := errors.As(err, &refusal); refused == slices.Contains(harmless, name) {
			t.Errorf("%s: refused %t", name, refused)
		}
	}
}

// A function that is refused is so by all of its names.
func TestAliasesAreRefusedLikeTheirFunctions(t *testing.T) {
	for _, pair := range ask(t, "SELECT concat(name, ' ', alias_to) FROM system.functions WHERE alias_to != ''") {
		alias, function, _ := strings.Cut(pair, " ")
		_, aliasErr := statement.CheckReader("SELECT " + alias + "()")
		if _, err := statement.CheckReader("SELECT " + function + "()"); err != nil && aliasErr == nil {
			t.Errorf("%s is refused, but not as %s", function, alias)
		}
	}
}

func ask(t *testing.T, query string) (names []string) {
	t.Helper()
	conn, err := clickhouse.Open(storagetest.Engine(t).ClientOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	rows, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(names) < 10 {
		t.Fatalf("only %v", names)
	}
	return names
}
