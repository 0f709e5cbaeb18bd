package talk

import (
	"winnow/collectors/scenario/cast"
	"winnow/collectors/scenario/words"
)

// Event is a planned post: enough to render it again, whenever it is needed.
// It never changes once it is planned.
type Event struct {
	At, Obs int64 // posted and observed, Unix milliseconds
	// Seq numbers organic events in order of planning, planted ones from
	// PlantedSeq on.
	Seq uint64
	// Roll seeds everything that is left to chance in the text.
	Roll uint64
	// Ref is what is replied to, quoted or reposted. In the pools replies have
	// none, so that no chain of replies keeps the whole past in memory.
	Ref    *Event
	Who    cast.Number
	Extra  uint32 // article or planted text
	Fit    uint16 // how attractive it is to be reposted
	Kind   kind
	Style  words.Style
	Lang   uint8
	Plat   uint8
	Target uint8 // who is named in the text besides the author of Ref
	Tagged bool  // surely bears the campaign's tag; else most do
}

// PlantedSeq is where the sequence of planted events begins.
const PlantedSeq = 1 << 40

// kind is the kind of post that an event becomes.
type kind uint8

// The kinds.
const (
	Original kind = iota
	Repost
	Quote
	Reply
)

// Targets of a mention.
const (
	Nobody uint8 = iota
	// ProtectedOne is the first protected account; the others follow.
	ProtectedOne
	ViralAuthor = ProtectedOne + uint8(len(cast.ProtectedHandles))
)

// TargetNumber is the account that a target stands for; not for Nobody.
func TargetNumber(t uint8) cast.Number {
	if t == ViralAuthor {
		return cast.Member(cast.Author, 0)
	}
	return cast.Member(cast.Protected, int(t-ProtectedOne))
}

// What Event.Extra says of the texts of raids: the number of the text in its
// low bits, and above them whether each copy of it is changed.
const (
	TextMask = 1<<24 - 1
	Mutated  = 1 << 24
)

// FarArticle is where the numbers of articles begin that the press does not
// publish on its own.
const FarArticle = 1 << 29

// Photos is how many pictures go round with the copied texts; Event.Extra holds
// one more than the picture's number above PhotoShift.
const (
	Photos     = 3
	PhotoShift = 8
)
