package coordination

import (
	"os"
	"testing"
)

// skipUnlessLong skips a test that takes minutes, unless WINNOW_LONG=1 asks for it.
func skipUnlessLong(t *testing.T) {
	t.Helper()
	if os.Getenv("WINNOW_LONG") != "1" {
		t.Skip("takes minutes; WINNOW_LONG=1 runs it")
	}
}
