#!/bin/sh
# SPDX-License-Identifier: MIT
# Each file opens with its licence and what it does; what include/ promises is said in words; nothing that is
# committed names the machine it was written on; what is not drawn is ASCII.
. "$(dirname "$0")/lib.sh"

for path in $(c_files src include tests); do
	awk -v path="$path" '
	NR == 1 && $0 !~ /^\/\* SPDX-License-Identifier: MIT$/ {
		print path ":1: does not open with /* SPDX-License-Identifier: MIT and what the file does"
		exit
	}
	NR == 2 && ($0 !~ /^ \* [^ ]/ || length($0) < 20) {
		print path ":2: does not say what this file does"
		exit
	}' "$path"
done | found

find tools .ci tests -type f \( -name '*.sh' -o -path 'tools/*' -o -path '.ci/*' \) | sort | while read -r path; do
	head -n 2 "$path" | grep -q 'SPDX-License-Identifier: MIT' || echo "$path:1: no SPDX line"
done | found

# A paragraph of include/ with a prototype has a comment in it, or follows one that ends in a comment. Pure life cycles
# (create, destroy, finish) explain themselves.
for path in $(c_files include); do
	awk -v path="$path" '
	function close_paragraph() {
		if (prototype && !comment && !plain)
			print path ":" prototype ": prototype without a comment"
		prototype = comment = plain = 0
	}
	/^[ \t]*$/ { close_paragraph(); next }
	/\/\*/ { comment = 1 }
	/^[a-z].*[a-z_]\(.*/ && !/^(typedef|struct [a-z_]* \{|static)/ && !prototype {
		prototype = NR
		plain = $0 ~ /_(create|destroy|init|finish|clear)\(/
	}
	END { close_paragraph() }' "$path"
done | found

# Paths of a machine, and leftovers.
grep -rnIE '/(work|home|root|Users)/[a-z]|/tmp/bash|\bXXX\b|\bFIXME\b|\bTODO\b' --include='*' \
	--exclude=.git --exclude-dir=.git --exclude-dir='build*' --exclude-dir=fixtures --exclude=comments.sh . 2>/dev/null |
	sed -E 's|^\./([^:]*:[0-9]+):(.*)|\1: names a machine, or is unfinished: \2|' | cut -c 1-150 | found

# Characters beyond ASCII stand in strings, for drawing, and in prose; never in names or comments of code.
bare_code $(c_files src include) | LC_ALL=C grep -E '[^ -~	]' | sed -E 's|^([^:]*:[0-9]+):.*|\1: not ASCII|' | found
verdict
