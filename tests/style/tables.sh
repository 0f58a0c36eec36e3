#!/bin/sh
# SPDX-License-Identifier: MIT
# The tables in the man page are those of the program: what stands between a "NAME begin" and a
# "NAME end" comment is printed here from `taskscope list NAME`, and compared. GENERATE=1 writes it instead.
# Also: the man page passes mandoc's lint, and the completions know every option.
. "$(dirname "$0")/lib.sh"
: "${TASKSCOPE:?the program, set by meson}"

# --- mdoc ---

# One sentence or clause a line would be best; lines of at most 78 bytes must do.
mdoc_text() {
	sed -e 's/\\/\\e/g' -e 's/–/\\(en/g' -e 's/µ/\\(mc/g' -e 's/×/\\(mu/g' -e 's/→/\\(->/g' -e 's/·/\\(bu/g' \
		-e 's/…/.../g' -e 's/≥/\\(>=/g' \
		-e 's/()/\\\&()/g' |
		awk '{
			if ($1 == "@") {
				print substr($0, 3)
				next
			}
			line = ""
			for (i = 1; i <= NF; i++) {
				if (line != "" && length(line) + length($i) >= 78) {
					print line
					line = ""
				}
				word = $i
				if (line == "" && word ~ /^[.\x27]/)
					word = "\\&" word
				line = line (line == "" ? "" : " ") word
				# A sentence ends its line.
				if (word ~ /[A-Za-z0-9)][.?!]$/ && i < NF) {
					print line
					line = ""
				}
			}
			if (line != "")
				print line
		}'
}

# For awk: text as a sentence. A command of the shell keeps its small letter.
SENTENCE='function sentence(s) {
	if (s !~ /^kill -9/)
		s = toupper(substr(s, 1, 1)) substr(s, 2)
	return s ~ /[.?!]$/ ? s : s "."
}'

# "@ .It ..." is a macro line, all else text.
options_mdoc() {
	{
		echo '@ .Bl -tag -width Ds'
		"$TASKSCOPE" list options | awk -F '\t' "$SENTENCE"'{
			name = substr($1, 3)
			gsub(/-/, "\\-", name)
			line = "@ .It " ($2 != "" ? "Fl " substr($2, 2) " , " : "") "Fl Fl " name
			print line ($3 != "" ? " Ar " $3 : "")
			print sentence($6)
		}' | sed 's/\\-/-/g'
		echo '@ .El'
	} | mdoc_text
}

keys_mdoc() {
	{
		echo '@ .Bl -tag -width "PgDn"'
		"$TASKSCOPE" list keys | awk -F '\t' "$SENTENCE"'{
			n = split($1, keys, " ")
			line = "@ .It"
			for (i = 1; i <= n; i++) {
				key = keys[i] ~ /^[^A-Za-z0-9]/ ? "\001&" keys[i] : keys[i]
				line = line (i > 1 ? " ," : "") " Ic " key
			}
			print line
			print sentence(($5 != "" ? "in the pane " $5 ", " : "") $2 ": " $4)
		}'
		echo '@ .El'
	} | mdoc_text | tr '\001' '\\'
}

named_mdoc() {
	{
		echo '@ .Bl -tag -width pingpong'
		"$TASKSCOPE" list "$1" | awk -F '\t' "$SENTENCE"'{
			print "@ .It Cm " $1
			print sentence($2)
			if ($3 != "")
				print sentence($3)
		}'
		echo '@ .El'
	} | mdoc_text
}

jobs_mdoc() {
	named_mdoc jobs
}

panes_mdoc() {
	named_mdoc panes
}

views_mdoc() {
	{
		echo '@ .Bl -tag -width pingpong'
		"$TASKSCOPE" list views | awk -F '\t' "$SENTENCE"'{
			print "@ .It Cm " $1 " , Ic " $2
			print sentence($4)
			gsub(/ /, ", ", $3)
			print "Panes: " $3 "."
		}'
		echo '@ .El'
	} | mdoc_text
}

