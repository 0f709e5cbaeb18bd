package graph

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"winnow/dashboards/export"
)

// attribute is what nodes or edges may have a value of. Types are called the same in both
// formats.
type attribute struct{ id, name, kind string }

const (
	text   = "string"
	whole  = "long"
	number = "double"
)

// value is the value of an attribute, by its place in the list.
type value struct {
	of   int
	text string
}

// node is an account or an object.
type node struct {
	id, label string
	span
	values []value
}

// edge is an account's use of an object, or a pair.
type edge struct {
	id, from, to string
	weight       float64
	span
	values []value
}

// span is from when to when something is there; zero if that is not known.
type span struct{ first, last time.Time }

func (s span) start() string { return moment(s.first) }
func (s span) end() string   { return moment(s.last) }

// moment is a time as XML Schema has it; empty for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// The places of the attributes of nodes.
const (
	nodeType = iota
	nodePlatform
	nodeAccount
	nodeHandle
	nodeName
	nodeFollowers
	nodeBits
	nodePosts
	nodeSignals
	nodeObjectKind
	nodeObject
	nodeContent
	nodeAccounts
)

func nodeAttributes() []attribute {
	return numbered("n", []attribute{
		nodeType: {name: "type", kind: text}, nodePlatform: {name: "platform", kind: text}, nodeAccount: {name: "account_id", kind: text},
		nodeHandle: {name: "handle", kind: text}, nodeName: {name: "name", kind: text}, nodeFollowers: {name: "followers", kind: whole},
		nodeBits: {name: "bits", kind: number}, nodePosts: {name: "posts", kind: whole}, nodeSignals: {name: "signals", kind: text},
		nodeObjectKind: {name: "object_kind", kind: text}, nodeObject: {name: "object_id", kind: text}, nodeContent: {name: "content", kind: text},
		nodeAccounts: {name: "accounts", kind: whole},
	})
}

// The places of the attributes of edges.
const (
	edgeType = iota
	edgePosts
	edgeBits
)

func edgeAttributes() []attribute {
	return numbered("e", []attribute{edgeType: {name: "type", kind: text}, edgePosts: {name: "posts", kind: whole}, edgeBits: {name: "bits", kind: number}})
}

func numbered(prefix string, all []attribute) []attribute {
	for i := range all {
		all[i].id = prefix + strconv.Itoa(i)
	}
	return all
}

// network is a dataset as nodes and edges.
type network struct {
	d *export.Dataset
	// accounts and objects are the names of the nodes. Those of accounts and objects that
	// only an edge names are in others.
	accounts map[export.AccountRef]string
	objects  map[export.ObjectRef]string
	others   []node
}

func newNetwork(d *export.Dataset) *network {
	n := &network{d: d, accounts: make(map[export.AccountRef]string, len(d.Accounts)), objects: make(map[export.ObjectRef]string, len(d.Objects))}
	for i := range d.Accounts {
		n.accounts[d.Accounts[i].AccountRef] = "a" + strconv.Itoa(i+1)
	}
	for i := range d.Objects {
		n.objects[d.Objects[i].ObjectRef] = "o" + strconv.Itoa(i+1)
	}
	for i := range d.Uses {
		n.account(d.Uses[i].Account)
		n.object(d.Uses[i].Object)
	}
	for i := range d.Pairs {
		n.account(d.Pairs[i].A)
		n.account(d.Pairs[i].B)
	}
	return n
}

// account names the node of an account that may not be listed.
func (n *network) account(a export.AccountRef) {
	if n.accounts[a] == "" {
		n.accounts[a] = "a" + strconv.Itoa(len(n.accounts)+1)
		n.others = append(n.others, node{id: n.accounts[a], label: a.ID, values: accountValues(a)})
	}
}

// object names the node of an object that may not be listed.
func (n *network) object(o export.ObjectRef) {
	if n.objects[o] == "" {
		n.objects[o] = "o" + strconv.Itoa(len(n.objects)+1)
		n.others = append(n.others, node{id: n.objects[o], label: o.ID, values: objectValues(o)})
	}
}

func accountValues(a export.AccountRef) []value {
	return []value{{nodeType, "account"}, {nodePlatform, a.Platform}, {nodeAccount, a.ID}}
}

// objectValues name an object as the tables do.
func objectValues(o export.ObjectRef) []value {
	return []value{{nodeType, "object"}, {nodeObjectKind, o.Kind}, {nodeObject, o.Kind + ":" + o.ID}}
}

func (n *network) nodes() iter.Seq[node] {
	return func(yield func(node) bool) {
		for i := range n.d.Accounts {
			a := &n.d.Accounts[i]
			v := node{id: n.accounts[a.AccountRef], label: a.ID, span: span{a.First, a.Last}, values: accountValues(a.AccountRef)}
			if a.Handle != "" {
				v.label = a.Handle
				v.values = append(v.values, value{nodeHandle, a.Handle})
			}
			if a.Name != "" {
				v.values = append(v.values, value{nodeName, a.Name})
			}
			if a.Followers != nil {
				v.values = append(v.values, value{nodeFollowers, strconv.FormatUint(*a.Followers, 10)})
			}
			v.values = append(v.values, value{nodeBits, float(a.Bits)}, value{nodePosts, strconv.FormatUint(a.Posts, 10)})
			if len(a.Signals) > 0 {
				v.values = append(v.values, value{nodeSignals, strings.Join(a.Signals, "; ")})
			}
			if !yield(v) {
				return
			}
		}
		for i := range n.d.Objects {
			o := &n.d.Objects[i]
			v := node{id: n.objects[o.ObjectRef], label: o.ID, span: span{o.First, o.Last}, values: objectValues(o.ObjectRef)}
			if o.Label != "" {
				v.label = short(o.Label)
				v.values = append(v.values, value{nodeContent, o.Label})
			}
			v.values = append(v.values, value{nodeAccounts, strconv.FormatUint(o.Accounts, 10)})
			if !yield(v) {
				return
			}
		}
		slices.Values(n.others)(yield)
	}
}

func (n *network) edges() iter.Seq[edge] {
	return func(yield func(edge) bool) {
		for i := range n.d.Uses {
			u := &n.d.Uses[i]
			if !yield(edge{
				"u" + strconv.Itoa(i+1), n.accounts[u.Account], n.objects[u.Object], float64(u.Posts),
				span{u.First, u.Last},
				[]value{{edgeType, "use"}, {edgePosts, strconv.FormatUint(u.Posts, 10)}},
			}) {
				return
			}
		}
		for i := range n.d.Pairs {
			p := &n.d.Pairs[i]
			if !yield(edge{
				"p" + strconv.Itoa(i+1), n.accounts[p.A], n.accounts[p.B], p.Bits,
				span{p.First, p.Last},
				[]value{{edgeType, "pair"}, {edgeBits, float(p.Bits)}},
			}) {
				return
			}
		}
	}
}

func float(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// longLabel is how many characters of a text fit beside a node.
const longLabel = 60

func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= longLabel {
		return s
	}
	return string([]rune(s)[:longLabel-1]) + "…"
}
