package coordination

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutants loosen one threshold each; %s is its value. Some test must notice.
var mutants = []struct{ constant, value string }{
	// chance.go
	{"leastChance", "(%s)/10"},
	{"sessionChance", "(%s)/10"},
	{"dullChance", "(%s)*4"},
	{"leastCompany", "(%s)/10"},
	{"wordBits", "(%s)*4"},
	{"answerBits", "(%s)*8"},
	{"occasionWord", "(%s)*2"},
	{"stopMost", "(%s)*2"},
	{"edgeBits", "(%s)/2"},
	{"loneEdgeBits", "(%s)/4"},
	{"burstBits", "(%s)-10"},
	{"minTrials", "(%s)/512"},
	{"scaleBits", "(%s)-3"},
	{"minObjects", "(%s)-1"},
	{"minCommunity", "(%s)-1"},
	{"minBurst", "(%s)-2"},
	{"minSlowBurst", "(%s)-2"},
	{"minPileOn", "(%s)-5"},
	{"joinTime", "(%s)/600"},
	// runs.go
	{"minRun", "(%s)-1"},
	{"runGap", "(%s)*4"},
	{"runSpan", "(%s)*4"},
	{"runSlope", "(%s)*4"},
	{"runQuiet", "(%s)/3"},
	{"runMargin", "(%s)-8"},
	{"earlyMargin", "(%s)-10"},
	{"stragglerBits", "(%s)/3"},
	{"stragglers", "(%s)/2"},
	{"strangers", "(%s)/2"},
	// floods.go
	{"minFlood", "(%s)-2"},
	{"floodRatio", "(%s)/8"},
	{"knownWordShare", "(%s)*1.9"},
	{"knownPairShare", "(%s)*9"},
	{"minStratum", "(%s)-3"},
	{"leastStratum", "(%s)/10"},
	{"floodHistory", "(%s)/6"},
	{"ebbShare", "(%s)*16"},
	{"floodAfter", "(%s)/5"},
	{"trailShare", "(%s)*5"},
	// copies.go
	{"settleTime", "(%s)/4"},
	{"lookBack", "(%s)*8"},
	// attach.go, community.go, pileon.go, report.go
	{"minAttach", "(%s)-2"},
	{"sharedAccounts", "(%s)-1"},
	{"rateBitsProtected", "(%s)/4"},
	{"rateBitsOther", "(%s)/4"},
	{"otherBits", "(%s)-20"},
	{"otherTraits", "(%s)-10"},
	{"answersPerRepost", "(%s)/10"},
	{"leastMean", "(%s)/10"},
	{"rusherBits", "(%s)-5"},
	{"highBits", "(%s)-10"},
	{"declaredShare", "(%s)/4"},
}

// survivors are the mutants that no test notices, with the reason.
var survivors = map[string]string{
	"minBurst":     fewEarnLess,
	"minSlowBurst": fewEarnLess,
	"minObjects":   "one meeting earns less than an edge needs: it saves work only",

	// No world of the tests comes close enough to these.
	"minTrials":         notClose,
	"runGap":            notClose,
	"stragglers":        notClose,
	"minStratum":        notClose,
	"leastStratum":      notClose,
	"knownWordShare":    notClose,
	"lookBack":          notClose,
	"minAttach":         notClose,
	"sharedAccounts":    notClose,
	"rateBitsProtected": notClose,
	"otherBits":         notClose,
	"otherTraits":       notClose,
	"declaredShare":     notClose,
}

const (
	notClose = "no world of the tests comes close enough to it"
	// Their company is one in a hundred at best (leastCompany), for 6.6 bits, and a
	// burst needs 20: burstBits beyond minTrials.
	fewEarnLess = "four have three others and earn 19.9 bits, less than a burst needs: it saves work only"
)

// TestLongMutation loosens each threshold in turn and looks whether the tests
// that run always notice.
func TestLongMutation(t *testing.T) {
	skipUnlessLong(t)
	gotool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command")
	}
	dir := t.TempDir()
	for _, m := range mutants {
		t.Run(m.constant, func(t *testing.T) {
			if only := os.Getenv("WINNOW_MUTANT"); only != "" && !strings.Contains(","+only+",", ","+m.constant+",") {
				t.Skip("not asked for")
			}
			file, mutated := mutate(t, m.constant, m.value)
			changed := filepath.Join(dir, m.constant+".go")
			if err := os.WriteFile(changed, mutated, 0o600); err != nil {
				t.Fatal(err)
			}
			overlay := filepath.Join(dir, m.constant+".json")
			replace := map[string]string{file: changed}
			// Whole stories take long to compile and to run.
			for _, story := range []string{"grid_test.go", "scenario_test.go"} {
				path, err := filepath.Abs(story)
				if err != nil {
					t.Fatal(err)
				}
				replace[path] = ""
			}
			text, err := json.Marshal(map[string]map[string]string{"Replace": replace})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(overlay, text, 0o600); err != nil {
				t.Fatal(err)
			}
			run := exec.CommandContext(t.Context(), gotool, "test", "-overlay", overlay, "-short", "-failfast", "-vet", "off", "-ldflags", "-s -w", "-skip", "^Test(Restart|AnyDelivery|BadInput|Hot|Reused|ShareBits|Late)", ".")
			run.Env = append(os.Environ(), "WINNOW_LONG=", "WINNOW_DATA=", "WINNOW_SEEDS=")
			out, err := run.CombinedOutput()
			reason := survivors[m.constant]
			switch {
			case strings.Contains(string(out), "[build failed]"):
				t.Fatalf("%s as %s does not compile:\n%s", m.constant, m.value, out)
			case err == nil && reason == "":
				t.Errorf("no test notices %s as %s", m.constant, fmt.Sprintf(m.value, "it"))
			case err != nil && reason != "":
				t.Errorf("%s is noticed now, take it from the survivors", m.constant)
			case err == nil:
				t.Logf("survives: %s", reason)
			default:
				t.Logf("noticed by %s", failed(string(out)))
			}
		})
	}
}

func failed(out string) string {
	for line := range strings.Lines(out) {
		if _, name, ok := strings.Cut(line, "--- FAIL: "); ok {
			return strings.TrimSpace(name)
		}
	}
	return "a crash"
}

// mutate returns the file in which a constant is declared, and its text with
// another value.
func mutate(t *testing.T, constant, value string) (file string, text []byte) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, name, src, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				values := spec.(*ast.ValueSpec)
				for i, id := range values.Names {
					if id.Name != constant || i >= len(values.Values) {
						continue
					}
					from, to := set.Position(values.Values[i].Pos()).Offset, set.Position(values.Values[i].End()).Offset
					full, err := filepath.Abs(name)
					if err != nil {
						t.Fatal(err)
					}
					changed := fmt.Sprintf(value, src[from:to])
					return full, []byte(string(src[:from]) + changed + string(src[to:]))
				}
			}
		}
	}
	t.Fatalf("no constant %s: rename its mutant or take it out", constant)
	return "", nil
}
