// Package deploy holds what the container stack of docker-compose.yml mounts:
// Winnow's configuration, the ClickHouse servers' settings and users, the NATS
// server's, and the scripts that make secrets and watch over health. What only one
// ClickHouse server needs is in alone, what two need in cluster.
//
// It has no code to run, only tests: they load docker-compose.yml the way
// Compose does, alone and as a cluster, check it together with every file it names,
// and run what runs without containers: the Dockerfile's build, the NATS server,
// promtool. What Grafana and Prometheus read is below dashboards/.
package deploy
