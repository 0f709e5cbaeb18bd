package feed

import (
	"time"

	"golang.org/x/sys/unix"

	"winnow/pipeline/post"
)

// SystemClock asks the kernel how well the machine's clock is kept: adjtimex(2),
// without changing anything. The clock is synchronised while STA_UNSYNC is not
// set and the state is not TIME_ERROR.
func SystemClock() post.Clock {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	if err != nil { // forbidden in some containers
		return post.Clock{}
	}
	return post.Clock{
		Known:        true,
		Synchronised: state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0,
		MaxError:     time.Duration(t.Maxerror) * time.Microsecond,
		EstError:     time.Duration(t.Esterror) * time.Microsecond,
	}
}
