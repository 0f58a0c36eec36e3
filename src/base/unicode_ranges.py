#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes unicode_ranges.h: what src/base/text.c knows of Unicode, as ascending ranges of code points.

Not part of the build. Run it by hand for a newer Unicode: python3 src/base/unicode_ranges.py > src/base/unicode_ranges.h
A code point that Python's Unicode does not assign counts as UNSAFE, so the table never trusts more than it knows.
"""
import sys
import unicodedata

SELECTORS = [(0xFE00, 0xFE0F), (0xE0100, 0xE01EF)]
# Default_Ignorable_Code_Point beyond category Cf: drawn as nothing, though not format characters by category.
INVISIBLE = [(0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164),
             (0xFFA0, 0xFFA0)]
# Narrow or ambiguous by Unicode 14, but glibc's wcwidth (and so ncurses) gives them two cells, as Unicode 16 does.
WIDE = [(0x3248, 0x324F), (0x4DC0, 0x4DFF)]
JAMO = [(0x1161, 0x11FF), (0xD7B0, 0xD7C6), (0xD7CB, 0xD7FB)]  # vowels and finals: join the syllable before


def within(code, ranges):
    return any(first <= code <= last for first, last in ranges)


def kind(code):
    char = chr(code)
    category = unicodedata.category(char)
    if within(code, SELECTORS):
        return "SELECTOR"
    if category in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp") or within(code, INVISIBLE):
        return "UNSAFE"
    if category in ("Mn", "Me") or within(code, JAMO):
        return "COMBINING"
    if unicodedata.east_asian_width(char) in ("W", "F") or within(code, WIDE):
        return "WIDE"
    return None


def ranges():
    start, current = 0, None
    for code in range(0x110001):
        now = kind(code) if code < 0x110000 else None
        if now != current:
            if current:
                yield start, code - 1, current
            start, current = code, now


def main():
    print("/* SPDX-License-Identifier: MIT")
    print(" * Made by unicode_ranges.py from Unicode %s: do not edit. What is not here is a narrow, safe character."
          % unicodedata.unidata_version)
    print(" */")
    print("/* clang-format off */")
    line = ""
    for first, last, what in ranges():
        item = "R(0x%X, 0x%X, %s) " % (first, last, what)
        if len(line) + len(item) > 117:
            print(line.rstrip())
            line = ""
        line += item
    print(line.rstrip())
    print("/* clang-format on */")


if __name__ == "__main__":
    sys.exit(main())
