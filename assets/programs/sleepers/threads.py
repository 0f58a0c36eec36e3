# SPDX-License-Identifier: MIT
"""Twenty threads that sleep for three seconds: one interpreter holds them all."""
import os
import threading
import time

WORKERS = 20

threads = [threading.Thread(target=time.sleep, args=(3,)) for _ in range(WORKERS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(WORKERS, "threads slept in process", os.getpid())
