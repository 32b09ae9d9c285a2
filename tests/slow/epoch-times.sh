#!/bin/sh
# epoch-times.sh EQUI [TEMPLATE:DATA…]: what `equi check --time` foretells of an epoch beside what the second epoch of a training takes, with one thread. It prints; other
# work on the machine makes every time wrong, so nothing is asserted but that both can be had.
equi=$1; shift
[ $# -gt 0 ] || set -- T01:mnist_rot T02:mnist_rot T03:digit_scene T08:polar_xtb T09:ethanol_xtb T10:ethanol_xtb T13:tetris T14:mesh_pose T16:parts T17:nbody5 T18:mnist_sum
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0
printf '%-5s %12s %12s %12s %8s\n' design foretold to measured within
for pair; do
  t=${pair%:*}
  "$equi" new "$t" --data "${pair#*:}" -o "$work/$t.equi" >/dev/null 2>&1 || { echo "$t: no design"; bad=1; continue; }
  told=$("$equi" check "$work/$t.equi" --time --threads 1 --json | python3 -c 'import json,sys; print(*json.load(sys.stdin)["totals"]["epoch_seconds"])')
  [ -n "$told" ] || { echo "$t: nothing foretold"; bad=1; continue; }
  "$equi" train "$work/$t.equi" --threads 1 --epochs 2 -o "$work/$t" >/dev/null 2>&1 || { echo "$t: not trained"; bad=1; continue; }
  python3 - "$t" $told "$work/$t/metrics.jsonl" <<'PY' || bad=1
import json, sys
name, low, high = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
lines = [json.loads(line) for line in open(sys.argv[4])]
took = lines[1]["seconds"] - lines[0]["seconds"]
factor = max(low / took, took / high, 1)
print("%-5s %10.2f s %10.2f s %10.2f s %7.2f×" % (name, low, high, took, factor))
PY
done
exit $bad
