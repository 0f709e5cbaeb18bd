// Package live tells open pages that there is something new, by server-sent
// events (WHATWG HTML, section 9.2).
//
// It owns when a page is told, how many pages are served at a time, and how long
// one connection lasts. It sends no numbers: a page that is told asks for itself
// again, so what moves is exactly what a reader would see who loads it, with the
// same access rules. What the state is, and the script that listens, are package
// desk's.
package live
