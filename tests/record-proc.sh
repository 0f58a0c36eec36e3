#!/bin/sh
# SPDX-License-Identifier: MIT
# Records the files of processes that taskscope reads, as a folder that can stand in for /proc:
#     tests/record-proc.sh FOLDER PID...
# A second folder recorded a moment later is the next step of the same machine.
set -eu

[ $# -ge 2 ] || { echo "usage: $0 FOLDER PID..." >&2; exit 2; }
out=$1
shift

# The kernel's files have no size: cat, not cp, and a file that is refused or gone is left out.
record() {
	mkdir -p "$(dirname "$out/$1")"
	cat "/proc/$1" > "$out/$1" 2> /dev/null || rm -f "$out/$1"
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
