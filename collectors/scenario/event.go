package scenario

// event is a planned post: enough to render it again, whenever it is needed.
// It never changes once it is planned.
type event struct {
	at, obs int64 // posted and observed, Unix milliseconds
	// seq numbers organic events in order of planning, planted ones from
	// plantedSeq on.
	seq uint64
	// roll seeds everything that is left to chance in the text.
	roll uint64
	// ref is what is replied to, quoted or reposted. In the pools replies have
	// none, so that no chain of replies keeps the whole past in memory.
	ref    *event
	who    number
	extra  uint32 // article or planted text
	fit    uint16 // how attractive it is to be reposted
	kind   kind
	style  style
	lang   uint8
	plat   uint8
	target uint8 // who is named in the text besides the author of ref
}

// plantedSeq is where the sequence of planted events begins.
const plantedSeq = 1 << 40

type kind uint8

const (
	isPost kind = iota
	isRepost
	isQuote
	isReply
)

// Targets of a mention.
const (
	nobody uint8 = iota
	// protectedOne is the first protected account; the others follow.
	protectedOne
	viralAuthor = protectedOne + uint8(len(protectedHandles))
)

func targetNumber(t uint8) number {
	if t == viralAuthor {
		return member(blockAuthor, 0)
	}
	return member(blockProtected, int(t-protectedOne))
}

// style says what an event's text is made of.
type style uint8

const (
	talkSport style = iota
	talkRights
	talkPride
	talkDaily
	talkGreeting
	talkChat
	talkComment
	talkSupport
	talkCritic
	talkHostile
	talkViral     // comments on the viral post
	shareHeadline // an article, with its own headline
	shareComment  // an article, with own words
	viralPost
	declaredText
	copiedText
)
