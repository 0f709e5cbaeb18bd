// Package render turns planned events into posts: text, tags, mentions, links,
// images and counts, as the event's platform would have them.
//
// It takes the words from package words and the people from package cast, and
// decides nothing but what an event leaves to chance; the same event always
// becomes the same post.
package render
