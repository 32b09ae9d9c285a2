#!/bin/bash
# A layer becomes a block, the block reusable, and stands twice in the flow; what is changed inside one of them is changed in both, until it is undone.
. "$(dirname "$0")/common.sh"
WAIT=20
parameters () { ui get 'label:/^[0-9,]+ parameters$/' name 2>/dev/null | tr -dc 0-9; }
becomes () { for _ in $(seq 60); do [ "$(parameters)" = "$1" ] && return; sleep 0.25; done; parameters; return 1; }
start --new T01
check "the design is there" ui wait-for 'button:Equivariance exact'
all=$(parameters)
ui click 'panel:Inner batch norm+20,10' >/dev/null
ui key ctrl+g ctrl+alt+g >/dev/null
check "a block that can be used again" ui wait-for 'label:*A use of “Block”, its only one.*'
check "it has what it had" becomes "$all"
ui key shift+a >/dev/null
check "it is offered first" ui wait-for 'label:Block of this design'
ui key Return >/dev/null
check "it stands twice" ui wait-for 'label:*A use of “Block”, one of 2.*'
check "nothing is broken" ui wait-for 'button:Equivariance exact'
twice=$(parameters)
check "it counts twice" [ "$twice" -gt "$all" ]
shot reusable-twice
ui key Return >/dev/null
check "by Enter one goes in" ui wait-for 'label:Inside “Block*'
ui click 'panel:Inner batch norm+20,10' >/dev/null
check "its layer tells what it costs" ui wait-for 'label:weight 16 + bias 16'
ui key b >/dev/null
check "bypassed in one use it is gone in both" becomes $((2 * all - twice))
ui key ctrl+z >/dev/null
ui key BackSpace >/dev/null
check "undone and left" ui wait-for 'label:*A use of “Block”, one of 2.*'
shot reusable-back
finish
