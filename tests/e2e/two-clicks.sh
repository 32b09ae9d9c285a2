#!/bin/bash
# From the start page to a trained network with two clicks: a template, Train. A short run: the plan's epochs are cut by stopping.
. "$(dirname "$0")/common.sh"
start
check "the start page offers the template" ui wait-for 'button:Turned digits'
shot start
ui click 'button:Turned digits' >/dev/null
check "the design is there, with its totals" ui wait-for 'button:113,802 parameters'
check "the promise is foretold" ui wait-for 'button:Equivariance exact'
check "the canvas is a group" ui wait-for 'panel:Design canvas'
check "a node says what it is" ui wait-for ':Steerable conv 1'
shot design
ui click 'button:Train' >/dev/null
check "the button stops now" ui wait-for 'button:Stop'
check "progress is told" ui wait-for 'progress bar:Training progress'
check "an epoch is told" ui wait-for 'label:Epoch 1 of 15'
WAIT=150
check "a validation figure after the first epoch" ui wait-for 'label:/^Validation accuracy [0-9.]+ %$/'
check "no test figure while it trains" ui wait-for --gone 'label:/^Test accuracy/'
shot training
ui key F7 >/dev/null
check "it stops and can be trained again" ui wait-for 'button:Train again'
finish
