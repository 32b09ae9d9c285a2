# For the end-to-end tests: starts the studio, drives it, prints TAP. Sourced by each; the environment names the programs:
# EQUISTUDIO (the program), UI_DRIVE, EQUISTUDIO_DATADIR, SHOTS (folder for pictures, may be empty).
set -u
n=0 bad=0 app=
ui () { "$UI_DRIVE" -t "${WAIT:-60}" "$@"; }
start () { "$EQUISTUDIO" "$@" >"$HOME/studio.log" 2>&1 & app=$!; ui wait-for 'window:*Equistudio*' >/dev/null; }
# check TEXT COMMAND…: a test point
check () {
  local text=$1; shift
  n=$((n + 1))
  if "$@" >"$HOME/check.log" 2>&1; then echo "ok $n $text"; else
    echo "not ok $n $text"; sed 's/^/# /' "$HOME/check.log" | tail -5; bad=1
    [ -z "${SHOTS:-}" ] || ui screenshot "$SHOTS/failed-$(basename "$0" .sh)-$n.png" >/dev/null
  fi
}
alive () { kill -0 "$app"; }
shot () { [ -z "${SHOTS:-}" ] || { mkdir -p "$SHOTS" && ui screenshot "$SHOTS/$1.png" >/dev/null; }; }
finish () {
  check "nothing critical was said" sh -c "! grep -E 'CRITICAL|assertion' '$HOME/studio.log'"
  check "the studio is alive" alive
  [ -z "$app" ] || { kill "$app"; wait "$app" 2>/dev/null; }
  echo "1..$n"
  exit "$bad"
}
