package statement

import (
	"strings"
	"testing"
)

func TestParseInsert(t *testing.T) {
	for in, want := range map[string]struct{ into, format, data string }{
		"INSERT INTO t (a, b) FORMAT Native":                     {"INSERT INTO t (a, b) ", "Native", ""},
		"insert into t format CSV\n1,2\n":                        {"insert into t ", "CSV", "1,2\n"},
		"INSERT INTO t FORMAT TSV \r\n 1":                        {"INSERT INTO t ", "TSV", " 1"},
		"INSERT INTO t FORMAT JSONEachRow {\"a\": 1}":            {"INSERT INTO t ", "JSONEachRow", "{\"a\": 1}"},
		"/* x */ INSERT INTO t (`format`) SETTINGS a=1 FORMAT X": {"/* x */ INSERT INTO t (`format`) SETTINGS a=1 ", "X", ""},
		"INSERT INTO `a FORMAT b` (\"VALUES\") VALUES (1)":       {"INSERT INTO `a FORMAT b` (\"VALUES\") ", "Values", " (1)"},
		"INSERT INTO FUNCTION f('FORMAT CSV') FORMAT CSV":        {"INSERT INTO FUNCTION f('FORMAT CSV') ", "CSV", ""},
		"INSERT INTO t SELECT 1 FORMAT Null":                     {},
		"INSERT INTO t WITH 1 AS a SELECT a":                     {},
		"INSERT INTO t FROM INFILE 'x' FORMAT CSV":               {},
		"INSERT INTO t":            {},
		"INSERT INTO t FORMAT":     {},
		"INSERT INTO t FORMAT 'x'": {},
		"INSERT INTO t ('":         {},
		"SELECT 1 FORMAT CSV":      {},
		"":                         {},
	} {
		got, ok := ParseInsert(in)
		if ok != (want.format != "") || got.Into != want.into || got.Format != want.format || ok && in[got.Data:] != want.data {
			t.Errorf("%q: got %+v, %t", in, got, ok)
		}
	}
}

func TestKeyword(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT 1":                            "SELECT",
		" ( -- x\n(with 1 AS a SELECT a))":    "WITH",
		"/* SELECT */ insert into t values 1": "INSERT",
		"'x'":                                 "",
		"":                                    "",
		"/*":                                  "",
	} {
		if got := Keyword(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// The parts of an insert are parts of the text: the statement before the data,
// neither with the other's bytes.
func FuzzParseInsert(f *testing.F) {
	f.Add("INSERT INTO t (a, b) FORMAT Native\n\x01\x02")
	f.Add("insert into `t` values (1, '(')")
	f.Add("INSERT INTO t SELECT 1")
	f.Fuzz(func(t *testing.T, in string) {
		got, ok := ParseInsert(in)
		if !ok {
			return
		}
		if !strings.HasPrefix(in, got.Into) || got.Data < len(got.Into) || got.Data > len(in) {
			t.Errorf("%q: %+v", in, got)
		}
		if Keyword(got.Into) != "INSERT" {
			t.Errorf("%q: into %q", in, got.Into)
		}
	})
}
