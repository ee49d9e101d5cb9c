# Starts a PostgreSQL of its own in a temporary folder, prints the folder with its socket, and takes all of it away
# when its input closes: also when the tests panic or are killed.
#
# run.sh TOOLS [SETTINGS [PREPARE [PRIMARY]]]: lines for postgresql.conf; a shell text that runs in the new data folder
# before the start; the folder of a running server to be a streaming replica of.
set -eu
tools=$1 settings=${2:-} prepare=${3:-} primary=${4:-}
base=$(mktemp -d "${TMPDIR:-/tmp}/allot-pg.XXXXXX")
stop() {
  "$tools/pg_ctl" stop --pgdata "$base/data" --mode immediate >/dev/null 2>&1 || true
  rm -rf "$base"
}
trap stop EXIT
trap 'exit 1' INT TERM HUP
cd "$base"
if [ -n "$primary" ]; then
  "$tools/pg_basebackup" --pgdata "$base/data" --host "$primary" --username allot --write-recovery-conf \
    --checkpoint fast --no-sync >"$base/log" 2>&1 || { cat "$base/log" >&2; exit 1; }
else
  "$tools/initdb" --pgdata "$base/data" --username allot --auth trust --encoding UTF8 --locale C --no-sync \
    >"$base/log" 2>&1 || { cat "$base/log" >&2; exit 1; }
fi
cat >>"$base/data/postgresql.conf" <<SETTINGS
listen_addresses = ''
unix_socket_directories = '$base'
max_connections = 300
fsync = off
$settings
SETTINGS
(cd "$base/data" && eval "$prepare" >"$base/log" 2>&1) || { cat "$base/log" >&2; exit 1; }
"$tools/pg_ctl" start --pgdata "$base/data" --wait --timeout 60 --log "$base/log" </dev/null >/dev/null ||
  { cat "$base/log" >&2; exit 1; }
echo "$base"
cat >/dev/null
