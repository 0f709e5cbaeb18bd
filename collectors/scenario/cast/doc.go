// Package cast is everybody in the story, and how they are called.
//
// It owns the accounts: which platform, language and part of the world each is
// of, its name, handle, id, age and followers. An account is a [Number], and
// everything about it follows from that and the seed, so that a cast of millions
// takes no memory.
//
// Nobody in it exists: names on X are longer than X allows, ids lie decades ahead
// of X's clock, hosts end in .example, DIDs begin with did:plc:winnowdemo.
//
// It does not know what anybody does.
package cast
