#!/bin/sh
# SPDX-License-Identifier: MIT
# Small by number: prints the median, the 90th percentile and the longest functions of src, and fails beyond the limits.
. "$(dirname "$0")/lib.sh"
command -v ctags >/dev/null || exit 77

function_limit=70
file_limit=500
test_limit=800 # one file a module, many cases
header_limit=300

for path in $(c_files src tests); do
	lines=$(wc -l <"$path")
	limit=$file_limit
	[ "${path#tests/}" = "$path" ] || limit=$test_limit
	[ "$lines" -le $limit ] || echo "$path:1: $lines lines, more than $limit: split along a seam"
done | found
for path in $(c_files include); do
	lines=$(wc -l <"$path")
	[ "$lines" -le $header_limit ] || echo "$path:1: $lines lines, more than $header_limit"
done | found

# length file:line name, one function a line
functions() {
	ctags --languages=C --langmap=C:.c.h --kinds-C=f --fields=+ne --sort=no -f - $(c_files "$1") 2>/dev/null | awk -F '\t' '
	{
		line = end = 0
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) line = substr($i, 6)
			if ($i ~ /^end:/) end = substr($i, 5)
		}
		if (end) print end - line + 1, $2 ":" line, $1
	}' | sort -n
}

functions src >"$scratch"
total=$(wc -l <"$scratch")
[ "$total" -gt 0 ] || { echo "ctags found no function in src"; exit 1; }
at() {
	sed -n "$(((total * $1 + 99) / 100))p" "$scratch" | cut -d ' ' -f 1
}
echo "$total functions in src: median $(at 50), 90th percentile $(at 90), longest $(at 100) lines"
tail -n 5 "$scratch" | sort -rn | sed 's/^/  /'
[ "$total" -lt 100 ] || [ "$(at 50)" -le 15 ] || echo "src:1: the median function has $(at 50) lines, more than 15" | found
[ "$total" -lt 100 ] || [ "$(at 90)" -le 50 ] || echo "src:1: the 90th percentile is $(at 90) lines, more than 50" | found
{ cat "$scratch"; functions tests; } | awk -v limit=$function_limit '
	$1 > limit { print $2 ": " $3 " has " $1 " lines, more than " limit }' | found
verdict
