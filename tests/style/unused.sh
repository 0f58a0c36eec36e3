#!/bin/sh
# SPDX-License-Identifier: MIT
# What a header promises, somebody uses: a function that is named nowhere but in its prototype and its definition is dead.
. "$(dirname "$0")/lib.sh"
command -v ctags >/dev/null || exit 77

bare_code $(c_files src include tests) | sed -E 's/^[^:]*:[0-9]+://' | grep -oE '[A-Za-z_][A-Za-z0-9_]*' >"$scratch"
ctags --languages=C --langmap=C:.c.h --kinds-C=p --fields=+n --sort=no -f - $(find include src tests -name '*.h') |
	awk -F '\t' '
	NR == FNR { named[$1]++; next }
	{
		line = $0
		sub(/.*\tline:/, "", line)
		sub(/\t.*/, "", line)
		if (named[$1] <= 2)
			print $2 ":" line ": " $1 " is used by nobody"
	}' "$scratch" - | found
verdict
