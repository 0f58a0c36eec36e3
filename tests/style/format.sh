#!/bin/sh
# SPDX-License-Identifier: MIT
# The formatter decides; versions of it differ, so only the one that is named speaks.
. "$(dirname "$0")/lib.sh"

for name in clang-format-14 clang-format; do
	command -v $name >/dev/null && $name --version | grep -q 'version 14\.' && formatter=$name && break
done
[ -n "${formatter-}" ] || { echo "no clang-format 14"; exit 77; }
$formatter --dry-run -Werror $(find src tests include -name '*.c' -o -path 'include/*.h') >"$scratch" 2>&1 ||
	{ grep -E ': (error|warning):' "$scratch" || cat "$scratch"; } | sed "s|$root/||" | found

# The formatter leaves comments as they are: they have 100 columns, too, where they are read most.
for path in $(c_files include); do
	expand -t 8 "$path" | LC_ALL=C sed 's/[\x80-\xBF]//g' |
		awk -v path="$path" 'length($0) > 100 { print path ":" NR ": " length($0) " columns, more than 100" }'
done | found
verdict
