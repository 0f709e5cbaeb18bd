// Package shape is how the JSON API writes what the store and the process know of
// campaigns, changes, people, coverage and receivers of alerts.
//
// It owns the names of the fields, in snake case and in the field's words. How values are
// written is package value's, how findings are, package evidence's.
//
// It computes nothing: what follows from the numbers is package answer's, and what
// is asked for is package api's. Each shape has its schema in api/openapi.yaml.
package shape
