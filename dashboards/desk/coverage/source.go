package coverage

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/words"
	"winnow/pipeline/post"
	"winnow/storage/view"
)

// Source is a source in words, with what it saw.
type Source struct {
	// Name is the source as people know it; Key names it in the store.
	Name, Key string
	// Class is "live", "part", "waiting" or "down", for the colour and the
	// shape that stand beside the words.
	Class string
	// State is a word or two, Says the rest of the sentence that they begin.
	State, Says string
	// Running is false for a source that is in the store alone: then the
	// counts mean nothing.
	Running bool
	Posts   uint64
	Pending int
	// Spend is what it costs, empty if nothing.
	Spend []Spending
	// Campaigns is what it saw of each campaign.
	Campaigns []view.Coverage
}

// Sources tells every source in words: those that run, and those that the
// store alone knows. The coverage is what is shown beside them.
func Sources(running []collectors.Status, seen []view.Coverage, now time.Time) []Source {
	byKey := map[string][]view.Coverage{}
	for _, c := range seen {
		byKey[c.Source] = append(byKey[c.Source], c)
	}
	var out []Source
	for _, s := range running {
		row := Source{Name: Name(string(s.Platform), s.Source), Key: s.Source, Running: true, Posts: s.Posts, Pending: s.Pending}
		row.Class, row.State, row.Says = state(s, now)
		if s.Spend != nil {
			row.Spend = spending(*s.Spend)
		}
		row.Campaigns = byKey[s.Source]
		delete(byKey, s.Source)
		out = append(out, row)
	}
	for key, all := range byKey {
		out = append(out, Source{
			Name: Name(all[0].Platform, key), Key: key, Class: "down", State: "Not running.",
			Says: "Winnow does not collect from it now. It did before, or another process does.", Campaigns: all,
		})
	}
	for i := range out {
		out[i].Campaigns = slices.SortedFunc(slices.Values(out[i].Campaigns), func(a, b view.Coverage) int {
			return strings.Compare(a.Campaign, b.Campaign)
		})
	}
	// What needs a person comes first.
	slices.SortStableFunc(out, func(a, b Source) int {
		return cmp.Or(cmp.Compare(urgency(a.Class), urgency(b.Class)), strings.Compare(a.Name, b.Name))
	})
	return out
}

func urgency(class string) int {
	return slices.Index([]string{"down", "waiting", "part", "live"}, class)
}

// state tells how a source is: a class, a word or two, and the rest.
func state(s collectors.Status, now time.Time) (class, state, says string) {
	switch s.State {
	case collectors.Live:
		says = "Last bytes " + since(s.LastBytes, now) + ", last post " + since(s.LastPost, now) + "."
		if s.Missing == nil {
			return "live", "Live.", says
		}
		g := s.Missing
		whose := " of its posts"
		if g.Campaign != "" {
			whose = " of the posts for " + words.Isolate(words.Naming(g.Campaign))
		}
		return "part", "Live, but not everything is seen.", says + " Since " + moment(g.From, now) + " " + share(g.Share) +
			whose + " is taken: " + because(Cause(string(g.Cause)), g.Note)
	case collectors.Waiting:
		says = sentence(cmp.Or(s.Fault, missingCause(s.Missing), "the connection ended"))
		if !s.RetryAt.IsZero() {
			says += " It is tried again at " + moment(s.RetryAt, now) + "."
		}
		return "waiting", "Waiting:", says + advice(s.Advice)
	case collectors.Ended:
		says = sentence(cmp.Or(s.Fault, missingCause(s.Missing), "it cannot go on by itself"))
		return "down", "Stopped:", says + advice(s.Advice)
	case collectors.Connecting:
		says = "It began " + since(s.Since, now) + "."
		if s.Fault != "" {
			says += " Before that: " + sentence(s.Fault)
		}
		return "waiting", "Connecting.", says + advice(s.Advice)
	}
	return "down", sentence(string(s.State)), sentence(s.Fault) + advice(s.Advice)
}

func missingCause(g *post.Gap) string {
	if g == nil {
		return ""
	}
	return Cause(string(g.Cause))
}

// because is a sentence of a cause and what was noted about it.
func because(cause, note string) string {
	if note = strings.TrimSpace(note); note != "" {
		cause += "; " + note
	}
	return sentence(cause)
}

func advice(text string) string {
	if text == "" {
		return ""
	}
	return " Next step: " + sentence(text)
}

// lead puts a blank before a sentence that follows another.
func lead(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// since tells how long ago something was, to the second.
func since(t, now time.Time) string {
	switch d := now.Sub(t); {
	case t.IsZero():
		return "not yet since the start"
	case d < time.Second:
		return "just now"
	default:
		return words.Duration(d) + " ago"
	}
}

// moment tells a time, without its date if that is today's.
func moment(t, now time.Time) string {
	t = t.In(now.Location())
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04 ") + words.Zone(t)
	}
	return words.Clock(t)
}
