package edit

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"winnow/cmd/config"
)

// entry is a mapping of the file that is to be changed.
type entry struct {
	node *yaml.Node
	// limit is the line in which something else begins, outer how many blanks stand in
	// front of what it belongs to.
	limit, outer int
	inFlow       bool
}

// find returns the key and the value of a field, or nil, and the line in which the one
// after it begins.
func (e entry) find(key string) (k, v *yaml.Node, limit int) {
	for i := 0; i+1 < len(e.node.Content); i += 2 {
		if e.node.Content[i].Value != key {
			continue
		}
		limit = e.limit
		if i+2 < len(e.node.Content) {
			limit = e.node.Content[i+2].Line - 1
		}
		return e.node.Content[i], e.node.Content[i+1], limit
	}
	return nil, nil, 0
}

func (e entry) flow() bool { return e.inFlow || e.node.Style&yaml.FlowStyle != 0 }

// set gives a field another value, whatever it was.
func (t *text) set(e entry, f field) {
	key, v, limit := e.find(f.key)
	switch {
	case key == nil:
		t.add(e, f)
	case nothing(v) && e.flow():
		t.put(t.colon(key)+1, t.colon(key)+1, " "+f.value.flow())
	case nothing(v) && len(f.value.list) > 0:
		at := t.start(t.lineOf(t.colon(key)) + 1)
		lines := f.lines(key.Column - 1)
		t.put(at, at, lines[strings.Index(lines, "\n")+1:])
	case nothing(v):
		t.put(t.colon(key)+1, t.colon(key)+1, " "+f.value.flow())
	default:
		t.replace(v, limit, e.flow(), f.value)
	}
}

// replace puts a value into the place of one that need not be kept, but for its
// comments: they come to stand above it.
func (t *text) replace(v *yaml.Node, limit int, inFlow bool, with value) {
	from := t.offset(v)
	end := t.end(v, limit, inFlow)
	if t.lost {
		return
	}
	if v.Style&yaml.FlowStyle != 0 {
		if _, comments := t.flowEnd(from); len(comments) > 0 {
			line := t.lineOf(from)
			blanks, _, _ := t.indent(line)
			margin := strings.Repeat(" ", blanks)
			t.put(t.start(line), t.start(line), margin+strings.Join(comments, "\n"+margin)+"\n")
		}
	}
	t.put(from, end, with.flow())
}

// add puts a field behind the last one.
func (t *text) add(e entry, f field) {
	if len(e.node.Content) < 2 {
		t.lost = true
		return
	}
	last := e.node.Content[len(e.node.Content)-1]
	if e.flow() {
		end := t.end(last, e.limit, true)
		t.put(end, end, ", "+f.key+": "+f.value.flow())
		return
	}
	end := t.end(e.node, e.limit, false)
	if t.lost {
		return
	}
	at := t.start(t.tail(t.lineOf(end-1), e.limit, e.outer) + 1)
	t.put(at, at, f.lines(e.node.Column-1))
}

// change is what becomes of a list: which of its entries stay, how those are changed,
// and what comes behind them.
type change struct {
	keep []bool
	into func(i int, e entry) // nil for not at all
	more []value
}

// list changes the list in a field that is there.
func (t *text) list(e entry, name string, c change, whole value) {
	key, v, limit := e.find(name)
	if key == nil || nothing(v) || v.Kind != yaml.SequenceNode || v.Style&yaml.FlowStyle != 0 || len(v.Content) != len(c.keep) {
		t.listInFlow(e, name, c, whole)
		return
	}
	left, last := 0, 0
	for i, one := range v.Content {
		next := limit
		if i+1 < len(v.Content) {
			next = t.dash(v, i+1)
		}
		end := t.end(one, next, false)
		if t.lost {
			return
		}
		last = t.lineOf(end - 1)
		switch {
		case !c.keep[i]:
			t.put(t.start(t.dash(v, i)), t.start(last+1), "")
			continue
		case c.into != nil:
			c.into(i, entry{node: one, limit: next, outer: v.Column - 1})
		}
		left++
	}
	at := t.start(t.tail(last, limit, key.Column-1) + 1)
	for _, one := range c.more {
		t.put(at, at, one.item(v.Column-1))
	}
	if left+len(c.more) == 0 {
		t.put(t.colon(key)+1, t.colon(key)+1, " []")
	}
}

