#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CPU time of `taskscope attach PID --pane workers`, which shows what top shows, beside that of `top -H -d 1 -p PID`,
both at once on the same process.

usage: tests/bench/attach_against_top.py TASKSCOPE MANY_THREADS

A row a number of threads: how many of them wake up 50 times a second, both times, their ratio, and the goal. It prints;
it does not judge, for a busy machine tells little.
"""
import os
import subprocess
import sys
import time

# Each sleeper is read in full twice before it counts as one.
SETTLE, SECONDS = 7, 8
ROWS = ((1000, 1000, 1 / 4), (5000, 250, 1 / 10), (10000, 500, 1 / 15))


def start(command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def tree(pid):
    pids = [pid]
    for parent in pids:
        with open(f"/proc/{parent}/task/{parent}/children") as file:
            pids += [int(child) for child in file.read().split()]
    return pids


def cpu_of(process):
    """Seconds on a CPU up to now, of it and its descendants."""
    total = 0
    for pid in tree(process.pid):
        with open(f"/proc/{pid}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def measure(taskscope, program, threads, awake, goal):
    target = subprocess.Popen([program, str(threads), str(awake)], stdout=subprocess.PIPE, text=True)
    said = target.stdout.readline().strip()
    if said != "ready":
        target.kill()
        target.wait()
        print(f"{threads} threads: cannot be had here ({said or 'no answer'})")
        return
    peer = start(["top", "-b", "-H", "-d", "1", "-p", str(target.pid)])
    ours = start([taskscope, "attach", str(target.pid), "--plain", "--pane", "workers", "--size", "120x36",
                  "--interval", "1000"])
    time.sleep(SETTLE)
    before = cpu_of(ours), cpu_of(peer)
    time.sleep(SECONDS)
    after = cpu_of(ours), cpu_of(peer)
    with open(f"/proc/{tree(ours.pid)[1]}/status") as file:
        memory = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
    for process in (ours, peer, target):
        process.terminate()
        process.wait()
    mine, theirs = (after[i] - before[i] for i in range(2))
    print(f"{threads:6} threads, {awake:4} awake: {mine / SECONDS * 100:6.2f} % of a CPU after {before[0]:.2f} s of start, "
          f"top -H {theirs / SECONDS * 100:6.2f} %: ratio {mine / theirs:.3f} (goal {goal:.3f}); screen {memory / 1024:.0f} MB")


def main():
    for threads, awake, goal in ROWS:
        measure(sys.argv[1], sys.argv[2], threads, awake, goal)


if __name__ == "__main__":
    main()
