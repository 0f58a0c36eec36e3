#!/bin/sh
# SPDX-License-Identifier: MIT
# The formatter decides; versions of it differ, so only the one that is named speaks.
. "$(dirname "$0")/lib.sh"

for name in clang-format-14 clang-format; do
	command -v $name >/dev/null && $name --version | grep -q 'version 14\.' && formatter=$name && break
done
[ -n "${formatter-}" ] || { echo "no clang-format 14"; exit 77; }
$formatter --dry-run -Werror $(find src tests -name '*.c') >"$scratch" 2>&1 ||
	{ grep -E ': (error|warning):' "$scratch" || cat "$scratch"; } | sed "s|$root/||" | found
verdict
