#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plays the page of --html: what is in it decodes to the cast's cells at two times, and, where Chromium is installed, a
browser shows those cells, plays on, and complains of nothing."""
import html.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

TASKSCOPE = os.environ["TASKSCOPE"]
RECORDING = os.environ["FIXTURES"] + "/recordings/lab.jsonl"
COLS, ROWS = 100, 30
TIMES = (1.25, 9.5)
failed = number = 0


def ok(what, good, more=""):
    global failed, number
    number += 1
    failed += not good
    print(("ok" if good else "not ok"), number, "-", what)
    if not good and more:
        print("#", str(more).replace("\n", "\n# "))


def cells(events, time):
    """The rows of a terminal that was sent all up to a time. Every character of this recording is one cell wide."""
    screen = [[" "] * COLS for _ in range(ROWS)]
    row = col = 0
    for event in events:
        if event[0] > time or event[1] != "o":
            continue
        for part in re.finditer(r"\x1b\[([?\d;]*)([A-Za-z])|([^\x1b])", event[2]):
            if part[3]:
                screen[row][col] = part[3]
                col += 1
            elif part[2] == "H":
                row, col = (int(n) - 1 for n in part[1].split(";"))
            elif part[2] == "J":
                screen = [[" "] * COLS for _ in range(ROWS)]
    return ["".join(line).rstrip() for line in screen]


class Rows(html.parser.HTMLParser):
    """The text of the rows below the element named screen, and of the clock."""

    def __init__(self, page):
        super().__init__()
        self.stack, self.rows, self.clock = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag in ("meta", "input", "br", "link"):
            return
        if self.stack and self.stack[-1] == "screen":
            self.rows.append("")
        self.stack.append(dict(attributes).get("id", ""))

    def handle_endtag(self, tag):
        if self.stack:
            self.stack.pop()

    def handle_data(self, data):
        if "screen" in self.stack:
            self.rows[-1] += data
        elif self.stack and self.stack[-1] == "clock":
            self.clock += data


def browse(chromium, page, place):
    return subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
                           "--virtual-time-budget=5000", "--dump-dom", "file://" + page + place],
                          capture_output=True, text=True, timeout=120)


def check_browser(chromium, page, events):
    complaints = ""
    for time in TIMES:
        shown = browse(chromium, page, f"#t={time}")
        rows = [row.rstrip() for row in Rows(shown.stdout).rows]
        ok(f"a browser shows the cast's cells at {time} s", rows == cells(events, time),
           "\n".join(rows) + "\n" + "\n".join(cells(events, time)))
        complaints += "".join(line for line in shown.stderr.splitlines() if "CONSOLE" in line)
    shown = browse(chromium, page, "#play=2")
    clock = re.match(r"0:(\d\d) /", Rows(shown.stdout).clock)
    ok("a browser plays on from 2 s", clock and int(clock[1]) > 2, Rows(shown.stdout).clock)
    ok("the console is empty", not complaints, complaints)


def main():
    folder = tempfile.mkdtemp(prefix="taskscope-page-")
    page, cast = folder + "/page.html", folder + "/page.cast"
    run = subprocess.run([TASKSCOPE, "replay", RECORDING, "--size", f"{COLS}x{ROWS}", "--html", page, "--cast", cast],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True)
    ok("a recording becomes a page", run.returncode == 0, run.stderr)
    with open(page, encoding="utf-8") as file:
        text = file.read()
    with open(cast, encoding="utf-8") as file:
        events = [json.loads(line) for line in file.readlines()[1:]]
    head, data = text.split('"events":[\n')
    inside = [event for event in json.loads("[" + data.split("})</script>")[0]) if isinstance(event, list)]
    for time in TIMES:
        ok(f"its data are the cast's cells at {time} s",
           cells(inside, time) == cells(events, time) and len("".join(cells(inside, time))) > 500)
    ok("the two times differ", cells(inside, TIMES[0]) != cells(inside, TIMES[1]))
    ok("it loads nothing", not re.search(r"https?:|\bsrc=|\bhref=|@import|url\(", head) and "default-src 'none'" in head)
    ok("it is small", len(text) < 2 << 20)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium:
        check_browser(chromium, page, events)
    else:
        global number
        number += 1
        print(f"ok {number} # SKIP no Chromium is installed: the page was not looked at")
    print(f"1..{number}")
    shutil.rmtree(folder)
    sys.exit(failed > 0)


main()
