package words

// Style says what an event's text is made of.
type Style uint8

// The styles.
const (
	Sport Style = iota
	Rights
	Pride
	Daily
	Greeting
	Chat
	Comment
	Support
	Critic
	Hostile
	AboutViral // comments on the viral post
	Headline   // an article, with its own headline
	Shared     // an article, with own words
	ViralPost
	DeclaredText
	CopiedText
	RandomText // random words of a language
	RaidText   // a text that a raid hands out, see talk.Mutated
	Chant      // a short phrase that many say at once
)
