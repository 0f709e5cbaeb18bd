package graph_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"winnow/dashboards/export"
	"winnow/dashboards/export/exporttest"
	"winnow/dashboards/export/graph"
)

var update = flag.Bool("update", false, "rewrite golden files")

type format struct {
	name  string
	write func(io.Writer, *export.Dataset) error
}

func formats() []format { return []format{{"gexf", graph.GEXF}, {"graphml", graph.GraphML}} }

func write(t testing.TB, f format, d export.Dataset) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.write(&b, &d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, f := range formats() {
		got := write(t, f, exporttest.Dataset())
		path := filepath.Join("testdata", "finding."+f.name)
		if *update {
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got); -update accepts it:\n%s", path, diff)
		}
	}
}

// python finds a Python that has networkx. Without one the test is skipped, with CI=true
// it fails.
func python(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"python3", "/usr/bin/python3"} { // Debian's may not be the first
		if exec.CommandContext(t.Context(), path, "-c", "import networkx").Run() == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no networkx: run make browser")
	}
	t.Skip("run make browser to have this test")
	return ""
}

// read is what networkx finds in a network.
type read struct {
	Directed, Multi bool
	Nodes           map[string]map[string]any
	Edges           []map[string]any
}

// Another reader finds every node, every edge and every attribute.
func TestNetworkxReadsIt(t *testing.T) {
	py := python(t)
	d := exporttest.Dataset()
	for _, f := range formats() {
		cmd := exec.CommandContext(t.Context(), py, filepath.Join("testdata", "read.py"), f.name)
		cmd.Stdin, cmd.Stderr = bytes.NewReader(write(t, f, d)), t.Output()
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var got read
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatal(err)
		}
		if got.Directed || got.Multi || len(got.Nodes) != len(d.Accounts)+len(d.Objects) || len(got.Edges) != len(d.Uses)+len(d.Pairs) {
			t.Errorf("%s: %d nodes and %d edges, directed %v, several between two %v", f.name, len(got.Nodes), len(got.Edges), got.Directed, got.Multi)
		}
		if diff := cmp.Diff(wantNodes(d), got.Nodes); diff != "" {
			t.Errorf("%s: nodes (-want +got):\n%s", f.name, diff)
		}
		for _, e := range got.Edges {
			delete(e, "id") // GEXF alone tells it
		}
		slices.SortFunc(got.Edges, func(a, b map[string]any) int { return strings.Compare(ends(a), ends(b)) })
		if diff := cmp.Diff(wantEdges(), got.Edges); diff != "" {
			t.Errorf("%s: edges (-want +got):\n%s", f.name, diff)
		}
	}
}

func ends(e map[string]any) string {
	both := e["ends"].([]any)
	return both[0].(string) + both[1].(string)
}

