/* SPDX-License-Identifier: MIT
 * The kernel's own record of who ran when: one ring a CPU, into which events write that are opened on a crew's host before
 * its first worker exists, and that all its children and threads inherit. Works without privileges where
 * kernel.perf_event_paranoid is at most 2. Opens such rings, and folds what is in them, in one order.
 */
#include "sched.h"
#include "internal.h"

#include "io.h"

#include <linux/perf_event.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define CPUS_MAX 32768 /* a record's cpu has 16 bits */
#define RINGS_BYTES (8u << 20) /* of all rings together, if we may */
#define RING_BYTES_MAX (2u << 20)
#define RING_BYTES_MIN (16u << 10)
/* A record is written some time after its moment: an interrupt, or a hypervisor, may come between. What is younger than
 * this stays in its ring. */
#define REORDER (NSEC_PER_MSEC)

struct ring {
	int cpu;
	int owner; /* an event on ourselves, which records nothing: the ring is its, and outlives every crew */
	struct perf_event_mmap_page *page;
	int fd[SIDES]; /* the host's event on this CPU; -1: none */
	uint64_t id[SIDES];
	struct ring_bytes bytes; /* while it is emptied */
	struct ring_event next; /* the oldest record that was not folded yet */
	bool has_next;
	nsec newest; /* the time of the last record */
};

struct sched {
	struct joins joins; /* tasks that were there before */
	struct ring *rings;
	int n;
	size_t bytes; /* of each ring's data */
	int epoll;
	bool on;
	bool watched[SIDES];
	int error[SIDES]; /* why a side's host is not watched; 0 */
	int32_t keeper
		[SIDES]; /* a host that is none of the side's own: it is left out; 0: there is none */
	int64_t births[SIDES]; /* since it is watched; UNKNOWN: some were not recorded */
	nsec offset; /* of our clock to the records': a time namespace has its own */
	nsec latest; /* no record that is read now is of after that */
	struct switch_fold *fold;
	struct ring_counts counts;
};

struct sched *sched_create(void)
{
	struct sched *sched = xcalloc(1, sizeof(*sched));

	sched->epoll = -1;
	sched->fold = switch_fold_create();
	sched->offset = clock_offset();
	return sched;
}

static void unmap_rings(struct sched *sched)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (int i = 0; i < sched->n; i++) {
		struct ring *ring = &sched->rings[i];

		if (ring->page)
			munmap(ring->page, page + sched->bytes);
		ring->page = NULL;
	}
}

static void close_rings(struct sched *sched)
{
	for (int i = 0; i < sched->n; i++)
		for (int side = 0; side < SIDES; side++)
			close_fd(&sched->rings[i].fd[side]);
	unmap_rings(sched);
	for (int i = 0; i < sched->n; i++)
		close_fd(&sched->rings[i].owner);
	close_fd(&sched->epoll);
	free(sched->rings);
	sched->rings = NULL;
	sched->n = 0;
}

void sched_destroy(struct sched *sched)
{
	if (!sched)
		return;
	joins_finish(&sched->joins);
	close_rings(sched);
	switch_fold_destroy(sched->fold);
	free(sched);
}

/* --- opening --- */

