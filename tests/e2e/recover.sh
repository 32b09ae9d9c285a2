#!/bin/bash
# The studio is killed after an edit; the next start brings the edit back.
. "$(dirname "$0")/common.sh"
start --new T01
check "the design is there" ui wait-for 'button:113,802 parameters'
ui focus 'panel:Design canvas' >/dev/null 2>&1
ui key ctrl+a Delete >/dev/null
check "everything is deleted" ui wait-for --gone ':Steerable conv 1'
sleep 3
kill -KILL "$app"; wait "$app" 2>/dev/null
start
check "what was not saved is back" ui wait-for 'label:*ended unexpectedly*'
check "with the edit" ui wait-for --gone ':Steerable conv 1'
finish
