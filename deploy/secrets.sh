#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, in deploy/secrets or in the
# folder given. A secret that is there already is kept, so running it again
# changes nothing; to change a password, delete its file (and store_url for
# ClickHouse's writer, log_url and nats_authorization for NATS), run this and restart the stack. Grafana and
# the desk take their admin passwords at the first start only.
set -eu
dir=${1:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$dir"
# Compose hands the files on with the owner and mode they have here, and every
# container runs as a user of its own: the files can be read by all, the folder
# by the owner only.
chmod 700 "$dir"

put() {
	if [ ! -s "$dir/$1" ]; then
		cat >"$dir/$1.new"
		chmod 444 "$dir/$1.new"
		mv "$dir/$1.new" "$dir/$1"
		echo "made $1"
	fi
}
# 192 random bits as hex, which no URL and no YAML needs to quote.
random() { od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n'; }

random | put clickhouse_winnow_password
random | put clickhouse_grafana_password
random | put grafana_admin_password
random | put desk_admin_password
random | put desk_metrics_token
# The cluster profile alone uses these; they are there so that it can be started.
random | put clickhouse_cluster_secret
printf 'nats://winnow:%s@nats:4222' "$(random)" | put log_url
printf 'authorization { user: winnow, password: "%s" }\n' "$(sed 's/.*:\(.*\)@.*/\1/' "$dir/log_url")" | put nats_authorization
printf 'http://winnow:%s@clickhouse:8123/winnow' "$(cat "$dir/clickhouse_winnow_password")" | put store_url
