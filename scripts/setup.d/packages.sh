# Messages, and the system's packages.

say() { echo "set-up: $*"; }

# The one clear line that a failed step ends with.
fail() {
  echo "set-up: $*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif has sudo; then
    # Without a terminal nobody could type a password.
    if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
  else
    return 1
  fi
}

can_install_packages() { has apt-get && { [ "$(id -u)" = 0 ] || has sudo; }; }

# install_packages WHAT PACKAGE...: from Debian's or a relative's archive; a hint where there is none.
install_packages() {
  local what=$1
  shift
  can_install_packages || fail "$what is missing: install $* (Debian's names), then run this again"
  say "installing $what: $*"
  local log=$target/packages.log
  # The lists may be missing or old, so a first failure is no verdict.
  apt_get_install "$@" >"$log" 2>&1 ||
    { as_root apt-get update >>"$log" 2>&1 && apt_get_install "$@" >>"$log" 2>&1; } ||
    fail "$what could not be installed ($*): $(grep -m1 '^E:' "$log" || tail -n1 "$log")"
}

# Old lists still offer old packages: refreshed before an install that needs a recent one. Without a network the install
# itself says what is missing.
refresh_package_lists() { as_root apt-get update >"$target/packages.log" 2>&1 || true; }

apt_get_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
}

# Rust links with it, and SQLite is compiled with it.
set_up_c_compiler() {
  if ! has cc; then install_packages "a C compiler" gcc libc6-dev; fi
}
