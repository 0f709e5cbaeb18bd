// Package scale measures the store with many posts: how fast they are written,
// what they take on disk and in memory, how long a marked hour takes, and how
// long people wait for every query of the desk and of the dashboards, and for the
// pages of the desk.
//
// It owns the measurement alone. A short run is a test like any other; the long
// one is
//
//	make bench-storage POSTS=100000000
//
// Its phases are stages (each part of writing alone), insert, settle, query and pages.
// With DIR a run is kept, and PHASES picks those to run on what is there.
package scale
