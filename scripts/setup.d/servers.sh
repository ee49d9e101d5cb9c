# The servers that tests and measurements start themselves, on ports and in data folders of their own.

set_up_servers() {
  if ! has redis-server; then install_packages "Redis" redis-server; fi
  set_up_postgresql
}

# Debian keeps its programs off the path.
set_up_postgresql() {
  if has initdb && has pg_ctl; then return; fi
  if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then return; fi
  install_packages "PostgreSQL" postgresql
}
