#!/bin/sh
# SPDX-License-Identifier: MIT
# What a test says beside its results is a comment of TAP: a message begins with "# ".
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
verdict
