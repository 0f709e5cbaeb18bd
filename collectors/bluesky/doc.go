// Package bluesky reads the events of Bluesky's Jetstream: the old wire
// (/subscribe, one commit an event) and the new one (subscribeEvents, the same
// in an envelope).
//
// It owns the translation into the neutral words of package post:
//
//   - Identities are at-uris; a deletion names the same uri.
//   - The time of posting is the event's own. The createdAt of a record is
//     whatever its author's program wrote, any year.
//   - Tags are those of the facets, of the record's own list and of the text,
//     since each may have some that the others lack.
//   - A repost record is a Repost without text: the event does not carry the
//     original, and nothing is fetched here.
//   - Likes, follows, profiles and everything else are ignored by kind.
//
// Accounts come as identifiers alone; names and followers are not part of the
// stream. It opens no connection and knows no files.
package bluesky
