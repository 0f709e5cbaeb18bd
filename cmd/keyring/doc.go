// Package keyring keeps the keys of a data directory: one for each campaign's pseudonyms,
// the one that suppressed accounts are remembered by, and the one that exports are
// signed with.
//
// It owns where they lie (the folder "keys", which only its owner can open), that they are
// made once, from the system's random source, and how they are removed. Whoever asks for a
// key must own the data directory. What is hashed or signed with a key is for others.
package keyring
