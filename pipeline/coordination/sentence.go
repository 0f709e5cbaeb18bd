package coordination

import (
	"math"
	"strconv"
	"time"
)

// sentence says in plain words what was seen and what chance would give. It
// names no account.
func (s *summary) sentence() string {
	switch {
	case s.kind == KindPileOn:
		return s.pileOn()
	case s.kind == KindFlood:
		return s.flood()
	case s.byPairs:
		return many(s.accounts, "account") + " " + s.what() + " in step: " +
			many(s.meetings, "time") + ", two of them did so within " + within(s.window) + " of each other" +
			"; by chance we would expect " + figure(s.expected) + "."
	case s.runs > 0 && s.runs == s.bursts:
		return many(s.accounts, "account") + " " + s.what() + s.burstsOf() +
			", and nobody went on; of all that is passed on here, chance would bring " +
			figure(s.expected) + " like that" + "."
	case s.passedOn:
		return many(s.accounts, "account") + " " + s.what() + s.burstsOf() +
			", and hardly anyone did so at another time; if each had come in its own time, we would expect " +
			figure(s.expected/float64(max(1, s.bursts))) + " of them that close together."
	default:
		return many(s.accounts, "account") + " " + s.what() + s.burstsOf() +
			"; by chance we would expect " + figure(s.expected/float64(max(1, s.bursts))) + each(s.bursts) + "."
	}
}

func (s *summary) burstsOf() string {
	if s.bursts == 1 {
		if s.peak < s.accounts {
			return ", " + strconv.Itoa(s.peak) + " of them within " + within(s.span) + " of each other"
		}
		return " within " + within(s.span) + " of each other"
	}
	return ", " + many(s.bursts, "time") + ", up to " + strconv.Itoa(s.peak) + " of them within " + within(s.span) + " of each other"
}

// flood says how many came at once.
func (s *summary) flood() string {
	out := many(s.accounts, "account")
	if s.newcomers > 0 {
		out += ", " + strconv.Itoa(min(s.newcomers, s.accounts)) + " of them new to the campaign,"
	}
	out += " came with a text of their own each"
	if s.bursts > 1 {
		out += ", in " + many(s.bursts, "rush", "rushes") + " of up to " + strconv.Itoa(s.peak)
	} else if s.peak < s.accounts {
		out += ", " + strconv.Itoa(s.peak) + " of them"
	}
	return out + " within " + within(s.span) + "; by the campaign's own rhythm we would expect " +
		figure(s.expected/float64(max(1, s.bursts))) + each(s.bursts) + "."
}

func each(bursts int) string {
	if bursts == 1 {
		return ""
	}
	return " at a time"
}

func (s *summary) pileOn() string {
	out := many(s.accounts, "account") + " that had not addressed this account before replied to or mentioned it"
	switch {
	case s.bursts > 1:
		out += ", in " + many(s.bursts, "rush", "rushes") + " of up to " + many(s.peak, "account")
	case s.peak < s.accounts:
		out += ", " + strconv.Itoa(s.peak) + " of them"
	}
	out += " within " + within(s.span)
	if s.peak > s.accounts {
		out += " (some of whom are left out as bystanders)"
	}
	out += "; by its own rhythm and the reposts it got we would expect " +
		figure(s.expected/float64(max(1, s.bursts))) + "."
	if s.young > 0 && s.aged > 0 {
		out += " Of " + strconv.Itoa(s.aged) + " whose age is known, " + strconv.Itoa(s.young) + " had been opened less than 30 days before."
	}
	return out
}

// what says what the accounts did with the objects.
func (s *summary) what() string {
	verb, one, more := "shared", "thing", "things"
	switch s.noun {
	case aText:
		verb, one, more = "posted", "text", "texts"
	case anImage:
		verb, one, more = "posted", "image", "images"
	case aLink:
		verb, one, more = "posted", "link", "links"
	case aRepost:
		verb, one, more = "reposted", "post", "posts"
	}
	if s.kind == KindCopies && s.noun == noEvidence {
		verb, one, more = "posted", "text, link or image", "texts, links and images"
	}
	if s.objects == 1 {
		return verb + " the same " + one
	}
	return verb + " the same " + strconv.Itoa(s.objects) + " " + more
}

// many says a number of things: "1 account", "7 times", "2 rushes".
func many(n int, noun ...string) string {
	word := noun[0]
	if n != 1 {
		if len(noun) > 1 {
			word = noun[1]
		} else {
			word += "s"
		}
	}
	return strconv.Itoa(n) + " " + word
}

// within says a duration, rounded up: "1 s", "50 s", "7 minutes".
func within(d time.Duration) string {
	s := int(math.Ceil(d.Seconds()))
	switch {
	case s <= 0:
		return "1 s"
	case s < 120:
		return strconv.Itoa(s) + " s"
	default:
		return many((s+59)/60, "minute")
	}
}

// figure rounds to what a person reads: one decimal below ten.
func figure(x float64) string {
	switch {
	case x < 0.05:
		return "less than 0.1"
	case x < 9.95:
		return strconv.FormatFloat(x, 'f', 1, 64)
	default:
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
}
