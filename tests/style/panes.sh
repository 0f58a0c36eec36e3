#!/bin/sh
# SPDX-License-Identifier: MIT
# A pane is one file and one line: each pane of `list panes` is defined in src/ui/pane_NAME.c, exactly one line of src
# beside its own files names it, and its draw function bears its name, so that a backtrace tells which pane it was; one
# that is a list of workers and no more has none.
. "$(dirname "$0")/lib.sh"
: "${TASKSCOPE:?the program, set by meson}"

code $(c_files src) >"$scratch"
panes=$("$TASKSCOPE" list panes | cut -f 1)
[ -n "$panes" ] || echo "src/ui/meson.build:1: no pane is listed" | found
for name in $panes; do
	own=src/ui/pane_$name
	defined=$(grep -cE "^[^:]*:[0-9]+:const struct pane pane_$name = " "$scratch")
	[ "$defined" -eq 1 ] && grep -qE "^$own\.c:[0-9]+:const struct pane pane_$name = " "$scratch" ||
		echo "$own.c:1: pane '$name' is defined $defined times, or not here" | found
	grep -qE "^$own[a-z_]*\.c:[0-9]+:([^;]*\bpane_${name}_draw\(|.*\.list = )" "$scratch" ||
		echo "$own.c:1: there is no function pane_${name}_draw" | found
	lines=$({
		grep -vE "^$own[a-z_]*\.[ch]:" "$scratch" | grep -E "\bpane_$name\b"
		grep -nE "'$name'" src/ui/meson.build
	} | wc -l)
	[ "$lines" -eq 1 ] || echo "$own.c:1: $lines lines beside its own files name the pane, and not one" | found
done
for path in src/ui/pane_*.c; do
	name=${path#src/ui/pane_}
	name=${name%.c}
	echo "$panes" | grep -qxF "${name%%_*}" || echo "$path:1: there is no pane '${name%%_*}'" | found
done
verdict
