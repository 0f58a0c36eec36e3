/* SPDX-License-Identifier: MIT
 * Command lines of processes that may block who asks for them.
 */
#ifndef TASKSCOPE_SOURCE_COMMANDS_H
#define TASKSCOPE_SOURCE_COMMANDS_H

#include "internal.h"

#define COMMANDS_BLOCKED_MAX                                                                       \
	8 /* processes that gave no answer in time: after so many nobody is asked */

struct commands {
	pid_t child; /* one that was killed and did not end yet; 0: none */
	VEC(struct group_process) blocked; /* never asked again */
};

/* Fills in what rows run. Waits for each a second at most. Changes the order of rows. */
void commands_read(struct commands *commands, int root, struct group_process **rows, size_t n);
void commands_finish(struct commands *commands);

#endif