facts_mdoc() {
	{
		echo '@ .Bl -tag -width Ds'
		"$TASKSCOPE" list facts | awk -F '\t' "$SENTENCE"'{
			print "@ .It " $1 " Va " $2 ($3 != "" ? " Pq " $3 : "")
			print $5 ($6 != "" ? ", " $6 : "") ($7 != "" ? ": " $7 : "") "; " $4 "."
			if ($8 != "")
				print sentence($8)
		}' | sed -e 's/\.\.$/./'
		echo '@ .El'
	} | mdoc_text
}

# --- comparison ---

# region FILE NAME PRINTER
region() {
	file=$1 name=$2
	"$3" >"$scratch"
	if ! grep -q "$name begin" "$file"; then
		echo "$file:1: has no part '$name begin'" | found
		return
	fi
	awk -v name="$name" -v table="$scratch" '
	!inside { print }
	index($0, name " begin") {
		inside = 1
		while ((getline line < table) > 0)
			print line
	}
	index($0, name " end") {
		inside = 0
		print
	}' "$file" >"$scratch.new"
	if [ -n "${GENERATE-}" ]; then
		cmp -s "$scratch.new" "$file" || cp "$scratch.new" "$file"
	elif ! diff "$file" "$scratch.new" >"$scratch.diff"; then
		echo "$file:$(grep -n "$name begin" "$file" | head -n 1 | cut -d : -f 1):" \
			"the table of $name is not the program's (GENERATE=1 writes it):" \
			"$(sed -n 2p "$scratch.diff")" | found
	fi
	rm -f "$scratch.new" "$scratch.diff"
}

for name in options keys jobs panes views facts; do
	region assets/taskscope.1 $name ${name}_mdoc
done

if command -v mandoc >/dev/null; then
	# Whether other manuals are installed here says nothing about ours.
	mandoc -Tlint assets/taskscope.1 2>&1 | grep -Ev 'lacks .* entry|referenced manual not found|unknown architecture' |
		sed 's/^mandoc: //' | sed 's|^taskscope.1|assets/taskscope.1|' | found
fi

"$TASKSCOPE" list options | cut -f 1 | while read -r option; do
	for file in assets/completions/taskscope.bash assets/completions/_taskscope assets/completions/taskscope.fish; do
		word=$option
		[ "${file%.fish}" = "$file" ] || word="-l ${option#--}"
		grep -q -e "$word\\b" "$file" || echo "$file:1: does not know $option"
	done
done | found
"$TASKSCOPE" list nothing 2>&1 | sed 's/.*there are //; s/ and / /; s/,//g' | tr ' ' '\n' | while read -r name; do
	for file in assets/completions/taskscope.bash assets/completions/_taskscope assets/completions/taskscope.fish; do
		grep -q "list.*[ ']$name[ ']" "$file" || echo "$file:1: does not know 'list $name'"
	done
done | found
# The third target of attach, here the shell itself.
bash -c 'source assets/completions/taskscope.bash; COMP_WORDS=(taskscope attach 1 -- 2 $$) COMP_CWORD=5; _taskscope
	[[ " ${COMPREPLY[*]} " == *" $$ "* ]] || echo "assets/completions/taskscope.bash:1: a third target is not completed"' | found
bash -n assets/completions/taskscope.bash 2>&1 | sed 's/^/assets\/completions\/taskscope.bash:1: /' | found
! command -v zsh >/dev/null || zsh -n assets/completions/_taskscope 2>&1 | sed 's/^/assets\/completions\/_taskscope:1: /' | found
! command -v fish >/dev/null || fish -n assets/completions/taskscope.fish 2>&1 |
	sed 's/^/assets\/completions\/taskscope.fish:1: /' | found

# What the documents name must be there.
grep -oE '\((assets|tools|include|src|tests)/[^)]*\)' README.md | tr -d '()' | while read -r path; do
	[ -e "$path" ] || echo "README.md:1: names $path, which is not there"
done | found
verdict
