/* SPDX-License-Identifier: MIT
 * Finds the processes that the live source watches, and whose mappings are wanted.
 */
#include "live.h"

struct watched *live_find_watched(struct live *live, int32_t pid)
{
	/* Who asks for one asks for the next one then, mostly. */
	for (size_t i = 0; i < live->watched_n; i++) {
		const size_t at = (live->found + i) % live->watched_n;

		if (live->watched[at].target.pid == pid) {
			live->found = at + 1;
			return &live->watched[at];
		}
	}
	return NULL;
}

bool live_is_watched(struct live *live, int32_t pid)
{
	const struct watched *watched = live_find_watched(live, pid);

	return watched && !watched->process.gone;
}

bool live_wants_mappings(const struct live *live, int32_t pid)
{
	for (size_t i = 0; live->needs & NEED_MAPPINGS && i < live->mapping_pids; i++)
		if (live->mapping_pid[i] == pid)
			return true;
	return false;
}
