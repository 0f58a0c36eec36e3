# SPDX-License-Identifier: MIT
"""Four threads add up the numbers below forty million.

They share one list, but also one interpreter lock: only one of them computes at a time.
"""
import threading

WORKERS = 4
NUMBERS = 40_000_000

parts = [0] * WORKERS  # one list for all threads


def add_part(worker):
    total = 0
    for n in range(worker, NUMBERS, WORKERS):
        total += n
    parts[worker] = total


threads = [threading.Thread(target=add_part, args=(i,)) for i in range(WORKERS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("the sum is", sum(parts))
