// Package notify tells people who are not looking at the desk that coordinated
// activity begins, grows or ends, that a campaign is no longer seen, and that a
// budget is nearly used up.
//
// It owns the two loops of that: one looks at the store every 15 seconds and puts
// what is to be told into the box of each receiver that wants it, one for each
// receiver takes it out and sends it, again and again until it is delivered; and the
// file in which both are kept. What was told and what waits are written together,
// before anything is sent, so that a restart repeats nothing and loses nothing; only
// a crash between a delivery and the note of it can send a message twice. The file
// holds no handle and no text of a post.
//
// What is worth telling is decided by package alert, when by package pace, in which
// words by package message; package channel sends it. Nothing here is waited for by
// the pipeline, and every question to the store and every attempt to send has an end.
package notify
