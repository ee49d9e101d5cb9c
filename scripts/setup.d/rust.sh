# A Rust toolchain that compiles for the browser.
#
# The ordinary way: rustup's toolchain, with `rustup target add`. Where that can't be had, Debian's compiler, for whose
# wasm target the standard library is built from Debian's own sources.

wasm=wasm32-unknown-unknown
debian_packages="rustc-web cargo-web rust-web-src rustfmt-web rust-web-clippy lld-19"

set_up_rust() {
  local original_path=$PATH toolchain=
  # rustup's folder may not be on the PATH of a fresh login.
  if ! has cargo && [ -x "$HOME/.cargo/bin/cargo" ]; then PATH=$HOME/.cargo/bin:$PATH; fi
  if works; then
    remember
  elif chosen_before; then
    return
  elif rustup_way; then
    say "Rust: $(rustc --version), with rustup's $wasm target"
    remember
  else
    debian_way
    say "Rust: $(rustc --version), from Debian's packages, with a $wasm target built from its sources"
    remember
  fi
}

works() { new_enough rustc && compiles_wasm rustc; }

chosen_before() {
  [ -f "$environment" ] || return 1
  . "$environment"
  works
}

# The oldest compiler that the manifest allows.
required_rust() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml; }

# new_enough RUSTC
new_enough() {
  has "$1" || return 1
  local found
  found=$("$1" --version 2>/dev/null | cut -d' ' -f2) || return 1
  [ "$(printf '%s\n' "$(required_rust)" "$found" | sort -V | head -n1)" = "$(required_rust)" ]
}

# compiles_wasm RUSTC: the proof is a linked module that uses the standard library.
compiles_wasm() {
  local module
  module=$(mktemp -d)
  local status=0
  echo 'pub extern "C" fn length() -> usize { "allot".to_owned().len() }' >"$module/probe.rs"
  "$1" --edition 2024 --target "$wasm" --crate-type cdylib -o "$module/probe.wasm" "$module/probe.rs" \
    >"$module/log" 2>&1 || status=1
  rm -r "$module"
  return $status
}

rustup_way() {
  has rustup || return 1
  if ! new_enough rustc; then
    say "Rust: $(required_rust) or newer is needed, asking rustup for its stable toolchain"
    patiently rustup toolchain install stable --profile default >"$target/rustup.log" 2>&1 || return 1
    choose stable
    new_enough rustc || return 1
  fi
  say "Rust: rustup target add $wasm"
  patiently rustup target add "$wasm" >"$target/rustup.log" 2>&1 || { say "that failed: $(grep -m1 '^error' "$target/rustup.log")"; return 1; }
  compiles_wasm rustc
}

# Downloads that never come must not keep the other way from being tried.
patiently() { if has timeout; then timeout 180 "$@"; else "$@"; fi; }

# choose TOOLCHAIN: one of rustup's, for this run and for all that build after it.
choose() {
  toolchain=$1
  export RUSTUP_TOOLCHAIN=$1
}

debian_way() {
  if ! new_enough /usr/bin/rustc || ! has /usr/bin/cargo-clippy || ! has /usr/bin/cargo-fmt ||
    ! ls /usr/src/rustc-*/library/sysroot/Cargo.toml >/dev/null 2>&1; then
    if ! can_install_packages; then
      fail "Rust $(required_rust) with $wasm is missing: install it with rustup (https://rustup.rs), then run this again"
    fi
    refresh_package_lists
    # shellcheck disable=SC2086 # several packages
    install_packages "Rust" $debian_packages
    new_enough /usr/bin/rustc ||
      fail "this system packages $(/usr/bin/rustc --version), but $(required_rust) is needed: install Rust with rustup (https://rustup.rs)"
  fi
  if has rustup; then
    rustup toolchain link allot-debian /usr || fail "rustup could not link Debian's compiler"
    choose allot-debian
  else
    PATH=/usr/bin:$PATH
  fi
  if ! compiles_wasm /usr/bin/rustc; then
    link_rust_lld
    build_wasm_library
    compiles_wasm /usr/bin/rustc || fail "Debian's compiler still can't compile for $wasm"
  fi
}

# Debian's compiler comes without the linker that it calls for wasm.
link_rust_lld() {
  local folder lld candidate
  folder=$(/usr/bin/rustc --print sysroot)/lib/rustlib/$(host)/bin
  if [ -x "$folder/rust-lld" ]; then return; fi
  lld=
  for candidate in /usr/lib/llvm-*/bin/lld "$HOME"/.rustup/toolchains/*/lib/rustlib/"$(host)"/bin/rust-lld; do
    if [ -x "$candidate" ]; then lld=$candidate; fi
  done
  if [ -z "$lld" ]; then
    install_packages "a linker for wasm" lld-19
    lld=/usr/lib/llvm-19/bin/lld
  fi
  as_root mkdir -p "$folder" && as_root ln -sfn "$lld" "$folder/rust-lld" || fail "$folder can't be written"
}

host() { /usr/bin/rustc -vV | sed -n 's/^host: //p'; }

build_wasm_library() {
  local manifest log=$target/wasm-library.log
  manifest=$(ls -d /usr/src/rustc-"$(/usr/bin/rustc --version | cut -d' ' -f2)"*/library/sysroot/Cargo.toml | tail -n1)
  say "Rust: building the standard library for $wasm from Debian's sources (about a minute)"
  # The caller's compiler settings are for Allot, not for this.
  env -u RUSTC_WRAPPER -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET \
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 __CARGO_DEFAULT_LIB_METADATA=std \
    RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" \
    /usr/bin/cargo build --release --locked --target "$wasm" --manifest-path "$manifest" \
    --target-dir "$target/wasm-library" --features "panic-unwind compiler-builtins-mem" >"$log" 2>&1 ||
    fail "the standard library for $wasm could not be built: $(tail -n1 "$log") (see $log)"
  local library
  library=$(/usr/bin/rustc --print sysroot)/lib/rustlib/$wasm/lib
  as_root mkdir -p "$library" &&
    as_root find "$library" -name '*.rlib' -delete &&
    as_root cp "$target/wasm-library/$wasm"/release/deps/*.rlib "$library/" || fail "$library can't be written"
  rm -r "$target/wasm-library"
}

# Writes what this run decided; nothing where the caller's own environment is enough.
remember() {
  {
    echo "# Written by scripts/setup."
    if [ -n "$toolchain" ]; then echo "export RUSTUP_TOOLCHAIN=$toolchain"; fi
    if [ "$PATH" != "$original_path" ]; then echo "PATH=$(dirname "$(command -v cargo)"):\$PATH"; fi
  } >"$environment"
}
