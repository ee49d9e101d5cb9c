# shellcheck shell=bash
# PostgreSQL and Redis of this run's own, gone with it. Sourced by end2end/run.

start_services() {
  start_postgresql
  start_redis
}

# The script that the store's tests use: it runs as long as its input is open, so until this shell ends in whatever way.
start_postgresql() {
  local folder as=()
  for folder in /usr/lib/postgresql/*/bin; do
    if [ -x "$folder/initdb" ]; then export PATH=$folder:$PATH; fi
  done
  # It refuses to run as root.
  if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); fi
  local script
  script=$(cat ../crates/store-postgres/tests/cluster/run.sh)
  # shellcheck disable=SC2034 # its array names the pipes
  coproc POSTGRES { exec "${as[@]}" sh -c "$script" cluster "$(dirname "$(command -v initdb)")"; }
  read -r ALLOT_E2E_POSTGRES <&"${POSTGRES[0]}" || { echo "end2end: PostgreSQL does not start" >&2; exit 1; }
  export ALLOT_E2E_POSTGRES
}

start_redis() {
  local folder
  folder=$(mktemp -d)
  redis-server --port 0 --unixsocket "$folder/redis" --save "" --appendonly no --dir "$folder" --loglevel warning >/dev/null &
  # shellcheck disable=SC2064 # as they are now
  trap "kill $! 2>/dev/null; rm -rf '$folder'" EXIT
  export ALLOT_E2E_REDIS=unix://$folder/redis
}
