// Package grafana holds what a Grafana server needs to show Winnow's numbers:
// the provisioning of data sources and dashboards, and the dashboards as
// classic JSON.
//
// The layout is Grafana's own, so that the two folders can be mounted as they
// are: provisioning/ below /etc/grafana/provisioning, dashboards/ where
// provisioning/dashboards/winnow.yaml points. What the dashboards show is package
// boards'; the tests of this package write the JSON from it (-update), are its
// linter, and run each query on the real engine. Package schematest holds the JSON
// against Grafana's own schema.
//
// It owns no numbers: how reach and findings are computed belongs to package
// storage, what they mean is in docs/metrics-definitions.md. The pages that
// need no Grafana are package desk.
package grafana
