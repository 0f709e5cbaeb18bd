// Package surge tells from counts whether posts have become many.
//
// Many means: more a minute in the last five minutes than a floor, and than
// the median minute of the six hours before times a factor. The median is the
// campaign's own, and an hour of noise does not move it.
//
// It counts nothing itself and has no clock.
package surge
