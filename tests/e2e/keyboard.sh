#!/bin/bash
# By keys alone: the network of template T01 from an empty canvas, its layers, numbers, wires and a block; then data, training, and code whose self-test passes.
. "$(dirname "$0")/common.sh"
# No window manager gives a new window the keys: --window does what one would.
over () { ui key --window "$@" >/dev/null; }
# add WORDS TITLE [FIELDS]: the next layer of the flow, found by words; where given, so many fields come out of it.
add () {
  ui key shift+a >/dev/null; ui type "$1" --enter >/dev/null
  [ -n "${3:-}" ] || return
  check "$2 is added" ui wait-for "panel:Inspector > label:$2"
  ui key ctrl+shift+i Tab ctrl+a >/dev/null; ui type "$3" --enter >/dev/null
  check "its fields are $3" ui wait-for "panel:Inspector > label:/$3x reg/"
  ui key ctrl+shift+j >/dev/null
}
start
WAIT=${WAIT:-20}
ui key ctrl+n >/dev/null
check "a new design asks for its symmetry" ui wait-for 'window:Symmetry of the data'
over 'window:Symmetry of the data' Down Return Return
check "quarter turns are taken" ui wait-for 'button:Symmetry group: C4'
add pictures Pictures
for fields in 16 32 64; do
  add 'steerable conv' 'Steerable convolution' $fields
  add inner 'Inner batch norm'
  add relu ReLU
  [ $fields = 64 ] || add 'max pool' 'Max pooling'
done
add 'group pool' 'Group pooling'
add global 'Global pooling'
add mlp MLP
check "it has as many parameters as the template" ui wait-for 'button:113,802 parameters'
# The wire into the last layer is taken away and made again.
ui key ctrl+shift+o >/dev/null
ui key End Right Down Delete >/dev/null
check "a wire is taken away" ui wait-for 'tree item:Input x, open'
ui key c >/dev/null
check "what fits is listed" ui wait-for 'list item:Global pooling, output y'
ui type 'global' >/dev/null; ui key Return >/dev/null
check "it is connected again" ui wait-for 'tree item:Input x, from Global pooling'
# A block of the selected layer.
ui key ctrl+shift+j ctrl+g >/dev/null
check "a layer becomes a block" ui wait-for 'panel:Inspector > label:Block'
ui key ctrl+shift+g >/dev/null
check "and is taken apart" ui wait-for 'panel:Inspector > label:MLP'
# Data for it.
ui key ctrl+shift+b >/dev/null
ui focus 'button:Use Turned MNIST' >/dev/null      # presses Tab until it is there
ui key Return >/dev/null
check "the data are bound" ui wait-for 'panel:Data > label:/Turned MNIST/'
shot keyboard
ui key F6 >/dev/null
check "it trains" ui wait-for 'label:Epoch 1 of 15'
check "and gets on" ui wait-for 'label:/^Loss|samples a second|left$/'
shot keyboard-training
ui key F7 >/dev/null
check "and stops" ui wait-for 'button:Train again'
ui key ctrl+e >/dev/null
check "the export sheet opens" ui wait-for 'button:Write the files'
over 'button:Write the files' Return
WAIT=120
check "the code passes its self-test" ui wait-for 'label:*self-test passes*'
shot keyboard-export
finish
