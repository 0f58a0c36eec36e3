#!/bin/sh
# SPDX-License-Identifier: MIT
# What is declared, the program uses: a function, member, enumerator or macro that src and include name nowhere but where
# they declare and define it is dead, or there for tests alone.
. "$(dirname "$0")/lib.sh"

# What tests count, compare or drive the program by: allocations, the styles of a frame as letters, one line of a recording
# alone, a recorder that is full before 4 GB, an expression by its text. And what the kernel's records hold and nobody reads.
seams="base_allocations export_styles recording_put_sample recording_get_sample recorder_set_limit scene_evaluate reserved"

command -v ctags >/dev/null || exit 77

bare_code $(c_files src include) | sed -E 's/^[^:]*:[0-9]+://' | grep -oE '[A-Za-z_][A-Za-z0-9_]*' >"$scratch"
# Of a function: its prototype and its definition. The first of an enumeration is what zero is.
ctags --languages=C --langmap=C:.c.h --kinds-C=pmed --fields=+nKs --sort=no -f - $(c_files src include) |
	awk -F '\t' -v seams="$seams" '
	BEGIN {
		n = split(seams, names, " ")
		for (i = 1; i <= n; i++)
			named[names[i]] = 3
	}
	NR == FNR { named[$1]++; next }
	{
		kind = line = of = ""
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) line = substr($i, 6)
			else if ($i ~ /^enum:/) of = $i
			else if ($i ~ /^(prototype|member|enumerator|macro)$/) kind = $i
		}
		if ((of != "" && !first[of]++) || $1 ~ /^TASKSCOPE_.*_H$/)
			next
		may = kind == "prototype" ? 2 : 1
		if (named[$1] <= may)
			print $2 ":" line ": " kind " " $1 " is used by nobody but tests"
	}' "$scratch" - | found
verdict
