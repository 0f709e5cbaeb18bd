package statement

import (
	"strings"
	"testing"
)

func TestSplitOutput(t *testing.T) {
	for in, want := range map[string]Output{
		"SELECT 1":                           {Head: "SELECT 1"},
		"select 1 format JSON":               {Head: "select 1", Format: "JSON"},
		"SELECT 1 -- x\nFORMAT `CSV` ; -- y": {Head: "SELECT 1", Format: "CSV"},
		"SELECT 1 FORMAT CSV SETTINGS a = 1, b = 'FORMAT x'": {Head: "SELECT 1", Format: "CSV", Tail: " SETTINGS a = 1, b = 'FORMAT x'"},
		"SELECT 1 SETTINGS a = 1 FORMAT CSV":                 {Head: "SELECT 1 SETTINGS a = 1", Format: "CSV"},
		"SELECT format('{}', 1), 'FORMAT x' FORMAT CSV;;":    {Head: "SELECT format('{}', 1), 'FORMAT x'", Format: "CSV"},
		"SELECT * FROM (SELECT 1 FORMAT TSV)":                {Head: "SELECT * FROM (SELECT 1 FORMAT TSV)"},
		"SELECT format, t.format x FROM t":                   {Head: "SELECT format, t.format x FROM t"},
		"SELECT a AS format SETTINGS max_threads = 1":        {Head: "SELECT a AS format SETTINGS max_threads = 1"},
		"SELECT 1 INTO OUTFILE 'x' FORMAT CSV":               {},
		"SELECT 'x":                                          {},
		" ; ":                                                {},
		"":                                                   {},
	} {
		got, ok := SplitOutput(in)
		if got != want || ok != (want.Head != "") {
			t.Errorf("%q:\ngot  %q, %t\nwant %q", in, got, ok, want)
		}
	}
}

// The parts stand in the text, one behind the other, and nothing but the format
// clause is between them.
func FuzzSplitOutput(f *testing.F) {
	for _, q := range readCorpus(f, "allowed.txt") {
		f.Add(q)
		f.Add(q + " FORMAT CSV SETTINGS a = 1 -- x")
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, ok := SplitOutput(in)
		if !ok {
			return
		}
		rest, begins := strings.CutPrefix(in, out.Head)
		if !begins || !strings.Contains(rest, out.Tail) {
			t.Fatalf("%q: %q", in, out)
		}
		again, ok := SplitOutput(out.Head)
		if ok && again.Head != out.Head && out.Format == "" {
			t.Errorf("%q: %q, then %q", in, out, again)
		}
	})
}
