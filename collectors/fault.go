package collectors

import (
	"time"

	"winnow/pipeline/post"
)

// Fault is why a connection ended or did not come about.
type Fault struct {
	// Cause is one of post's causes. Unauthorised and Misconfigured stop the
	// source until it is started again, since trying again can only make it
	// worse; all others are tried again.
	Cause post.Cause
	// Until is when to try again, if the platform said; zero otherwise.
	Until time.Time
	// Advice is the next step for the operator; empty if there is none.
	Advice string
	// Err is what happened. It holds no secret and no text of a post.
	Err error
}

// Error implements error.
func (f *Fault) Error() string {
	if f == nil {
		return "no fault"
	}
	text := string(f.Cause)
	if f.Err != nil {
		text += ": " + f.Err.Error()
	}
	if f.Advice != "" {
		text += "; " + f.Advice
	}
	return text
}

// Unwrap returns what happened.
func (f *Fault) Unwrap() error {
	if f == nil {
		return nil
	}
	return f.Err
}

// Final reports whether trying again is of no use.
func (f *Fault) Final() bool {
	return f.Cause == post.Unauthorised || f.Cause == post.Misconfigured
}
