// Package api serves as JSON, under /api/v1, all that the desk's pages show: programs
// read here what people read there.
//
// It owns which addresses there are, what may be asked of each and how much of a list
// one answer holds, and openapi.yaml, which describes all of it and is served too.
// Everything is for reading. A parameter that is not understood is refused, all
// mistakes at once; errors are problems (package problem); nothing may be kept in
// a cache.
//
// It computes no number itself: those that the pages tell come from package answer for
// both. How an answer is written is package shape's, how parameters are read is
// package query's, who may ask is decided before, by package access.
package api
