package campaign

import (
	"slices"
	"time"

	"winnow/pipeline/post"
)

// Campaign is what the operator watches.
type Campaign struct {
	// Name is shown everywhere and keys the rows in the store.
	Name string
	// Tags are hashtags, with or without "#", in any spelling.
	Tags []string
	// Terms are words or phrases that may stand anywhere in the text; they
	// are compared folded, at word boundaries where the script has them.
	Terms []string
	// Protected are the people whom the campaign looks after: posts that
	// mention, reply to or come from them belong to the campaign.
	Protected []Protected
	// Declared are the campaign's own actions, announced beforehand.
	Declared []Declared
	// Keep is for how long posts are kept; 0 is for ever.
	Keep time.Duration
	// Evidence says that its posts are kept as they were received, too.
	Evidence bool
}

// AnyEvidence reports whether one of the campaigns keeps evidence.
func AnyEvidence(all []Campaign) bool {
	return slices.ContainsFunc(all, func(c Campaign) bool { return c.Evidence })
}

// Protected is an account that the campaign looks after.
type Protected struct {
	// Platform may be empty, which means any.
	Platform post.Platform
	// Account is a handle (with or without "@") or a platform's account id.
	Account string
}

// Declared is an action that the campaign announced itself, such as a day of
// action. What matches it is shown as declared, never hidden.
type Declared struct {
	Name string
	// From and To bound it, To excluded.
	From, To time.Time
	// Tags and Texts say what belongs to it: a post inside the time matches
	// when it carries one of the tags or contains one of the texts (folded).
	Tags  []string
	Texts []string
}
