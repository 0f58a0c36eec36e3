/* SPDX-License-Identifier: MIT
 * Sends signals to all processes that descend from the caller, and to nobody else. For the
 * supervisor and for keepers, who are subreapers: what loses its parent becomes their child.
 */
#ifndef TASKSCOPE_OFFSPRING_H
#define TASKSCOPE_OFFSPRING_H

#include <stddef.h>
#include <sys/types.h>

/* Sends a signal to every descendant of the caller but these children, and what descends from them.
 * One that is born meanwhile may be missed: call it until there is none. Each is held by a pidfd
 * while it is found to be a child of one that was found, so that no stranger is reached. */
void offspring_signal(int signal, const pid_t *spared, size_t n);
/* The children of the caller, at most n: how many. */
size_t offspring_children(pid_t *pids, size_t n);
/* Ends them with SIGKILL: stopped first, so that none can be born faster than it is found. */
void offspring_kill(const pid_t *spared, size_t n);

#endif
