package statement

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// readCorpus reads queries from testdata: each line is one, with \n, \0, \\ and
// \u for a no-break space written so; blank lines and those that begin with a hash are not.
func readCorpus(t testing.TB, file string) (queries []string) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\0`, "\x00", `\u`, "\u00a0")
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "##") {
			continue
		}
		queries = append(queries, unescape.Replace(line))
	}
	return queries
}

func TestAttacksAreRefused(t *testing.T) {
	attacks := readCorpus(t, "attacks.txt")
	if len(attacks) < 60 {
		t.Fatalf("only %d attacks", len(attacks))
	}
	for _, q := range attacks {
		clean, err := CheckReader(q)
		if err == nil {
			t.Errorf("let pass: %q\nas        %q", q, clean)
			continue
		}
		var refusal *Error
		if !errors.As(err, &refusal) || !slices.Contains([]int{62, 164, 497}, refusal.Code) {
			t.Errorf("%q: refused without a code of ClickHouse's: %v", q, err)
		}
	}
}

func TestReadingIsAllowed(t *testing.T) {
	for _, q := range readCorpus(t, "allowed.txt") {
		clean, err := CheckReader(q)
		if err != nil {
			t.Errorf("%q: %v", q, err)
			continue
		}
		if again, err := CheckReader(clean); err != nil || again != clean {
			t.Errorf("%q: checked again %q: %v", clean, again, err)
		}
	}
}

func TestCommentsAndSemicolonsGo(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT 1":                        "SELECT 1",
		" SELECT\n\t1 ; ; ":               "SELECT 1",
		"SELECT/*a/*b*/c*/1":              "SELECT 1",
		"SELECT 1 -- a'b\n, 2":            "SELECT 1 , 2",
		"SELECT 1 # x\n+1":                "SELECT 1 +1",
		"SELECT 1 #!x\n+1":                "SELECT 1 +1",
		"SELECT 1 // x\n+1":               "SELECT 1 +1",
		"SELECT '--', '/*', `#`, \"a//\"": "SELECT '--', '/*', `#`, \"a//\"",
		`SELECT 'it''s', 'a\'b', 'c\\'`:   `SELECT 'it''s', 'a\'b', 'c\\'`,
		"SELECT $a$ it's -- $b$ $a$, 1":   "SELECT $a$ it's -- $b$ $a$, 1",
		"SELECT $$ ' $$":                  "SELECT $$ ' $$",
		"SELECT x'4142', b'01', X'', xx":  "SELECT x'4142', b'01', X'', xx",
		"SELECT 1.5e-3, 0x1F, 1_000, a$b": "SELECT 1.5e-3, 0x1F, 1_000, a$b",
	} {
		got, err := CheckReader(in)
		if err != nil || got != want {
			t.Errorf("%q:\ngot  %q, %v\nwant %q", in, got, err, want)
		}
	}
}

func TestRefusalsHaveClickHousesShape(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT 1; SELECT 2":             "Code: 62. DB::Exception: Syntax error: Multi-statements are not allowed. (SYNTAX_ERROR)",
		"DROP TABLE posts":               "Code: 164. DB::Exception: Cannot execute query in readonly mode: DROP is not for readers; allowed are SELECT, WITH, SHOW, DESCRIBE, EXPLAIN and EXISTS. (READONLY)",
		"SELECT * FROM file('x')":        "Code: 497. DB::Exception: Not enough privileges: file is not for readers; give it another name if it is a column. (ACCESS_DENIED)",
		"SELECT * FROM s3('x')":          "Code: 497. DB::Exception: Not enough privileges: the table function s3 is not for readers. (ACCESS_DENIED)",
		"SELECT 'x":                      "Code: 62. DB::Exception: Syntax error: a quote is not closed. (SYNTAX_ERROR)",
		"SELECT * FROM system.users":     "Code: 497. DB::Exception: Not enough privileges: this system table is not for readers. (ACCESS_DENIED)",
		"SELECT 1 SETTINGS readonly = 0": "Code: 164. DB::Exception: Cannot execute query in readonly mode: SETTINGS are not for readers; quote it if it is a name. (READONLY)",
	} {
		if _, err := CheckReader(in); err == nil || err.Error() != want {
			t.Errorf("%q:\ngot  %v\nwant %s", in, err, want)
		}
	}
}

// Whatever is allowed is one statement that begins with one of the allowed
// words, and is its own clean form.
func FuzzCheckReader(f *testing.F) {
	for _, q := range append(readCorpus(f, "attacks.txt"), readCorpus(f, "allowed.txt")...) {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, in string) {
		clean, err := CheckReader(in)
		if err != nil {
			return
		}
		if !slices.Contains([]string{"SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS"}, Keyword(clean)) {
			t.Errorf("%q begins with %s", in, Keyword(clean))
		}
		tokens, err := scan(clean)
		if err != nil {
			t.Fatalf("%q became %q, which cannot be read: %v", in, clean, err)
		}
		for i, token := range tokens {
			if token.isPunct(';') || token.is("OUTFILE") && !tokens[i-1].isPunct('.') {
				t.Errorf("%q became %q, with %s", in, clean, token.raw)
			}
		}
		if again, err := CheckReader(clean); err != nil || again != clean {
			t.Errorf("%q became %q, then %q: %v", in, clean, again, err)
		}
	})
}
