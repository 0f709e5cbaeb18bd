package words

import (
	"winnow/dashboards/desk/catalogue"
	"winnow/storage/view"
)

// confidence says in a few words how far a finding can be relied on; empty if
// that is not known.
func (t *Teller) confidence(confidence string) string {
	switch confidence {
	case "early":
		return t.Text("early sign, may be taken back")
	case "firm":
		return t.Text("firm")
	case "high":
		return t.Text("high confidence")
	}
	return confidence
}

// confidenceMeans says in a sentence what a confidence promises; empty if there
// is nothing to say.
func (t *Teller) confidenceMeans(confidence string) string {
	switch confidence {
	case "early":
		return t.Text("This is an early sign and may be taken back within the hour: what began so suddenly may still go on like anything that people share. Until then it counts nobody as coordinated.")
	case "firm":
		return t.Text("Time alone will not change this finding any more. By chance, up to one campaign in sixteen has one like it.")
	case "high":
		return t.Text("Time alone will not change this finding any more. By chance, at most one campaign in a thousand has one like it.")
	}
	return ""
}

// evidence names a kind of evidence.
func (t *Teller) evidence(kind string) string {
	switch kind {
	case "pair":
		return t.Text("Two accounts in step, again and again")
	case "group":
		return t.Text("One account in step with the group")
	case "copies":
		return t.Text("One text or image by many at once")
	case "headline":
		return t.Text("One link by many at once, and by few at other times")
	case "run":
		return t.Text("Passed on by many at once, and by nobody after them")
	case "flood":
		return t.Text("Many came at once, with a text of their own each")
	case "pile-on":
		return t.Text("Many turned on one account at once")
	}
	return kind
}

// sentence is what a finding claims. The detector writes it in English; in another
// language it is made of what is most of it: the kind, how many, and how fast.
func (t *Teller) sentence(f view.FindingSummary) string {
	if t.Language() == catalogue.English() {
		return f.Sentence
	}
	accounts, posts := t.Count(f.Accounts, "%s account", "%s accounts"), t.Count(f.Posts, "%s post", "%s posts")
	took := t.span(f.EndedAt.Sub(f.StartedAt))
	if f.Target != "" {
		return t.Text("%s: %s, %s within %s, directed at %s.", t.Kind(f.Kind), accounts, posts, took, Isolate(f.TargetName()))
	}
	return t.Text("%s: %s, %s within %s.", t.Kind(f.Kind), accounts, posts, took)
}