// listInFlow changes a list in brackets, or one that is not there. Where every entry
// stays, what stands between them does too.
func (t *text) listInFlow(e entry, name string, c change, whole value) {
	_, v, limit := e.find(name)
	if v == nil || v.Kind != yaml.SequenceNode || len(v.Content) == 0 || len(v.Content) != len(c.keep) || slices.Contains(c.keep, false) {
		t.set(e, field{name, whole})
		return
	}
	for i, one := range v.Content {
		if c.into != nil {
			c.into(i, entry{node: one, limit: limit, inFlow: true})
		}
	}
	end := t.end(v.Content[len(v.Content)-1], limit, true)
	for _, one := range c.more {
		t.put(end, end, ", "+one.flow())
	}
}

// strings changes a list of texts.
func (t *text) strings(e entry, name string, was, want []string) {
	if slices.Equal(was, want) {
		return
	}
	keep, more := parted(was, want, func(a, b string) bool { return a == b })
	t.list(e, name, change{keep: keep, more: quotedList(more).list}, quotedList(want))
}

// campaign changes the fields of a campaign that differ.
func (t *text) campaign(e entry, was, want config.Campaign) {
	t.strings(e, "tags", was.Tags, want.Tags)
	t.strings(e, "terms", was.Terms, want.Terms)
	if !slices.Equal(was.Protected, want.Protected) {
		keep, more := parted(was.Protected, want.Protected, func(a, b config.Protected) bool { return a == b })
		t.list(e, "protected", change{keep: keep, more: protectedList(more).list}, protectedList(want.Protected))
	}
	if !slices.EqualFunc(was.Declared, want.Declared, sameDeclared) {
		keep, more := parted(was.Declared, want.Declared, sameName)
		kept := want.Declared
		t.list(e, "declared", change{keep: keep, more: declaredList(more).list, into: func(i int, e entry) {
			t.declared(e, was.Declared[i], kept[0])
			kept = kept[1:]
		}}, declaredList(want.Declared))
	}
	if was.KeepDays != want.KeepDays {
		t.set(e, field{"keep_days", number(want.KeepDays)})
	}
	if was.Evidence != want.Evidence {
		t.set(e, field{"evidence", truth(want.Evidence)})
	}
}

// declared changes the fields of a declared action that differ.
func (t *text) declared(e entry, was, want config.Declared) {
	if e.node.Kind != yaml.MappingNode {
		t.lost = true
		return
	}
	if !was.From.Equal(want.From) {
		t.set(e, field{"from", moment(want.From)})
	}
	if !was.To.Equal(want.To) {
		t.set(e, field{"to", moment(want.To)})
	}
	t.strings(e, "tags", was.Tags, want.Tags)
	t.strings(e, "texts", was.Texts, want.Texts)
}

func sameName(a, b config.Declared) bool { return a.Name == b.Name }

func sameDeclared(a, b config.Declared) bool {
	return a.Name == b.Name && a.From.Equal(b.From) && a.To.Equal(b.To) && slices.Equal(a.Tags, b.Tags) && slices.Equal(a.Texts, b.Texts)
}

// parted says which entries of a list stay, and which are new.
func parted[T any](was, want []T, same func(a, b T) bool) (keep []bool, more []T) {
	keep = make([]bool, len(was))
	for _, w := range want {
		at := -1
		for i := range was {
			if !keep[i] && same(was[i], w) {
				at = i
				break
			}
		}
		if at < 0 {
			more = append(more, w)
		} else {
			keep[at] = true
		}
	}
	return keep, more
}

// arranged is a list in the order in which it comes to stand in the file: what was there
// where it was, then what is new.
func arranged[T any](was, want []T, same func(a, b T) bool) []T {
	var out []T
	rest := slices.Clone(want)
	for _, w := range was {
		if i := slices.IndexFunc(rest, func(r T) bool { return same(w, r) }); i >= 0 {
			out = append(out, rest[i])
			rest = slices.Delete(rest, i, i+1)
		}
	}
	return append(out, rest...)
}
