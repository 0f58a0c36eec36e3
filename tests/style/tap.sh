#!/bin/sh
# SPDX-License-Identifier: MIT
# What a test says beside its results is a comment of TAP: a message begins with "# ". And no test skips itself: cmocka
# writes that as "not ok", and so it would count as a failure.
. "$(dirname "$0")/lib.sh"

code $(c_files tests) | awk '
{
	place = $0
	sub(/:[0-9]+:.*/, "", place)
	line = substr($0, length(place) + 2)
	number = line
	sub(/:.*/, "", number)
	text = substr(line, length(number) + 2)
	if (match(text, /print_message\(/)) {
		text = substr(text, RSTART + RLENGTH)
		from = place ":" number
	} else if (!from) {
		next
	}
	if (text ~ /^[ \t]*$/)
		next
	if (text !~ /^[ \t]*"# /)
		print from ": a message that does not begin with \"# \""
	from = ""
}' | found
bare_code $(c_files tests) | sed -nE 's/^([^:]*:[0-9]+):.*\bskip\(\).*/\1: skip() is told as a failure: say why, and return/p' |
	found
verdict
