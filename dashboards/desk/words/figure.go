package words

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// figure writes a number that bits are computed from, to four digits, so that
// the computation can be done again.
func (t *Teller) figure(f float64) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0):
		return t.Text("unknown")
	case f < 0:
		return "−" + t.figure(-f)
	case f >= 1000 && f < 1e15:
		return t.Number(uint64(math.Round(f)))
	case f != 0 && f < 1e-6 || f >= 1e15:
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', 1, 64), "e")
		n, _ := strconv.Atoi(exponent) // as FormatFloat wrote it
		return strings.Replace(mantissa, ".", t.point, 1) + " × 10^" + strconv.Itoa(n)
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 4, 64), 64)
	if err != nil {
		return t.Text("unknown")
	}
	return strings.Replace(strconv.FormatFloat(short, 'f', -1, 64), ".", t.point, 1)
}

// span writes a window: Duration, save that a second is not made of nothing.
func (t *Teller) span(d time.Duration) string {
	if d < time.Second && d > 0 {
		return t.Count(uint64(d/time.Millisecond), "%s millisecond", "%s milliseconds")
	}
	return t.Duration(d)
}

// instant writes the id of a moment for people; any other is left as it is.
func (t *Teller) instant(id string) string {
	at, err := time.Parse(time.RFC3339, id)
	if err != nil {
		return id
	}
	return t.Seconds(at)
}
