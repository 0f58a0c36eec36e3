# SPDX-License-Identifier: MIT
# What the style checks share: where the root is, how findings are told, and C text without its comments.
# Each check prints one line a finding, "file:line: what", and ends with 1 if there was any.
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
findings=$(mktemp)
scratch=$(mktemp)
trap 'rm -f "$findings" "$scratch"' EXIT

# Reads lines "file:line: what" to be told as findings.
found() {
	cat >>"$findings"
}

# The verdict; last call of every check.
verdict() {
	if [ -s "$findings" ]; then
		sort -u "$findings"
		echo "$(sort -u "$findings" | wc -l) findings"
		exit 1
	fi
	exit 0
}

c_files() {
	find "$@" -name '*.[ch]' | sort
}

# code FILE..: each line as "file:line:text" with comments blanked out, strings kept.
code() {
	awk '
	FNR == 1 { comment = 0 }
	{
		out = ""
		rest = $0
		while (rest != "") {
			if (comment) {
				i = index(rest, "*/")
				if (!i)
					break
				comment = 0
				rest = substr(rest, i + 2)
			} else if (match(rest, /"([^"\\]|\\.)*"|\x27([^\x27\\]|\\.)*\x27|\/\*|\/\//)) {
				out = out substr(rest, 1, RSTART - 1)
				token = substr(rest, RSTART, RLENGTH)
				rest = substr(rest, RSTART + RLENGTH)
				if (token == "/*")
					comment = 1
				else if (token == "//")
					rest = ""
				else
					out = out token
			} else {
				out = out rest
				rest = ""
			}
		}
		print FILENAME ":" FNR ":" out
	}' "$@"
}

# The same without the contents of strings and characters.
bare_code() {
	code "$@" | sed -E "s/\"([^\"\\\\]|\\\\.)*\"|'([^'\\\\]|\\\\.)*'/\"\"/g"
}
