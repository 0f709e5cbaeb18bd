// Package evidence is how the JSON API writes findings: the claim, the evidence that it rests
// on, when its posts came, what joins its accounts, what people said of it, and which
// findings have something in common with it.
//
// It owns the names of their fields, how much of each list one answer holds, and which of
// it is left out where contents are hidden. It computes nothing: what follows from the
// numbers is package answer's. Each shape has its schema in api/openapi.yaml.
package evidence
