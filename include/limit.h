/* SPDX-License-Identifier: MIT
 * Which limit of this machine refused something, with its value and where it stands. For taskscope
 * and its crew.
 */
#ifndef TASKSCOPE_LIMIT_H
#define TASKSCOPE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>

/* What an errno says, and the limit behind it if one is known, with what helps: "Too many open
 * files (RLIMIT_NOFILE 34: raise it with ulimit -n)". EAGAIN is taken as the answer of fork or
 * pthread_create. Reads /proc and the cgroup files: not for a hot path. Returns out. */
const char *limit_error(int error, char *out, size_t size);

enum limit_kind { LIMIT_TASKS, LIMIT_MEMORY, LIMIT_CPU, LIMIT_KINDS };

/* The limit of a kind that leaves least, as limit_of_tasks names it; cgroups of both versions, and
 * for tasks the kernel's and the user's as well. *ret_room: so many tasks more, so many bytes in
 * all, so many thousandths of a CPU. False: there is no such limit, and out is "". */
bool limit_room(
	const char *root, enum limit_kind kind, long long *ret_room, char *out, size_t size);

/* The limit that one more task would break, now: "pids.max 14 of /sys/fs/cgroup/pids/box",
 * "RLIMIT_NPROC 20", "kernel.threads-max 1000", "kernel.pid_max 32768"; "" if none. root stands
 * before every path; "" but in tests. Returns out. */
const char *limit_of_tasks(const char *root, char *out, size_t size);

/* The folder of our cgroup of version 2. False: no such hierarchy is mounted. */
bool limit_own_cgroup(const char *root, char *folder, size_t size);

/* The memory limit for which something in our cgroup was killed since limit_count_kills:
 * "memory.max 8388608 of /sys/fs/cgroup/box"; "" if nothing was. Returns out. */
void limit_count_kills(void);
const char *limit_of_kill(char *out, size_t size);

/* The resource limit by which a program that has our limits may have ended so: of CPU time after
 * SIGKILL or SIGXCPU, of the stack after SIGSEGV, of memory after an exit: "RLIMIT_CPU 2 may be too
 * low: raise it with ulimit -t"; "" if none. cpu_s: the CPU time it used, rounded up; LLONG_MAX:
 * not known. Returns out. */
const char *limit_of_end(int wait_status, long long cpu_s, char *out, size_t size);

#endif
