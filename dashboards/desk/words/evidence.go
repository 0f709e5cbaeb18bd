package words

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// confidence says in a few words how far a finding can be relied on; empty if
// that is not known.
func confidence(confidence string) string {
	switch confidence {
	case "early":
		return "early sign, may be taken back"
	case "firm":
		return "firm"
	case "high":
		return "high confidence"
	}
	return confidence
}

// confidenceMeans says in a sentence what a confidence promises; empty if there
// is nothing to say.
func confidenceMeans(confidence string) string {
	switch confidence {
	case "early":
		return "This is an early sign and may be taken back within the hour: what began so suddenly may still go on like anything that people share. Until then it counts nobody as coordinated."
	case "firm":
		return "Time alone will not change this finding any more. By chance, up to one campaign in sixteen has one like it."
	case "high":
		return "Time alone will not change this finding any more. By chance, at most one campaign in a thousand has one like it."
	}
	return ""
}

// evidence names a kind of evidence.
func evidence(kind string) string {
	switch kind {
	case "pair":
		return "Two accounts in step, again and again"
	case "group":
		return "One account in step with the group"
	case "copies":
		return "One text or image by many at once"
	case "headline":
		return "One link by many at once, and by few at other times"
	case "run":
		return "Passed on by many at once, and by nobody after them"
	case "flood":
		return "Many came at once, with a text of their own each"
	case "pile-on":
		return "Many turned on one account at once"
	}
	return kind
}

// figure writes a number that bits are computed from, to four digits, so that
// the computation can be done again.
func figure(f float64) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return "unknown"
	case f < 0:
		return "−" + figure(-f)
	case f >= 1000 && f < 1e15:
		return Number(uint64(math.Round(f)))
	case f != 0 && f < 1e-6 || f >= 1e15:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', 1, 64), "e")
		n, _ := strconv.Atoi(exponent) // as FormatFloat wrote it
		return mantissa + " × 10^" + strconv.Itoa(n)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 4, 64), 64)
	if err != nil {
		return "unknown"
	}
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// briefText is the length of a text that only names a thing, in runes.
const briefText = 100

// brief is the beginning of a text, where it only names a thing.
func brief(s string) string {
	runes := []rune(s)
	if len(runes) <= briefText+briefText/4 {
		return s
	}
	return string(runes[:briefText]) + " …"
}

// span writes a window: Duration, save that a second is not made of nothing.
func span(d time.Duration) string {
	if d < time.Second && d > 0 {
		return Count(uint64(d/time.Millisecond), "millisecond", "milliseconds")
	}
	return Duration(d)
}

// instant writes the id of a moment for people; any other is left as it is.
func instant(id string, zone *time.Location) string {
	t, err := time.Parse(time.RFC3339, id)
	if err != nil {
		return id
	}
	return clockSeconds(t.In(zone))
}
