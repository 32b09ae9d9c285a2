#!/bin/bash
# A layer becomes a block, the block reusable, and stands twice in the flow; what is changed inside one of them is changed in both, until it is undone.
. "$(dirname "$0")/common.sh"
parameters () { ui get 'label:/^[0-9,]+ parameters$/' name 2>/dev/null | tr -dc 0-9; }
becomes () { for _ in $(seq 60); do [ "$(parameters)" = "$1" ] && return; sleep 0.25; done; parameters; return 1; }
start --new T01
check "the design is there" ui wait-for 'button:Equivariance exact'
all=$(parameters)
ui click 'panel:Inner batch norm+20,10' >/dev/null
ui key ctrl+g ctrl+alt+g >/dev/null
check "a block that can be used again" ui wait-for 'label:*reusable block, which stands in 1 place.*'
check "it has what it had" becomes "$all"
ui key shift+a >/dev/null
check "it is offered first" ui wait-for 'label:Reusable block'
ui key Return >/dev/null
check "it stands twice" ui wait-for 'label:*stands in 2 places.*'
check "nothing is broken" ui wait-for 'button:Equivariance exact'
twice=$(parameters)
check "it counts twice" [ "$twice" -gt "$all" ]
shot reusable-twice
ui key Return >/dev/null
check "by Enter one goes in" ui wait-for 'label:Inside “block”'
ui click 'panel:Inner batch norm+20,10' >/dev/null
check "its layer tells what it costs" ui wait-for 'label:Cost'
ui key b >/dev/null
check "bypassed in one use it is gone in both" becomes $((2 * all - twice))
ui key ctrl+z >/dev/null
ui key BackSpace >/dev/null
check "undone and left" ui wait-for 'label:*stands in 2 places.*'
shot reusable-back
finish
