// Package api serves as JSON, under /api/v1, what the desk's pages show: programs read here
// what people read there. What is a file, or is done and not read, it only links to.
//
// It owns which addresses there are, what may be asked of each and how much of a list
// one answer holds, and openapi.yaml, which describes all of it and is served too.
// Everything is for reading. A parameter that is not understood is refused, all
// mistakes at once.
//
// It computes no number itself: those that the pages tell come from package answer for
// both, who was turned on from package people, when posts came from strip, what was known
// when from replay. How an answer is written is said in packages shape and evidence, with
// the values of package value; how parameters are read is package query's; endpoint makes
// handlers of all that. Who may ask is decided before, by package access.
package api
