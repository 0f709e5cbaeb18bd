package replay

import (
	"net/url"
	"strconv"
	"time"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// MaxMoments is how many moments a replay has at most, besides its beginning: so many
// still fit on a slider and on a page.
const MaxMoments = 200

// margin is how much is shown before the first and after the last evidence, as a part of
// the time between them; leastMargin is how much at least.
const (
	margin      = 10
	leastMargin = 30 * time.Minute
)

// paces are the times from one moment to the next.
var paces = [...]time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 7 * day, 14 * day, 28 * day, 91 * day, 182 * day,
}

const day = 24 * time.Hour

// span is the stretch of time that is replayed: moments lie at From, From+Pace and so on
// up to To.
type span struct {
	From, To time.Time
	Pace     time.Duration
	// Notices say what was changed about the request.
	Notices []string
}

// moments is how many there are.
func (s span) moments() int { return int(s.To.Sub(s.From)/s.Pace) + 1 }

// moment is the place of the last moment that is not after t.
func (s span) moment(t time.Time) int {
	i := int(t.Sub(s.From) / s.Pace)
	return min(max(i, 0), s.moments()-1)
}

// upTo is the place of the first moment that is not before t, which may be one past the
// last.
func (s span) upTo(t time.Time) int {
	if !t.After(s.From) {
		return 0
	}
	if t.After(s.To) {
		return s.moments()
	}
	return int((t.Sub(s.From) + s.Pace - 1) / s.Pace)
}

// at is a moment.
func (s span) at(i int) time.Time { return s.From.Add(time.Duration(i) * s.Pace) }

// step is the length of the store's buckets that a moment is made of.
func (s span) step() time.Duration {
	for i := len(window.Steps) - 1; i > 0; i-- {
		if s.Pace >= window.Steps[i].Length {
			return window.Steps[i].Length
		}
	}
	return window.Steps[0].Length
}

// choose reads the stretch from a query: from and to as package window takes them, by
// default around what was found.
func choose(t *words.Teller, q url.Values, c view.CampaignSummary, findings []view.FindingSummary) span {
	first, last := around(c, findings)
	from, to, notices := window.Times(t, q, first, last)
	s := span{Notices: notices}
	for _, s.Pace = range paces {
		s.From, s.To = from.UTC().Truncate(s.Pace), to.UTC().Truncate(s.Pace)
		if s.To.Before(to) || !s.To.After(s.From) {
			s.To = s.To.Add(s.Pace)
		}
		if s.moments() <= MaxMoments+1 {
			break
		}
	}
	s.From, s.To = s.From.In(t.Zone()), s.To.In(t.Zone())
	return s
}

// around is the time from the first to the last evidence, with a margin, as far as there
// are posts: that of the findings that answer, else of the others, else everything.
func around(c view.CampaignSummary, findings []view.FindingSummary) (from, to time.Time) {
	shown := answer.Part(findings).Undeclared
	if len(shown) == 0 {
		shown = findings
	}
	if len(shown) == 0 {
		return c.First, c.Last
	}
	from, to = answer.Span(shown)
	pad := max(to.Sub(from)/margin, leastMargin)
	from, to = from.Add(-pad), to.Add(pad)
	if from.Before(c.First) {
		from = c.First
	}
	if to.After(c.Last) {
		to = c.Last
	}
	return from, to
}

// asked is the moment that a query asks for with at: seconds since 1970, as the slider
// sends them, or a time as package window takes it. The beginning if it asks for none.
func (s span) asked(t *words.Teller, q url.Values) int {
	text := q.Get("at")
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		// A time.Duration cannot hold every distance: so within the span first.
		return s.moment(time.Unix(min(max(seconds, s.From.Unix()), s.To.Unix()), 0))
	}
	at, _, _ := window.Times(t, url.Values{"from": {text}}, s.From, s.To)
	return s.moment(at)
}
