#!/bin/sh
# Builds the tree once more with a sanitizer and runs suites under it: sanitizer.sh SOURCE KIND SUITE…
# thread: OpenBLAS is left out by its own suppression, it is not built with the sanitizer.
set -eu
source=$1 kind=$2
shift 2
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
meson setup "$build" "$source" -Db_sanitize="$kind" -Db_lundef=false -Dsimd=avx2 -Dbuildtype=debugoptimized >/dev/null
export TSAN_OPTIONS="suppressions=$source/tests/slow/tsan.supp halt_on_error=1"
export ASAN_OPTIONS="detect_leaks=0"
export UBSAN_OPTIONS="halt_on_error=1 print_stacktrace=1"
ninja -C "$build" >/dev/null
for name in "$@"; do
  meson test -C "$build" --no-rebuild --timeout-multiplier 10 "$name"
done
