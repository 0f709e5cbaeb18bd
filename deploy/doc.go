// Package deploy holds what the container stack of docker-compose.yml mounts:
// Winnow's configuration, the ClickHouse server's settings and users, and the
// scripts that make secrets and watch over health.
//
// It has no code to run, only tests: they load docker-compose.yml the way
// Compose does and check it together with every file it names. What Grafana
// and Prometheus read is below dashboards/.
package deploy
