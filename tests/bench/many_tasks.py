#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What many tasks cost: each row beside its goal, as ok or missed.

usage: tests/bench/many_tasks.py TASKSCOPE MANY_THREADS [ROW...]

Rows: top (attach beside top -H), files (the same with few descriptors), memory, lab (beside pidstat), keys, births; all of
them by default. Ratios are of one run. It judges nothing by its status, for a busy machine tells little. OLD=FILE in the
environment is another taskscope, whose lab is measured beside ours.
"""
import json
import os
import pty
import resource
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
# Each sleeper is read in full twice before it counts as one.
ATTACH_SETTLE = 7
TOP = ((1000, 1000, 1 / 4), (5000, 250, 1 / 10), (10000, 500, 1 / 15))
FEW_FILES = 4096
LABS = ((8, 8, 0.55), (64, 256, 0.4))
KEYS = 60
BIRTHS, BIRTHS_PER_S = 100000, 4000


def say(words, value, goal, form="{:.3f}"):
    print(f"{words}: {form.format(value)} (goal: at most {form.format(goal)}): {'ok' if value <= goal else 'missed'}", flush=True)


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


def threads(program, n, awake):
    """A process of so many threads; None: they cannot be had here."""
    target = subprocess.Popen([program, str(n), str(awake)], stdout=subprocess.PIPE, text=True)
    said = target.stdout.readline().strip()
    if said == "ready":
        return target
    end(target)
    print(f"{n} threads: cannot be had here ({said or 'no answer'})", flush=True)
    return None


def attach(taskscope, target, **more):
    return start([taskscope, "attach", str(target.pid), "--plain", "--pane", "workers", "--size", "120x36",
                  "--interval", "1000"], **more)


def beside_top(taskscope, many_threads, n, awake, goal, **more):
    target = threads(many_threads, n, awake)
    if not target:
        return
    peer = start(["top", "-b", "-H", "-d", "1", "-p", str(target.pid)])
    ours = attach(taskscope, target, **more)
    time.sleep(ATTACH_SETTLE)
    before = cpu_of(own(ours.pid)), cpu_of([peer.pid])
    time.sleep(SECONDS)
    mine, theirs = cpu_of(own(ours.pid)) - before[0], cpu_of([peer.pid]) - before[1]
    end(ours, peer, target)
    few = f", {FEW_FILES} descriptors" if more else ""
    say(f"{n} threads, {awake} awake{few}: {mine / SECONDS * 100:.2f} % of a CPU, {before[0]:.2f} s to start; of top -H",
        mine / theirs, goal)


def top(taskscope, many_threads):
    for row in TOP:
        beside_top(taskscope, many_threads, *row)


def files(taskscope, many_threads):
    n, awake, goal = TOP[-1]
    beside_top(taskscope, many_threads, n, awake, 2 * goal,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_FILES, FEW_FILES)))


def memory(taskscope, many_threads):
    """--plain keeps no time travel."""
    kb = []
    for n, awake in ((10, 1), (10000, 500)):
        target = threads(many_threads, n, awake)
        if not target:
            return
        ours = attach(taskscope, target)
        time.sleep(ATTACH_SETTLE + SECONDS)
        kb.append(resident_kb(own(ours.pid)[1]))
        end(ours, target)
    say("kB a task at 10000 threads, 500 awake", (kb[1] - kb[0]) / 9990, 1)


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
        words = f"lab of {processes} + {threads} workers at 10 Hz: {ours / SECONDS * 100:.2f} % of a CPU"
        say(f"{words}; of 10 x pidstat -wt 1", ours / theirs / 10, goal)
        if old:
            say(f"{words}; of the other taskscope", ours / old[0], goal)


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
    target = threads(many_threads, 10000, 500)
    if not target:
        return
    second = sorted(os.listdir(f"/proc/{target.pid}/task"), key=int)[1].encode()
    begun = time.monotonic()
    pid, screen = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(taskscope, [taskscope, "attach", str(target.pid), "--pane", "workers", "--interval", "1000"])
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    seen = b""
    while second not in seen and time.monotonic() - begun < 10:
        if select.select([screen], [], [], 0.1)[0]:
            seen += os.read(screen, 1 << 16)
    attached = time.monotonic() - begun
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
    say("seconds from start to rows at 10000 threads", attached, 1, "{:.2f}")
    say(f"ms from a key to its answer there: median {statistics.median(took) * 1e3:.1f}, 95th percentile "
        f"{took[len(took) * 95 // 100] * 1e3:.1f}, worst", took[-1] * 1e3, 100, "{:.1f}")


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
    say(f"{BIRTHS} births in run, up to {BIRTHS_PER_S} a second, in {ended.get('wall_s', 0):.0f} s: missed",
        abs(BIRTHS + 1 - (ended.get("births") or 0)), 0, "{:d}")
    say(f"memory of the screen after them, {memory[-1]} kB, of that after a fifth of them", memory[-1] / fifth, 1.02)


ROWS = {"top": top, "files": files, "memory": memory, "lab": lab, "keys": keys, "births": births}


def main():
    print("load average %.1f %.1f %.1f, %d CPUs" % (*os.getloadavg(), os.cpu_count()), flush=True)
    for row in sys.argv[3:] or ROWS:
        ROWS[row](sys.argv[1], sys.argv[2])


if __name__ == "__main__":
    main()