static struct perf_event_attr base_attr(void)
{
	return (struct perf_event_attr) {
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_DUMMY,
		.size = sizeof(struct perf_event_attr),
		.sample_type = ring_sample_type,
		.sample_id_all = 1,
		.disabled = 1,
		.exclude_kernel = 1, /* else refused without privileges */
		.exclude_hv = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
}

static int open_event(struct perf_event_attr *attr, int32_t pid, int cpu)
{
	return (int)IO_CALL(pid ? IO_SWITCH_HOST : IO_SWITCH_OWNER,
		syscall(SYS_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC));
}

/* Gives every owner a ring of this many bytes, or none: 0 or -errno. */
static int map_rings(struct sched *sched, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	sched->bytes = bytes;
	for (int i = 0; i < sched->n; i++) {
		void *at = io_fails(IO_SWITCH_MAP, IO_CALL)
				   ? MAP_FAILED
				   : mmap(NULL, page + bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
					     sched->rings[i].owner, 0);

		if (at == MAP_FAILED) {
			int error = errno;

			unmap_rings(sched);
			return -error;
		}
		sched->rings[i].page = at;
	}
	return 0;
}

/* Opens an owner on every CPU that is online. The kernel says which there are: neither /sys nor an affinity is asked, for
 * both may be another's view. 0 or -errno. */
static int open_owners(struct sched *sched)
{
	struct perf_event_attr attr = base_attr();

	attr.watermark = 1;
	attr.wakeup_watermark = (uint32_t)sched->bytes / 4;
	for (int cpu = 0; cpu < CPUS_MAX; cpu++) {
		const int fd = open_event(&attr, 0, cpu);

		if (fd == -ENODEV) /* offline */
			continue;
		if (fd == -EINVAL && cpu > 0) /* beyond the last */
			break;
		if (fd < 0)
			return fd;
		sched->rings =
			xreallocarray(sched->rings, (size_t)sched->n + 1, sizeof(*sched->rings));
		sched->rings[sched->n++] =
			(struct ring) { .cpu = cpu, .owner = fd, .fd = { -1, -1 } };
	}
	return sched->n ? 0 : -ENODEV;
}

static int watch_rings(struct sched *sched)
{
	struct epoll_event event = { .events = EPOLLIN };

	sched->epoll = (int)IO_CALL(IO_SWITCH_POLL, epoll_create1(EPOLL_CLOEXEC));
	if (sched->epoll < 0)
		return sched->epoll;
	for (int i = 0; i < sched->n; i++)
		if (epoll_ctl(sched->epoll, EPOLL_CTL_ADD, sched->rings[i].owner, &event) < 0)
			return -errno;
	return 0;
}

static size_t wanted_bytes(int cpus)
{
	size_t share = RINGS_BYTES / (size_t)MAX(cpus, 1), bytes = RING_BYTES_MIN;

	while (2 * bytes <= MIN(share, (size_t)RING_BYTES_MAX))
		bytes *= 2;
	return bytes;
}

/* Without privileges locked memory is short (perf_event_mlock_kb, then RLIMIT_MEMLOCK): as much as we get. */
static int open_rings(struct sched *sched)
{
	int rc;

	sched->bytes = wanted_bytes(get_nprocs());
	do {
		rc = open_owners(sched);
		if (rc == 0)
			rc = map_rings(sched, sched->bytes);
		if (rc == 0)
			rc = watch_rings(sched);
		if (rc < 0)
			close_rings(sched);
		sched->bytes /= rc < 0 ? 2 : 1;
	} while (rc == -EPERM && sched->bytes >= RING_BYTES_MIN);
	return rc;
}

/* --- emptying --- */

/* The next record of a ring, in our time. */
static void read_next(struct sched *sched, struct ring *ring)
{
	struct switch_sample *event = &ring->next.event;

	ring->has_next = ring_next(&ring->bytes, &sched->counts, &ring->next);
	if (!ring->has_next)
		return;
	event->at_ns += event->at_ns ? sched->offset : 0;
	/* What cannot be of that time is not waited for: it would hold up all that comes behind it. */
	if (event->at_ns <= 0 || event->at_ns > sched->latest)
		event->at_ns = ring->newest;
	ring->newest = event->at_ns;
	event->side = ring->next.id == ring->id[SIDE_RIGHT] ? SIDE_RIGHT : SIDE_LEFT;
	event->side = joins_side(&sched->joins, ring->next.id, event->side);
	if (event->kind == SWITCH_LOST)
		event->cpu = (int16_t)ring->cpu;
}

static void begin_ring(struct sched *sched, struct ring *ring)
{
	const struct perf_event_mmap_page *page = ring->page;

	ring->bytes = (struct ring_bytes) {
		.data = (const unsigned char *)page + page->data_offset,
		.size = sched->bytes,
		.tail = page->data_tail,
		.head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE),
	};
	read_next(sched, ring);
}

