// Package judge asks people for their verdict on a finding, and tells what was said.
//
// It owns the choices with what each of them does, the limits of a note, and the part
// of the page (judge.html) that shows the form and the history of verdicts.
//
// It decides nothing and keeps nothing: what a verdict changes, and its record, are
// package storage's; who may give one, package access's.
package judge
