#!/usr/bin/env bash
# A PostGIS of one's own for tests. `postgis.sh start DIRECTORY [PORT]` prints its DATABASE_URL;
# `postgis.sh stop DIRECTORY` ends it. Loopback only; Debian's packages postgresql-NN and -NN-postgis-3.
set -euo pipefail

verb="$1" directory="$2"
bin="$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

case "$verb" in
start)
    port="${3:-$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}"
    mkdir -p "$directory"
    [ "$(id -u)" != 0 ] || chown postgres "$directory"
    as_postgres "$bin/initdb" -D "$directory/data" -A trust -U postgres -E UTF8 --locale C.UTF-8 >/dev/null
    # A test's rows are never committed: statistics that are made meanwhile call its tables empty, and its
    # queries then take minutes or not, by chance. Who measures says ANALYZE.
    as_postgres "$bin/pg_ctl" -D "$directory/data" -l "$directory/log" -w start \
        -o "-p $port -c listen_addresses=127.0.0.1 -k $directory -c fsync=off -c autovacuum=off" >/dev/null
    psql="$bin/psql -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p $port -U postgres"
    $psql -c "CREATE ROLE headlamp SUPERUSER LOGIN" -c "CREATE DATABASE headlamp OWNER headlamp" >&2
    $psql -d headlamp -c "CREATE EXTENSION postgis" >&2
    echo "postgis://headlamp@127.0.0.1:$port/headlamp"
    ;;
stop)
    as_postgres "$bin/pg_ctl" -D "$directory/data" -m fast stop >/dev/null
    ;;
*)
    echo "usage: postgis.sh start DIRECTORY [PORT] | stop DIRECTORY" >&2
    exit 2
    ;;
esac
