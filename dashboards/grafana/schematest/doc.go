// Package schematest holds the dashboards and the alert rules against Grafana's own
// schema, as it stands in its foundation SDK: every option of every panel, every
// setting of a field and of an override, every query to Prometheus must have a name
// that Grafana knows and a value of the type that it expects. What the SDK lacks, the
// store's queries, is held against what the data source plugin reads.
//
// It owns no dashboard: those are package boards'. It is tests alone, and apart from
// package grafana's, since nothing else links the SDK's generated types. What it
// cannot see is a wrong word where a schema lists some, and whether a panel can draw
// what its query answers: that is tested in package grafana.
package schematest
