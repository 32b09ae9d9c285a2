#!/bin/sh
# Engine tests under valgrind: no definite leaks, no invalid reads. Arguments: the test programs.
# The baseline variant: valgrind does not know every instruction of the others.
set -eu
command -v valgrind >/dev/null || { echo "valgrind is not installed"; exit 77; }
for program in "$@"; do
  echo "valgrind: $(basename "$program")"
  EQK_SIMD=base G_SLICE=always-malloc valgrind --quiet --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite "$program" >/dev/null
done
