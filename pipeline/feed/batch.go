package feed

import (
	"winnow/pipeline/post"
)

// Batch is what a source hands to the log in one message: posts, deletions and
// the cursor that covers them, so that posts and cursor can never disagree.
type Batch struct {
	// Source names where the posts come from and keys the cursor:
	// "archive/<sha256>", "scenario/<seed>", "mastodon/<host>".
	Source string `json:"source"`
	// Campaign is the campaign for posts that name none, used only where no
	// campaign is configured. An archive gives its file's name.
	Campaign  string          `json:"campaign,omitzero"`
	Posts     []post.Post     `json:"posts,omitzero"`
	Deletions []post.Deletion `json:"deletions,omitzero"`
	// Gaps are the holes that the source found, closed or filled; Watches the
	// campaigns that it began to watch.
	Gaps    []post.Gap   `json:"gaps,omitzero"`
	Watches []post.Watch `json:"watches,omitzero"`
	// Cursor is where the source goes on after this batch; opaque to the log.
	// A batch without one leaves the source's cursor where it is, and comes
	// out of the log with that one.
	Cursor []byte `json:"cursor,omitzero"`
	// Receipt is filled in by the log that takes the batch, if one of the posts
	// has a Raw; a source leaves it zero.
	Receipt post.Receipt `json:"-"`
}
