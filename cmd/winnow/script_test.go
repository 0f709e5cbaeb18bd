package main

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite golden files in scripts")

// keys writes the keys of the JSON object that was last printed to a file, one a
// line; those of objects in it stand behind its own and a dot.
func keys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: keys file")
	}
	var object map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &object))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(names("", object), "\n")+"\n"), 0o600))
}

func names(in string, object map[string]any) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(object)) {
		out = append(out, in+k)
		if inner, ok := object[k].(map[string]any); ok {
			out = append(out, names(in+k+".", inner)...)
		}
	}
	return out
}

// compress writes a file's compressed form beside it.
func compress(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: gzip file")
	}
	f, err := os.Create(ts.MkAbs(args[0] + ".gz"))
	ts.Check(err)
	z := gzip.NewWriter(f)
	_, err = z.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(z.Close())
	ts.Check(f.Close())
}

// private fails unless only its owner can read a file.
func private(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: private file")
	}
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if info.Mode().Perm() != 0o600 {
		ts.Fatalf("%s has the mode %v", args[0], info.Mode())
	}
}
