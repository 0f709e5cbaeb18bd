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
func Sources(t *words.Teller, running []collectors.Status, seen []view.Coverage) []Source {
	byKey := map[string][]view.Coverage{}
	for _, c := range seen {
		byKey[c.Source] = append(byKey[c.Source], c)
	}
	var out []Source
	for _, s := range running {
		row := Source{Name: Name(t, string(s.Platform), s.Source), Key: s.Source, Running: true, Posts: s.Posts, Pending: s.Pending}
		row.Class, row.State, row.Says = state(t, s)
		if s.Spend != nil {
			row.Spend = spending(t, *s.Spend)
		}
		row.Campaigns = byKey[s.Source]
		delete(byKey, s.Source)
		out = append(out, row)
	}
	for key, all := range byKey {
		out = append(out, Source{
			Name: Name(t, all[0].Platform, key), Key: key, Class: "down", State: t.Text("Not running."),
			Says: t.Text("Winnow does not collect from it now. It did before, or another process does."), Campaigns: all,
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
func state(t *words.Teller, s collectors.Status) (class, state, says string) {
	switch s.State {
	case collectors.Live:
		says = t.Text("Last bytes %s, last post %s.", since(t, s.LastBytes), since(t, s.LastPost))
		g := s.Missing
		if g == nil {
			return "live", t.Text("Live."), says
		}
		why := because(Cause(t, string(g.Cause)), g.Note)
		taken := t.Text("Since %s %s of its posts is taken: %s", moment(t, g.From), share(t, g.Share), why)
		if g.Campaign != "" {
			taken = t.Text("Since %s %s of the posts for %s is taken: %s", moment(t, g.From), share(t, g.Share),
				words.Isolate(t.Naming(g.Campaign)), why)
		}
		return "part", t.Text("Live, but not everything is seen."), says + " " + taken
	case collectors.Waiting:
		says = sentence(cmp.Or(s.Fault, missingCause(t, s.Missing), t.Text("the connection ended")))
		if !s.RetryAt.IsZero() {
			says += " " + t.Text("It is tried again at %s.", moment(t, s.RetryAt))
		}
		return "waiting", t.Text("Waiting:"), says + advice(t, s.Advice)
	case collectors.Ended:
		says = sentence(cmp.Or(s.Fault, missingCause(t, s.Missing), t.Text("it cannot go on by itself")))
		return "down", t.Text("Stopped:"), says + advice(t, s.Advice)
	case collectors.Connecting:
		says = t.Text("It began %s.", since(t, s.Since))
		if s.Fault != "" {
			says += " " + t.Text("Before that: %s", sentence(s.Fault))
		}
		return "waiting", t.Text("Connecting."), says + advice(t, s.Advice)
	}
	return "down", sentence(string(s.State)), sentence(s.Fault) + advice(t, s.Advice)
}

func missingCause(t *words.Teller, g *post.Gap) string {
	if g == nil {
		return ""
	}
	return Cause(t, string(g.Cause))
}

// because is a sentence of a cause and what was noted about it.
func because(cause, note string) string {
	if note = strings.TrimSpace(note); note != "" {
		cause += "; " + note
	}
	return sentence(cause)
}

func advice(t *words.Teller, text string) string {
	if text == "" {
		return ""
	}
	return " " + t.Text("Next step: %s", sentence(text))
}

// lead puts a blank before a sentence that follows another.
func lead(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// since tells how long ago something was, to the second.
func since(t *words.Teller, at time.Time) string {
	switch d := t.Now().Sub(at); {
	case at.IsZero():
		return t.Text("not yet since the start")
	case d < time.Second:
		return t.Text("just now")
	default:
		return t.Text("%s ago", t.Duration(d))
	}
}

// moment tells a time, without its date if that is today's.
func moment(t *words.Teller, at time.Time) string {
	at = at.In(t.Zone())
	if now := t.Now(); at.Year() == now.Year() && at.YearDay() == now.YearDay() {
		return at.Format("15:04 ") + words.Zone(at)
	}
	return t.Clock(at)
}
