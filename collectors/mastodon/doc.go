// Package mastodon reads what servers with Mastodon's interface say (Mastodon
// itself, GoToSocial, Pleroma and its forks, Pixelfed). The model is
// go-mastodon's Status.
//
// It owns the translation into the neutral words of package post:
//
//   - A post's identity is its ActivityPub uri, an account's its URL: both are
//     the same on every server. Ids are local to the server that gave them, so
//     NativeID carries the server's name in front ("example.social/112").
//   - A boost is a Repost with the original's text, tags, links and images,
//     and no engagement of its own.
//   - Texts become plain text; a content warning stands in front of it.
//   - What was not posted to everyone is ignored: Winnow watches the public.
//
// It opens no connection and knows no files.
package mastodon
