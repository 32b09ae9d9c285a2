#!/bin/sh
# The fuzz targets for a minute each: fuzz.sh SOURCE SECONDS TARGET…  (clang with libFuzzer)
set -eu
source=$1 seconds=$2
shift 2
command -v clang >/dev/null || { echo "clang is not installed"; exit 77; }
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
CC=clang meson setup "$build" "$source" -Dfuzz=true -Dsimd= -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
for target in "$@"; do
  ninja -C "$build" "tests/fuzz/fuzz-$target" >/dev/null
  mkdir "$build/found-$target"
  echo "fuzzing $target for $seconds s"
  ASAN_OPTIONS=detect_leaks=0 "$build/tests/fuzz/fuzz-$target" -max_total_time="$seconds" -rss_limit_mb=4096 -print_final_stats=1 "$build/found-$target" \
    "$source/tests/fuzz/corpus/$target" 2>&1 | tail -n 4
done
