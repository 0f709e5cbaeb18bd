#!/bin/sh
# Starts the server with passwords taken from files. Only their hashes go into
# the environment, from where users.d/winnow.xml reads them. The servers of a
# cluster know one another by such a hash, too.
set -eu
secrets=${WINNOW_SECRETS:-/run/secrets}

hash() {
	if [ ! -s "$secrets/$1" ]; then
		echo "start.sh: secret $1 is missing or empty: run deploy/secrets.sh" >&2
		exit 1
	fi
	tr -d '\r\n' <"$secrets/$1" | sha256sum | cut -d ' ' -f 1
}

WINNOW_PASSWORD_SHA256=$(hash clickhouse_winnow_password)
GRAFANA_PASSWORD_SHA256=$(hash clickhouse_grafana_password)
WINNOW_CLUSTER_SECRET=$(hash clickhouse_cluster_secret)
# The watchdog would stand between the container and the server's signals.
CLICKHOUSE_WATCHDOG_ENABLE=0
export WINNOW_PASSWORD_SHA256 GRAFANA_PASSWORD_SHA256 WINNOW_CLUSTER_SECRET CLICKHOUSE_WATCHDOG_ENABLE

exec clickhouse-server --config-file=/etc/clickhouse-server/config.xml
