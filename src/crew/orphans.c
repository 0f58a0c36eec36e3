/* SPDX-License-Identifier: MIT
 * Knows how the supervisor tells of tasks that outlived their host by a moment: a ring with one writer that never waits.
 */
#include "internal.h"

void life_add_orphan(struct life *life, pid_t pid, int status)
{
	uint32_t n = atomic_load(&life->orphans);

	atomic_store(&life->orphan[n % LIFE_ORPHANS].pid, pid);
	atomic_store(&life->orphan[n % LIFE_ORPHANS].status, status);
	atomic_store(&life->orphans, n + 1);
}
