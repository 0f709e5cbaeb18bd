package network

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

var en = words.InEnglish(time.UTC, time.Now)

var update = flag.Bool("update", false, "write the golden file anew")

// ring is a finding of so many accounts that all posted one object, every second a
// second one, with pairs in step.
func ring(n int) (view.FindingDetail, []view.FindingEdge) {
	f := view.FindingDetail{FindingSummary: view.FindingSummary{Accounts: uint64(n), Objects: 2}}
	var edges []view.FindingEdge
	for i := range n {
		a := view.FindingAccount{Platform: "x", AccountID: fmt.Sprint("account ", i), Bits: float64(2 * (n - i))}
		f.AccountRows = append(f.AccountRows, a)
		who := view.Party{Platform: "x", AccountID: a.AccountID}
		edges = append(edges, view.FindingEdge{A: who, ObjectKind: "text", ObjectID: "t", Posts: uint64(1 + i%2)})
		if i%2 == 0 {
			edges = append(edges, view.FindingEdge{A: who, ObjectKind: "link", ObjectID: "l", Posts: 1})
		}
		if i > 0 && i < 4 {
			edges = append(edges, view.FindingEdge{A: who, B: view.Party{Platform: "x", AccountID: fmt.Sprint("account ", i-1)}, Bits: float64(20 * i)})
		}
	}
	f.ObjectRows = []view.FindingObject{{Kind: "text", ID: "t"}, {Kind: "link", ID: "l"}}
	return f, edges
}

// The picture of a finding is the same wherever it is drawn: this one was drawn once.
func TestThePictureIsTheSameForEveryone(t *testing.T) {
	f, edges := ring(14)
	p := Draw(en, f, edges, false)
	var b strings.Builder
	for _, a := range p.Accounts {
		fmt.Fprintf(&b, "%s at %v, %v of radius %v: %v, in step with %v\n", a.Mark, a.X, a.Y, a.R, a.Posted, a.InStep)
	}
	for _, o := range p.Objects {
		fmt.Fprintf(&b, "%s at %v, %v by %d\n", o.Mark, o.X, o.Y, o.By)
	}
	fmt.Fprintln(&b, p.Desc)
	const file = "testdata/ring.txt"
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
	if diff := cmp.Diff(p, Draw(en, f, edges, false)); diff != "" {
		t.Errorf("drawn again (-first +second):\n%s", diff)
	}
}

// Everything lies within the picture, and nothing on top of another, however large the
// finding is; and each line leads from where something stands to where something does.
func TestThePictureHoldsTogether(t *testing.T) {
	for _, n := range []int{1, 2, 3, 41, 120, 700} {
		f, edges := ring(n)
		p := Draw(en, f, edges, false)
		if len(p.Accounts) != min(n, MaxAccounts) || p.MoreAccounts != uint64(max(0, n-MaxAccounts)) {
			t.Errorf("of %d: %d accounts and %d more", n, len(p.Accounts), p.MoreAccounts)
		}
		places := map[[2]float64]string{}
		put := func(at Place) {
			if at.X < margin-1 || at.X > width-margin+1 || at.Y < margin-1 || at.Y > height-margin+1 {
				t.Errorf("of %d: %s is at %v, %v", n, at.Mark, at.X, at.Y)
			}
			if before, taken := places[[2]float64{at.X, at.Y}]; taken {
				t.Errorf("of %d: %s stands on %s", n, at.Mark, before)
			}
			places[[2]float64{at.X, at.Y}] = at.Mark
		}
		for _, a := range p.Accounts {
			put(a.Place)
		}
		for _, o := range p.Objects {
			put(o.Place)
		}
		for _, l := range p.Lines {
			_, from := places[[2]float64{l.X1, l.Y1}]
			_, to := places[[2]float64{l.X2, l.Y2}]
			if !from || !to {
				t.Errorf("of %d: a line leads nowhere: %+v", n, l)
			}
		}
	}
}

// Two groups that nothing joins come apart.
func TestGroupsComeApart(t *testing.T) {
	const each = 12
	var joined [][2]int
	for i := range each {
		for j := range i {
			joined = append(joined, [2]int{i, j}, [2]int{each + i, each + j})
		}
	}
	at := spread(2*each, joined)
	far := func(i, j int) float64 {
		dx, dy := at[i].x-at[j].x, at[i].y-at[j].y
		return dx*dx + dy*dy
	}
	for i := range each {
		for j := range each {
			if i != j && far(i, j) > far(i, each+j) {
				t.Fatalf("%d is farther from %d of its own group than from %d of the other", i, j, each+j)
			}
		}
	}
}

func TestWhatIsNotJoinedIsNotDrawn(t *testing.T) {
	f, _ := ring(3)
	stranger := view.Party{Platform: "x", AccountID: "stranger"}
	same := view.Party{Platform: "x", AccountID: "account 1"}
	for name, edges := range map[string][]view.FindingEdge{
		"nothing":                  nil,
		"of somebody else":         {{A: stranger, ObjectKind: "text", ObjectID: "t", Posts: 1}},
		"to something else":        {{A: same, ObjectKind: "text", ObjectID: "other", Posts: 1}, {A: same, B: stranger, Bits: 3}},
		"to itself":                {{A: same, B: same, Bits: 3}},
		"of another platform's id": {{A: view.Party{Platform: "bluesky", AccountID: "account 1"}, ObjectKind: "text", ObjectID: "t", Posts: 1}},
	} {
		if p := Draw(en, f, edges, false); p != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestManyPartnersAreCounted(t *testing.T) {
	f, _ := ring(30)
	var edges []view.FindingEdge
	for i := 1; i < 30; i++ {
		edges = append(edges, view.FindingEdge{A: view.Party{Platform: "x", AccountID: "account 0"}, B: view.Party{Platform: "x", AccountID: fmt.Sprint("account ", i)}, Bits: 5})
	}
	p := Draw(en, f, edges, false)
	if a := p.Accounts[0]; len(a.InStep) != maxPartners || a.MoreInStep != 29-maxPartners || !p.HasPairs() {
		t.Errorf("in step with %v and %d more", a.InStep, a.MoreInStep)
	}
}

func TestPathsAreTheLines(t *testing.T) {
	p := &Picture{Lines: []Line{{1, 2, 3.5, 4, false, false}, {5, 6, 7, 8.1, true, true}, {9, 10, 11, 12, false, false}}}
	want := []Path{{D: "M1 2L3.5 4M9 10L11 12"}, {Pair: true, Strong: true, D: "M5 6L7 8.1"}}
	if diff := cmp.Diff(want, p.Paths()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
