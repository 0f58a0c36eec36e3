/* SPDX-License-Identifier: MIT
 * Knows alone the order of writes that lets either side of the probe area die at any moment.
 */
#include <linux/futex.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "area.h"

struct probe_area *probe_area_create(void)
{
	/* Pages that are never used cost nothing: most of the room for mappings. */
	void *area = mmap(NULL, sizeof(struct probe_area), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return area == MAP_FAILED ? NULL : area;
}

void probe_area_destroy(struct probe_area *area)
{
	if (area)
		munmap(area, sizeof(*area));
}

static void futex(_Atomic uint32_t *word, int operation, uint32_t value)
{
	syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

static void copy_peeks(struct peek_request *to, const struct peek_request *from)
{
	to->watches = MIN(from->watches, (uint32_t)PEEK_WATCHES_MAX);
	to->ranges = MIN(from->ranges, (uint32_t)ARRAY_LEN(from->range));
	to->pcs = MIN(from->pcs, (uint32_t)PEEK_PCS_MAX);
	memcpy(to->watch, from->watch, to->watches * sizeof(to->watch[0]));
	memcpy(to->range, from->range, to->ranges * sizeof(to->range[0]));
	memcpy(to->pc, from->pc, to->pcs * sizeof(to->pc[0]));
}

void area_request(struct probe_area *area, const struct probe_request *request,
	const struct peek_request *wanted)
{
	atomic_fetch_add(&area->lock, 1);
	memcpy(&area->request, request,
		offsetof(struct probe_request, target) +
			request->targets * sizeof(request->target[0]));
	if (wanted)
		copy_peeks(&area->peeks, wanted);
	atomic_fetch_add(&area->lock, 1);
	atomic_fetch_add(&area->wake, 1);
	futex(&area->wake, FUTEX_WAKE, 1);
}

uint32_t area_wait(
	struct probe_area *area, struct probe_request *ret, struct peek_request *ret_look)
{
	uint32_t number = atomic_load(&area->wake);
	uint32_t lock = atomic_load(&area->lock);

	if (number == atomic_load(&area->begun)) {
		futex(&area->wake, FUTEX_WAIT, number);
		return 0;
	}
	*ret = area->request;
	copy_peeks(ret_look, &area->peeks);
	atomic_thread_fence(memory_order_acquire);
	/* Torn by a newer request: that one will wake us too. */
	if (lock % 2 || lock != atomic_load(&area->lock)) {
		poll(NULL, 0, 1);
		return 0;
	}
	ret->targets = MIN(ret->targets, (uint32_t)TARGETS_MAX);
	atomic_store(&area->begun, number);
	return number;
}

struct probe_slot *area_slot(struct probe_area *area)
{
	struct probe_slot *slot = &area->slot[(atomic_load(&area->published) + 1) % 2];

	memset(slot, 0, offsetof(struct probe_slot, process));
	return slot;
}

void area_publish(struct probe_area *area)
{
	atomic_fetch_add(&area->published, 1);
}

const struct probe_slot *area_newest(struct probe_area *area, uint32_t *ret_number)
{
	*ret_number = atomic_load(&area->published);
	return *ret_number ? &area->slot[*ret_number % 2] : NULL;
}

bool area_unchanged(struct probe_area *area, uint32_t number)
{
	atomic_thread_fence(memory_order_acquire);
	return atomic_load(&area->published) == number;
}

struct peek_slot *area_peek_slot(struct probe_area *area)
{
	struct peek_slot *slot = &area->peek[(atomic_load(&area->peeked) + 1) % 2];

	memset(slot, 0, offsetof(struct peek_slot, page));
	return slot;
}

void area_publish_peek(struct probe_area *area)
{
	atomic_fetch_add(&area->peeked, 1);
}

const struct peek_slot *area_newest_peek(struct probe_area *area, uint32_t *ret_number)
{
	*ret_number = atomic_load(&area->peeked);
	return *ret_number ? &area->peek[*ret_number % 2] : NULL;
}

bool area_peek_unchanged(struct probe_area *area, uint32_t number)
{
	atomic_thread_fence(memory_order_acquire);
	return atomic_load(&area->peeked) == number;
}
