package changed

import (
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Directions and answers to who held a tag, as they are stored; see package
// change for their rules.
const (
	fall        = "fall"
	begun       = "new"
	kept        = "kept"
	outnumbered = "outnumbered"
	drowned     = "drowned"
	takenOver   = "taken over"
)

// Held says in a few words what became of those who posted in the day before;
// empty if nothing is known about it.
func Held(t *words.Teller, c view.Change) string {
	if c.Direction == fall || c.AfterAccounts == 0 {
		return ""
	}
	switch c.Hold {
	case begun:
		return t.Text("Nobody held it before")
	case kept:
		return t.Text("Still with those who were there")
	case outnumbered:
		return t.Text("Outnumbered")
	case drowned:
		return t.Text("Drowned out")
	case takenOver:
		return t.Text("Taken over")
	}
	return ""
}

// HeldMeans says the rule behind Held in a sentence. It accuses nobody: whoever
// came may be friends.
func HeldMeans(t *words.Teller, c view.Change) string {
	if Held(t, c) == "" {
		return ""
	}
	switch c.Hold {
	case begun:
		return t.Text("Hardly anybody had posted in the day before, so this is a beginning rather than a change of hands.")
	case kept:
		return t.Text("Those who had posted in the day before wrote at least half of what came.")
	case outnumbered:
		return t.Text("Those who had posted in the day before wrote less than half of what came. It was a quiet time of day, so their silence would say nothing.")
	case drowned:
		return t.Text("Those who had posted in the day before went on about as usual, and others were louder.")
	default:
		return t.Text("Those who had posted in the day before wrote less than half of what is usual, and others wrote most of it.")
	}
}
