# SPDX-License-Identifier: MIT
"""Five philosophers are processes, five forks are semaphores that they share.

Each takes the fork on the left, thinks, and takes the one on the right: soon all wait for ever.
With the argument "ordered" they take the lower fork first, and all have their meals.
"""
import multiprocessing
import sys
import time

PHILOSOPHERS = 5
MEALS = 20


def dine(forks, left, ordered):
    first, second = left, (left + 1) % PHILOSOPHERS
    if ordered and second < first:
        first, second = second, first
    for _ in range(MEALS):
        with forks[first]:
            time.sleep(0.01)  # thinks, with one fork in hand
            with forks[second]:
                time.sleep(0.001)  # eats


if __name__ == "__main__":
    forks = [multiprocessing.Lock() for _ in range(PHILOSOPHERS)]
    ordered = sys.argv[1:] == ["ordered"]
    workers = [
        multiprocessing.Process(target=dine, args=(forks, i, ordered))
        for i in range(PHILOSOPHERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("all", PHILOSOPHERS, "had", MEALS, "meals")