/* What was read and not folded stays in the ring. */
static void end_ring(struct ring *ring)
{
	const uint64_t tail = ring->has_next ? ring->bytes.last : ring->bytes.tail;

	__atomic_store_n(&ring->page->data_tail, tail, __ATOMIC_RELEASE);
}

/* The ring with the oldest record; NULL: no more. *ret_before: it is the oldest up to there, for then comes another's. */
static struct ring *oldest(struct sched *sched, nsec *ret_before)
{
	struct ring *best = NULL;
	nsec first = INT64_MAX, second = INT64_MAX;

	for (int i = 0; i < sched->n; i++) {
		struct ring *ring = &sched->rings[i];
		const nsec at = ring->next.event.at_ns;

		if (!ring->has_next)
			continue;
		second = MIN(second, MAX(at, first));
		best = !best || at < first ? ring : best;
		first = MIN(first, at);
	}
	*ret_before = second;
	return best;
}

static void fold(struct sched *sched, const struct switch_sample *event)
{
	int64_t *births = &sched->births[event->side];

	if (event->kind == SWITCH_LOST)
		sched->births[SIDE_LEFT] = sched->births[SIDE_RIGHT] = UNKNOWN;
	if (event->kind == SWITCH_BORN && *births != UNKNOWN)
		++*births;
	if (event->pid != sched->keeper[event->side] || event->kind == SWITCH_LOST)
		switch_fold_add(sched->fold, event);
}

static void fold_up_to(struct sched *sched, nsec until)
{
	struct ring *ring;
	nsec before;

	sched->latest = nsec_monotonic() + NSEC_PER_SEC;
	for (int i = 0; i < sched->n; i++)
		begin_ring(sched, &sched->rings[i]);
	while ((ring = oldest(sched, &before)) && ring->next.event.at_ns <= until)
		do {
			fold(sched, &ring->next.event);
			read_next(sched, ring);
		} while (ring->has_next && ring->next.event.at_ns <= MIN(before, until));
	for (int i = 0; i < sched->n; i++)
		end_ring(&sched->rings[i]);
}

void sched_drain(struct sched *sched)
{
	struct epoll_event events[64];

	if (!sched->on || sched->n == 0)
		return;
	/* Takes the readiness away that epoll holds. */
	(void)epoll_wait(sched->epoll, events, ARRAY_LEN(events), 0);
	fold_up_to(sched, nsec_monotonic() - REORDER);
}

int sched_fd(const struct sched *sched)
{
	return sched->epoll;
}

/* --- watching --- */

/* An event on a task and all that it will create, on the ring's CPU: its descriptor, or -errno. */
static int open_task(struct sched *sched, struct ring *ring, int32_t tid, uint64_t *ret_id)
{
	struct perf_event_attr attr = base_attr();

	attr.inherit = 1;
	attr.context_switch = 1;
	attr.task = 1;
	int fd = open_event(&attr, tid, ring->cpu);
	if (fd < 0)
		return fd;
	if (io_fails(IO_SWITCH_SETUP, IO_CALL) ||
		ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->owner) < 0 ||
		ioctl(fd, PERF_EVENT_IOC_ID, ret_id) < 0 ||
		(sched->on && ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) < 0)) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

static int open_host(struct sched *sched, struct ring *ring, enum side side, int32_t host)
{
	int fd = open_task(sched, ring, host, &ring->id[side]);

	ring->fd[side] = MAX(fd, -1);
	return MIN(fd, 0);
}

/* On every CPU; one that has ended meanwhile is none. */
static int join_task(struct sched *sched, enum side side, int32_t tid)
{
	for (int i = 0; i < sched->n; i++) {
		uint64_t id;
		int fd = open_task(sched, &sched->rings[i], tid, &id);

		if (fd < 0)
			return fd == -ESRCH ? 0 : fd;
		joins_add(&sched->joins, fd, side, id);
	}
	return 0;
}

