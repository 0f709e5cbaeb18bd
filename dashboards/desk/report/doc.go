// Package report writes what Winnow knows about a campaign, or about one finding, into one
// HTML file: for people who were not there, offline, on paper, and years later.
//
// It owns what stands in the file and in which order, what of it names nobody and what
// does, the bounds on how much is told, the look of the file on screen and on paper
// (report.css), and the name that the file has. The file holds all that it needs: no
// script, and nothing that is loaded from anywhere.
//
// Unless it is asked for identities, no handle, no number of an account, no text, link
// or tag of a post is handed to the templates at all: [Write] takes them out before.
//
// It counts nothing: package view does, behind [Store]; what follows from the numbers is
// package answer's, as on the pages. It does not say who may have a report (the desk
// does), nor where the file goes. The same store, clock and options give the same bytes.
package report
