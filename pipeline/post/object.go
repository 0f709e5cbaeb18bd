package post

import "time"

// ObjectKind says what sort of thing was co-shared.
type ObjectKind string

// The kinds of object.
const (
	ObjectRepost  ObjectKind = "repost"  // a reposted or quoted post; ID: its post id
	ObjectLink    ObjectKind = "link"    // ID: the canonical link
	ObjectText    ObjectKind = "text"    // ID: hash of the folded text
	ObjectTags    ObjectKind = "tags"    // a set of at least two tags; ID: keys, sorted, joined by a blank
	ObjectImage   ObjectKind = "image"   // ID: the platform's fingerprint
	ObjectReply   ObjectKind = "reply"   // the post replied to; ID: its post id
	ObjectMention ObjectKind = "mention" // the account named or replied to; ID: account id, else handle
	ObjectShared  ObjectKind = "shared"  // named by a co-share archive; ID: as given
	ObjectMoment  ObjectKind = "moment"  // when a flood began; ID: RFC 3339, UTC; no action of a post
)

// Object is what is co-shared.
type Object struct {
	Kind ObjectKind `json:"kind"`
	ID   string     `json:"id"`
}

// Action is one account doing something with one object at one time.
type Action struct {
	// Account is the account's Key.
	Account string
	Object  Object
	At      time.Time
	// PostID is the post by which it was done.
	PostID string
}
