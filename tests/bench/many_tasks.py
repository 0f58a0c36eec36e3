#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What many tasks cost: the lab beside pidstat, keys at 10,000 threads, and 100,000 births.

usage: tests/bench/many_tasks.py TASKSCOPE MANY_THREADS [ROW...]

Rows: lab, keys, births; all of them by default. It prints ratios of one run, and judges nothing, for a busy machine tells
little. OLD=FILE in the environment is another taskscope, whose lab is measured beside ours.
"""
import json
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import time
import fcntl
import termios

SETTLE, SECONDS = 3, 8
LABS = ((8, 8, 0.55), (64, 256, 0.4))
KEYS = 60
BIRTHS, BIRTHS_PER_S = 100000, 4000


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def name_of(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip()
    except OSError:
        return ""


def own(pid):
    """taskscope's own processes: not the hosts and keepers, and what descends from them."""
    return [pid] + [child for child in children(pid) if name_of(child) == "taskscope"]


def cpu_of(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def resident_kb(pid):
    """None of one that has ended."""
    with open(f"/proc/{pid}/status") as file:
        return next((int(line.split()[1]) for line in file if line.startswith("VmRSS")), None)


def start(command, **more):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


def end(*processes):
    for process in processes:
        process.terminate()
        process.wait()


def lab(taskscope, _):
    programs = [taskscope] + ([os.environ["OLD"]] if "OLD" in os.environ else [])
    for processes, threads, goal in LABS:
        size = "200x50" if threads > 100 else "120x36"
        runs = [start([program, "--plain", "--size", size, "--interval", "100", "--processes", str(processes),
                       "--threads", str(threads)]) for program in programs]
        time.sleep(SETTLE)
        hosts = [child for child in children(runs[0].pid) if name_of(child) != "taskscope"]
        crew = ",".join(str(pid) for host in hosts for pid in [host] + children(host))
        peer = start(["pidstat", "-wt", "-p", crew, "1"])
        time.sleep(1)
        before = [cpu_of(own(run.pid)) for run in runs] + [cpu_of([peer.pid])]
        time.sleep(SECONDS)
        ours, *old, theirs = [b - a for a, b in zip(before, [cpu_of(own(run.pid)) for run in runs] + [cpu_of([peer.pid])])]
        end(peer, *runs)
        beside = f", {ours / old[0]:.3f} of the other taskscope (goal {goal:.2f})" if old else ""
        print(f"lab of {processes} + {threads} workers at 10 Hz: {ours / SECONDS * 100:.2f} % of a CPU, "
              f"{ours / theirs / 10:.3f} of 10 x pidstat -wt 1{beside}", flush=True)


def answer(screen, seconds):
    """Takes what comes within so many seconds; seconds until its first byte, or None."""
    begun, first = time.monotonic(), None
    while (left := begun + seconds - time.monotonic()) > 0:
        if not select.select([screen], [], [], left)[0]:
            break
        os.read(screen, 1 << 16)
        first = first or time.monotonic() - begun
    return first


def keys(taskscope, many_threads):
    target = subprocess.Popen([many_threads, "10000", "500"], stdout=subprocess.PIPE, text=True)
    if target.stdout.readline().strip() != "ready":
        end(target)
        print("keys: 10,000 threads cannot be had here")
        return
    pid, screen = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(taskscope, [taskscope, "attach", str(target.pid), "--interval", "1000"])
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    begun = time.monotonic()
    while answer(screen, 0.2) is None or time.monotonic() - begun < SETTLE:
        pass
    took = []
    for i in range(KEYS):
        # Between two samples, so that no frame of a sample is taken for the answer.
        answer(screen, 0.13)
        os.write(screen, b"\x1b[B" if i % 2 == 0 else b"\x1b[A")
        took.append(answer(screen, 0.25) or 1)
    os.kill(pid, signal.SIGTERM)
    try:
        answer(screen, 1)
    except OSError:  # it has ended
        pass
    os.waitpid(pid, 0)
    end(target)
    took.sort()
    print(f"keys at 10,000 threads: median {statistics.median(took) * 1e3:.1f} ms, 95th percentile "
          f"{took[len(took) * 95 // 100] * 1e3:.1f} ms, worst {took[-1] * 1e3:.1f} ms (goal: below 100)", flush=True)


def births(taskscope, many_threads):
    run = subprocess.Popen([taskscope, "run", "--json", "--interval", "1000",
                            f"{many_threads} births {BIRTHS} {BIRTHS_PER_S}"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    memory, last = [], {}
    for line in run.stdout:
        last = json.loads(line)
        screen = [pid for pid in children(run.pid) if name_of(pid) == "taskscope"]
        if "sides" in last and screen and (kb := resident_kb(screen[0])):
            memory.append(kb)
    run.wait()
    ended = (last.get("ended") or [{}])[0]
    fifth = memory[len(memory) // 5]
    print(f"{BIRTHS} births at up to {BIRTHS_PER_S} a second in run: {ended.get('births')} counted in {ended.get('wall_s')} s; "
          f"screen {fifth} kB after a fifth of the time, {memory[-1]} kB at the end: ratio {memory[-1] / fifth:.3f}", flush=True)


ROWS = {"lab": lab, "keys": keys, "births": births}


def main():
    print("load average %.1f %.1f %.1f, %d CPUs" % (*os.getloadavg(), os.cpu_count()), flush=True)
    for row in sys.argv[3:] or ROWS:
        ROWS[row](sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    main()
