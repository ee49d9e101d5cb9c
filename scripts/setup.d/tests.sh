# What only the tests need. They start every service themselves, on ports and data folders of their own.

set_up_tests() {
  set_up_rust_checks
  set_up_browser
  if ! has redis-server; then install_packages "Redis" redis-server; fi
  set_up_postgresql
  # Debian keeps it off the path of those who don't administrate.
  if ! has nginx && [ ! -x /usr/sbin/nginx ]; then install_packages "nginx" nginx-light; fi
  set_up_false_clocks
  set_up_contract_checker
  if [ -f end2end/package-lock.json ]; then install_npm_tools end2end; fi
}

# Debian's packages bring them along; a minimal toolchain of rustup's lacks them.
set_up_rust_checks() {
  local missing=
  scripts/with-toolchain cargo clippy --version >/dev/null 2>&1 || missing="clippy"
  scripts/with-toolchain cargo fmt --version >/dev/null 2>&1 || missing="$missing rustfmt"
  if [ -z "$missing" ]; then return; fi
  say "Rust: rustup component add $missing"
  # shellcheck disable=SC2086 # several components
  patiently scripts/with-toolchain rustup component add $missing >"$target/rustup.log" 2>&1 ||
    fail "$missing could not be added: $(grep -m1 '^error' "$target/rustup.log")"
}

set_up_browser() {
  if has chromium || has chromium-browser || has google-chrome || [ -d "/Applications/Google Chrome.app" ]; then return; fi
  install_packages "a browser" chromium
}

# Debian keeps its programs off the path.
set_up_postgresql() {
  if has initdb && has pg_ctl; then return; fi
  if compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then return; fi
  install_packages "PostgreSQL" postgresql
}

# One test sets a process's clock back, and is skipped without this.
set_up_false_clocks() {
  if compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || ! can_install_packages; then return; fi
  install_packages "libfaketime" libfaketime
}

# schemathesis, in a Python environment of its own.
set_up_contract_checker() {
  local pinned=scripts/contract-checker.txt folder=$target/contract-checker
  if cmp -s "$pinned" "$folder/installed.txt"; then return; fi
  if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then install_packages "Python" python3-venv; fi
  say "Python: installing the contract checker into $folder"
  local log=$target/contract-checker.log
  { rm -rf "$folder" && python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --requirement "$pinned"; } \
    >"$log" 2>&1 || fail "the contract checker could not be installed: $(tail -n1 "$log")"
  cp "$pinned" "$folder/installed.txt"
}
