#!/bin/bash
# The complete second language: the window and its panels speak German.
. "$(dirname "$0")/common.sh"
export EQUISTUDIO_LOCALEDIR=$BUILT_LOCALEDIR LANGUAGE=de
"$EQUISTUDIO" --new T01 >"$HOME/studio.log" 2>&1 & app=$!
check "the window is there" ui wait-for 'button:Trainieren'
check "the strip speaks German" ui wait-for 'button:*113,802 Parameter'
check "so does the palette" ui wait-for 'label:Lenkbare Faltung'
shot german
ui click 'page tab:Gliederung' >/dev/null
check "the outline too" ui wait-for ':Gliederung des Entwurfs'
finish
