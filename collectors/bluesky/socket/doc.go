// Package socket keeps one WebSocket to one Jetstream host, on either of its
// wires, and hands out frames as JSON.
//
// It owns how a host is addressed, what is asked of it, what its refusals mean,
// the bounds on what it may send, and compression:
//
//   - The new wire (subscribeEvents) is compressed with zstd when that is
//     wanted. The dictionary is the server's own, fetched from it and kept; where
//     it cannot be had or is not known any more, frames come plain.
//   - The old wire (subscribe) comes plain. Its compression needs a dictionary
//     that is not served anywhere, is part of another program and not ours to
//     ship.
//
// It does not know what a frame says. Cursors are numbers here: sequence
// numbers, which belong to one host, or microseconds, which belong to all; their
// size tells which.
package socket
