/* SPDX-License-Identifier: MIT
 * Tells of tasks that outlived their host by a moment: a ring that the supervisor writes, and never waits for.
 */
#include "internal.h"

void life_add_orphan(struct life *life, pid_t pid, int status)
{
	uint32_t n = atomic_load(&life->orphans);

	atomic_store(&life->orphan[n % LIFE_ORPHANS].pid, pid);
	atomic_store(&life->orphan[n % LIFE_ORPHANS].status, status);
	atomic_store(&life->orphans, n + 1);
}
