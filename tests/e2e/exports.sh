#!/bin/sh
# SPDX-License-Identifier: MIT
# The programs that `taskscope tour SCENE --export-c FILE` writes: one for each scene, short, compiled without a warning,
# holding the lines that the workers run, and going the way of the scene's fact; with the effect taken out on purpose, they do
# not.
: "${TASKSCOPE:?the program, set by meson}"
: "${CC:=cc}"
source=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# scene ~ what its numbers must be (awk) ~ the scene's own condition that says so ~ how it is broken (sed)
programs() {
	cat <<'END'
who-am-i~n[1] == 2 && n[2] == 1 && n[3] == 2~left.worker0.pid != left.worker1.pid and right.worker0.pid = right.worker1.pid~s/getpid(), gettid()/gettid(), gettid()/
sharing-matrix~n[1] == 0 && n[2] == 1~right.worker1.cwd = right.worker0.cwd~s/if (fork() == 0)/if (vfork() == 0)/;s/chdir(to)/access(to, 0)/
same-address~n[1] == 0 && n[2] == 1~left.worker0.x_address = left.worker1.x_address and left.worker0.x_value != left.worker1.x_value~s/if (fork() == 0)/if (vfork() == 0)/
copy-on-write~n[1] < n[2] / 2~delta(left.worker0.minor_faults) > 2 * delta(right.worker0.minor_faults)~s/if (fork() == 0)/if (1)/
wild-pointer~n[1] == 0 && n[2] == 1~left.worker1.victim_text = before.left.worker1.victim_text and right.worker1.victim_text != before.right.worker1.victim_text~s/if (fork() == 0)/if (vfork() == 0)/
blast-radius~n[1] == 1 && n[2] == 2~left.worker1.alive = 0 and left.worker0.alive = 1 and left.worker2.alive = 1~s/\*nowhere = 1;/(void)nowhere;/
lost-updates~n[1] == 0 && n[2] > 0~right.count_lost > 0~s/EACH 50000000/EACH 1/
stacks~n[1] == 100 && n[2] == 4242~right.worker0.local_value != before.right.worker0.local_value and left.worker0.local_value = before.left.worker0.local_value~s/if (fork() == 0)/if (vfork() == 0)/
birth~n[1] > n[2]~duel.create.fork.fork_vs_pthread_create.verdict = \"more\"~s/pid_t pid = fork();/pid_t pid = -1; if (exec) pid = fork(); else return 0;/
memory-bill~n[1] > 2 * n[2]~left.sum_pss_kb < left.sum_rss_kb / 2~s/64 \* MB/4096/g
files~n[1] == 100 && n[2] == 1 && n[3] == 0~right.worker0.file_open = 0 and right.worker1.file_open = 0 and left.worker1.file_open = 1~s/if (fork() == 0)/if (syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0) == 0)/
signals~n[1] == 0 && n[2] == 0 && n[3] == 1 && n[4] == 0~delta(right.worker1.signals_caught) != 0 and delta(left.worker1.signals_caught) = 0~s/if (sigaction(SIGUSR1, &next, NULL) != 0)/if (next.sa_flags == 0)/
leaving-the-cpu~n[2] > n[1]~delta(right.involuntary) > delta(right.voluntary)~s/sched_yield();/usleep(1);/
switch-cost~n[1] > 0.7 * n[2]~duel.switch.yield.processes_vs_threads.verdict = \"more\"~s/i < YIELDS;/i < (by_thread ? 8 * YIELDS : YIELDS);/
talk~n[1] == 0 && n[2] == 1~duel.talk.pointer.processes.note != \"\" and duel.talk.pointer.threads.note = \"\"~s/if (fork() == 0)/if (vfork() == 0)/
endings~n[1] == 2 && n[2] == 1 && n[3] == 1~number(right.worker3.last_result) = 1~s/count_own_threads(),/count_own_threads() + 1,/
shares~n[1] < 35~together < 35~s/define THREADS 3/define THREADS 1/
fork-tree~n[1] == 8 && n[2] == 4~forked = 8~s/if (fork_bound() == 0)/if (i == 0 \&\& fork_bound() == 0)/
speed-up~n[1] < 2 && n[2] > 2~t4 > 2 and p4 > 2~s/i += sum->n)/i++)/
user-threads~n[1] * 100 < n[2] && n[2] > 1000~user_counted * 100 < kernel_counted~s/sem_wait(&turn\[!!second\]) == 0/second/
namespaces~n[1] == 1 && n[2] > 1 && n[3] == 2 && n[4] == 1~inside = 1 and outside > 1~s/define OWN .*/define OWN CLONE_NEWUTS/
who-waits~n[1] == 0 && n[2] == 2~left.deadlocked >= 2~s/swap = opposite/swap = 0/
END
}

# Without indents, in one line.
flat() {
	sed 's/^[[:blank:]]*//; /^$/d' "$1" | tr '\n' '\001'
}

# Whether a program holds each cut that its template names, as it stands in the crew's sources.
holds_cuts() {
	flat "$2" >"$2.flat"
	sed -n 's,.*/\* code: \(.*\) \*/.*,\1,p' "$source/assets/exports/$1.c.in" >"$2.names"
	[ -s "$2.names" ] || return 1
	while read -r name kind; do
		awk -v name="$name" -v kind="$kind" '
			/\/\* end of code/ { on = 0 }
			on
			/\/\* code: / { on = index($0, " " name " ") && (kind == "" || index($0, " " kind " ")) }
		' "$source"/src/worker/*.c >"$2.cut"
		flat "$2.cut" >"$2.cut.flat"
		[ -s "$2.cut.flat" ] && grep -qaF "$(cat "$2.cut.flat")" "$2.flat" || return 1
	done <"$2.names"
}

