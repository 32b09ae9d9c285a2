#!/bin/bash
# By keyboard alone, in the outline: look, rename, take a wire away and join it again, change places, group, add, delete, undo.
. "$(dirname "$0")/common.sh"
start --new T01
check "the design is there" ui wait-for 'button:113,802 parameters'
ui key ctrl+shift+o >/dev/null
check "the outline is a tree" ui wait-for 'tree:Outline'
check "its rows are the layers" ui wait-for 'tree item:Steerable conv 1'
# Down to the first ReLU; its settings stand in the inspector.
ui key Down Down Down >/dev/null
check "arrows select" ui wait-for 'panel:Inspector > :ReLU'
# Its wires: right opens it, down goes to the input, Delete takes it away.
ui key Right >/dev/null
check "a layer opens to its wires" ui wait-for 'tree item:Input x, from Inner batch norm'
ui key Down Delete >/dev/null
check "a wire is taken away" ui wait-for 'tree item:Input x, open'
check "which is a problem" ui wait-for 'button:/^[0-9]+ problems?$/'
# Joined again from the list of what fits.
ui key c >/dev/null
check "the list of outputs opens" ui wait-for 'list item:Inner batch norm, output y'
ui type 'inner batch' >/dev/null
ui key Return >/dev/null
check "it is joined again" ui wait-for 'tree item:Input x, from Inner batch norm'
check "and nothing is wrong" ui wait-for 'button:Train'
# Another title.
ui key Left F2 >/dev/null
check "the title can be typed" ui wait-for 'text:Title of the layer'
ui key ctrl+a >/dev/null
ui type 'Bend' >/dev/null
ui key Return >/dev/null
check "it has the new title" ui wait-for 'tree item:Bend'
# A block and apart again.
ui key ctrl+g >/dev/null
check "a layer becomes a block" ui wait-for 'tree item:Block'
ui key ctrl+z >/dev/null
check "and is one again" ui wait-for 'tree item:Bend'
ui key ctrl+z ctrl+z ctrl+z >/dev/null
check "all is taken back" ui wait-for --gone 'tree item:Bend'
check "nothing is without a name" ui audit
shot outline
finish
