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


# What is pressed, in a page that asks at 2 s and tells at 4 s, and what the page then shows.
DRIVER = """
<script>
const seen = {};
const at = () => document.getElementById("clock").textContent.split(" /")[0] + " " + document.getElementById("play").textContent;
const press = key => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const wait = ms => new Promise(done => setTimeout(done, ms));
const quiz = () => document.getElementById("quiz").hidden ? "" : document.getElementById("quiz").textContent;
async function drive() {
	for (const key of ["End", "Home", "ArrowRight", "ArrowRight", "ArrowLeft", "PageDown", "PageUp", "End", "1", "."]) {
		press(key);
		(seen.keys ||= []).push(key + " " + at());
	}
	getSelection().selectAllChildren(document.getElementById("screen"));
	seen.selected = getSelection().toString();
	press("+");
	seen.speed = document.getElementById("speed").textContent;
	press("Home");
	press(" ");
	await wait(1500);
	seen.asked = quiz() + " " + at();
	press("2");
	seen.answer = quiz();
	press(" ");
	await wait(1800);
	seen.told = document.getElementById("told").textContent;
	press(" ");
	seen.paused = at();
	await wait(500);
	seen.still = at() === seen.paused;
	document.body.insertAdjacentHTML("beforeend", '<pre id="clock"></pre>');
	document.body.lastChild.textContent = "SEEN" + JSON.stringify(seen);
}
drive();
</script>
"""
STORY = [[2, "m", "two"], [2, "q", json.dumps({"ask": "Who dies?", "options": ["one", "all"]})],
         [4, "a", json.dumps({"right": 1, "why": ["Not alone.", ""]})], [4, "c", "All of them."]]


def check_keys(chromium, path, text):
    """A copy of the page with a story in it, driven by keys."""
    head, data = text.split('"events":[\n')
    rows, tail = data.split("0]})</script>")
    events = [json.loads(row.rstrip(",")) for row in rows.splitlines()] + STORY
    events.sort(key=lambda event: event[0])
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + '"events":[\n' + "".join(json.dumps(event).replace("<", "\\u003c") + ",\n" for event in events) +
                   "0]})</script>" + DRIVER + tail)
    shown = browse(chromium, path, "")
    clocks = Rows(shown.stdout).clock
    seen = json.loads(clocks[clocks.index("SEEN") + 4:]) if "SEEN" in clocks else {}
    end = int(events[-1][0])
    ok("keys go where they say", [key.rsplit(" ", 2)[0] for key in seen.get("keys", [])] == [
        f"End 0:{end:02}", "Home 0:00", "ArrowRight 0:05", "ArrowRight 0:10", "ArrowLeft 0:05",
        "PageDown 0:05", "PageUp 0:02", f"End 0:{end:02}", "1 0:02", ". 0:02"], seen or shown.stderr)
    ok("text can be selected", "voluntary" in seen.get("selected", ""), seen.get("selected"))
    ok("+ makes it faster", seen.get("speed") == "\u00d7 2", seen.get("speed"))
    ok("a question stops the film", re.match(r"Who dies\?.*0:02 \u25b6 play", seen.get("asked", "")), seen.get("asked"))
    ok("a digit answers", "\u2713 Right." in seen.get("answer", ""), seen.get("answer"))
    ok("and it plays on, and tells", seen.get("told") == "All of them.", seen.get("told"))
    ok("the space bar pauses", seen.get("still") and "play" in seen.get("paused", ""), seen.get("paused"))
    ok("nothing is complained of on the way", "CONSOLE" not in shown.stderr, shown.stderr)


def check_of_cast(cast, text, folder):
    """A page of the cast is the page; what is no cast of ours makes none."""
    made = folder + "/made.html"
    run = subprocess.run([TASKSCOPE, "replay", cast, "--html", made], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    ok("a cast becomes a page", run.returncode == 0, run.stderr)
    with open(made, encoding="utf-8") as file:
        ok("the same as was made with it", file.read() == text)
    with open(cast, encoding="utf-8") as file:
        lines = file.readlines()
    for what, changed in (("of others", [lines[0].replace('"taskscope"', '"other"')] + lines[1:]),
                          ("with a hostile colour", [re.sub('"bg":"[^"]*', '"bg":"\\\\"onload=\\\\"x', lines[0])] + lines[1:]),
                          ("with rubbish", lines[:3] + ["[1,2]\n"] + lines[3:])):
        with open(folder + "/other.cast", "w", encoding="utf-8") as file:
            file.writelines(changed)
        run = subprocess.run([TASKSCOPE, "replay", folder + "/other.cast", "--html", made, "--force"],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True)
        ok(f"a cast {what} is refused in a line", run.returncode == 1 and re.fullmatch(
            r"taskscope: .*other.cast:[14]: this is not a line of a cast.*\n", run.stderr), run.stderr)


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
    inside = json.loads("[" + data.split("})</script>")[0])[:-1]
    for time in TIMES:
        ok(f"its data are the cast's cells at {time} s",
           cells(inside, time) == cells(events, time) and len("".join(cells(inside, time))) > 500)
    ok("the two times differ", cells(inside, TIMES[0]) != cells(inside, TIMES[1]))
    ok("it loads nothing", not re.search(r"https?:|\bsrc=|\bhref=|@import|url\(", head) and "default-src 'none'" in head)
    ok("it is small", len(text) < 2 << 20)
    check_of_cast(cast, text, folder)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium:
        check_browser(chromium, page, events)
        check_keys(chromium, folder + "/keys.html", text)
    else:
        global number
        number += 1
        print(f"ok {number} # SKIP no Chromium is installed: the page was not looked at")
    print(f"1..{number}")
    shutil.rmtree(folder)
    sys.exit(failed > 0)


main()
