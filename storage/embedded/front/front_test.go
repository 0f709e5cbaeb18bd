package front_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/storage/embedded"
	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// call is a request to the engine's front, by default with the writer's name and
// password.
type call struct {
	method string
	path   string
	query  url.Values
	body   string
	header http.Header
	user   string
	// anonymous sends no user at all.
	anonymous bool
}

type answer struct {
	status int
	body   string
	header http.Header
}

func do(t *testing.T, e *embedded.Engine, c call) answer {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodPost
	}
	if c.path == "" {
		c.path = "/"
	}
	req, err := http.NewRequestWithContext(t.Context(), c.method, e.URL()+c.path+"?"+c.query.Encode(), strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range c.header {
		req.Header[k] = v
	}
	o := e.ClientOptions()
	if c.user == embedded.ReaderName {
		o = e.ReaderOptions()
	}
	if !c.anonymous {
		req.SetBasicAuth(o.Auth.Username, o.Auth.Password)
	}
	client := e.HTTPClient()
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, string(body), res.Header}
}

func TestFrontAnswers(t *testing.T) {
	e := storagetest.Engine(t)
	tests := map[string]struct {
		call   call
		status int
		body   string
	}{
		"ping needs no user":            {call{method: "GET", path: "/ping", anonymous: true}, 200, "Ok.\n"},
		"root needs no user":            {call{method: "GET", anonymous: true}, 200, "Ok.\n"},
		"statement in body":             {call{body: "SELECT 1"}, 200, "1\n"},
		"statement in URL":              {call{method: "GET", query: url.Values{"query": {"SELECT 2"}}}, 200, "2\n"},
		"statement in both":             {call{query: url.Values{"query": {"SELECT 1 +"}}, body: "2"}, 200, "3\n"},
		"format in statement":           {call{body: "SELECT 1 AS a FORMAT JSONEachRow"}, 200, "{\"a\":1}\n"},
		"default format":                {call{query: url.Values{"default_format": {"CSV"}}, body: "SELECT 'a', 1"}, 200, "\"a\",1\n"},
		"parameters":                    {call{query: url.Values{"param_a": {"4"}, "param_b": {"it's"}, "param_c": {""}}, body: "SELECT {a:UInt8} + 1, {b:String}, {c:String}"}, 200, "5\tit\\'s\t\n"},
		"parameters outside SELECT":     {call{query: url.Values{"param_t": {"one"}}, body: "DESCRIBE TABLE system.{t:Identifier}"}, 200, "dummy\tUInt8\t\t\t\t\t\n"},
		"database":                      {call{query: url.Values{"database": {"system"}}, body: "SELECT count() FROM one"}, 200, "1\n"},
		"unknown database":              {call{query: url.Values{"database": {"no`such"}}, body: "SELECT 1"}, 404, "Code: 81. DB::Exception: "},
		"setting":                       {call{query: url.Values{"max_block_size": {"7"}}, body: "SELECT getSetting('max_block_size')"}, 200, "7\n"},
		"unknown setting":               {call{query: url.Values{"no_such_setting": {"7"}}, body: "SELECT 1"}, 404, "Code: 115. DB::Exception: Unknown setting 'no_such_setting'. (UNKNOWN_SETTING)"},
		"setting that does not fit":     {call{query: url.Values{"max_threads": {"many"}}, body: "SELECT 1"}, 400, "Code: 36. "},
		"settings in statement":         {call{body: "SELECT getSetting('max_block_size') SETTINGS max_block_size = 9"}, 200, "9\n"},
		"exec with result":              {call{body: "SHOW DATABASES LIKE 'system'"}, 200, "system\n"},
		"explain":                       {call{body: "EXPLAIN SYNTAX SELECT 1"}, 200, "SELECT 1\nFROM system.one\n"},
		"empty result":                  {call{body: "SELECT 1 WHERE 0"}, 200, ""},
		"empty statement":               {call{body: " \n"}, 400, "Code: 62. DB::Exception: Syntax error: Empty query. (SYNTAX_ERROR)"},
		"syntax error":                  {call{body: "SELEKT 1"}, 400, "Code: 62. DB::Exception: Syntax error"},
		"several statements":            {call{body: "SELECT 1; SELECT 2"}, 400, "Code: 62. DB::Exception: Syntax error (Multi-statements are not allowed). (SYNTAX_ERROR)"},
		"several statements, no SELECT": {call{body: "CREATE DATABASE a; CREATE DATABASE b"}, 400, "Code: 62. "},
		"closing semicolon":             {call{body: "SELECT 1;"}, 200, "1\n"},
		"unknown table":                 {call{body: "SELECT * FROM nowhere"}, 404, "Code: 60. DB::Exception: "},
		"unknown function":              {call{body: "SELECT nosuch(1)"}, 404, "Code: 46. DB::Exception: "},
		"time limit":                    {call{query: url.Values{"max_execution_time": {"1"}}, body: "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"}, 408, "Code: 159. DB::Exception: Timeout exceeded"},
		"memory limit":                  {call{query: url.Values{"max_memory_usage": {"1000000"}}, body: "SELECT groupArray(number) FROM numbers(10000000) FORMAT Null"}, 500, "Code: 241. "},
		"SET alone":                     {call{body: "SET max_threads = 1"}, 200, ""},
		"multipart":                     {call{body: "x", header: http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}}, 501, "Code: 48. "},
		"unknown encoding":              {call{body: "x", header: http.Header{"Content-Encoding": {"snappy"}}}, 501, "Code: 48. "},
		"not zstd":                      {call{body: "x", header: http.Header{"Content-Encoding": {"zstd"}}}, 500, "Code: 33. "},
		"not gzip":                      {call{body: "x", header: http.Header{"Content-Encoding": {"gzip"}}}, 500, "Code: 33. "},
		"long query id":                 {call{query: url.Values{"query_id": {strings.Repeat("x", 129)}}, body: "SELECT 1"}, 400, "Code: 36. "},
		"wrong path":                    {call{path: "/nowhere", body: "SELECT 1"}, 404, "There is no handle /nowhere"},
		"wrong method":                  {call{method: "DELETE", body: "SELECT 1"}, 405, "Only GET and POST"},
		"no user":                       {call{anonymous: true, body: "SELECT 1"}, 403, "Code: 516. DB::Exception: default: Authentication failed"},
		"wrong password in header":      {call{anonymous: true, header: http.Header{"X-Clickhouse-User": {"winnow"}, "X-Clickhouse-Key": {"guess"}}, body: "SELECT 1"}, 403, "Code: 516. "},
		"empty password":                {call{anonymous: true, query: url.Values{"user": {"winnow"}}, body: "SELECT 1"}, 403, "Code: 516. "},
		"password of another user":      {call{anonymous: true, query: url.Values{"user": {"winnow"}, "password": {e.ReaderOptions().Auth.Password}}, body: "SELECT 1"}, 403, "Code: 516. "},
		"user in URL":                   {call{anonymous: true, query: url.Values{"user": {"winnow"}, "password": {e.ClientOptions().Auth.Password}}, body: "SELECT 1"}, 200, "1\n"},
		"user in header":                {call{anonymous: true, header: http.Header{"X-Clickhouse-User": {"winnow"}, "X-Clickhouse-Key": {e.ClientOptions().Auth.Password}}, body: "SELECT 1"}, 200, "1\n"},
		"reader reads":                  {call{user: "reader", body: "SELECT 1 -- comment"}, 200, "1\n"},
		"reader may not write":          {call{user: "reader", body: "CREATE TABLE x (a Int8) ENGINE = Memory"}, 500, "Code: 164. DB::Exception: Cannot execute query in readonly mode"},
		"reader may not insert":         {call{user: "reader", query: url.Values{"query": {"INSERT INTO x FORMAT CSV"}}, body: "1"}, 500, "Code: 164. "},
		"reader may limit":              {call{user: "reader", query: url.Values{"max_execution_time": {"5"}}, body: "SELECT toUInt32(getSetting('max_execution_time'))"}, 200, "5\n"},
		"reader's limit has an end":     {call{user: "reader", query: url.Values{"max_execution_time": {"0"}}, body: "SELECT toUInt32(getSetting('max_execution_time'))"}, 200, "60\n"},
		"reader's limit is a number":    {call{user: "reader", query: url.Values{"max_execution_time": {"NaN"}}, body: "SELECT 1"}, 400, "Code: 36. "},
		"reader may not lift":           {call{user: "reader", query: url.Values{"readonly": {"0"}}, body: "SELECT 1"}, 500, "Code: 164. DB::Exception: Cannot modify 'readonly' setting in readonly mode. (READONLY)"},
		"reader may say what is so":     {call{user: "reader", query: url.Values{"async_insert": {"0"}, "wait_end_of_query": {"0"}, "readonly": {"1"}}, body: "SELECT getSetting('readonly')"}, 200, "1\n"},
		"reader may not use memory":     {call{user: "reader", query: url.Values{"max_memory_usage": {"0"}}, body: "SELECT 1"}, 500, "Code: 164. "},
		"reader outside system":         {call{user: "reader", query: url.Values{"database": {"system"}}, body: "SELECT * FROM users"}, 403, "Code: 497. "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := do(t, e, tt.call)
			if got.status != tt.status {
				t.Errorf("status %d, want %d", got.status, tt.status)
			}
			if tt.status == 200 && got.body != tt.body || !strings.HasPrefix(got.body, tt.body) {
				t.Errorf("got  %q\nwant %q", got.body, tt.body)
			}
			code := ""
			if c, rest, ok := strings.Cut(tt.body, ". "); ok && strings.HasPrefix(c, "Code: ") && rest != tt.body {
				code = strings.TrimPrefix(c, "Code: ")
			}
			if h := got.header.Get("X-ClickHouse-Exception-Code"); h != code {
				t.Errorf("exception code header %q, want %q", h, code)
			}
		})
	}
}

