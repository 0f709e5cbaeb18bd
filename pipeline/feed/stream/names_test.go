package stream

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSubjectToken(t *testing.T) {
	for source, want := range map[string]string{
		"archive/0af9":       "archive/0af9",
		"mastodon/a.example": "mastodon/a%2Eexample",
		"a > b.*%":           "a%20%3E%20b%2E%2A%25",
		"ə":                  "%C9%99",
	} {
		if got := subjectToken(source); got != want {
			t.Errorf("subjectToken(%q) = %q, want %q", source, got, want)
		}
	}
}

// Two sources never share a subject, and none takes more than the room that is
// kept for it or means something to NATS.
func TestSubjectTokensAreDistinct(t *testing.T) {
	source := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("a%2E.>* "))))
	rapid.Check(t, func(t *rapid.T) {
		a, b := source.Draw(t, "a"), source.Draw(t, "b")
		if (subjectToken(a) == subjectToken(b)) != (a == b) {
			t.Fatalf("%q and %q are %q and %q", a, b, subjectToken(a), subjectToken(b))
		}
		if token := subjectToken(a); len(token) > 3*len(a) || strings.ContainsAny(token, ".*> \t\r\n") {
			t.Fatalf("%q is %q", a, token)
		}
	})
}

func TestNewerThan(t *testing.T) {
	at := func(incarnation, seq uint64) Mark { return Mark{At: Position{Incarnation: incarnation, Seq: seq}} }
	for _, tt := range []struct {
		name         string
		kept, stored Mark
		want         bool
	}{
		{"nothing in the log", at(1, 5), Mark{}, true},
		{"nothing kept", Mark{}, at(1, 5), false},
		{"trimmed after", at(1, 5), at(1, 4), true},
		{"trimmed before", at(1, 5), at(1, 6), false},
		{"the same", at(1, 5), at(1, 5), false},
		{"sequences handed out again", at(1, 5), at(2, 3), false},
		{"kept by a later opening", at(2, 5), at(1, 3), true},
	} {
		if got := tt.kept.NewerThan(tt.stored); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
