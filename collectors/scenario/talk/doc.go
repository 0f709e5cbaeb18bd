// Package talk plans posts: who posts when, what about, and in answer to what.
//
// It owns the planned post (an [Event] of a few words, with the ids that follow
// from it), the organic talk with its daily rhythm and its press, the memory of
// recent posts that may be reposted or answered, and the order of delivery, in
// which it weaves the planted events that it is given. Memory is bounded whatever
// the length of the story.
//
// What is planted is package scenario's; what a post says is made by package
// render.
package talk
