/* SPDX-License-Identifier: MIT
 * The prober's look at who waits for whom: what each blocked task waits for, and who has to end that.
 */
#ifndef TASKSCOPE_SOURCE_EDGES_H
#define TASKSCOPE_SOURCE_EDGES_H

#include "area.h"
#include "internal.h"

#define EDGE_MAPS_MAX (256u << 10)
#define EDGE_LOCKS_MAX (64u << 10)

/* --- edge_words.c: what numbers say; pure --- */

/* The memory around a futex word: from 4 bytes before it on. */
#define EDGE_WORDS 6
struct edge_words {
	uint32_t before;
	uint32_t at[EDGE_WORDS];
	int n; /* of `at` that were read; 0: none, not even the word */
	bool thread_block; /* it stands where glibc has the number of a thread */
};

/* --- the prober's side --- */

enum edge_file { EDGE_CALL, EDGE_STATUS, EDGE_MEM, EDGE_FILES };

/* What was last read of a waiter. While its call and the memory are the same, what follows from them is, too. */
struct edge_seen {
	int32_t pid, tid;
	bool used; /* in this turn */
	int fd[EDGE_FILES];
	struct syscall_fields call;
	struct edge_words words;
	struct edge_sample row; /* tid 0: none yet */
};

struct edges {
	struct probe_area *area;
	int root;
	const struct probe_request *request;
	struct peek_slot *slot;
	size_t seen_n, next; /* next: where the next one is, most likely */
	struct edge_seen seen[PEEK_WAITERS_MAX];
	ssize_t locks_len; /* of this turn; UNKNOWN: not read yet */
	char locks[EDGE_LOCKS_MAX], maps[EDGE_MAPS_MAX], status[4096], listing[4096];
};

/* root: an open directory, /proc. */
struct edges *edges_create(struct probe_area *area, int root);
/* Fills the slot's edges: one for each task of `wanted` that waits for something. */
void edges_serve(struct edges *edges, const struct peek_request *wanted,
	const struct probe_request *request, struct peek_slot *slot);

/* --- edge_tasks.c --- */

/* A task's status, into edges->status: bytes; 0 or less: it has ended, or may not be read. */
ssize_t edge_status(struct edges *edges, int32_t pid, int32_t tid);
/* Of a status that was read: edge_number; whether its task has ended. */
int64_t edge_status_number(const struct edges *edges, ssize_t len, const char *key, int *ret_n);
bool edge_has_ended(struct edges *edges, ssize_t len);
/* All switches of a waiter since its birth; UNKNOWN. */
int64_t edge_switches(struct edges *edges, struct edge_seen *seen);
/* A task by the number that it has in a waiter's PID namespace, as we number it; 0: there is none. */
int32_t edge_translate(struct edges *edges, struct edge_seen *seen, int32_t tid);

/* What a futex call waits for. tid: who is named, as its own PID namespace numbers tasks; 0: nobody, and why. */
struct edge_guess {
	enum edge_kind kind;
	enum edge_why why;
	int32_t tid;
	bool timed;
};
struct edge_guess edge_guess_futex(
	const struct syscall_fields *call, const struct edge_words *words);

/* /proc/locks: who has the lock for which a process waits in a file of this inode. 0: nobody is named. ret_of_file: it is
 * the lock of an open file, whose heirs have it, too. */
int32_t edge_find_locker(
	const char *text, size_t len, int32_t waiter, uint64_t inode, bool *ret_of_file);
/* edge_locks.c: of such a lock, whether among all that are watched this process alone has that open file. */
bool edge_holds_alone(struct edges *edges, int32_t pid, uint64_t inode);
/* The number behind a key of status or fdinfo, the last of several; UNKNOWN. ret_n, if not NULL: how many there are. */
int64_t edge_number(const char *text, size_t len, const char *key, int *ret_n);

#endif
