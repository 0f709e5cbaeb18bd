// Package bundle puts together what a receiver gets of a finding: a report to read, the
// data behind it in the forms that other programs open, the method, and how to check all
// of it.
//
// It owns which files there are and what they are called, the README inside, and that the
// same finding gives the same bytes but for the signature. How tables, networks and STIX are written is for the
// packages of those names, what is told for package export, and the archive, signature
// and encryption for package seal.
package bundle
