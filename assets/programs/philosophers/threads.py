# SPDX-License-Identifier: MIT
"""Five philosophers are threads, five forks are locks.

Each takes the fork on the left, thinks, and takes the one on the right: soon all wait for ever.
With the argument "ordered" they take the lower fork first, and all have their meals.
"""
import sys
import threading
import time

PHILOSOPHERS = 5
MEALS = 20

forks = [threading.Lock() for _ in range(PHILOSOPHERS)]
ordered = sys.argv[1:] == ["ordered"]


def dine(left):
    first, second = left, (left + 1) % PHILOSOPHERS
    if ordered and second < first:
        first, second = second, first
    for _ in range(MEALS):
        with forks[first]:
            time.sleep(0.01)  # thinks, with one fork in hand
            with forks[second]:
                time.sleep(0.001)  # eats


threads = [threading.Thread(target=dine, args=(i,)) for i in range(PHILOSOPHERS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("all", PHILOSOPHERS, "had", MEALS, "meals")
