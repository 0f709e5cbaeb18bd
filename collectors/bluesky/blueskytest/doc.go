// Package blueskytest is a fake of the parts of Bluesky that the collector
// uses, at work on the loopback interface: a Jetstream server that speaks both
// wires, with cursors by number and by time, compression and pings, and the
// look-up of profiles.
//
// It owns a made-up network of a few accounts and what they post; nothing in it
// is anybody's. It does what real servers do also where that is awkward: a
// cursor by time may begin much earlier, an old server clamps in silence, a host
// can go blind.
package blueskytest
