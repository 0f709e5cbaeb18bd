package network

import (
	"embed"
	"math"
	"slices"
	"strconv"
	"strings"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Files holds network.html, which defines the template "network" for a [Picture]. It
// uses the words and parts of a finding's page.
//
//go:embed network.html
var Files embed.FS

// How many accounts and objects a picture holds: with more, nobody can follow a line.
const (
	MaxAccounts = 100
	MaxObjects  = 20
)

// Size of the picture, in units of its view box.
const (
	width  = 720
	height = 540
	margin = 34
)

// maxPartners is how many other accounts a row of the table names.
const maxPartners = 12

// Picture is the network of a finding.
type Picture struct {
	Width, Height int
	// Class names the colour of the accounts.
	Class string
	// Desc says in a sentence what there is to see.
	Desc string
	// Hidden leaves out the texts of objects.
	Hidden   bool
	Accounts []AccountNode
	Objects  []ObjectNode
	Lines    []Line
	// MoreAccounts and MoreObjects are how many the picture leaves out.
	MoreAccounts, MoreObjects uint64
}

// HasPairs says whether any accounts were in step.
func (p *Picture) HasPairs() bool {
	return slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Pair })
}

// Place is where something stands, and the number or letter by which the tables name it.
type Place struct {
	X, Y float64
	Mark string
}

// LabelX is where the mark is written.
func (p Place) LabelX() float64 { return tenths(p.X + 10) }

// LabelY is the base line of the mark.
func (p Place) LabelY() float64 { return tenths(p.Y + 4) }

// AccountNode is an account, with what it is joined to.
type AccountNode struct {
	Place
	view.FindingAccount
	// R is its radius: the more bits, the larger.
	R float64
	// Posted are the marks of the objects that it posted, InStep those of accounts
	// that it was in step with, and MoreInStep how many more of them there are.
	Posted, InStep []string
	MoreInStep     int
}

// ObjectNode is an object.
type ObjectNode struct {
	Place
	view.FindingObject
	// By is how many of the accounts in the picture posted it.
	By int
}

// Left and Top are the corner of the square that stands for it.
func (o ObjectNode) Left() float64 { return tenths(o.X - 7) }

// Top is explained at Left.
func (o ObjectNode) Top() float64 { return tenths(o.Y - 7) }

// Line joins two places. Pair is true between two accounts.
type Line struct {
	X1, Y1, X2, Y2 float64
	Pair           bool
	// Strong is true for more than one post, or more bits than half of the strongest
	// pair has.
	Strong bool
}

// Path is all lines of one look: drawn together they take a quarter of the bytes.
type Path struct {
	Pair, Strong bool
	D            string
}

// Paths are the lines by their look, the weaker ones below.
func (p *Picture) Paths() (out []Path) {
	for _, look := range []Path{{}, {Pair: true}, {Strong: true}, {Pair: true, Strong: true}} {
		var d []byte
		for _, l := range p.Lines {
			if l.Pair != look.Pair || l.Strong != look.Strong {
				continue
			}
			for i, n := range [...]float64{l.X1, l.Y1, l.X2, l.Y2} {
				d = append(d, "M L "[i])
				d = strconv.AppendFloat(d, n, 'f', -1, 64)
			}
		}
		if len(d) > 0 {
			look.D = string(d)
			out = append(out, look)
		}
	}
	return out
}

