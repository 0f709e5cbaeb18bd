package config

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Span is a length of time, written like "7d", "36h", "5m" or "30s".
type Span time.Duration

// spans are the endings of a span, longest first.
var spans = []struct {
	name string
	unit time.Duration
}{
	{"d", 24 * time.Hour},
	{"h", time.Hour},
	{"m", time.Minute},
	{"s", time.Second},
}

const spanForm = `a time like "7d", "36h", "5m" or "30s"`

// Form implements strict.Scalar.
func (*Span) Form() string { return spanForm }

// Scan implements strict.Scalar.
func (s *Span) Scan(text string) error {
	wrong := errors.New("this is no time; write " + spanForm)
	if text == "0" {
		*s = 0
		return nil
	}
	for _, u := range spans {
		number, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return wrong
		}
		*s = Span(time.Duration(n) * u.unit)
		return nil
	}
	return wrong
}

// Duration returns the span as the rest of the program wants it.
func (s Span) Duration() time.Duration { return time.Duration(s) }

// String writes the span in the longest unit that divides it.
func (s Span) String() string {
	for _, u := range spans {
		if d := time.Duration(s); d != 0 && d%u.unit == 0 {
			return strconv.FormatInt(int64(d/u.unit), 10) + u.name
		}
	}
	return "0"
}

// MarshalYAML writes the span as String does.
func (s Span) MarshalYAML() (any, error) { return s.String(), nil }
