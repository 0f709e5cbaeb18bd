package draft

import (
	"errors"

	"winnow/pipeline/campaign"
)

// Book is where campaigns are written down.
type Book interface {
	// Open returns what is written down now.
	Open() (Opened, error)
	// Check returns what would be wrong if a campaign were written down.
	Check(c campaign.Campaign) ([]Mistake, error)
	// Write writes a campaign down, in the place of the one of its name if there is one,
	// and puts it to use. It fails with ErrChanged unless the book is still of that
	// version, and with ErrClosed or ErrLayout if it cannot be.
	Write(version string, c campaign.Campaign) error
	// Snippet is a campaign as it is written down, for those who do so by hand.
	Snippet(c campaign.Campaign) string
}

// What Write fails with.
var (
	ErrChanged = errors.New("somebody else changed the campaigns meanwhile")
	ErrClosed  = errors.New("the campaigns cannot be written from here")
	ErrLayout  = errors.New("the file is laid out in a way that cannot be changed safely")
)

// Opened is a book as it is at one moment.
type Opened struct {
	Campaigns []campaign.Campaign
	// Version names this state; it says nothing of what stands there.
	Version string
	// File is the path, for people; empty if there is none.
	File string
	// Closed says why nothing can be written; empty if it can.
	Closed Closed
	// Watched are the campaigns by which Winnow works now.
	Watched []campaign.Campaign
	// Failed is true if the last change could not be put to use and was taken back.
	Failed bool
	// Budget is what may be spent on X, by all campaigns together; nil if X is not
	// asked.
	Budget *Budget
}

// Budget is how many posts may be bought; 0 is for no bound.
type Budget struct{ PerDay, PerMonth uint64 }

// Closed is why a book cannot be written in.
type Closed string

// The reasons.
const (
	// Demo is a demonstration, whose campaigns are made up.
	Demo Closed = "demo"
	// NoFile is a Winnow that was started without a configuration file.
	NoFile Closed = "no-file"
	// Managed is a file that the operator says is managed elsewhere.
	Managed Closed = "managed"
	// Unwritable is a file that this process cannot write.
	Unwritable Closed = "unwritable"
	// Broken is a file that cannot be read now, or has mistakes in it.
	Broken Closed = "broken"
)

// Mistake is something wrong with a campaign.
type Mistake struct {
	// Path is where, such as tags[1] or declared[0].to; empty for the campaign as a
	// whole. With Outside it is a place that is no part of the campaign.
	Path    string
	Outside bool
	// Text is a sentence for whoever wrote it.
	Text string
}
