// Package stream runs the two NATS streams that the log is made of: in a server
// embedded in this process, or in one elsewhere.
//
// It owns the server and the connection, how the streams and the consumer are
// set up, incarnations and positions, reading messages in order without a hole,
// the cursors that are kept beside the messages, and what NATS's refusals mean.
// The streams are WINNOW_POSTS and WINNOW_STATE.
//
// It does not know what stands in a message (package codec), when a message is
// acknowledged or removed, or how often anything is tried again (package feed).
package stream
