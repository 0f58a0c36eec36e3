#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A long run: soak.py BUILD [MINUTES [WARM-UP [OPTIONS]]]. 64 processes beside 256 threads on a screen of 120 x 36, while
views change, workers are added, ended, stopped and started again. Each minute it prints the resident set, the open
descriptors and the CPU time of taskscope's own processes. After the warm-up (a third of the time, at most 10 minutes:
so long is what can be stepped back to) resident set and descriptors may grow by 2 %; CPU time is printed, for others
may keep the machine busy. Every fifth minute has the same keys, so that halves of ten minutes do the same work. Two
hours: soak.py BUILD 120."""

import fcntl
import os
import pty
import random
import select
import signal
import struct
import sys
import termios
import time

# Each leaves as many workers as there were.
KEYS = "1 2 3 4 5 6 7 8 ad da AD DA r R ss jk kj \t zz".split(" ")
HOME = "1rR"  # the same view of new crews, for each reading
SETTLING = 8  # seconds
CYCLE = 5  # minutes
END_LIMIT = 30  # seconds, on a busy machine


def start(program):
    child, master = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(program, [program, "--processes", "64", "--threads", "256"] + sys.argv[4:])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    return child, master


def own_processes(program):
    """The supervisor, the screen and the prober: the crews are another program."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{name}/exe") == program:
                found.append(int(name))
        except OSError:
            pass
    return found


def reading(program):
    rss = descriptors = ticks = 0
    for pid in own_processes(program):
        try:
            with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
                rss += sum(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
            descriptors += len(os.listdir(f"/proc/{pid}/fd"))
        except OSError:
            pass  # a prober that was replaced
    return rss, descriptors, ticks / os.sysconf("SC_CLK_TCK")


def work(master, seconds, keys, draw):
    """Types one of the keys twice a second, and reads what is drawn. False: the screen is gone."""
    ends = time.monotonic() + seconds
    next_key = time.monotonic()
    while time.monotonic() < ends:
        wait = max(0, min(next_key, ends) - time.monotonic())
        if select.select([master], [], [], wait)[0]:
            try:
                if not os.read(master, 1 << 16):
                    return False
            except OSError:
                return False
        if time.monotonic() >= next_key:
            if keys:
                os.write(master, draw.choice(keys).encode())
            next_key = time.monotonic() + 0.5
    return True


def main():
    program = os.path.realpath(os.path.join(sys.argv[1], "taskscope"))
    minutes = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    warm_up = int(sys.argv[3]) if len(sys.argv) > 3 else min(10, max(1, minutes // 3))
    child, master = start(program)
    rows, failed = [], False
    before = None
    for minute in range(1, minutes + 1):
        draw = random.Random(minute % CYCLE)
        there = work(master, 60 - SETTLING, KEYS, draw)
        if there:
            os.write(master, HOME.encode())
            there = work(master, SETTLING, [], draw)
        if not there:
            print("the screen ended")
            failed = True
            break
        rss, descriptors, cpu = reading(program)
        used = 0 if before is None else (cpu - before) / 0.6
        before = cpu
        rows.append((rss, descriptors, used))
        print(f"minute {minute}: {rss} kB resident, {descriptors} descriptors, {used:.1f} % of a CPU", flush=True)
    os.kill(child, signal.SIGTERM)
    ends = time.monotonic() + END_LIMIT
    while os.waitpid(child, os.WNOHANG) == (0, 0) and time.monotonic() < ends:
        if select.select([master], [], [], 0.1)[0]:
            try:
                os.read(master, 1 << 16)
            except OSError:
                pass
    left = own_processes(program)
    if left:
        print(f"left behind: {left}")
        failed = True
    steady = rows[warm_up:]
    for name, values in (("resident set", [row[0] for row in steady]), ("descriptors", [row[1] for row in steady])):
        if values:
            half = len(values) // 2 or 1
            grown = 100 * (max(values[-half:]) / max(values[:half]) - 1)
            print(f"{name}: {grown:+.1f} % from the first half after the warm-up to the second")
            failed |= grown > 2
    half = len(steady) // 2
    if half:
        first, second = (sum(row[2] for row in part) / half for part in (steady[-2 * half : -half], steady[-half:]))
        print(f"CPU: {first:.2f} % in the first half after the warm-up, {second:.2f} % in the second")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
