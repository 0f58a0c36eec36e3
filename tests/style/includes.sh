#!/bin/sh
# SPDX-License-Identifier: MIT
# The architecture, as a table: which module may include which; and who alone knows curses, libproc2, jansson, /proc, the
# clock and the environment.
. "$(dirname "$0")/lib.sh"

# module: the modules whose headers it may include, besides its own
allowed='base:
job:
program: base
record: base
sample: base record
group: base record sample
source: base record sample group
model: base record sample
json: base record sample model
canvas: base
command: base
term: base canvas command
export: base canvas
notes: base canvas
watch: base canvas command term notes
pick: base sample group source canvas command term
crew: base job sample board
document: base
scene: base job document
quiz: base scene
class: base canvas export document scene quiz
duel: base job sample
worker: base job board
ui: base record sample model canvas command job
film: base record canvas export ui document
steer: base job sample source model canvas command crew scene duel ui
lesson: base record job sample model notes command document scene quiz duel ui export
cli: base job program sample group source model canvas command crew document scene quiz duel ui lesson class
measure: base job record sample source crew duel cli
app: base job program duel record sample group source model json export term notes watch pick crew ui film steer lesson cli measure'

code $(c_files src include) >"$scratch"

# A header of include/ belongs to the module of its name, and the structs of records to record; board.h is the page
# between crew and worker. A header beside the
# file that includes it is the module's own.
echo "$allowed" | awk -v own="$(c_files src | grep '\.h$' | tr '\n' ' ')" '
	BEGIN {
		n = split(own, paths, " ")
		for (i = 1; i <= n; i++)
			beside[paths[i]] = 1
		part_of["program_sample"] = part_of["duel_sample"] = part_of["switches"] = part_of["evidence"] = part_of["tasks"] = "record"
		part_of["outfile"] = part_of["json_writer"] = "base"
		part_of["lanes"] = part_of["fact"] = part_of["waiting"] = part_of["past"] = "model"
		part_of["order"] = part_of["duel_page"] = part_of["limit"] = part_of["offspring"] = "job"
		part_of["keep"] = "board"
		part_of["stats"] = part_of["turns"] = "duel"
		part_of["pseudonyms"] = "sample"
		part_of["pictures"] = "export"
		part_of["caption"] = "record"
		part_of["claims"] = part_of["expression"] = "scene"
		part_of["output"] = part_of["inherit"] = "cli"
		part_of["json_lines"] = part_of["trace"] = "json"
	}
	NR == FNR {
		module = $1
		sub(/:.*/, "", module)
		known[module] = 1
		for (i = 2; i <= NF; i++)
			may[module, $i] = 1
		next
	}
	{
		split($0, parts, ":")
		path = parts[1]
		where = path ":" parts[2]
		n = split(path, folders, "/")
		module = folders[2]
		sub(/\.h$/, "", module)
		if (path ~ /^include\/(board|keep)\.h$/)
			next
		if (module in part_of)
			module = part_of[module]
		if (!known[module] && !told[module]++)
			print path ":1: module \x27" module "\x27 is not in the table of tests/style/includes.sh"
	}
	match($0, /:[ \t]*#[ \t]*include[ \t]*"[^"]*"/) {
		split(substr($0, RSTART, RLENGTH), quoted, "\"")
		header = quoted[2]
		name = header
		sub(/\.h$/, "", name)
		if (name in part_of)
			name = part_of[name]
		folder = path
		sub(/[^\/]*$/, "", folder)
		if (name != module && !may[module, name] && !beside[folder header])
			print where ": module \x27" module "\x27 may not include \"" header "\""
	}' - "$scratch" | found

# The build's own table may not allow more than this one.
sed -n "s/^  \['\([a-z]*\)', *\[\([^]]*\)\].*/\1 \2/p" meson.build | tr -d "',[" | while read -r module uses; do
	may=$(echo "$allowed" | sed -n "s/^$module: *//p")
	for use in $uses; do
		case " $may " in
		*" $use "*) ;;
		*) echo "meson.build:1: module '$module' may not use '$use'" ;;
		esac
	done
done | found

# only PATTERN WHERE WHY: what matches the pattern may stand only in files whose path matches WHERE.
only() {
	grep -E "$1" "$scratch" | grep -Ev "^($2)" | sed -E "s|^([^:]*:[0-9]+):.*|\1: $3|" | found
}
only '#[ \t]*include[ \t]*<(n?curses|ncursesw/.*|term|termcap)\.h>' 'src/term/' 'only src/term knows curses'
only '#[ \t]*include[ \t]*<libproc2/' 'src/source/procps\.c' 'only src/source/procps.c knows libproc2'
only '#[ \t]*include[ \t]*<jansson\.h>' 'src/(sample|class|film)/' 'only src/sample, src/class and src/film know jansson'
# What a fact's record or the help says about its source is documentation; finding our own executable is no measurement.
only '"[^"]*/proc' 'src/source/|src/worker/|src/job/(limit|offspring)\.c|src/record/|src/model/(facts|records|footing)[a-z_]*\.c|[^:]*:[0-9]*:.*"/proc/self/exe[ "]' \
	'only src/source and src/worker read /proc'

bare_code $(c_files src include) >"$scratch"
only '\bnsec_monotonic[ \t]*\(' \
	'src/(app|measure|watch|pick|crew|worker)/|src/base/|src/source/(area|live|prob|peek|edges|check|procfs|sched|waits)[a-z_]*\.c|include/base\.h' \
	'time is a parameter: only app, crew, worker, watch, pick, the live source and the prober ask the clock'
# What a process used of a CPU is no time of day.
only '\b(clock_gettime|gettimeofday|time)[ \t]*\(' \
	'src/(base|worker|app)/|src/source/(machine|turns)\.c|src/crew/crews\.c:[0-9]*:.*clock_gettime\(clock, &cpu\)' 'time is a parameter: use what the caller gave'
only '\b(getenv|secure_getenv|setenv|putenv|unsetenv)[ \t]*\(' \
	'src/app/|src/lesson/(remember|scenes)\.c|src/cli/config\.c|src/term/screen\.c:[0-9]*:.*\bunsetenv\b' \
	'library modules never read the environment'
only '\b(printf|vprintf|puts|putchar|perror|errx?|warnx?)[ \t]*\(|\b(stdout|stderr)\b' \
	'src/(app|cli|measure|worker)/|src/base/(alloc|memory|base)\.c' 'library modules never print'
only '\b(exit|_exit|_Exit|quick_exit|abort)[ \t]*\(' \
	'src/(app|worker)/|src/base/(alloc|memory|base)\.c|src/crew/|src/source/(check|commands)[a-z_]*\.c|src/term/(rescue|crash|fatal)[a-z_]*\.c' \
	'library modules never exit'
only '\b(system|popen|strcpy|strcat|sprintf|vsprintf|gets|alloca|atoi|atol|rand|srand|usleep)[ \t]*\(' 'nowhere' \
	'not used here: no shell, no unbounded copy, no unchecked number'
verdict
