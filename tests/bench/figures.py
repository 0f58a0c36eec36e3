#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures the figures that the README claims, on this machine, against the tools everybody has: pidstat, smaps, /proc.

usage: tests/bench/figures.py BUILD [SECONDS]

Not run by default: it needs a machine that is not busy otherwise, and says how busy it is. The time from key to frame and
the cost of the sampler come from `meson test --benchmark`; kill -9 a thousand times is TASKSCOPE_KILLS=1000 with
`meson test 'live kill'`, and KILLS=1000 with tests/e2e/test_death.
"""
import json
import os
import re
import subprocess
import sys
import time

JOBS = ("sleep", "pingpong", "futex", "yield")


def lab(build, *arguments):
    command = [build + "/taskscope", "--json", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)


def lines(run):
    return (json.loads(line) for line in run.stdout)


def tasks_of(line):
    return {(task["pid"], task["tid"]): task for side in line["sides"] for task in side["tasks"]}


def compare_rates(build, job, seconds):
    """The same seconds by pidstat -wt and by the counters that taskscope shows; the largest difference in per cent."""
    run = lab(build, "--processes", "2", "--threads", "2", "--job", job, "--interval", "100", "--for", str(seconds + 8))
    samples = lines(run)
    line = next(samples)
    pids = ",".join(sorted({str(pid) for pid, _ in tasks_of(line)}))
    started = time.monotonic_ns()
    pidstat = subprocess.Popen(["pidstat", "-wt", "-p", pids, str(seconds), "1"], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "LC_ALL": "C", "S_TIME_FORMAT": "ISO"})
    first = last = None
    for line in samples:
        if first is None and line["at_ns"] >= started:
            first = line
        if pidstat.poll() is None:
            last = line
    theirs = {}
    for text in pidstat.stdout:
        row = re.match(r"Average: +\d+ +- +(\d+) +([\d.]+) +([\d.]+)", text)
        if row:
            theirs[int(row[1])] = float(row[2]) + float(row[3])
    if first is None or last is None or first is last:
        return None, 0
    span = (last["at_ns"] - first["at_ns"]) / 1e9
    before, worst, compared = tasks_of(first), 0.0, 0
    for key, task in tasks_of(last).items():
        if key not in before or theirs.get(key[1], 0) < 50:
            continue
        ours = sum(task[what] - before[key][what] for what in ("voluntary", "involuntary")) / span
        worst = max(worst, abs(ours / theirs[key[1]] - 1) * 100)
        compared += 1
    return worst, compared


def smaps_sums(pid):
    sums = {"Rss": 0, "Pss": 0, "Private": 0}
    with open(f"/proc/{pid}/smaps") as file:
        for text in file:
            row = re.match(r"(Rss|Pss|Private)(?:_Clean|_Dirty)?: +(\d+) kB", text)
            if row:
                sums[row[1]] += int(row[2])
    return sums


def compare_memory(build):
    """Each process of an idle crew: RSS and USS by taskscope beside the sums of smaps; the largest difference in kB."""
    run = lab(build, "--processes", "4", "--threads", "4", "--job", "sleep", "--interval", "500", "--for", "7")
    samples, worst, compared = lines(run), 0, 0
    for n, line in enumerate(samples):
        # Not at first: it has just started. Not at last: when one crew ends, what both mapped is the other's alone.
        for side in line["sides"] if 5 <= n < 12 else ():
            for process in side["processes"]:
                if process.get("uss_kb") is None:
                    continue
                try:
                    sums = smaps_sums(process["pid"])
                except OSError:
                    continue
                worst = max(worst, abs(sums["Rss"] - process["rss_kb"]), abs(sums["Private"] - process["uss_kb"]))
                compared += 1
    return worst, compared


def main():
    build, seconds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    print("load average %.1f %.1f %.1f, %d CPUs" % (*os.getloadavg(), os.cpu_count()), flush=True)
    for job in JOBS:
        worst, compared = compare_rates(build, job, seconds)
        print("rates, %-9s" % job, "no comparison: pidstat did not run beside it" if worst is None else
              "%d tasks, at most %.2f %% from pidstat -wt" % (compared, worst), flush=True)
    print("memory of an idle crew: at most %d kB from smaps, in %d comparisons" % compare_memory(build))


if __name__ == "__main__":
    main()
