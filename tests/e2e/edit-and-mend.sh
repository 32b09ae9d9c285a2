#!/bin/bash
# A design is changed by keyboard, undone, audited and exported; the exported code was compiled and tested.
. "$(dirname "$0")/common.sh"
start --new T01
check "the design is there" ui wait-for 'button:113,802 parameters'
# Select, duplicate, undo.
ui click 'panel:ReLU' >/dev/null
check "a click selects: the inspector shows it" ui wait-for 'panel:Inspector > :/^What it does|^Properties|ReLU$/'
ui key ctrl+a >/dev/null
check "all is selected by key" ui wait-for ':15 layers selected'
ui click 'panel:ReLU' >/dev/null
check "a click on one of them selects it alone" ui wait-for 'panel:Inspector > :ReLU'
ui key ctrl+d >/dev/null
check "it is duplicated by key" ui wait-for 'panel:ReLU#4'
ui key ctrl+z >/dev/null
check "and undone by key" ui wait-for --gone 'panel:ReLU#4'
# Search to add, behind the selected layer.
ui click 'panel:ReLU' >/dev/null
ui key shift+a >/dev/null
check "the list of layers opens by key" ui wait-for ':Add a layer'
ui type 'field dropout' >/dev/null
ui key Return >/dev/null
check "it stands in the flow" ui wait-for 'panel:Field dropout'
check "and nothing is left aside" ui wait-for 'button:Equivariance exact'
check "no problem is told" ui wait-for --gone 'button:/^[0-9]+ problem/'
shot added
ui key ctrl+z >/dev/null
check "one step takes it back" ui wait-for --gone 'panel:Field dropout'
check "nothing is without a name" ui audit
# Audit.
ui key ctrl+shift+e >/dev/null
WAIT=90
check "the audit gives its verdict" ui wait-for 'label:exact'
shot audit
# Export.
ui key ctrl+e >/dev/null
check "the export sheet opens" ui wait-for 'button:Write the files'
ui click 'button:Write the files' >/dev/null
check "the code passes its self-test" ui wait-for 'label:*self-test passes*'
shot export
check "the files are there" test -s "$HOME/Turned-digits-export/c/model.c"
check "a sample goes through both" ui wait-for 'label:/^logits: largest difference .* over 10 numbers/'
ui key Escape >/dev/null
check "the sheet closes" ui wait-for --gone 'button:Write the files'
finish
