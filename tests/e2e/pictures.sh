#!/bin/bash
# The main states of the window as pictures, for people and for the README: SHOTS/SCHEME-WxH-STATE.png. Each has to show something,
# and no named control may lie outside of the window. The size is that of the screen; ADW_DEBUG_COLOR_SCHEME says light or dark.
. "$(dirname "$0")/common.sh"
read -r width height < <(xdotool getdisplaygeometry)
look=${ADW_DEBUG_COLOR_SCHEME#prefer-}-${width}x$height
SHOTS=${PICTURES:-${SHOTS:-$HOME}}
mkdir -p "$SHOTS"
colours () { [ "$(identify -format %k "$1")" -gt 200 ]; }
# Controls of the window that are cut by its edge. What can be scrolled to is not outside, nor is what lies on the canvas.
inside () {
  ui tree --json >"$HOME/tree.json" && python3 - "$HOME/tree.json" <<'PY'
import json, sys
acted_on = {"push button", "toggle button", "check box", "combo box", "spin button", "slider", "text", "entry", "page tab", "link"}
bad = []
def look(node, frame):
    name, box = node.get("name"), node.get("box")
    if node.get("role") in ("scroll pane", "list item") or name == "Design canvas":
        return
    if node.get("role") in acted_on and name and box and frame:
        x, y, w, h = box
        if w > 0 and h > 0 and (x < -1 or y < -1 or x + w > frame[2] + 1 or y + h > frame[3] + 1):
            bad.append(f"{node['role']} “{name}” at {x},{y} {w}x{h} of {frame[2]}x{frame[3]}")
    for child in node.get("children", []):
        look(child, frame)
def windows(node):
    for child in node.get("children", []):
        look(child, child.get("box")) if child.get("box") else windows(child)
tree = json.load(open(sys.argv[1]))
for top in tree if isinstance(tree, list) else [tree]:
    windows(top)
print("\n".join(bad))
sys.exit(bool(bad))
PY
}
# picture STATE
picture () {
  sleep 0.6                                  # what was asked for is drawn a moment later
  ui screenshot "$SHOTS/$look-$1.png" >/dev/null
  check "$1: the picture is not blank" colours "$SHOTS/$look-$1.png"
  check "$1: no control is outside" inside
}
# The window as large as the screen, which no window manager sees to here.
fill () { xdotool search --onlyvisible --name Equistudio windowmove 0 0 windowsize "$width" "$height"; sleep 0.5; }
start
check "the start page is there" ui wait-for 'button:Turned digits'
fill
picture start
ui activate 'button:Turned digits' >/dev/null
check "the design is there" ui wait-for 'button:Equivariance exact'
picture design
ui click 'panel:Steerable conv 2+20,10' >/dev/null
ui set-value 'spin button:Stride' 2 >/dev/null
check "a stride breaks the promise" ui wait-for 'button:Equivariance broken'
ui key F8 >/dev/null
check "the problem is told" ui wait-for 'button:Resize the picture behind the input'
picture problem
ui key ctrl+z >/dev/null
check "it is taken back" ui wait-for 'button:Equivariance exact'
ui key F6 >/dev/null
WAIT=200
check "a figure after an epoch" ui wait-for 'label:/^Validation accuracy [0-9.]+ %$/'
picture training
ui key F7 >/dev/null
check "it stops" ui wait-for 'button:Train again'
ui key ctrl+shift+y >/dev/null
check "the symmetry view is there" ui wait-for 'label:not moved'
ui key bracketright >/dev/null
check "a turned sample is exact" ui wait-for 'label:exact'
picture symmetry
ui key ctrl+shift+e >/dev/null
check "the audit gives its verdict" ui wait-for 'button:Audit again'
picture audit
ui key ctrl+e >/dev/null
check "the export sheet opens" ui wait-for 'button:Write the files'
picture export
finish
