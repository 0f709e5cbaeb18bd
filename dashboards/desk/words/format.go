package words

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Number writes a count with commas: 12,345.
func Number[T ~int | ~uint64](n T) string {
	s := strconv.FormatUint(uint64(n), 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count writes a count with its noun: "1 post", "12,345 posts".
func Count[T ~int | ~uint64](n T, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Share writes part of whole in percent. A share that is not quite nothing or
// not quite all is never rounded to it.
func Share(part, whole uint64) string {
	if whole == 0 {
		return "unknown"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part == 0:
		return "0%"
	case p < 0.1:
		return "under 0.1%"
	case p > 99.9 && part < whole:
		return "over 99.9%"
	}
	return strings.TrimSuffix(strconv.FormatFloat(p, 'f', 1, 64), ".0") + "%"
}

// quantity writes a number that need not be whole, such as an expectation,
// with as many digits as it deserves.
func quantity(f float64) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0) || f < 0:
		return "unknown"
	case f == 0:
		return "0"
	case f < 0.01:
		return "under 0.01"
	case f < 1:
		return strings.TrimRight(strconv.FormatFloat(f, 'f', 2, 64), "0")
	case f < 10:
		return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
	case f < 1e15:
		return Number(uint64(math.Round(f)))
	}
	return "over " + Number(uint64(1e15))
}

// odds says what a surprise of that many bits means: n bits is once in two to
// the n.
func odds(bits float64) string {
	if math.IsNaN(bits) || bits < 1 {
		return "no rarer than the toss of a coin"
	}
	if bits >= 50 {
		return "less than once in a quadrillion (a million billion)"
	}
	n := math.Exp2(bits)
	for _, unit := range []struct {
		size float64
		name string
	}{{1e12, " trillion"}, {1e9, " billion"}, {1e6, " million"}, {1, ""}} {
		if n < unit.size*0.995 {
			continue
		}
		if unit.size > 1 && n < unit.size*1.1 {
			return "about once in a" + unit.name
		}
		return "about once in " + quantity(roundTwo(n/unit.size)) + unit.name
	}
	return ""
}

// roundTwo keeps two leading digits.
func roundTwo(f float64) float64 {
	scale := math.Pow(10, math.Floor(math.Log10(f))-1)
	return math.Round(f/scale) * scale
}

// Clock writes a time to the minute, in its own zone, which it names.
func Clock(t time.Time) string { return t.Format("2 Jan 2006, 15:04 ") + Zone(t) }

// clockSeconds writes a time to the second, in its own zone, which it names.
func clockSeconds(t time.Time) string { return t.Format("2 Jan 2006, 15:04:05 ") + Zone(t) }

// day writes a date.
func day(t time.Time) string { return t.Format("2 Jan 2006") }

// Zone names the zone of a time as it is then: "UTC", "CEST", and where it has no
// letters of its own "UTC+4".
func Zone(t time.Time) string {
	name, seconds := t.Zone()
	if name != "" && name[0] != '+' && name[0] != '-' {
		return name
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	out := "UTC" + sign + strconv.Itoa(seconds/3600)
	if minutes := seconds / 60 % 60; minutes > 0 {
		out += fmt.Sprintf(":%02d", minutes)
	}
	return out
}

// machineTime is a time for the datetime attribute.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Duration writes how long something took, in the largest unit that tells it.
func Duration(d time.Duration) string {
	d = d.Abs()
	for _, unit := range []struct {
		size      time.Duration
		one, many string
	}{
		{365 * 24 * time.Hour, "year", "years"},
		{30 * 24 * time.Hour, "month", "months"},
		{24 * time.Hour, "day", "days"},
		{time.Hour, "hour", "hours"},
		{time.Minute, "minute", "minutes"},
	} {
		// Below two of a unit the smaller one says more: "90 seconds".
		if d >= 2*unit.size || (d >= unit.size && d%unit.size == 0) {
			return Count(uint64(d/unit.size), unit.one, unit.many)
		}
	}
	return Count(uint64(d.Round(time.Second)/time.Second), "second", "seconds")
}

// Relative says how far t lies from now: "3 hours ago".
func Relative(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d.Abs() < time.Minute:
		return "just now"
	case d < 0:
		return "in " + Duration(d)
	}
	return Duration(d.Truncate(time.Minute)) + " ago"
}

// Recent is Relative with seconds: it is for what is told anew all the time.
func Recent(t, now time.Time) string {
	if d := now.Sub(t); d >= time.Second && d < time.Minute {
		return Duration(d.Truncate(time.Second)) + " ago"
	}
	return Relative(t, now)
}

// known writes a count that a platform may not have told.
func known(n *uint64) string {
	if n == nil {
		return "unknown"
	}
	return Number(*n)
}

// outside is a link that leads away from the desk.
type outside struct{ Href, Host string }

// external returns a link for an address from a post, if it is one that a
// browser should open: http or https, with a host and without credentials,
// which only serve to disguise it.
func external(raw string) *outside {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return nil
	}
	return &outside{Href: u.String(), Host: u.Host}
}

// Isolate wraps s so that its direction cannot reorder the text around it,
// where no element can do that (the title of a page).
func Isolate(s string) string { return "\u2068" + s + "\u2069" }

// Naming returns what to call a campaign.
func Naming(campaign string) string {
	if strings.TrimSpace(campaign) == "" {
		return "(no name)"
	}
	return campaign
}

// Lengths of texts, in runes: how much is shown at once, and how much at all.
// A single post may hold 250,000 bytes, and a page shows hundreds.
const (
	shortText = 280
	longText  = 5000
)

// excerpt is a text as a page shows it.
type excerpt struct {
	// Short is the text or its beginning; Rest is the whole up to longText
	// runes where Short is not all of it.
	Short, Rest string
	// Runes is the length of the text as it was.
	Runes int
	// Cut is true where even Rest is not the whole.
	Cut bool
}

func newExcerpt(s string) excerpt {
	runes := []rune(s)
	e := excerpt{Short: s, Runes: len(runes)}
	if len(runes) <= shortText+shortText/4 {
		return e
	}
	end := shortText
	for i := end; i > end-40; i-- {
		if unicode.IsSpace(runes[i]) {
			end = i
			break
		}
	}
	e.Short, e.Rest = string(runes[:end])+" …", s
	if len(runes) > longText {
		e.Rest, e.Cut = string(runes[:longText]), true
	}
	return e
}

// Kind says what a finding of a kind is about.
func Kind(kind string) string {
	switch kind {
	case "copies":
		return "Same content, posted together"
	case "reposts":
		return "Reposts in step"
	case "pile-on":
		return "Pile-on"
	case "flood":
		return "Flood"
	}
	return kind
}

// object names a kind of shared object.
func object(kind string) string {
	switch kind {
	case "repost":
		return "reposted post"
	case "link":
		return "link"
	case "text":
		return "text"
	case "tags":
		return "set of tags"
	case "image":
		return "image"
	case "reply":
		return "post replied to"
	case "mention":
		return "account mentioned"
	case "shared":
		return "shared object"
	case "moment":
		return "moment"
	}
	return kind
}

// Platform names a platform as it calls itself.
func Platform(platform string) string {
	switch platform {
	case "x":
		return "X"
	case "mastodon":
		return "Mastodon"
	case "bluesky":
		return "Bluesky"
	case "archive":
		return "Archive"
	}
	return platform
}

// Step names the length of a bucket.
func Step(step time.Duration) string {
	switch step {
	case time.Minute:
		return "minute"
	case time.Hour:
		return "hour"
	case 24 * time.Hour:
		return "day"
	}
	return fmt.Sprint(step)
}