int sched_join(struct sched *sched, const struct task_sample *tasks, size_t n)
{
	int rc = n > SCHED_JOIN_MAX ? -E2BIG : 0;

	if (rc == 0 && sched->n == 0)
		rc = open_rings(sched);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = join_task(sched, (enum side)tasks[i].side, tasks[i].tid);
	if (rc < 0)
		joins_finish(&sched->joins);
	for (int side = 0; side < SIDES; side++) {
		sched->error[side] = -rc;
		sched->watched[side] = rc == 0;
	}
	return rc;
}

/* Stops a side's events, and folds what they wrote while their ids are known. */
static void unwatch(struct sched *sched, enum side side)
{
	for (int i = 0; i < sched->n; i++)
		if (sched->rings[i].fd[side] >= 0)
			ioctl(sched->rings[i].fd[side], PERF_EVENT_IOC_DISABLE, 0);
	fold_up_to(sched, INT64_MAX);
	for (int i = 0; i < sched->n; i++) {
		close_fd(&sched->rings[i].fd[side]);
		sched->rings[i].id[side] = 0;
	}
	sched->watched[side] = false;
	sched->births[side] = UNKNOWN;
}

int sched_watch(struct sched *sched, enum side side, int32_t host, bool keeper)
{
	int rc = sched->n > 0 ? 0 : open_rings(sched);

	unwatch(sched, side);
	for (int i = 0; rc == 0 && i < sched->n; i++)
		rc = open_host(sched, &sched->rings[i], side, host);
	sched->error[side] = -rc;
	if (rc < 0)
		unwatch(sched, side);
	sched->watched[side] = rc == 0;
	sched->keeper[side] = keeper ? host : 0;
	sched->births[side] = rc == 0 && sched->on ? 0 : UNKNOWN;
	return rc;
}

int64_t sched_births(const struct sched *sched, enum side side)
{
	return sched->births[side];
}

void sched_enable(struct sched *sched, bool on)
{
	if (on == sched->on)
		return;
	sched->on = on;
	for (int i = 0; i < sched->n; i++)
		for (int side = 0; side < SIDES; side++)
			if (sched->rings[i].fd[side] >= 0)
				ioctl(sched->rings[i].fd[side],
					on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
	joins_enable(&sched->joins, on);
	sched->births[SIDE_LEFT] = sched->births[SIDE_RIGHT] = UNKNOWN;
	/* What was recorded while it was not on everywhere is no whole. */
	fold_up_to(sched, INT64_MAX);
	switch_fold_restart(sched->fold, on ? nsec_monotonic() : UNKNOWN);
}

/* --- why not --- */

static void tell_why(struct sched *sched, struct sample *sample)
{
	char reason[96];

	for (int side = 0; side < SIDES; side++)
		if (sched->error[side])
			sample_gap(sample, 0, "perf_event", sched->error[side],
				perf_refusal(sched->error[side], reason, sizeof(reason)));
	if (!sched->watched[SIDE_LEFT] && !sched->watched[SIDE_RIGHT])
		sample_gap(sample, 0, "perf_event", 0, "not opened before these tasks were born");
}

/* The counters of this sample were read after `until`: the next one tells how they and the records compare. */
static void compare_counters(struct sched *sched, const struct sample *sample)
{
	const struct task_sample *task;

	vec_each (task, &sample->tasks)
		if (task->state != 'Z' && sched->watched[task->side])
			switch_fold_reading(
				sched->fold, &(struct switch_reading) {
						     .pid = task->pid,
						     .tid = task->tid,
						     .side = task->side,
						     .from_ns = task->at_ns,
						     .to_ns = task->at_ns + task->took_ns,
						     .voluntary = task->voluntary,
						     .involuntary = task->involuntary,
					     });
}

void sched_read(struct sched *sched, nsec began, struct sample *sample)
{
	tell_why(sched, sample);
	if (!sched->on || (!sched->watched[SIDE_LEFT] && !sched->watched[SIDE_RIGHT]))
		return;
	fold_up_to(sched, began - REORDER);
	switch_fold_take(sched->fold, began - REORDER, sample);
	compare_counters(sched, sample);
}
