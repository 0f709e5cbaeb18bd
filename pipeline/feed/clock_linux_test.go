package feed

import (
	"testing"

	"winnow/pipeline/post"
)

// Whether the kernel tells or is not allowed to: what is not known is not said.
func TestSystemClock(t *testing.T) {
	c := SystemClock()
	switch {
	case !c.Known && c != (post.Clock{}):
		t.Errorf("unknown, and yet %+v", c)
	case c.MaxError < 0 || c.EstError < 0:
		t.Errorf("an error below nothing: %+v", c)
	}
	t.Logf("%+v", c)
}
