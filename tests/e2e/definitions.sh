#!/bin/bash
# A block of which a design has two uses: made, used, gone into, edited once, taken back, detached.
. "$(dirname "$0")/common.sh"
start --new T01
check "the design is there" ui wait-for 'button:113,802 parameters'
ui key ctrl+shift+o >/dev/null
check "the outline is a tree" ui wait-for 'tree:Outline'
ui key Down Down Down >/dev/null
check "a layer is chosen" ui wait-for 'panel:Inspector > :ReLU'
ui key ctrl+g >/dev/null
check "it becomes a block" ui wait-for 'tree item:Block'
check "which says that it stands alone" ui wait-for 'button:Make the block usable elsewhere'
ui click 'button:Make the block usable elsewhere' >/dev/null
check "now it is a use" ui wait-for 'button:Detach from the definition'
ui set-text 'text:Name of the definition' 'Bend' >/dev/null
check "its name is that of the definition" ui wait-for 'tree item:Bend'
# A second use, from the list of layers to add.
ui key ctrl+shift+o >/dev/null
ui key ctrl+shift+j >/dev/null
ui key shift+a >/dev/null
check "the list of layers opens" ui wait-for 'list item:Bend'
ui type 'bend' >/dev/null
ui key Return >/dev/null
check "the design has two uses" ui wait-for ':/A use of “Bend”, one of 2/'
ui key Return >/dev/null
check "Enter goes in, and says whom an edit concerns" ui wait-for ':/Inside “Bend”, used 2 times/'
ui key BackSpace >/dev/null
check "Backspace comes out" ui wait-for --gone ':/Inside “Bend”/'
ui key ctrl+alt+u >/dev/null
check "the second is detached" ui wait-for 'button:Make the block usable elsewhere'
ui key ctrl+z >/dev/null
check "and a use again" ui wait-for ':/A use of “Bend”, one of 2/'
check "nothing is without a name" ui audit
shot definitions
finish
