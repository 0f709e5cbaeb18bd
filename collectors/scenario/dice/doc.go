// Package dice is chance that comes out the same on every machine.
//
// It owns the generator, the hash, and the distributions of the story as tables
// of quantiles, so that drawing takes integers only: floating point may differ
// from machine to machine, and then so would a story of the same seed.
//
// It does not know what is drawn for.
package dice
