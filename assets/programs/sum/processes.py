# SPDX-License-Identifier: MIT
"""Four processes add up the numbers below forty million.

Each has an interpreter of its own, so they compute at the same time; their parts come back as
messages.
"""
import multiprocessing

WORKERS = 4
NUMBERS = 40_000_000


def add_part(worker):
    total = 0
    for n in range(worker, NUMBERS, WORKERS):
        total += n
    return total


if __name__ == "__main__":
    with multiprocessing.Pool(WORKERS) as pool:
        print("the sum is", sum(pool.map(add_part, range(WORKERS))))
