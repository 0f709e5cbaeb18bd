package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Size is a number of bytes, written like "4GiB" or "500MB".
type Size int64

// units are the endings of a size, the binary ones largest first.
var units = []struct {
	name  string
	bytes int64
}{
	{"TiB", 1 << 40},
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"TB", 1e12},
	{"GB", 1e9},
	{"MB", 1e6},
	{"KB", 1e3},
	{"B", 1},
}

// parseSize reads a size: a number, perhaps with a fraction, and a unit.
func parseSize(s string) (Size, error) {
	text, factor := strings.TrimSpace(s), int64(1)
	for _, u := range units {
		if n := len(text) - len(u.name); n >= 0 && strings.EqualFold(text[n:], u.name) {
			text, factor = strings.TrimSpace(text[:n]), u.bytes
			break
		}
	}
	if strings.Trim(text, "0123456789.") != "" {
		return 0, fmt.Errorf("%q is no size", s)
	}
	if whole, err := strconv.ParseInt(text, 10, 64); err == nil && whole <= math.MaxInt64/factor {
		return Size(whole * factor), nil
	}
	part, err := strconv.ParseFloat(text, 64)
	if err != nil || part*float64(factor) >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is no size", s)
	}
	return Size(part * float64(factor)), nil
}

// sizeForm is how a size is written.
const sizeForm = `a size like "4GiB" or "500MB"`

// Form implements strict.Scalar.
func (*Size) Form() string { return sizeForm }

// Scan implements strict.Scalar.
func (s *Size) Scan(text string) error {
	size, err := parseSize(text)
	if err != nil {
		return errors.New("this is no size; write " + sizeForm)
	}
	*s = size
	return nil
}

// String writes the size in the first unit that divides it.
func (s Size) String() string {
	for _, u := range units {
		if s != 0 && int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10) + "B"
}

// MarshalYAML writes the size as String does.
func (s Size) MarshalYAML() (any, error) { return s.String(), nil }
