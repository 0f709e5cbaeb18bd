package schema

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

// The tables of a cluster, as the servers are told to make them.
func TestClusterTables(t *testing.T) {
	c := Cluster{Name: "winnow-2", Database: "campaigns"}
	migrations, err := c.Migrations()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "-- versions\n%s;\n", c.VersionTable("goose_db_version"))
	for _, m := range migrations {
		fmt.Fprintf(&b, "\n-- %s\n", m.File)
		for _, s := range m.Statements {
			fmt.Fprintf(&b, "%s;\n\n", s)
		}
	}
	const file = "testdata/cluster.sql"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is not known to be right is refused.
func TestClusterRefuses(t *testing.T) {
	c := Cluster{Name: "c", Database: "d"}
	for statement, want := range map[string]string{
		"CREATE TABLE new\n(\n    a UInt8\n)\nENGINE = ReplacingMergeTree\nORDER BY (a)":                       "not known by what",
		"CREATE TABLE gaps\n(\n    a UInt8\n)\nENGINE = ReplacingMergeTree\nORDER BY (a, campaign)":            "source is no part of its sorting key",
		"CREATE TABLE gaps\n(\n    a UInt8\n)\nENGINE = SummingMergeTree\nORDER BY (source, a)":                "not known how",
		"CREATE TABLE gaps\n(\n    a UInt8\n)\nENGINE = ReplacingMergeTree\nPARTITION BY a\nORDER BY (source)": "not known how",
		"CREATE TABLE gaps\n(\n    a UInt8\n)\nENGINE = ReplacingMergeTree\nORDER BY (source)\nSETTINGS x = 1": "not known how",
		"CREATE TABLE gaps AS watches":                     "not known how",
		"CREATE MATERIALIZED VIEW v TO reach AS SELECT 1":  "not known how",
		"DROP TABLE IF EXISTS new":                         "not known how",
		"DROP TABLE gaps":                                  "not known how",
		"ALTER TABLE gaps DELETE WHERE 1":                  "not known how",
		"ALTER TABLE gaps ADD COLUMN a UInt8":              "not known how",
		"ALTER TABLE new ADD COLUMN IF NOT EXISTS a UInt8": "not known how",
		"RENAME TABLE gaps TO marks":                       "not known how",
		"RENAME TABLE gaps TO marks, watches TO gaps":      "not on the same shards",
		"INSERT INTO gaps VALUES (1)":                      "not known how",
		"INSERT INTO new SELECT 1":                         "not known how",
		"OPTIMIZE TABLE gaps":                              "not known how",
	} {
		got, err := c.rewrite(statement)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: became %q, %v", statement, got, err)
		}
	}
	for _, c := range []Cluster{{}, {Name: "c"}, {Database: "d"}, {Name: "it's", Database: "d"}, {Name: "c", Database: "d`"}, {Name: "-c", Database: "d"}} {
		if got, err := c.Migrations(); err == nil {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestStatementsEndAtTheirSemicolons(t *testing.T) {
	got := statements("-- one; two\nSELECT 'a;b\\';' -- c; d\n, ';' ;;\n\n-- e\n-- f\nSELECT 2;\n-- the end;")
	if diff := cmp.Diff([]string{"SELECT 'a;b\\';' -- c; d\n, ';'", "SELECT 2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Cut anywhere, nothing is lost but comments and what lies between statements.
func FuzzStatements(f *testing.F) {
	f.Add("SELECT 'a;b'; -- c")
	f.Add("'\\")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range statements(text) {
			if s == "" || !strings.Contains(text, s) {
				t.Errorf("%q is no part of %q", s, text)
			}
		}
	})
}