// fit is a text as XML can hold it.
func fit(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && !strings.ContainsRune("\t\r\n", r) || r == 0xfffe {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

func wantNodes(d export.Dataset) map[string]map[string]any {
	const date = "2006-01-02T15:04:05.000Z"
	out := make(map[string]map[string]any)
	for i, a := range d.Accounts {
		n := map[string]any{
			"type": "account", "platform": a.Platform, "account_id": a.ID, "bits": a.Bits, "posts": float64(a.Posts), "label": a.ID,
			"start": a.First.Format(date), "end": a.Last.Format(date),
		}
		if a.Handle != "" {
			n["handle"], n["label"], n["name"] = a.Handle, a.Handle, fit(a.Name)
		}
		if a.Followers != nil {
			n["followers"] = float64(*a.Followers)
		}
		if len(a.Signals) > 0 {
			n["signals"] = strings.Join(a.Signals, "; ")
		}
		out["a"+strconv.Itoa(i+1)] = n
	}
	for i, o := range d.Objects {
		out["o"+strconv.Itoa(i+1)] = map[string]any{
			"type": "object", "object_kind": o.Kind, "object_id": o.Kind + ":" + o.ID, "accounts": float64(o.Accounts), "label": strings.Join(strings.Fields(o.Label), " "),
			"content": fit(o.Label), "start": o.First.Format(date), "end": o.Last.Format(date),
		}
	}
	return out
}

func wantEdges() []map[string]any {
	use := func(a, o string, posts float64, start, end string) map[string]any {
		return map[string]any{"type": "use", "posts": posts, "weight": posts, "start": "2015-06-12T18:00:" + start + "Z", "end": "2015-06-12T18:00:" + end + "Z", "ends": []any{a, o}}
	}
	pair := use("a1", "a2", 30, "00.000", "20.000")
	delete(pair, "posts")
	pair["type"], pair["bits"] = "pair", 30.
	return []map[string]any{
		pair, use("a1", "o2", 9, "00.000", "20.000"), use("a2", "o2", 8, "00.500", "19.000"), use("a3", "o1", 1, "03.000", "03.000"), use("a3", "o2", 1, "03.000", "03.000"),
	}
}

// What only an edge names is a node too: a reader must not meet an end that is nowhere.
func TestEveryEndIsANode(t *testing.T) {
	a, b := export.AccountRef{Platform: "x", ID: "1"}, export.AccountRef{Platform: "x", ID: "2"}
	d := export.Dataset{
		Accounts: []export.Account{{AccountRef: a}},
		Uses:     []export.Use{{Account: b, Object: export.ObjectRef{Kind: "text", ID: "t"}, Posts: 1}},
		Pairs:    []export.Pair{{A: a, B: export.AccountRef{Platform: "x", ID: "3"}, Bits: 20}},
	}
	for _, f := range formats() {
		nodes, edges := parse(t, write(t, f, d))
		if diff := cmp.Diff([]string{"a1", "a2", "o1", "a3"}, nodes); diff != "" {
			t.Errorf("%s: nodes (-want +got):\n%s", f.name, diff)
		}
		if diff := cmp.Diff([]string{"a2-o1", "a1-a3"}, edges); diff != "" {
			t.Errorf("%s: edges (-want +got):\n%s", f.name, diff)
		}
	}
}

// Whatever is in a text, what is written is XML, with as many nodes.
func TestHostileTextsAreXML(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[\x00-\x1f\x7f-\x9f<>&"'\]\x{fffe}\x{ffff}]*`), rapid.SampledFrom(exporttest.Texts())).Draw(rt, "text")
		d := export.Dataset{
			Finding:  export.Finding{Sentence: s},
			Accounts: []export.Account{{AccountRef: export.AccountRef{Platform: s, ID: s}, Handle: s, Name: s, Signals: []string{s}}},
			Objects:  []export.Object{{ObjectRef: export.ObjectRef{Kind: s, ID: s}, Label: s}},
		}
		for _, f := range formats() {
			if nodes, edges := parse(t, write(t, f, d)); len(nodes) != 2 || len(edges) != 0 {
				rt.Fatalf("%s: nodes %q", f.name, nodes)
			}
		}
	})
}

// parse returns the ids of the nodes and the ends of the edges.
func parse(t *testing.T, text []byte) (nodes, edges []string) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return nodes, edges
		} else if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		at := make(map[string]string)
		for _, a := range e.Attr {
			at[a.Name.Local] = a.Value
		}
		switch e.Name.Local {
		case "node":
			nodes = append(nodes, at["id"])
		case "edge":
			edges = append(edges, at["source"]+"-"+at["target"])
		}
	}
}

// brokenPipe takes nothing.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWhatCannotBeWrittenIsSaid(t *testing.T) {
	d := exporttest.Many(1000)
	for _, f := range formats() {
		if err := f.write(brokenPipe{}, &d); !errors.Is(err, io.ErrClosedPipe) || !strings.Contains(strings.ToLower(err.Error()), f.name) {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

func BenchmarkNetwork(b *testing.B) {
	d := exporttest.Many(100_000)
	for _, f := range formats() {
		b.Run(f.name, func(b *testing.B) {
			var n int64
			runtime.GC()
			b.ReportAllocs()
			for b.Loop() {
				n = 0
				if err := f.write(counter{&n}, &d); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(n)
			b.ReportMetric(float64(len(d.Uses)+len(d.Pairs)), "edges")
		})
	}
}

// counter counts what is written to it.
type counter struct{ n *int64 }

func (c counter) Write(p []byte) (int, error) {
	*c.n += int64(len(p))
	return len(p), nil
}
