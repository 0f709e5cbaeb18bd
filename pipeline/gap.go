package pipeline

import (
	"strings"
	"time"
	"unicode/utf8"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// earliestGap and latestGap bound the times of gaps and watches, as posts' are:
// beyond them lies nothing but a clock gone wrong, and what the store cannot hold.
var (
	earliestGap = time.Date(2006, 3, 1, 0, 0, 0, 0, time.UTC)
	latestGap   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// maxNote bounds a gap's note in bytes: it is a sentence for people.
const maxNote = 1000

// The reasons for which what is said about coverage is not stored.
const (
	unnamed = "no-source" // no source, or a watch without a campaign
	badTime = "bad-time"
)

// coverage returns the gaps and watches of a batch that can be stored, and
// counts the others by reason.
func coverage(b *feed.Batch, dropped map[string]int) (gaps []post.Gap, watches []post.Watch) {
	for _, g := range b.Gaps {
		switch {
		case g.Source == "":
			dropped[unnamed]++
		case !storable(g.From) || !g.Open() && !storable(g.To):
			dropped[badTime]++
		default:
			g.Note = shorten(g.Note, maxNote)
			gaps = append(gaps, g)
		}
	}
	for _, w := range b.Watches {
		switch {
		case w.Source == "" || w.Campaign == "":
			dropped[unnamed]++
		case !storable(w.Since):
			dropped[badTime]++
		default:
			watches = append(watches, w)
		}
	}
	return gaps, watches
}

func storable(t time.Time) bool { return !t.Before(earliestGap) && t.Before(latestGap) }

// shorten cuts a text to most bytes, at the end of a character, and leaves out
// what is no text.
func shorten(s string, most int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
