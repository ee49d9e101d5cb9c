# Starts a PostgreSQL of its own in a temporary folder, prints the folder with its socket, and takes all of it away
# when its input closes: also when the tests panic or are killed.
set -eu
tools=$1
base=$(mktemp -d "${TMPDIR:-/tmp}/allot-pg.XXXXXX")
stop() {
  "$tools/pg_ctl" stop --pgdata "$base/data" --mode immediate >/dev/null 2>&1 || true
  rm -rf "$base"
}
trap stop EXIT
trap 'exit 1' INT TERM HUP
cd "$base"
"$tools/initdb" --pgdata "$base/data" --username allot --auth trust --encoding UTF8 --locale C --no-sync >"$base/log" 2>&1 ||
  { cat "$base/log" >&2; exit 1; }
cat >>"$base/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$base'
max_connections = 300
fsync = ${2:-off}
SETTINGS
"$tools/pg_ctl" start --pgdata "$base/data" --wait --timeout 60 --log "$base/log" </dev/null >/dev/null ||
  { cat "$base/log" >&2; exit 1; }
echo "$base"
cat >/dev/null
