/* SPDX-License-Identifier: MIT
 * Writes and reads the probe area in an order that lets either side die at any moment.
 */
#include <linux/futex.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#include "area.h"

struct probe_area *probe_area_create(void)
{
	/* Pages that are never used cost nothing: most of the room for mappings. */
	void *area = MAP_FAILED;

	if (!io_fails(IO_AREA_MAP, IO_CALL))
		area = mmap(NULL, sizeof(struct probe_area), PROT_READ | PROT_WRITE,
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
	to->waiters = MIN(from->waiters, (uint32_t)PEEK_WAITERS_MAX);
	memcpy(to->watch, from->watch, to->watches * sizeof(to->watch[0]));
	memcpy(to->range, from->range, to->ranges * sizeof(to->range[0]));
	memcpy(to->pc, from->pc, to->pcs * sizeof(to->pc[0]));
	memcpy(to->waiter, from->waiter, to->waiters * sizeof(to->waiter[0]));
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

	if (number == atomic_load(&area->taken)) {
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
	atomic_store(&area->taken, number);
	return number;
}

static void *slot_of(struct probe_area *area, enum probe_lane lane, uint32_t number)
{
	return lane == PROBE_SLOW ? (void *)&area->slow[number % 2] : &area->quick[number % 2];
}

void *area_begin(struct probe_area *area, enum probe_lane lane, uint32_t turn)
{
	static const size_t counts[] = { offsetof(struct probe_slot, process),
		offsetof(struct peek_slot, page) };
	struct slot_head *slot = slot_of(area, lane, atomic_load(&area->published[lane]) + 1);

	atomic_store(&area->begun[lane], turn);
	memset(slot, 0, counts[lane]);
	slot->turn = turn;
	return slot;
}

void area_publish(struct probe_area *area, enum probe_lane lane)
{
	struct slot_head *slot = slot_of(area, lane, atomic_load(&area->published[lane]) + 1);

	slot->at_ns = nsec_monotonic();
	atomic_fetch_add(&area->published[lane], 1);
}

void area_enter(struct probe_area *area, int32_t pid)
{
	if (atomic_load(&area->busy_pid) == pid)
		return;
	atomic_store(&area->busy_since, 0);
	atomic_store(&area->busy_pid, pid);
	atomic_store(&area->busy_since, pid ? nsec_monotonic() : 0);
}

void area_gap(struct slot_head *head, int32_t pid, const char *what, int error, const char *reason)
{
	struct gap_list *gaps = &head->gaps;
	struct gap_sample *gap;

	for (gap = gaps->gap; gap < gaps->gap + gaps->n; gap++)
		if (gap->pid == pid && strcmp(gap->what, what) == 0)
			return;
	if (gaps->n == AREA_GAPS_MAX)
		return;
	*gap = (struct gap_sample) { .pid = pid, .error = error };
	if (++gaps->n == AREA_GAPS_MAX) {
		gap->pid = 0;
		what = "gaps";
		reason = "there are more: the rest is left out";
	}
	snprintf(gap->what, sizeof(gap->what), "%s", what);
	snprintf(gap->reason, sizeof(gap->reason), "%s", reason ? reason : io_reason(-error));
}

bool area_is_quiet(const struct probe_request *request, int32_t pid)
{
	for (uint32_t i = 0; i < request->targets; i++)
		if (request->target[i].pid == pid)
			return request->target[i].quiet;
	return false;
}

const void *area_newest(struct probe_area *area, enum probe_lane lane, uint32_t *ret_number)
{
	*ret_number = atomic_load(&area->published[lane]);
	return *ret_number ? slot_of(area, lane, *ret_number) : NULL;
}

bool area_unchanged(struct probe_area *area, enum probe_lane lane, uint32_t number)
{
	atomic_thread_fence(memory_order_acquire);
	return atomic_load(&area->published[lane]) == number;
}
