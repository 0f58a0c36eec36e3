#!/bin/sh
# SPDX-License-Identifier: MIT
# Records the files of processes that taskscope reads, as a folder that can stand in for /proc:
#     tests/record-proc.sh FOLDER PID...
# A second folder recorded a moment later is the next step of the same machine.
set -eu

[ $# -ge 2 ] || { echo "usage: $0 FOLDER PID..." >&2; exit 2; }
out=$1
shift

# The kernel's files have no size: cat, not cp. What is refused or not there is left out; where there is nothing to tell
# (the memory of a task that has ended, ESRCH) is an empty file.
record() {
	mkdir -p "$(dirname "$out/$1")"
	why=$(LC_ALL=C cat "/proc/$1" 2>&1 > "$out/$1") && return
	case $why in
	*'No such process'*) ;;
	*) rm -f "$out/$1" ;;
	esac
}

for file in loadavg meminfo sys/kernel/osrelease sys/kernel/perf_event_paranoid; do
	record $file
done
# One CPU's worth of cpuinfo says enough.
sed '/^$/q' /proc/cpuinfo > "$out/cpuinfo"

for pid; do
	for task in "/proc/$pid/task"/*; do
		tid=${task##*/}
		for file in schedstat stat status; do
			record "$pid/task/$tid/$file"
		done
		# Under a main thread that has ended there is nothing: the others still have it.
		if grep -q '^State:.Z' "/proc/$pid/status" && [ "$tid" != "$pid" ]; then
			record "$pid/task/$tid/smaps"
			record "$pid/task/$tid/smaps_rollup"
		fi
	done
	for file in schedstat stat statm status smaps smaps_rollup; do
		record "$pid/$file"
	done
done
