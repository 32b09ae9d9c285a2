#!/bin/bash
# The guided path: from the start page by two answers to a network that trains, with five clicks.
. "$(dirname "$0")/common.sh"
start
check "the start page offers the questions" ui wait-for 'button:Ask me 10 questions'
ui click 'button:Ask me 10 questions' >/dev/null
check "all ten begin with their defaults" ui wait-for 'label:0 answered, 10 on their defaults'
ui click 'button:Quarter turns and mirrors' >/dev/null
check "the design beside them follows" ui wait-for 'label:*mirrors*, D₄'
ui click 'button:An image' >/dev/null
check "two are answered" ui wait-for 'label:2 answered, 8 on their defaults'
check "with nothing wrong" ui wait-for 'label:0 problems'
shot questions
ui click 'button:Create design' >/dev/null
check "the design is there" ui wait-for 'button:Equivariance exact'
check "with mirrors" ui wait-for 'button:Symmetry group: D4'
ui click 'button:Train' >/dev/null
WAIT=150
check "it has learned for an epoch" ui wait-for 'label:/^Validation accuracy [0-9.]+ %$/'
ui key F7 >/dev/null
check "and stops" ui wait-for 'button:Train again'
finish
