package collectors

import (
	"time"

	"winnow/pipeline/post"
)

// State is what a source is doing.
type State string

// The states of a source.
const (
	Connecting State = "connecting"
	Live       State = "live"
	Waiting    State = "waiting" // before the next attempt
	Ended      State = "ended"   // stopped by a fault that only the operator can mend
)

// Status is how a source is now.
type Status struct {
	Source   string
	Platform post.Platform
	State    State
	// Since is when State began.
	Since time.Time
	// LastBytes and LastPost are when bytes and posts came last; zero for not
	// since the start.
	LastBytes, LastPost time.Time
	// Posts counts those delivered since the start.
	Posts uint64
	// Fault is what happened last, in words, empty if all is well; Advice the
	// next step for the operator; RetryAt when it is tried again.
	Fault, Advice string
	RetryAt       time.Time
	// Missing is the gap that is open now, nil if none. Pending counts closed
	// gaps still to be filled.
	Missing *post.Gap
	Pending int
	// Spend is what it costs, nil if nothing.
	Spend *Spend
}
