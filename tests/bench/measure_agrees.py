#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs `measure switch`, `create` and `talk` ten times each, in turns, and looks whether a contrast is ever answered otherwise.

usage: tests/bench/measure_agrees.py TASKSCOPE [RUNS [OPTION...]]

Two answers are opposite when one says more and the other less, or one equal and the other a difference; "not resolved" is
opposite to nothing. Fails if there are any, and when no contrast at all was answered twice. Wants a quiet machine.
"""
import json
import os
import subprocess
import sys

DUELS = ("switch", "create", "talk")


def answers(taskscope, duel, options):
    """Of each contrast its answer; those that are not resolved are left out."""
    command = [taskscope, "measure", duel, "--json", *options]
    result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    given = {}
    for contrast in result["contrasts"]:
        key = tuple(contrast[what] for what in ("duel", "method", "key", "cpus", "parameter"))
        if contrast["answer"] == "equal":
            given[key] = ("equal", contrast["text"])
        elif contrast["answer"] == "differs":
            given[key] = ("more" if contrast["ratio"] > 1 else "less", contrast["text"])
    return given, len(result["contrasts"])


def main():
    taskscope, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
    told, opposite, repeated = {}, 0, 0
    for run in range(runs):
        for duel in DUELS:
            load = os.getloadavg()[0]
            given, contrasts = answers(taskscope, duel, sys.argv[3:])
            print("run %2d: %-6s %2d of %2d contrasts answered, load average %.1f" % (run + 1, duel, len(given), contrasts, load),
                  flush=True)
            for key, answer in given.items():
                told.setdefault(key, []).append(answer)
    for key, given in told.items():
        repeated += len(given) > 1
        if len({answer for answer, _ in given}) > 1:
            opposite += 1
            print("opposite: %s" % " ".join(str(part) for part in key))
            for _, text in given:
                print("    " + text)
    print("%d runs: %d contrasts answered, %d of them more than once, %d with opposite answers (bar: 0)" %
          (runs, len(told), repeated, opposite))
    return 1 if opposite or not repeated else 0


if __name__ == "__main__":
    sys.exit(main())
