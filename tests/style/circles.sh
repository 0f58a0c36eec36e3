#!/bin/sh
# SPDX-License-Identifier: MIT
# Files of a room stand on each other, not in a circle: a file that calls a function of another is not called by that one,
# over whatever way. Who is handed a function, or a table of them, does not call by name.
. "$(dirname "$0")/lib.sh"
command -v ctags >/dev/null || exit 77

ctags --languages=C --langmap=C:.c --kinds-C=f --fields=f --sort=no -f - $(find src -name '*.c' | sort) >"$scratch"
bare_code $(find src -name '*.c' | sort) | awk -v functions="$scratch" '
BEGIN {
	while ((getline line < functions) > 0) {
		split(line, tag, "\t")
		split(tag[2], parts, "/")
		if (line ~ /\tfile:/)
			own[tag[2], tag[1]] = 1
		else
			home[parts[2], tag[1]] = tag[2]
	}
}
{
	match($0, /^[^:]*/)
	path = substr($0, 1, RLENGTH)
	split(path, parts, "/")
	room = parts[2]
	if (path != before)
		files[room] = files[room] " " path
	before = path
	text = substr($0, RLENGTH + 1)
	while (match(text, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(text, RSTART, RLENGTH - 1)
		sub(/[ \t]+$/, "", name)
		text = substr(text, RSTART + RLENGTH)
		to = home[room, name]
		if (to != "" && to != path && !((path, name) in own)) {
			reaches[path, to] = 1
			calls[path, to] = name
		}
	}
}
END {
	for (room in files) {
		n = split(files[room], in_room, " ")
		for (k = 1; k <= n; k++)
			for (i = 1; i <= n; i++)
				for (j = 1; (in_room[i], in_room[k]) in reaches && j <= n; j++)
					if ((in_room[k], in_room[j]) in reaches)
						reaches[in_room[i], in_room[j]] = 1
		for (i = 1; i <= n; i++)
			for (j = 1; j <= n; j++)
				if (((in_room[i], in_room[j]) in calls) && ((in_room[j], in_room[i]) in reaches))
					print in_room[i] ":1: in a circle: calls " calls[in_room[i], in_room[j]] " of " in_room[j]
	}
}' | found
verdict
