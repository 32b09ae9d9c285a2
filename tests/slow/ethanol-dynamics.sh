#!/bin/sh
# T09 on ethanol, trained, exported as C: its forces against the slope of its energy, and 100,000 steps at constant energy.
#   ethanol-dynamics.sh EQUI NVE_C DATASETS [CHECKPOINT]
# Without a checkpoint T09 is trained first, as it is written. Some twenty minutes.
set -eu
equi=$1 nve=$2 data=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ $# -gt 3 ]; then
  checkpoint=$4
else
  "$equi" new T09 --data "$data/ethanol_xtb" -o "$work/e.equi"
  "$equi" train "$work/e.equi" --threads 1 -o "$work/run"
  checkpoint=$work/run/best.safetensors
fi
"$equi" eval "$checkpoint" --data "$data/ethanol_xtb"
"$equi" export "$checkpoint" --format c -o "$work/c"
kinds=$(sed -n 's/.*"kinds": \[\(.*\)\].*/\1/p' "$work/c/model.json" | tr -d '"' | sed 's/ ([0-9]*)//g; s/,/ /g')
# Twenty frames of the test part: number of atoms, then kind, mass, x, y, z.
awk -v kinds="$kinds" 'BEGIN { n = split(kinds, k, " "); for (i = 1; i <= n; i++) kind[k[i]] = i - 1; mass["H"] = 1.008; mass["C"] = 12.011; mass["O"] = 15.999 }
  NF == 1 { frames++; if (frames > 20) exit; print $1; getline; next }
  { if (!($1 in kind)) { print "no kind for " $1 > "/dev/stderr"; exit 1 } print kind[$1], mass[$1], $2, $3, $4 }' "$data/ethanol_xtb/test.xyz" > "$work/frames"
cc -std=c11 -O3 -march=native -o "$work/nve" -I "$work/c" "$nve" "$work/c/model.c" "$work/c/model_weights.c" -lm
# The network with plain loops in double precision, for its slopes alone: the fast text knows how a float is made of bits.
"$equi" export "$checkpoint" --format c --plain -o "$work/plain"
cc -std=gnu11 -O2 -w -Dfloat=double -Dexpf=exp -Dsqrtf=sqrt -Dsinf=sin -Dcosf=cos -Dtanhf=tanh '-D_Static_assert(a,b)=extern int eq_unused' \
  -o "$work/nve64" -I "$work/plain" "$nve" "$work/plain/model.c" "$work/plain/model_weights.c" -lm
"$work/nve" forces "$work/frames" > "$work/forces"
"$work/nve64" slopes "$work/frames" > "$work/slopes"
paste "$work/forces" "$work/slopes" | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > worst) worst = d; if ($2 * $2 > largest * largest) largest = $2; n++ }
  END { printf "%d force components, the largest %.3f eV/A: worst difference from the slope of the energy %.2e eV/A\n", n, largest, worst; exit !(n == 540 && worst < 1e-4) }'
"$work/nve" run "$work/frames" 100000 0.5 300
