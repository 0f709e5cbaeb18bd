// Package boosts decides which posts to look at for new boosts.
//
// Streams of hashtags carry no boosts. A post's figure of boosts tells when
// there are new ones, and then the server lists who boosted it. The Tracker
// remembers the posts that are worth looking at, when each was seen last, and
// which boosts are known, within bounds; it asks nobody.
//
// What it owns is the choice: posts whose figure rose come first, then those
// not looked at for long, and posts that nobody boosts any more are looked at
// ever more rarely.
package boosts
