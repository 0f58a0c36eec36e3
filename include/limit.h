/* SPDX-License-Identifier: MIT
 * Which limit of this machine refused something, with its value and where it stands. For taskscope
 * and its crew.
 */
#ifndef TASKSCOPE_LIMIT_H
#define TASKSCOPE_LIMIT_H

#include <stddef.h>

/* What an errno says, and the limit behind it if one is known: "Too many open files (RLIMIT_NOFILE
 * 34)". EAGAIN is taken as the answer of fork or pthread_create. Reads /proc and the cgroup files:
 * not for a hot path. Returns out. */
const char *limit_error(int error, char *out, size_t size);

/* The limit that one more task would break, now: "pids.max 14 of /sys/fs/cgroup/pids/box",
 * "RLIMIT_NPROC 20", "kernel.threads-max 1000", "kernel.pid_max 32768"; "" if none. root stands
 * before every path; "" but in tests. Returns out. */
const char *limit_of_tasks(const char *root, char *out, size_t size);

#endif
