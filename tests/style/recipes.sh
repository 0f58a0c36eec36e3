#!/bin/sh
# SPDX-License-Identifier: MIT
# Documents name files that are there: each path in backticks, and each module of the table, has a file or folder; every
# module has a row in ARCHITECTURE.md.
. "$(dirname "$0")/lib.sh"

for document in README.md ARCHITECTURE.md CONTRIBUTING.md SECURITY.md; do
	[ -s "$document" ] || { echo "$document:1: is not there" | found; continue; }
	grep -noE '`[^` ]*/[^` ]*`' "$document" | tr -d '`' | while IFS=: read -r line path; do
		case $path in
		src/* | include/* | tests/* | tools/* | assets/*) ;;
		*) continue ;;
		esac
		case $path in *NAME*) path=${path%/*} ;; esac
		# shellcheck disable=SC2086
		ls -d $path >/dev/null 2>&1 || echo "$document:$line: names $path, which is not there"
	done | found
done

[ "$(grep -c '^### Add ' CONTRIBUTING.md)" -ge 8 ] || echo "CONTRIBUTING.md:1: has fewer than eight recipes" | found
awk '/^### Add /{ name = $0; files[name] = 0; at[name] = FNR } name && /`(src|include|assets)\// { files[name]++ }
	END { for (n in files) if (!files[n]) print "CONTRIBUTING.md:" at[n] ": " n " names no file" }' CONTRIBUTING.md | found

for module in $(sed -n "s/^  \['\([a-z]*\)', .*/\1/p" meson.build) worker app; do
	sed -n '/^## The modules/,/^## Three walks/p' ARCHITECTURE.md | grep '^|' | cut -d '|' -f 2 | tr ', ' '\n\n' |
		grep -qx "$module" || echo "ARCHITECTURE.md:1: says nothing of the module $module"
done | found
verdict
