# SPDX-License-Identifier: MIT
"""Four processes count in a variable of the same name. Each has its own: the parent's ends at 0."""
import multiprocessing
import os
import time

WORKERS = 4
COUNTS = 2000

counter = 0


def count():
    global counter
    for _ in range(COUNTS):
        counter += 1
        time.sleep(0.001)
    print("process", os.getpid(), "counted to", counter)


if __name__ == "__main__":
    workers = [multiprocessing.Process(target=count) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("the counter is", counter)
