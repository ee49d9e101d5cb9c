# Node and the build tools that come from npm, pinned by xtask/package-lock.json.

set_up_node() {
  if ! has node || ! has npm; then install_packages "Node" nodejs npm; fi
  local major
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  if [ "$major" -lt 18 ]; then fail "Node 18 or newer is needed, found $(node --version)"; fi
  install_npm_tools xtask
}

# install_npm_tools FOLDER: exactly what the folder's lock says.
install_npm_tools() {
  local installed=$1/node_modules/.allot-lock
  if cmp -s "$1/package-lock.json" "$installed"; then return; fi
  say "npm: installing the tools of $1/"
  npm ci --prefix "$1" --ignore-scripts >"$target/npm.log" 2>&1 ||
    fail "npm could not install the tools of $1/: $(grep -m1 'npm error' "$target/npm.log" || tail -n1 "$target/npm.log")"
  cp "$1/package-lock.json" "$installed"
}
