package finding

import (
	"strings"
	"testing"
	"time"
)

// Whatever stands in an id, a list's name is one that every file system takes.
func TestListNames(t *testing.T) {
	now := time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)
	for id, want := range map[string]string{
		"c0ffee01": "winnow-c0ffee01-2031-06-12.csv", "\"\r\nX-Evil: 1\u202e/../..": "winnow-XEvil1-2031-06-12.csv", "": "winnow--2031-06-12.csv", strings.Repeat("ab", 40): "winnow-abababababababab-2031-06-12.csv",
	} {
		if got := listName(id, now, "csv"); got != want {
			t.Errorf("the list of %q is named %q", id, got)
		}
	}
}
