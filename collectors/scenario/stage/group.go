package stage

import (
	"slices"

	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/talk"
)

// Group gathers the events of one planted action.
type Group struct {
	Name, Kind string
	Events     []*talk.Event
	// Waves are the spans that its events fall into, To excluded.
	Waves []Span
	// Target is whom it is directed at, if anybody (see HasTarget).
	Target    cast.Number
	HasTarget bool
}

// Span is a span of Unix milliseconds, To excluded.
type Span struct{ From, To int64 }

// Group opens a planted action. It counts once it has an event.
func (p *Stage) Group(name, kind string) *Group {
	g := &Group{Name: name, Kind: kind}
	p.groups = append(p.groups, g)
	return g
}

// Add notes an event, unless it is nil, and returns it.
func (g *Group) Add(e *talk.Event) *talk.Event {
	if e != nil {
		g.Events = append(g.Events, e)
	}
	return e
}

// Groups returns the actions that have an event, in the order in which they
// were opened.
func (p *Stage) Groups() []*Group {
	return slices.DeleteFunc(slices.Clone(p.groups), func(g *Group) bool { return len(g.Events) == 0 })
}
