package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that nobody should see: however it is printed, logged or
// encoded, it shows as *** (or nothing if it is empty).
type Secret string

const hidden = "***"

// Reveal returns the text itself, for whoever has to use it.
func (s Secret) Reveal() string { return string(s) }

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the secret under %#v.
func (s Secret) GoString() string { return fmt.Sprintf("config.Secret(%q)", s.String()) }

// Format hides the secret under every verb that go vet lets pass, those
// included that make no sense for a text and would print what lies beneath.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	if verb == 'v' && f.Flag('#') {
		text = s.GoString()
	}
	_, _ = io.WriteString(f, text) // a Formatter has nobody to tell
}

// LogValue hides the secret in logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalYAML hides the secret in YAML.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// MarshalText hides the secret in JSON and whatever else goes by text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