goes_as_taught() {
	timeout 20 "$1" | awk "
		/: -?[0-9.]+( ns)?\$/ { sub(/ ns\$/, \"\"); n[++rows] = \$NF + 0 }
		END { exit !(rows && ($2)) }"
}

may_have_namespaces() {
	unshare -p -f -m -u -n true 2>/dev/null || unshare -r -p -f -m -u -n true 2>/dev/null
}

compile() {
	$CC "$@" -pthread
}

# One scene: says what is wrong, nothing if all is well.
check() {
	scene=$1
	file=$folder/$scene.c
	"$TASKSCOPE" tour "$scene" --export-c "$file" || { echo "was not written"; return; }
	[ "$(wc -l <"$file")" -le 60 ] || echo "has more than 60 lines"
	holds_cuts "$scene" "$file" || echo "does not hold the lines that workers run"
	grep -qF "$3" "$source"/assets/scenes/*-"$scene".yaml || echo "the scene has no condition: $3"
	compile -O1 -Wall -Werror -o "$folder/$scene" "$file" || { echo "does not compile"; return; }
	if [ "$scene" = namespaces ] && ! may_have_namespaces; then
		"$folder/$scene" | grep -q '^not shown here: ' || echo "does not say why nothing is shown"
		return
	fi
	goes_as_taught "$folder/$scene" "$2" || echo "does not go as taught: $("$folder/$scene")"
	sed "$4" "$file" >"$folder/$scene-broken.c"
	cmp -s "$file" "$folder/$scene-broken.c" && echo "was not broken"
	compile -include sched.h -include signal.h -include sys/syscall.h -D_GNU_SOURCE -w -o "$folder/$scene-broken" \
		"$folder/$scene-broken.c" || { echo "does not compile when broken"; return; }
	goes_as_taught "$folder/$scene-broken" "$2" 2>/dev/null && echo "goes as taught though it is broken"
}

# Each in the background, at most four at a time.
running=0
programs >"$folder/table"
while IFS='~' read -r scene wanted fact broken; do
	check "$scene" "$wanted" "$fact" "$broken" >"$folder/$scene.said" 2>&1 &
	running=$((running + 1))
	[ $((running % 4)) -ne 0 ] || wait
done <"$folder/table"
wait
for said in "$folder"/*.said; do
	[ ! -s "$said" ] || sed "s/^/$(basename "$said" .said): /" "$said"
done >"$folder/wrong"

fail() {
	echo "$1: $2" >>"$folder/wrong"
}

[ "$(wc -l <"$folder/table")" -eq "$(ls "$source"/assets/scenes/[0-9]*.yaml | wc -l)" ] || fail all "not every scene has a program"
"$TASKSCOPE" tour lost-update --export-c "$folder/none.c" 2>"$folder/said" && fail lost-update "there is no such program"
grep -q "did you mean 'lost-updates'" "$folder/said" || fail lost-update "does not say which program is meant"
"$TASKSCOPE" tour birth --export-c "$folder/birth.c" 2>"$folder/said" && fail birth "a file was replaced unasked"
"$TASKSCOPE" tour birth --export-c "$folder/nowhere/birth.c" 2>"$folder/said" && fail birth "was written nowhere"

# Lecture notes: a scene's numbers, the lines that ran, a question with blanks and its answer in the key; never in place of
# another file.
notes=$folder/notes.md
"$TASKSCOPE" tour same-address --notes "$notes" >/dev/null || fail notes "were not written"
for wanted in '^## S3 ' '^x->value = old + 1;' '^- \[ \] ' '^## Key to the questions' '^- 5: the other process does not'; do
	grep -q "$wanted" "$notes" || fail notes "hold no $wanted"
done
# The same as one page, well-formed, with its pictures in it, without a script or anything from elsewhere.
"$TASKSCOPE" tour same-address --notes "$folder/notes.html" >/dev/null || fail notes.html "were not written"
python3 - "$folder/notes.html" <<'END' 2>&1 || fail notes.html "are not as they should be"
import sys, xml.etree.ElementTree as tree
page = tree.parse(sys.argv[1])
names = [element.tag.split("}")[1] for element in page.iter()]
text = " ".join(page.getroot().itertext())
assert names.count("svg") == 2, names.count("svg")
assert names.count("li") == 3 and "style" in names and "script" not in names and "link" not in names and "img" not in names
assert not any("src" in element.attrib or "href" in element.attrib for element in page.iter())
for wanted in ["S3 Same address", "x->value = old + 1;", "Key to the questions", "5: the other process does not", "Linux "]:
    assert wanted in text, wanted
assert "No scene is played here" not in text
END
"$TASKSCOPE" tour same-address --notes "$folder/nowhere/notes.html" >"$folder/out" 2>"$folder/said" && fail notes "were written nowhere"
[ ! -s "$folder/out" ] || fail notes "were refused after the scene had been played"
grep -q "cannot write the notes to .*nowhere/notes.html: No such file" "$folder/said" || fail notes "do not say why they cannot be written"
"$TASKSCOPE" tour same-address --notes "$notes" >/dev/null 2>"$folder/said" && fail notes "replaced a file unasked"
grep -q -- '--force replaces it' "$folder/said" || fail notes "do not say how to replace a file"
cat "$folder/wrong"
[ ! -s "$folder/wrong" ]
