package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"time"

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

// said puts the last line that was printed, without quotes, into a variable.
func said(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: said VARIABLE")
	}
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	ts.Setenv(args[0], strings.Trim(lines[len(lines)-1], `"`))
}

// freeport puts a port that is free in the place of PORT in a file, and into the
// variable PORT.
func freeport(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: freeport file")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Check(l.Close())
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Setenv("PORT", port)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(ts.ReadFile(args[0]), "PORT", port)), 0o600))
}

// await waits until a file holds a text.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await file text")
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); <-tick.C {
		if b, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && strings.Contains(string(b), args[1]) {
			return
		}
	}
	ts.Fatalf("%s does not say %q", args[0], args[1])
}

// ask posts a query to an address and writes the status and the answer to a file.
func ask(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: ask file url query")
	}
	res, err := http.Post(args[1], "", strings.NewReader(args[2]))
	ts.Check(err)
	body, err := io.ReadAll(res.Body)
	ts.Check(errors.Join(err, res.Body.Close()))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), fmt.Appendf(nil, "%d %s", res.StatusCode, body), 0o600))
}

// hook starts a server until the script ends, puts its port in the place of PORT in a
// file, and appends what is posted to it to another. It refuses paths that begin with
// /refused.
func hook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: hook file messages")
	}
	messages := ts.MkAbs(args[1])
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/refused") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			var before []byte
			if before, err = os.ReadFile(messages); err == nil || os.IsNotExist(err) {
				err = os.WriteFile(messages, append(append(before, body...), '\n'), 0o600)
			}
		}
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	ts.Defer(s.Close)
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(ts.ReadFile(args[0]), "PORT", port)), 0o600))
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
