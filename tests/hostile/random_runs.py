#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random runs in random surroundings, ended at random moments: random_runs.py BUILD [RUNS [SEED]].

A run is a command line, what it is started in (limits, signals that are ignored or blocked, scheduling, environment,
descriptors, folder, user, namespaces, personality, what prctl hands down), a terminal or none, and how and when it ends, by a
signal to the program, its screen, or any of its processes. After each: it ended within its time, none of its
processes is left, and a terminal has the modes that it had. A run that fails prints its seed: `random_runs.py BUILD 1
SEED` repeats it. The last line counts hangs, orphans and changed terminals."""

import ctypes
import fcntl
import os
import pty
import random
import resource
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time

END_LIMIT = 2.0  # seconds after a signal or q, on an idle machine
PATIENCE = 15  # times that, before a run counts as hanging: others may keep the machine busy

COMMANDS = [
    ["--for", "2"],
    ["--plain", "--for", "1"],
    ["--json", "--for", "1"],
    ["--job", "spin", "--for", "1"],
    ["--processes", "9", "--threads", "17", "--json", "--for", "1"],
    ["--pane", "lanes", "--plain", "--for", "1"],
    ["tour", "blast-radius", "--plain"],
    ["tour", "--auto", "--short"],
    ["quiz", "--seed", "1"],
    ["measure", "switch", "--quick"],
    ["list", "facts"],
    ["doctor"],
    ["--size", "80x24", "--keys", "x<wait 200>r<wait 200>q"],
    ["run", "sleep 30", "sh -c 'sleep 30'", "--json", "--for", "1"],
    ["attach", "self", "--json", "--for", "1"],
]
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL]
LIMITS = {
    resource.RLIMIT_NOFILE: [7, 13, 16, 18, 20, 22, 34, 64, 256],
    resource.RLIMIT_STACK: [16 << 10, 20000, 64 << 10, 1 << 20],
    resource.RLIMIT_FSIZE: [0, 1, 4096, 100000],
    resource.RLIMIT_MEMLOCK: [0, 1],
    resource.RLIMIT_CPU: [1, 2, 60],
    resource.RLIMIT_CORE: [0, 1],
    resource.RLIMIT_SIGPENDING: [0, 1, 16],
    resource.RLIMIT_AS: [4 << 20, 12 << 20, 16 << 20, 64 << 20],
    resource.RLIMIT_DATA: [400 << 10, 1 << 20, 2 << 20, 16 << 20],
    resource.RLIMIT_NPROC: [0, 1, 3, 5, 8, 20],  # counts for a user alone
    resource.RLIMIT_MSGQUEUE: [0],
    resource.RLIMIT_RTTIME: [1],
}
PR_SET_DUMPABLE, PR_SET_TIMERSLACK, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG = 4, 29, 36, 38, 1
PRCTLS = [(PR_SET_DUMPABLE, 0), (PR_SET_TIMERSLACK, 10**8), (PR_SET_CHILD_SUBREAPER, 1), (PR_SET_NO_NEW_PRIVS, 1),
          (PR_SET_PDEATHSIG, signal.SIGUSR1)]
PERSONALITIES = [0x0040000, 0x0400000, 0x0200000, 0x0020000]  # no randomization, readable is executable, old layout, old name
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWTIME = \
    0x20000, 0x2000000, 0x4000000, 0x8000000, 0x40000000, 0x80
NAMESPACES = [CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWTIME]
ENVIRONMENTS = [
    {},
    {"TERM": "linux"},
    {"TERM": "dumb"},
    {"TERM": "no-such-terminal"},
    {"LC_ALL": "C"},
    {"LC_ALL": "xx_YY.UTF-8"},
    {"NO_COLOR": "1"},
    {"ESCDELAY": "junk"},
    {"COLUMNS": "0", "LINES": "-5"},
    {"HUGE": "x" * 100000},
    {"TZ": ":/no/such"},
    {"XDG_CONFIG_HOME": "/dev/full", "XDG_DATA_HOME": "/proc/self/mem", "HOME": "relative"},
    {"XDG_CONFIG_HOME": "x" * 10000, "PATH": ""},
    {"MALLOC_PERTURB_": "165"},
]
libc = ctypes.CDLL(None)


class Run:
    """One run, drawn from its seed."""

    def __init__(self, seed):
        draw = random.Random(seed)
        self.seed = seed
        self.arguments = draw.choice(COMMANDS)
        self.terminal = draw.random() < 0.5
        self.limits = {what: draw.choice(values) for what, values in LIMITS.items() if draw.random() < 0.12}
        self.ignored = [n for n in range(1, 32) if draw.random() < 0.05 and n not in (signal.SIGKILL, signal.SIGSTOP)]
        self.blocked = [n for n in range(1, 32) if draw.random() < 0.05]
        self.nice = draw.choice([0, 0, 5, 19])
        self.policy = draw.choice([os.SCHED_OTHER, os.SCHED_OTHER, os.SCHED_OTHER, os.SCHED_BATCH, os.SCHED_IDLE,
                                   os.SCHED_FIFO, os.SCHED_RR])
        self.one_cpu = draw.random() < 0.2
        self.closed = [fd for fd in (0, 1, 2) if draw.random() < 0.05]
        self.environment = draw.choice(ENVIRONMENTS)
        self.no_environment = draw.random() < 0.05
        self.folder = draw.choice(["/", "/tmp", "gone"])
        self.umask = draw.choice([0o022, 0o777, 0])
        self.moment = draw.uniform(0, 1.5)
        self.ending = draw.choice(SIGNALS + ["q", "none"])
        self.user = draw.choice([0, 0, 54321])
        self.control = draw.choice(PRCTLS) if draw.random() < 0.2 else None
        self.personality = draw.choice(PERSONALITIES) if draw.random() < 0.1 else 0
        self.namespaces = sum(n for n in NAMESPACES if draw.random() < 0.04)
        self.victim = draw.choice(["supervisor"] * 3 + ["screen", "any"])
        self.again = draw.random() < 0.2  # the signal comes a second time at once
        self.size = (draw.choice([1, 16, 24, 50]), draw.choice([1, 60, 80, 200]))

    def words(self):
        told = dict(vars(self))
        told["environment"] = {name: value[:20] for name, value in self.environment.items()}
        return " ".join(f"{name}={value}" for name, value in told.items())


def prepare(run, folder):
    """In the child, before exec."""
    if run.folder == "gone":
        os.mkdir(folder)
        os.chdir(folder)
        os.rmdir(folder)
    else:
        os.chdir(run.folder)
    os.umask(run.umask)
    os.nice(run.nice)
    real = run.policy in (os.SCHED_FIFO, os.SCHED_RR)
    os.sched_setscheduler(0, run.policy, os.sched_param(10 if real else 0))
    if run.one_cpu:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for number in range(1, 32):
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_IGN if number in run.ignored else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, run.blocked)
    # Where the machine refuses one of these, the run goes on without it.
    libc.unshare(run.namespaces)
    if run.control:
        libc.prctl(*run.control, 0, 0, 0)
    if run.personality:
        libc.personality(run.personality)
    if run.user and os.getuid() == 0:
        os.setgroups([])
        os.setresgid(run.user, run.user, run.user)
        os.setresuid(run.user, run.user, run.user)
    for what, most in run.limits.items():
        resource.setrlimit(what, (most, most))
    for fd in run.closed:
        os.close(fd)


def start(run, program, folder):
    environment = {} if run.no_environment else dict(os.environ, TERM="xterm-256color", **run.environment) \
        if "TERM" not in run.environment else dict(os.environ, **run.environment)
    arguments = [program] + [str(os.getpid()) if word == "self" else word for word in run.arguments]
    master = slave = -1
    if run.terminal:
        master, slave = pty.openpty()
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", run.size[0], run.size[1], 0, 0))
    # Before the program can have changed them.
    modes = termios.tcgetattr(slave)[:4] if slave >= 0 else None
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            if run.terminal:
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for fd in (0, 1, 2):
                    os.dup2(slave, fd)
            else:
                nothing = os.open("/dev/null", os.O_RDWR)
                for fd in (0, 1, 2):
                    os.dup2(nothing, fd)
            os.closerange(3, 100)
            prepare(run, folder)
            os.execve(program, arguments, environment)
        finally:
            os._exit(126)
    return child, master, slave, modes


def read_all(fd):
    while fd >= 0 and select.select([fd], [], [], 0)[0]:
        try:
            if not os.read(fd, 65536):
                return
        except OSError:
            return


def await_end(child, master, seconds):
    """The status, or None: it did not end in that time. What it draws is read."""
    pidfd = os.pidfd_open(child)
    ends = time.monotonic() + seconds
    try:
        while time.monotonic() < ends:
            wanted = [pidfd] + ([master] if master >= 0 else [])
            ready = select.select(wanted, [], [], max(0, ends - time.monotonic()))[0]
            if pidfd in ready:
                return os.waitpid(child, 0)[1]
            read_all(master)
        return None
    finally:
        os.close(pidfd)


def processes_of(folder):
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            if os.readlink(f"/proc/{name}/exe").startswith(folder + "/"):
                found.append(int(name))
        except OSError:
            pass
    return found


def await_none(folder, seconds):
    ends = time.monotonic() + seconds
    while True:
        left = processes_of(folder)
        if not left or time.monotonic() > ends:
            return left
        select.select([], [], [], 0.02)


def victim_of(run, child):
    """Whom the signal goes to: the program, its screen (the first child), or any process of it."""
    try:
        with open(f"/proc/{child}/task/{child}/children") as file:
            children = [int(word) for word in file.read().split()]
    except OSError:
        children = []
    if run.victim == "supervisor" or not children:
        return child
    return children[0] if run.victim == "screen" else random.Random(run.seed).choice(children)


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def try_run(run, folder):
    """The faults of one run, as words."""
    faults = []
    child, master, slave, before = start(run, folder + "/taskscope", folder + "/gone")
    status = await_end(child, master, run.moment)
    victim = victim_of(run, child)
    if status is None and run.ending == "q" and master >= 0:
        os.write(master, b"qqq")
    elif status is None and run.ending not in ("q", "none"):
        for _ in range(1 + run.again):
            send(victim, run.ending)
    if status is None:
        # What ends by itself may take its time: a tour, a measurement.
        # So may what goes on after a signal to one of its children.
        own_time = run.ending in ("q", "none") or run.ending in run.ignored + run.blocked or run.victim == "any"
        status = await_end(child, master, 20 if own_time else END_LIMIT * PATIENCE)
        if status is None:
            if not own_time:
                faults.append("hang")
            os.kill(child, signal.SIGTERM)
            if await_end(child, master, END_LIMIT * PATIENCE) is None:
                faults.append("hang: TERM does not end it")
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
    left = await_none(folder, END_LIMIT * PATIENCE)
    if left:
        faults.append(f"orphans {left}")
        for pid in left:
            os.kill(pid, signal.SIGKILL)
    killed = run.ending == signal.SIGKILL and victim == child
    if before and not killed and termios.tcgetattr(slave)[:4] != before:
        faults.append("changed terminal")
    for fd in (master, slave):
        if fd >= 0:
            os.close(fd)
    return faults


def main():
    build = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else int(time.time())
    counts = {"hang": 0, "orphans": 0, "changed": 0}
    folder = tempfile.mkdtemp(prefix="taskscope-random-")
    try:
        for name in ("taskscope", "taskscope-crew"):
            shutil.copy(os.path.join(build, name), folder)
        shutil.copytree(os.path.realpath(os.path.join(build, "scenes")), os.path.join(folder, "scenes"))
        os.chmod(folder, 0o755)
        for i in range(runs):
            run = Run(seed + i)
            for fault in try_run(run, folder):
                counts[fault.split()[0].rstrip(":")] += 1
                print(f"{fault}: {run.words()}", flush=True)
    finally:
        shutil.rmtree(folder)
    print(f"{runs} runs from seed {seed}: {counts['hang']} hangs, {counts['orphans']} orphans, "
          f"{counts['changed']} changed terminals")
    return 1 if any(counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
