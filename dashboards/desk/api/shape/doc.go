// Package shape is how the JSON API writes what the store and the process know.
//
// It owns the names of the fields, in snake case and in the field's words, and how
// values are written: times as RFC 3339 in UTC, ids as strings, lists never null,
// and null for what is not known, which is never 0.
//
// It computes nothing: what follows from the numbers is package answer's, and what
// is asked for is package api's. Each shape has its schema in api/openapi.yaml.
package shape
