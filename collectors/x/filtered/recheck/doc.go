// Package recheck remembers which posts are to be looked up again and when,
// since X's stream tells of no deletions.
//
// It owns the order and the bounds: each post waits for one age after the
// other, in a queue for each. It asks X nothing, knows no prices and has no
// clock.
package recheck
