package coverage

import "time"

// Kept is what is kept of a campaign as evidence: its posts as they were received.
type Kept struct {
	Campaign string
	// Head is the head of the chain, as commands print it: whoever has seen one can tell
	// later whether anything before it was changed.
	Head    string
	Records uint64
	// At is when the last record was received; zero without a record.
	At time.Time
}