func TestHeadersTellWhatHappened(t *testing.T) {
	e := storagetest.Engine(t)
	got := do(t, e, call{query: url.Values{"query_id": {"mine"}}, body: "SELECT number FROM numbers(10) FORMAT JSON"})
	if h := got.header.Get("X-ClickHouse-Query-Id"); h != "mine" {
		t.Errorf("query id %q", h)
	}
	if h := got.header.Get("X-ClickHouse-Format"); h != "JSON" {
		t.Errorf("format %q", h)
	}
	if h := got.header.Get("Content-Type"); h != "application/json; charset=UTF-8" {
		t.Errorf("content type %q", h)
	}
	if h := got.header.Get("X-ClickHouse-Summary"); !strings.Contains(h, `"result_rows":"10"`) {
		t.Errorf("summary %s", h)
	}
	if a, b := do(t, e, call{body: "SELECT 1"}), do(t, e, call{body: "SELECT 1"}); a.header.Get("X-ClickHouse-Query-Id") == b.header.Get("X-ClickHouse-Query-Id") {
		t.Error("two queries with one id")
	}
}

func TestInsertsTakeEveryWay(t *testing.T) {
	o := storagetest.Options(t)
	e := storagetest.Engine(t)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(z, "7\tseven\n"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	db := url.Values{"database": {o.Auth.Database}}
	with := func(query string) url.Values {
		return url.Values{"database": db["database"], "query": {query}}
	}
	if got := do(t, e, call{query: db, body: "CREATE TABLE t (a UInt64, b String) ENGINE = MergeTree ORDER BY a"}); got.status != 200 {
		t.Fatal(got.body)
	}
	for _, c := range []call{
		{query: db, body: "INSERT INTO t VALUES (1, 'one; -- '), (2, 'two')"},
		{query: with("INSERT INTO t (a, b) VALUES"), body: "(3, 'three')"},
		{query: db, body: "INSERT INTO t FORMAT JSONEachRow\n{\"a\": 4, \"b\": \"four\"}"},
		{query: with("INSERT INTO t FORMAT CSV"), body: "5,five\n"},
		{query: db, body: "INSERT INTO t SELECT 6, 'six'"},
		{query: with("INSERT INTO t FORMAT TSV"), body: zipped.String(), header: http.Header{"Content-Encoding": {"gzip"}}},
	} {
		if got := do(t, e, c); got.status != 200 || got.body != "" {
			t.Errorf("%v: %d %s", c, got.status, got.body)
		}
	}
	got := do(t, e, call{query: db, body: "SELECT * FROM t ORDER BY a"})
	want := "1\tone; -- \n2\ttwo\n3\tthree\n4\tfour\n5\tfive\n6\tsix\n7\tseven\n"
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Error(diff)
	}
	if got := do(t, e, call{query: with("INSERT INTO t FORMAT CSV"), body: "8,eight\nnonsense"}); got.status != 400 {
		t.Errorf("bad data: %d %s", got.status, got.body)
	}
	if got := do(t, e, call{query: with("INSERT INTO nowhere FORMAT CSV"), body: "8,eight"}); got.status != 404 {
		t.Errorf("no table: %d %s", got.status, got.body)
	}
}
