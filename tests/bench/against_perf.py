#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`measure switch` by pipe on one CPU beside `perf bench sched pipe` and `perf bench sched pipe -T` on the same CPU, in turns.

usage: tests/bench/against_perf.py TASKSCOPE [RUNS]

perf times round trips, which are two switches, and counts the system calls in them: that is our median, from one task to the
other, and not our net price. Fails when the middle run is more than 15 % off for processes or for threads, or when a run's
ratio is more than 10 % off the middle one's; a busy machine gets three attempts.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys

OFF, UNSTABLE, ATTEMPTS, LOOPS = 0.15, 0.10, 3, 40000
SKIP = 77


def perf(cpu, *options):
    """ns from one task to the other by perf; None: there is no such perf here."""
    command = ["taskset", "-c", str(cpu), "perf", "bench", "-f", "simple", "sched", "pipe", "-l", str(LOOPS), *options]
    result = subprocess.run(command, capture_output=True, text=True)
    try:
        return float(result.stdout.split()[0]) / LOOPS / 2 * 1e9
    except (IndexError, ValueError):
        return None


def measure(taskscope, cpu):
    command = [taskscope, "measure", "switch", "--method", "pipe", "--working-set", "0", "--cpus", str(cpu), "--json"]
    result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = {s["who"]: s for s in result["series"] if s["cpus"] == 1}
    ratio = next(c["ratio"] for c in result["contrasts"] if c["key"] == "processes_vs_threads" and c["cpus"] == 1)
    return ours["processes"], ours["threads"], ratio


def attempt(taskscope, cpu, runs):
    """Whether both figures were reached; prints each run."""
    off, ratios = {"processes": [], "threads": []}, []
    print("load average %.1f; ns from one task to the other on CPU %d" % (os.getloadavg()[0], cpu))
    print("     processes: perf  measure (net)    threads: perf  measure (net)     ratio: perf  measure")
    for run in range(runs):
        theirs = {"processes": perf(cpu), "threads": perf(cpu, "-T")}
        *ours, ratio = measure(taskscope, cpu)
        line = "%3d" % (run + 1)
        for series in ours:
            line += " %16.0f %8.0f (%4.0f)" % (theirs[series["who"]], series["median"], series["net"])
            off[series["who"]].append(series["median"] / theirs[series["who"]] - 1)
        ratios.append(ratio if ratio is not None else ours[0]["median"] / ours[1]["median"])
        print(line + " %16.2f %8.2f" % (theirs["processes"] / theirs["threads"], ratios[-1]), flush=True)
    middle = statistics.median(ratios)
    unstable = max(abs(ratio / middle - 1) for ratio in ratios)
    print("middle of %d runs: processes %+.1f %%, threads %+.1f %% off perf (bar: 15 %%); ratio %.2f, at most %.1f %% off in a "
          "run (bar: 10 %%)" % (runs, *(statistics.median(off[who]) * 100 for who in off), middle, unstable * 100))
    return all(abs(statistics.median(each)) <= OFF for each in off.values()) and unstable <= UNSTABLE


def main():
    taskscope, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    cpu = min(os.sched_getaffinity(0))
    if not shutil.which("taskset") or not shutil.which("perf") or perf(cpu, "-T") is None:
        print("no comparison: 'perf bench sched pipe' does not run here")
        return SKIP
    return 0 if any(attempt(taskscope, cpu, runs) for _ in range(ATTEMPTS)) else 1


if __name__ == "__main__":
    sys.exit(main())
