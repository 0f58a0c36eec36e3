# SPDX-License-Identifier: MIT
"""Four threads count in one variable, under a lock: it ends at 8000."""
import threading
import time

WORKERS = 4
COUNTS = 2000

counter = 0
lock = threading.Lock()


def count():
    global counter
    for _ in range(COUNTS):
        with lock:
            counter += 1
        time.sleep(0.001)


threads = [threading.Thread(target=count) for _ in range(WORKERS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("the counter is", counter)
