#!/bin/sh
# SPDX-License-Identifier: MIT
# A condition in a condition is read twice: a `?` is nested if it stands in a statement in which an earlier `?` is still
# open, that is, if no comma, bracket or semicolon of the level of that one has ended it. At most one in two thousand lines
# of src and include; a small function or a table says the same.
. "$(dirname "$0")/lib.sh"

most=0.5 # in a thousand lines

bare_code $(c_files src include) | awk -v most=$most '
function forget(level) {
	while (n && open[n] >= level)
		n--
}
{
	match($0, /^[^:]*/)
	if (substr($0, 1, RLENGTH) != file)
		n = depth = 0
	file = substr($0, 1, RLENGTH)
	match($0, /^[^:]*:[0-9]+:/)
	place = substr($0, 1, RLENGTH - 1)
	text = substr($0, RLENGTH + 1)
	lines++
	macro = macro_goes_on || text ~ /^[ \t]*#/
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(" || c == "[" || c == "{") {
			depth++
		} else if (c == ")" || c == "]" || c == "}") {
			forget(depth)
			depth--
		} else if (c == ";" || c == ",") {
			forget(depth)
		} else if (c == "?") {
			if (n && place != last) {
				print place ": a conditional expression in another"
				last = place
			}
			nested += n > 0
			open[++n] = depth
		}
	}
	macro_goes_on = macro && text ~ /\\$/
	if (macro && !macro_goes_on)
		n = depth = 0
}
END {
	rate = nested * 1000 / lines
	printf "%d nested conditional expressions in %d lines: %.2f in a thousand\n", nested, lines, rate
	exit rate > most
}' >"$scratch"
failed=$?
cat "$scratch"
exit $failed
