/* SPDX-License-Identifier: MIT
 * The events on tasks that were there before us, and whose records are whose by the event's number.
 */
#include <linux/perf_event.h>
#include <sys/ioctl.h>

#include "internal.h"
#include "sched.h"

void joins_finish(struct joins *joins)
{
	struct joined *joined;

	vec_each (joined, &joins->list)
		close_fd(&joined->fd);
	vec_finish(&joins->list);
}

void joins_add(struct joins *joins, int fd, enum side side, uint64_t id)
{
	*vec_push(&joins->list) = (struct joined) { fd, (int16_t)side, id };
}

void joins_enable(struct joins *joins, bool on)
{
	struct joined *joined;

	vec_each (joined, &joins->list)
		ioctl(joined->fd, on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
}

static int compare_ids(const void *a, const void *b)
{
	const uint64_t left = ((const struct joined *)a)->id,
		       right = ((const struct joined *)b)->id;

	return (left > right) - (left < right);
}

int16_t joins_side(const struct joins *joins, uint64_t id, int16_t otherwise)
{
	const struct joined key = { .id = id }, *joined = NULL;

	if (joins->list.n)
		joined = bsearch(&key, joins->list.at, joins->list.n, sizeof(key), compare_ids);
	return joined ? joined->side : otherwise;
}
