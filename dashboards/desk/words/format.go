package words

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Number writes a count: 12,345.
func (t *Teller) Number(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + t.group + s[i:]
	}
	return s
}

// decimal writes a number with so many digits after the point at most.
func (t *Teller) decimal(f float64, digits int) string {
	s := strconv.FormatFloat(f, 'f', digits, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, ".", t.point, 1)
}

// Share writes part of whole in percent. A share that is not quite nothing or
// not quite all is never rounded to it.
func (t *Teller) Share(part, whole uint64) string {
	if whole == 0 {
		return t.Text("unknown")
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part == 0:
		return t.percent(0)
	case p < 0.1:
		return t.Text("under %s", t.percent(0.1))
	case p > 99.9 && part < whole:
		return t.Text("over %s", t.percent(99.9))
	}
	return t.percent(p)
}

func (t *Teller) percent(p float64) string { return t.Percent(t.decimal(p, 1)) }

// Percent adds the sign to a number that is written already.
func (t *Teller) Percent(number string) string { return t.Text("%s%%", number) }

// Decimal writes a number with one digit after the point at most.
func (t *Teller) Decimal(f float64) string { return t.decimal(f, 1) }

// quantity writes a number that need not be whole, such as an expectation,
// with as many digits as it deserves.
func (t *Teller) quantity(f float64) string {
	switch {
	case math.IsNaN(f) || math.IsInf(f, 0) || f < 0:
		return t.Text("unknown")
	case f == 0:
		return "0"
	case f < 0.01:
		return t.Text("under %s", t.decimal(0.01, 2))
	case f < 1:
		return t.decimal(f, 2)
	case f < 10:
		return t.decimal(f, 1)
	case f < 1e15:
		return t.Number(uint64(math.Round(f)))
	}
	return t.Text("over %s", t.Number(1e15))
}

// odds says what a surprise of that many bits means: n bits is once in two to
// the n.
func (t *Teller) odds(bits float64) string {
	if math.IsNaN(bits) || bits < 1 {
		return t.Text("no rarer than the toss of a coin")
	}
	if bits >= 50 {
		return t.Text("less than once in a quadrillion (a million billion)")
	}
	n := math.Exp2(bits)
	about := func(size float64) string { return t.quantity(roundTwo(n / size)) }
	switch one := 0.995; {
	case n >= 1.1e12:
		return t.Text("about once in %s trillion", about(1e12))
	case n >= one*1e12:
		return t.Text("about once in a trillion")
	case n >= 1.1e9:
		return t.Text("about once in %s billion", about(1e9))
	case n >= one*1e9:
		return t.Text("about once in a billion")
	case n >= 1.1e6:
		return t.Text("about once in %s million", about(1e6))
	case n >= one*1e6:
		return t.Text("about once in a million")
	}
	return t.Text("about once in %s", about(1))
}

// roundTwo keeps two leading digits.
func roundTwo(f float64) float64 {
	scale := math.Pow(10, math.Floor(math.Log10(f))-1)
	return math.Round(f/scale) * scale
}

// Clock writes a time to the minute, with its zone.
func (t *Teller) Clock(at time.Time) string { return t.moment(at, "15:04") }

// Seconds writes a time to the second, with its zone.
func (t *Teller) Seconds(at time.Time) string { return t.moment(at, "15:04:05") }

func (t *Teller) moment(at time.Time, clock string) string {
	at = at.In(t.zone)
	return t.Day(at) + t.Text(", ") + at.Format(clock) + " " + Zone(at)
}

// Day writes a date.
func (t *Teller) Day(at time.Time) string {
	at = at.In(t.zone)
	return strconv.Itoa(at.Day()) + " " + t.Month(at.Month()) + " " + strconv.Itoa(at.Year())
}

// Span writes a stretch of time, its day once if it lies within one.
func (t *Teller) Span(from, to time.Time) string {
	from, to = from.In(t.zone), to.In(t.zone)
	if from.Year() == to.Year() && from.YearDay() == to.YearDay() {
		return t.Text("%s to %s", t.Day(from)+t.Text(", ")+from.Format("15:04"), to.Format("15:04 ")+Zone(to))
	}
	return t.Text("%s to %s", t.Clock(from), t.Clock(to))
}

// Month is the short name of a month, as it stands between day and year.
func (t *Teller) Month(m time.Month) string {
	return [...]string{
		t.Text("Jan"), t.Text("Feb"), t.Text("Mar"), t.Text("Apr"), t.Text("May"), t.Text("Jun"),
		t.Text("Jul"), t.Text("Aug"), t.Text("Sep"), t.Text("Oct"), t.Text("Nov"), t.Text("Dec"),
	}[m-1]
}

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

// Place names the zone of a time by its place ("Asia/Baku") if it is known by one, else as
// Zone does.
func Place(t time.Time) string {
	if name := t.Location().String(); name != "" && name != "Local" && name[0] != '+' && name[0] != '-' {
		return name
	}
	return Zone(t)
}

// machineTime is a time for the datetime attribute.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Duration writes how long something took, in the largest unit that tells it.
func (t *Teller) Duration(d time.Duration) string {
	const day = 24 * time.Hour
	d = d.Abs()
	// Below two of a unit the smaller one says more: "90 seconds".
	tells := func(unit time.Duration) bool { return d >= 2*unit || d >= unit && d%unit == 0 }
	switch {
	case tells(365 * day):
		return t.Count(uint64(d/(365*day)), "%s year", "%s years")
	case tells(30 * day):
		return t.Count(uint64(d/(30*day)), "%s month", "%s months")
	case tells(day):
		return t.Count(uint64(d/day), "%s day", "%s days")
	case tells(time.Hour):
		return t.Count(uint64(d/time.Hour), "%s hour", "%s hours")
	case tells(time.Minute):
		return t.Count(uint64(d/time.Minute), "%s minute", "%s minutes")
	}
	return t.Count(uint64(d.Round(time.Second)/time.Second), "%s second", "%s seconds")
}

// Ago says how far a time lies from now: "3 hours ago".
func (t *Teller) Ago(at time.Time) string {
	d := t.now().Sub(at)
	switch {
	case d.Abs() < time.Minute:
		return t.Text("just now")
	case d < 0:
		return t.Text("in %s", t.Duration(d))
	}
	return t.Text("%s ago", t.Duration(d.Truncate(time.Minute)))
}

// Recent is Ago with seconds: it is for what is told anew all the time.
func (t *Teller) Recent(at time.Time) string {
	if d := t.now().Sub(at); d >= time.Second && d < time.Minute {
		return t.Text("%s ago", t.Duration(d.Truncate(time.Second)))
	}
	return t.Ago(at)
}

// known writes a count that a platform may not have told.
func (t *Teller) known(n *uint64) string {
	if n == nil {
		return t.Text("unknown")
	}
	return t.Number(*n)
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
func (t *Teller) Naming(campaign string) string {
	if strings.TrimSpace(campaign) == "" {
		return t.Text("(no name)")
	}
	return campaign
}
