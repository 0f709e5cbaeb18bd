// Package model builds Grafana's classic dashboard JSON (schemaVersion 42) from
// Go values.
//
// It owns the form: what a panel of each kind looks like, the grid, and which
// settings every dashboard of Winnow shares, such as UTC, the shared crosshair
// and colours that are told apart without seeing red and green. It knows no
// number and no query: what is shown belongs to package boards.
//
// Only the fields that are used have a place. Their names and meanings are
// those of the JSON that Grafana 12 exports.
package model