// Draw makes the picture of a finding from its accounts, those with the most bits first,
// its objects, those with the most accounts first, and what joins them. It is nil where
// nothing is joined.
func Draw(t *words.Teller, f view.FindingDetail, edges []view.FindingEdge, hidden bool) *Picture {
	p := &Picture{Width: width, Height: height, Class: "coordinated", Hidden: hidden}
	switch answer.StandingOf(f.FindingSummary) {
	case answer.Declared:
		p.Class = "declared"
	case answer.Rejected:
		p.Class = "organic"
	case answer.Undeclared, answer.Early:
	}
	accounts, objects := f.AccountRows[:min(MaxAccounts, len(f.AccountRows))], f.ObjectRows[:min(MaxObjects, len(f.ObjectRows))]
	p.MoreAccounts = max(f.Accounts, uint64(len(f.AccountRows))) - uint64(len(accounts))
	p.MoreObjects = max(f.Objects, uint64(len(f.ObjectRows))) - uint64(len(objects))
	place := map[string]int{}
	for i, a := range accounts {
		p.Accounts = append(p.Accounts, AccountNode{FindingAccount: a, Place: Place{Mark: strconv.Itoa(i + 1)}})
		place[accountKey(a.Platform, a.AccountID)] = i
	}
	for i, o := range objects {
		p.Objects = append(p.Objects, ObjectNode{FindingObject: o, Place: Place{Mark: string(rune('A' + i))}})
		place[objectKey(o.Kind, o.ID)] = len(accounts) + i
	}
	joined := p.join(edges, place)
	if len(joined) == 0 {
		return nil
	}
	at := spread(len(accounts)+len(objects), joined)
	fit(at, width, height, margin)
	most := 0.0
	for _, a := range p.Accounts {
		most = max(most, a.Bits)
	}
	for i := range p.Accounts {
		a := &p.Accounts[i]
		a.X, a.Y, a.R = at[i].x, at[i].y, 5
		if most > 0 && a.Bits > 0 {
			a.R = tenths(4 + float64(4*math.Sqrt(a.Bits/most)))
		}
	}
	for i := range p.Objects {
		o := &p.Objects[i]
		o.X, o.Y = at[len(accounts)+i].x, at[len(accounts)+i].y
	}
	for i, e := range joined {
		a, b := at[e[0]], at[e[1]]
		l := &p.Lines[i]
		l.X1, l.Y1, l.X2, l.Y2 = a.x, a.y, b.x, b.y
	}
	p.Desc = p.describe(t)
	return p
}

// join notes what joins what, and returns the pairs, one for each line.
func (p *Picture) join(edges []view.FindingEdge, place map[string]int) (joined [][2]int) {
	strongest := 0.0
	for _, e := range edges {
		strongest = max(strongest, e.Bits)
	}
	for _, e := range edges {
		from, ok := place[accountKey(e.A.Platform, e.A.AccountID)]
		if !ok {
			continue
		}
		pair := e.B.AccountID != ""
		key := objectKey(e.ObjectKind, e.ObjectID)
		if pair {
			key = accountKey(e.B.Platform, e.B.AccountID)
		}
		to, ok := place[key]
		if !ok || to == from {
			continue
		}
		if pair {
			p.inStep(from, to)
			p.inStep(to, from)
		} else {
			o := &p.Objects[to-len(p.Accounts)]
			o.By++
			p.Accounts[from].Posted = append(p.Accounts[from].Posted, o.Mark)
		}
		joined = append(joined, [2]int{from, to})
		p.Lines = append(p.Lines, Line{Pair: pair, Strong: e.Posts > 1 || pair && 2*e.Bits > strongest})
	}
	return joined
}

func (p *Picture) inStep(a, b int) {
	node := &p.Accounts[a]
	if len(node.InStep) == maxPartners {
		node.MoreInStep++
		return
	}
	node.InStep = append(node.InStep, p.Accounts[b].Mark)
}

// describe says what a reader sees who cannot see it.
func (p *Picture) describe(t *words.Teller) string {
	pairs := 0
	for _, l := range p.Lines {
		if l.Pair {
			pairs++
		}
	}
	var most *ObjectNode
	for i := range p.Objects {
		if o := &p.Objects[i]; most == nil || o.By > most.By {
			most = o
		}
	}
	s := t.Text("%s and %s.", t.Count(uint64(len(p.Accounts)), "%s account", "%s accounts"),
		t.Count(uint64(len(p.Objects)), "%s shared object", "%s shared objects")) + " " +
		t.Count(uint64(len(p.Lines)-pairs), "%s line from an account to what it posted.", "%s lines from an account to what it posted.")
	if pairs > 0 {
		s += " " + t.Count(uint64(pairs), "%s dashed line between accounts that were in step.", "%s dashed lines between accounts that were in step.")
	}
	if most != nil && most.By > 0 {
		s += " " + t.Count(uint64(most.By), "%s of the accounts meets at %s.", "%s of the accounts meet at %s.", most.Mark)
	}
	return s + " " + t.Text("The tables below say the same.")
}

func accountKey(platform, id string) string { return strings.Join([]string{"a", platform, id}, "\x00") }

func objectKey(kind, id string) string { return strings.Join([]string{"o", kind, id}, "\x00") }
