// Package profile looks up who posts on Bluesky: handle, name, followers and
// the rest of what the stream of posts does not carry.
//
// It owns the calls to app.bsky.actor.getProfiles, how many of them there are,
// and what is remembered for how long. It asks for public profiles only, without
// an account, and only for those whose posts a campaign matched. It never waits
// longer than it is allowed to: what is not known then stays unknown.
package profile
