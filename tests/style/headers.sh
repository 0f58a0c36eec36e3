#!/bin/sh
# SPDX-License-Identifier: MIT
# The headers stand together: one translation unit includes all of include/, each stands alone as well, and no struct, union or
# enum tag, enumerator or macro is defined twice in them. A tag of src/ is not one of include/ either.
. "$(dirname "$0")/lib.sh"
command -v ctags >/dev/null || exit 77
cc=${CC:-cc}
command -v "${cc%% *}" >/dev/null || exit 77

compiles() {
	$cc -std=gnu17 -D_GNU_SOURCE -DTASKSCOPE_VERSION='""' -Wall -Wextra -Werror -Iinclude -fsyntax-only -x c - \
		2>"$scratch.errors" || head -n 3 "$scratch.errors" | sed 's|^<stdin>|include/all|' | found
}
for path in include/*.h; do
	printf '#include "%s"\n' "${path#include/}"
done | compiles
for path in include/*.h; do
	printf '#include "%s"\n' "${path#include/}" | compiles
done
rm -f "$scratch.errors"

# Definitions as "kind name file line": s, u and g are structs, unions and enums, e enumerators, d macros.
definitions() {
	ctags --languages=C --langmap=C:.c.h --kinds-C="$1" --fields=+nkF --sort=no -f - $(c_files "$2") |
		awk -F '\t' '{
			kind = line = ""
			for (i = 4; i <= NF; i++) {
				if ($i ~ /^line:/) line = substr($i, 6)
				if ($i ~ /^[a-z]$/) kind = $i
			}
			if ($1 !~ /^__anon/) print (kind ~ /[sug]/ ? "tag" : "name"), $1, $2 ":" line
		}'
}
definitions suged include | sort -u >"$scratch"
awk 'seen[$1, $2]++ { print $3 ": " $2 " is defined in two public headers, there and in " where[$1, $2] }
	{ where[$1, $2] = $3 }' "$scratch" | found
definitions sug src | awk 'NR == FNR { if ($1 == "tag") public[$2] = $3; next }
	$2 in public { print $3 ": " $2 " is a tag of " public[$2] " too" }' "$scratch" - | found
verdict
