#!/bin/bash
# Every text of the window comes from gettext: in a locale of brackets, none is without them but names and numbers from the design.
. "$(dirname "$0")/common.sh"
"$PSEUDO_LOCALE" "$EQUISTUDIO_SOURCE" "$HOME/locale" || exit 1
export EQUISTUDIO_LOCALEDIR=$HOME/locale LANGUAGE=xx
"$EQUISTUDIO" --new T01 >"$HOME/studio.log" 2>&1 & app=$!
check "the window is there" ui wait-for 'button:*113,802*'
ui tree > "$HOME/tree" 2>/dev/null
# Labels and buttons with at least two words of plain letters that bear no bracket.
plain () {
  grep -E '(label|push button|toggle button|page tab|text) "' "$HOME/tree" | grep -v '\[' | grep -oE '"[^"]*"' | tr -d '"' |
    grep -E '[a-z]{3,} [a-z]{2,}' | grep -vFf <(grep -o '"title": "[^"]*"\|"name": "[^"]*"' "$EQUISTUDIO_DATADIR"/templates/T01*.equi | sed 's/.*: "//; s/"$//') | sort -u
}
check "no text is left untranslated" sh -c "test -z \"$(plain | head -5 | tr '"\`$' "   ")\" || { echo 'left: $(plain | head -5 | tr "'\n" "  ")'; false; }"
shot pseudo-locale
finish
