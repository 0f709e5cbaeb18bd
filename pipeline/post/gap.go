package post

import (
	"slices"
	"time"
)

// Cause says why posts are missing.
type Cause string

// The causes of gaps. Those in the first group are faults of a connection,
// those in the second are nobody's fault.
const (
	Unauthorised  Cause = "unauthorised"  // the platform refuses the credentials
	Misconfigured Cause = "misconfigured" // the platform refuses what is asked of it
	RateLimited   Cause = "rate-limited"  // the platform asks to wait
	Unavailable   Cause = "unavailable"   // the platform answers, but with an error of its own
	Network       Cause = "network"       // no connection, or one that broke
	Protocol      Cause = "protocol"      // what came was not the platform's language
	Stalled       Cause = "stalled"       // connected, but no byte came, not even a heartbeat
	Blind         Cause = "blind"         // connected and alive, but posts known to exist did not come
	LogFull       Cause = "log-full"      // the log takes nothing, so nothing is read

	Stopped    Cause = "stopped"     // Winnow did not run
	Suspended  Cause = "suspended"   // the machine slept
	Budget     Cause = "budget"      // paused or sampled to stay within what may be spent
	CountsOnly Cause = "counts-only" // only counted until something moves, as configured
	NotWatched Cause = "not-watched" // the campaign was not configured
	Before     Cause = "before"      // before the campaign was watched
)

// Causes returns all causes: few, so that they can be the label of a metric.
func Causes() []Cause {
	return []Cause{
		Unauthorised, Misconfigured, RateLimited, Unavailable, Network, Protocol, Stalled, Blind, LogFull,
		Stopped, Suspended, Budget, CountsOnly, NotWatched, Before,
	}
}

// Label is the cause as a metric's label: one of Causes or "other", whatever was
// read from a log or a cursor.
func (c Cause) Label() string {
	if slices.Contains(Causes(), c) {
		return string(c)
	}
	return OtherCause
}

// OtherCause is the label of a cause that is none of Causes.
const OtherCause = "other"

// Fill says how much of a gap was asked for afterwards.
type Fill string

// The states of filling.
const (
	Pending Fill = "pending" // not tried yet, or tried in vain and to be tried again
	Filled  Fill = "filled"  // everything the stream would have brought
	Partly  Fill = "partly"  // what the platform still gave; Gap.Note says what is missing
	Lost    Fill = "lost"    // nothing, and nothing more to come
)

// Gap is a stretch of time in which a source did not see everything. It is
// identified by source, campaign and From; what comes later about the same gap
// replaces what was said before.
type Gap struct {
	Source   string   `json:"source"`
	Platform Platform `json:"platform"`
	// Campaign is the one it concerns; empty for all that the source watches.
	Campaign string    `json:"campaign,omitzero"`
	From     time.Time `json:"from"`
	// To is when posts came again; zero while they do not.
	To    time.Time `json:"to,omitzero"`
	Cause Cause     `json:"cause"`
	// Share is the share of posts seen in spite of it, from 0 to 1: a sample.
	Share float64 `json:"share,omitzero"`
	Fill  Fill    `json:"fill"`
	// Note says in words what is missing or what was refused; no post text,
	// no handle, no secret.
	Note string `json:"note,omitzero"`
}

// Open reports whether posts are still missing.
func (g *Gap) Open() bool { return g.To.IsZero() }

// Watch says since when a source watches a campaign: where coverage begins. It
// is identified by source and campaign; the earliest Since counts.
type Watch struct {
	Source   string    `json:"source"`
	Platform Platform  `json:"platform"`
	Campaign string    `json:"campaign"`
	Since    time.Time `json:"since"`
}
