#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs each fuzzer of a build with -Dfuzz=true (clang) one after the other: fuzz_all.sh BUILD [RUNS [NAME...]], 1,000,000
# runs unless told otherwise. Inputs that it finds new go to BUILD/tests/fuzz/new; an input that crashes, hangs or leaks to
# BUILD/tests/fuzz/found. A line for each: runs, executions a second, and what was found. Fails if anything was.
set -u
build=$(cd "$1" && pwd) || exit 2
runs=${2:-1000000}
[ $# -gt 1 ] && shift
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -gt 0 ] || set -- $(cd "$root/tests/fuzz" && ls fuzz_*.c | sed 's/fuzz_\(.*\)\.c/\1/')
failed=0
for name; do
	new=$build/tests/fuzz/new/$name found=$build/tests/fuzz/found/$name
	mkdir -p "$new" "$found"
	log=$build/tests/fuzz/$name.log
	# A long input is slow, and says little that a short one does not; 0: as long as the longest of the corpus.
	case $name in
	canvas) most=300 ;;
	recording) most=1400 ;;
	replay) most=2400 ;;
	*) most=0 ;;
	esac
	"$build/tests/fuzz/fuzz_$name" -runs="$runs" -max_len=$most -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
		-artifact_prefix="$found/" "$new" "$root/tests/fuzz/corpus/$name" >"$log" 2>&1
	status=$?
	awk -v name="$name" -v runs="$runs" -v found="$(find "$found" -type f | wc -l)" '
		/^stat::number_of_executed_units/ { done = $2 }
		/^Done .* runs in/ { seconds = $5 }
		END { printf "%s: %d of %d runs, %d a second, %d findings\n", name, done, runs, done / (seconds + !seconds), found }
	' "$log"
	if [ "$status" != 0 ]; then
		failed=$((failed + 1))
		echo "$name: failed, see $log"
	fi
done
echo "$failed fuzzers found something"
[ "$failed" = 0 ]
