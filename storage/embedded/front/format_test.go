package front_test

import (
	"net/url"
	"strings"
	"testing"

	"winnow/storage/storagetest"
)

// A result that comes in several chunks is one document in every format, as
// that of a ClickHouse server is.
func TestChunksMakeOneDocument(t *testing.T) {
	e := storagetest.Engine(t)
	tests := map[string]struct{ begin, end string }{
		"CSVWithNames":         {"\"n\"\"\n,\",\"text\"\n0,\"a\"\n", "\n2999,\"a\"\n"},
		"TSVWithNames":         {"n\"\\n,\ttext\n0\ta\n", "\n2999\ta\n"},
		"TSVWithNamesAndTypes": {"n\"\\n,\ttext\nUInt64\tString\n0\ta\n", "\n2999\ta\n"},
		"JSONEachRow":          {"{\"n\\\"\\n,\":0,\"text\":\"a\"}\n", "{\"n\\\"\\n,\":2999,\"text\":\"a\"}\n"},
		"JSON":                 {"{\n\t\"meta\"", "}\n"},
		"CSV":                  {"0,\"a\"\n", "\n2999,\"a\"\n"},
	}
	for format, tt := range tests {
		t.Run(format, func(t *testing.T) {
			// Small blocks make many chunks.
			got := do(t, e, call{
				query: url.Values{"max_block_size": {"100"}, "default_format": {format}},
				body:  "SELECT number AS `n\"\n,`, 'a' AS text FROM numbers(3000)",
			})
			if got.status != 200 {
				t.Fatalf("%d %s", got.status, got.body)
			}
			if !strings.HasPrefix(got.body, tt.begin) || !strings.HasSuffix(got.body, tt.end) {
				t.Errorf("got %q ... %q", got.body[:60], got.body[len(got.body)-40:])
			}
			if n := strings.Count(got.body, "text"); n > 1 && format != "JSONEachRow" && format != "JSON" {
				t.Errorf("the names stand there %d times", n)
			}
			if n := strings.Count(got.body, "\"meta\""); n > 1 {
				t.Errorf("%d documents", n)
			}
		})
	}
}

// Without rows the names are all there is.
func TestNamesOfAnEmptyResult(t *testing.T) {
	e := storagetest.Engine(t)
	got := do(t, e, call{query: url.Values{"default_format": {"CSVWithNames"}}, body: "SELECT 1 AS a WHERE 0"})
	if got.status != 200 || got.body != "\"a\"\n" {
		t.Errorf("%d %q", got.status, got.body)
	}
}
