#!/bin/sh
# SPDX-License-Identifier: MIT
# The programs that `taskscope tour SCENE --export-c FILE` writes: short, compiled without a warning, holding the lines that
# the workers run, and going the way that the scene teaches; with the effect taken out on purpose, they do not.
: "${TASKSCOPE:?the program, set by meson}"
: "${CC:=cc}"
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0

fail() {
	echo "$1: $2"
	failed=1
}

# scene, what its output must say (awk, of all its numbers in order), a line that it must hold, how it is broken (sed)
programs() {
	cat <<'END'
lost-updates|n[1] == 0 && n[2] > 0|counter->value = counter->value + 1;|s/EACH 50000000/EACH 1/
same-address|n[1] == 0 && n[2] == 1|x->value = old + 1;|s/if (fork() == 0)/if (vfork() == 0)/
blast-radius|n[1] == 1 && n[2] == 2|*nowhere = 1;|s/\*nowhere = 1;/(void)nowhere;/
fork-tree|n[1] == 8 && n[2] == 4|if (fork_bound() == 0)|s/if (fork_bound() == 0)/if (i == 0 \&\& fork_bound() == 0)/
birth|n[1] > n[2]|pid_t pid = fork();|s/pid_t pid = fork();/pid_t pid = -1; if (exec) pid = fork(); else return 0;/
leaving-the-cpu|n[2] > n[1]|sched_yield();|s/sched_yield();/usleep(1);/
END
}

# The numbers at the ends of its lines.
run() {
	timeout 60 "$1" | awk -v wanted="$2" '
	{
		gsub(/ ns$/, "")
		n[NR] = $NF + 0
	}
	END {
		a = n[1]
		b = n[2]
		print a, b
	}'
}

goes_as_taught() {
	set -- $(run "$1") "$2"
	awk -v a="$1" -v b="$2" "BEGIN { n[1] = a; n[2] = b; exit !($3) }"
}

while IFS='|' read -r scene wanted line broken; do
	file=$folder/$scene.c
	"$TASKSCOPE" tour "$scene" --export-c "$file" || { fail "$scene" "was not written"; continue; }
	[ "$(wc -l <"$file")" -le 60 ] || fail "$scene" "more than 60 lines"
	grep -qF "$line" "$file" || fail "$scene" "does not hold: $line"
	$CC -Wall -Werror -pthread -o "$folder/$scene" "$file" || { fail "$scene" "does not compile"; continue; }
	goes_as_taught "$folder/$scene" "$wanted" || fail "$scene" "does not go as taught: $(run "$folder/$scene")"
	sed "$broken" "$file" >"$folder/broken.c"
	cmp -s "$file" "$folder/broken.c" && fail "$scene" "was not broken"
	$CC -D_GNU_SOURCE -w -pthread -o "$folder/broken" "$folder/broken.c" || { fail "$scene" "does not compile when broken"; continue; }
	goes_as_taught "$folder/broken" "$wanted" && fail "$scene" "goes as taught though it is broken: $(run "$folder/broken")"
done <<END
$(programs)
END

"$TASKSCOPE" tour endings --export-c "$folder/none.c" 2>"$folder/said" && fail endings "there is no such program"
grep -q "lost-updates" "$folder/said" || fail endings "does not say which programs there are"
"$TASKSCOPE" tour birth --export-c "$folder/birth.c" 2>"$folder/said" && fail birth "a file was replaced unasked"
"$TASKSCOPE" tour birth --export-c "$folder/nowhere/birth.c" 2>"$folder/said" && fail birth "was written nowhere"

# Lecture notes: a scene's numbers, the lines that ran, a question with blanks and its answer in the key; never in place of
# another file.
notes=$folder/notes.md
"$TASKSCOPE" tour same-address --notes "$notes" >/dev/null || fail notes "were not written"
for wanted in '^## S3 ' '^x->value = old + 1;' '^- \[ \] ' '^## Key to the questions' '^- \*\*5\*\*: '; do
	grep -q "$wanted" "$notes" || fail notes "hold no $wanted"
done
"$TASKSCOPE" tour same-address --notes "$notes" >/dev/null 2>"$folder/said" && fail notes "replaced a file unasked"
grep -q -- '--force replaces it' "$folder/said" || fail notes "do not say how to replace a file"
exit $failed
