# SPDX-License-Identifier: MIT
"""Twenty processes that sleep for three seconds: each is an interpreter of its own."""
import multiprocessing
import os
import time

WORKERS = 20

if __name__ == "__main__":
    workers = [multiprocessing.Process(target=time.sleep, args=(3,)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(WORKERS, "processes slept, children of", os.getpid())
