// Package exporttest has findings for tests of what is exported: a small one with all
// that a hostile platform may put into a text, and one of any size.
package exporttest
