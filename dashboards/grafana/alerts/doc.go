// Package alerts says when Grafana is to wake somebody: when accounts begin to act
// together, when a source sees nothing any more, and when X's budget is nearly used
// up.
//
// It owns the rules and their queries (queries/*.sql); the tests of package grafana
// write provisioning/alerting/winnow.yaml from it, and run each query on the real
// engine. To whom an alert goes is the operator's business: no contact point and no
// notification policy is here. What an operator watches of Winnow itself belongs to
// Prometheus' own rules.
//
// The queries name no dashboard variable, which alerts do not have, and nothing here
// holds a dollar sign, which stands for the environment in provisioned files: labels
// are {{ .Labels.campaign }}, and the time is the engine's.
package alerts
