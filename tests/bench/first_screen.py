#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts the lab 20 times, and compares the ping-pong pairs of both sides: threads' hand-overs over processes'.

usage: tests/bench/first_screen.py TASKSCOPE [STARTS]

Fails when the largest ratio is more than 1.5 times the smallest, when the middle one is outside what `measure switch` by pipe
says by more than 1.5 times, or when, beside a busy loop of another session on every CPU, a crew gets less than half of the
third that it is due of its CPU. Wants a quiet machine; one that is not gets three attempts.
"""
import json
import os
import signal
import statistics
import subprocess
import sys

APART, DUE, ATTEMPTS, WARM_NS, SECONDS = 1.5, 1 / 3, 3, 10**9, "4"


def start(taskscope, *options):
    """Per side: hand-overs a second, hand-overs a second of its CPU time, and what part of a CPU the crew had."""
    command = [taskscope, "--json", "--interval", "250", "--for", SECONDS, *options]
    text = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True).stdout
    samples = [json.loads(line) for line in text.splitlines()]
    first = next(s for s in samples if s["at_ns"] >= samples[0]["at_ns"] + WARM_NS)
    seconds = (samples[-1]["at_ns"] - first["at_ns"]) / 1e9
    figures = []
    for before, after in zip(first["sides"], samples[-1]["sides"]):
        was = {task["tid"]: task for task in before["tasks"]}
        pair = [task for task in after["tasks"] if task.get("job") == "pingpong"]
        balls = sum(task["rounds"] - was[task["tid"]]["rounds"] for task in pair)
        ran = sum(task["run_ns"] - was[task["tid"]]["run_ns"] for task in pair) / 1e9
        whole = sum(task["run_ns"] - was[task["tid"]]["run_ns"] for task in after["tasks"]) / 1e9
        figures.append((balls / seconds, balls / ran if ran else 0, whole / seconds))
    return figures


def measured(taskscope):
    command = [taskscope, "measure", "switch", "--method", "pipe", "--working-set", "0", "--quick", "--json"]
    result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    by = {s["who"]: s["median"] for s in result["series"] if s["cpus"] == 1}
    return by["processes"] / by["threads"]


def shares_beside_load(taskscope):
    """What part of its CPU each crew gets beside a busy loop of another session on every CPU."""
    loops = []
    try:
        for cpu in sorted(os.sched_getaffinity(0)):
            loops.append(subprocess.Popen([sys.executable, "-c", "import os\nos.sched_setaffinity(0, {%d})\nwhile True: pass" % cpu],
                                          start_new_session=True))
        return [part for _, _, part in start(taskscope)]
    finally:
        for loop in loops:
            loop.send_signal(signal.SIGKILL)
            loop.wait()


def attempt(taskscope, starts):
    ratios, alike = [], []
    print("load average %.1f" % os.getloadavg()[0])
    for number in range(starts):
        (left, left_cpu, _), (right, right_cpu, _) = start(taskscope)
        ratios.append(right / left if left else float("inf"))
        alike.append(right_cpu / left_cpu if left_cpu else float("inf"))
        print("%3d: processes %8.0f/s, threads %8.0f/s: ratio %5.2f; a CPU second: %5.2f" %
              (number + 1, left, right, ratios[-1], alike[-1]), flush=True)
    middle, switch = statistics.median(ratios), measured(taskscope)
    shares = shares_beside_load(taskscope)
    print("%d starts: ratio %.2f to %.2f (%.2f times, bar 1.5), middle %.2f, measure switch %.2f; a CPU second %.2f to %.2f; "
          "beside load %s of a CPU (bar 0.17)" % (starts, min(ratios), max(ratios), max(ratios) / min(ratios), middle, switch,
                                                  min(alike), max(alike), " and ".join("%.2f" % s for s in shares)))
    return max(ratios) <= APART * min(ratios) and 1 / APART <= middle / switch <= APART and min(shares) >= DUE / 2


def main():
    taskscope, starts = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
    return 0 if any(attempt(taskscope, starts) for _ in range(ATTEMPTS)) else 1


if __name__ == "__main__":
    sys.exit(main())
