#!/bin/bash
# A design is broken; the problem is read where it is and mended with what is offered there.
. "$(dirname "$0")/common.sh"
start --new T01
check "the design is there" ui wait-for 'button:Equivariance exact'

# A stride that puts the samples off the centre of the grid.
ui click 'panel:Steerable conv 2' >/dev/null
ui set-value 'spin button:Stride' 2 >/dev/null
check "a stride breaks the promise" ui wait-for 'button:Equivariance broken'
ui key F8 >/dev/null
check "the problem is told where it can be mended" ui wait-for 'label:This layer samples its picture of 14×14 pixels off the centre.'
shot problem
ui click 'button:Resize the picture behind the input' >/dev/null
check "a click keeps the grid centred" ui wait-for 'button:Equivariance exact'
ui key ctrl+z ctrl+z >/dev/null
check "both are taken back" ui wait-for 'button:81.8 MMAC'

# ReLU on the components of arrows.
ui click 'panel:Steerable conv 3' >/dev/null
ui click 'button:Output fields: kind of field' >/dev/null
ui key Down Down Return >/dev/null
check "ReLU on arrows breaks the promise" ui wait-for 'button:Equivariance broken'
ui key F8 >/dev/null
check "so does a batch norm of their components" ui wait-for 'label:Inner batch norm needs permutation fields.'
ui click 'button:Use the norm batch norm' >/dev/null
check "another takes its place" ui wait-for 'panel:Norm batch norm'
ui key F8 >/dev/null
check "ReLU says why" ui wait-for 'label:ReLU acts on single components of 64x f1*'
shot problem-relu
ui click 'button:Replace by norm activation' >/dev/null
check "what bends lengths takes its place" ui wait-for --gone 'label:ReLU acts on single components of 64x f1*'
ui key F8 >/dev/null
check "poses cannot be pooled of arrows" ui wait-for 'label:Group pooling needs regular or quotient fields.'
ui click 'button:Take the length of each field' >/dev/null
check "their lengths can, and the promise holds" ui wait-for 'button:Equivariance exact'
check "nothing is wrong" ui wait-for 'button:Show 0 problems*'
finish
