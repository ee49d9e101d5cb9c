# Steps that are all run, timed and counted, whatever the others did. Sourced by scripts/test and scripts/lint.

passed=0
failed=0
report=
reasons=
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# step NAME COMMAND...: runs it with its output shown.
step() {
  local name=$1 began=$SECONDS verdict=passed
  shift
  echo
  echo "== $name"
  if "$@" 2>&1 | tee "$output"; then
    passed=$((passed + 1))
  else
    verdict=FAILED
    failed=$((failed + 1))
    reasons+=$(reasons_in "$output" | sed "s/^/$name: /")$'\n'
  fi
  report+=$(printf '%-28s %-7s %4d s' "$name" "$verdict" $((SECONDS - began)))$'\n'
}

# The few lines of a failed step's output that name what failed: tests, else errors, else its end.
reasons_in() {
  local line
  for line in '^ *[0-9]+ (failed|flaky)$|^    tests/.*\.spec\.ts:' '^test .*FAILED$|^thread .* panicked' '^error'; do
    if grep --quiet --extended-regexp "$line" "$1"; then
      grep --extended-regexp "$line" "$1" | tail -n 8 | cut -c -160
      return
    fi
  done
  tail -n 3 "$1" | cut -c -160
}

# Prints what each step took and how it ended; the exit status says whether all passed.
finish() {
  echo
  printf '%s' "$report"
  printf '%-28s %-7s %4d s\n\n' "in all" "" "$SECONDS"
  printf '%s' "$reasons"
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

cargo() { scripts/with-toolchain cargo "$@"; }

# Clippy is the compiler with more to say: as the compiler of our packages it judges what it builds, and what isn't ours
# is compiled once instead of once for lints and once for tests.
with_clippy() {
  RUSTC_WORKSPACE_WRAPPER=clippy-driver CARGO_TERM_COLOR=never CARGO_TERM_QUIET=false cargo "$@"
}

# with_clippy, and any warning is an error; cargo counts them for each package, also for what it finds built.
lint_the_build() {
  local said status=0
  said=$(mktemp)
  with_clippy "$@" 2>&1 | tee "$said" || status=$?
  if grep --quiet '^warning: .* generated [0-9]* warning' "$said"; then
    echo "error: a warning is an error here"
    status=1
  fi
  rm "$said"
  return $status
}

# What can be judged without running anything. The server and the browser are judged apart: features of the one must
# not leak into the other. `lint_steps built` judges the server while it builds its tests.
lint_steps() {
  step "format" cargo fmt --all --check
  step "layers" scripts/with-toolchain scripts/check-layers
  step "dependencies" scripts/with-toolchain scripts/check-dependencies
  step "types of the scripts" scripts/check-types
  # OpenTelemetry is the one optional feature. All packages at once, so that what it doesn't touch is there already.
  if [ "${1:-}" = built ]; then
    step "lints of the server" lint_the_build test --locked --no-run
    step "lints with OpenTelemetry" lint_the_build build --locked --features allot/otel
  else
    step "lints of the server" cargo clippy --locked --all-targets -- --deny warnings
    step "lints with OpenTelemetry" cargo clippy --locked --features allot/otel -- --deny warnings
  fi
  step "lints of the browser" cargo clippy --locked --package frontend --target wasm32-unknown-unknown -- --deny warnings
}
