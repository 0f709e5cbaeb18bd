// Package boards says what Winnow's Grafana dashboards show: which questions they
// answer, in which words, and by which queries.
//
// Each dashboard is a function in a file of its own, each of its queries a file in
// queries/<dashboard>/<panel>.sql. What several queries share is in queries/parts
// and stands in them as {{name}}. The tests of package grafana write and compare
// the JSON, are its linter, and run every query on the real engine.
//
// It owns no form (package model does) and no number: what numbers mean is in
// docs/metrics-definitions.md, and each panel says it in its description, with
// what it does not mean.
package boards
