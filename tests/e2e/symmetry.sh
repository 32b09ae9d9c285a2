#!/bin/bash
# A sample is turned by key and by button, and the residual is read: exact, and large once a stride has broken the promise.
. "$(dirname "$0")/common.sh"
# The residual as the window tells it, as a number: "1.1·10⁻⁷" is 1.1e-7.
residual () { ui get 'label:/^Residual [0-9]/' name 2>/dev/null | sed -e 's/^Residual //' -e 's/·10/e/' -e 's/^10/1e/' -e 's/⁻/-/' -e 'y/⁰¹²³⁴⁵⁶⁷⁸⁹/0123456789/'; }
between () { awk -v x="$(residual)" -v low="$1" -v high="$2" 'BEGIN { exit !(x != "" && x + 0 >= low && x + 0 <= high) }'; }
start --new T01
check "the design is there" ui wait-for 'button:Equivariance exact'
ui key ctrl+shift+y >/dev/null
check "a sample that stands as it is gets no verdict" ui wait-for 'label:not moved'
ui key bracketright >/dev/null
check "turned by a key the network is exact" ui wait-for 'label:exact'
check "its residual is rounding alone" between 1e-9 1e-5
shot symmetry-exact
ui click 'button:180°' >/dev/null
check "half a turn by a button too" ui wait-for 'label:180°'
ui key bracketleft bracketleft >/dev/null
check "turned back it is as it was" ui wait-for 'label:not moved'
ui key bracketright >/dev/null
check "and turned again" ui wait-for 'label:exact'
ui click 'panel:Steerable conv 2+20,10' >/dev/null
ui set-value 'spin button:Stride' 2 >/dev/null
check "a stride breaks the promise" ui wait-for 'button:Equivariance broken'
ui click 'panel:Max pool 2+20,10' >/dev/null
check "the turned sample shows it" ui wait-for 'label:broken'
check "by a residual that is seen" between 0.01 2
shot symmetry-broken
finish
