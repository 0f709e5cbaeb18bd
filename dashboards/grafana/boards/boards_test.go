package boards

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

// Every query is shown somewhere, and every part is in a query.
func TestEveryFileIsUsed(t *testing.T) {
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for name, d := range all {
		text, err := d.JSON()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		shown.Write(text)
	}
	var sources strings.Builder
	files := 0
	check := func(path string, use func(name, text string) bool) {
		text, err := queries.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(strings.TrimPrefix(path, "queries/"), ".sql")
		if !use(name, string(text)) {
			t.Errorf("%s is used by nothing", path)
		}
		files++
	}
	walk := func(f func(path string)) {
		err := fs.WalkDir(queries, "queries", func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				f(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	walk(func(path string) {
		text, err := queries.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources.Write(text)
	})
	walk(func(path string) {
		check(path, func(name, _ string) bool {
			if part, ok := strings.CutPrefix(name, "parts/"); ok {
				return strings.Contains(sources.String(), "{{"+part+"}}")
			}
			return strings.Contains(shown.String(), quoted((&sheets{}).sql(name)))
		})
	})
	if files < 80 {
		t.Errorf("%d query files, want all of them", files)
	}
}

// quoted is SQL as it stands in JSON.
func quoted(sql string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(sql)
}

// A query or part that is missing is an error that names the file.
func TestMissingFileIsAnError(t *testing.T) {
	s := &sheets{}
	s.sql("reach/never_there")
	if err := errors.Join(s.wrong...); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "never_there.sql") {
		t.Errorf("error is %v", err)
	}
	if err := errors.Join((&sheets{}).wrong...); err != nil {
		t.Errorf("nothing was read, and the error is %v", err)
	}
}
