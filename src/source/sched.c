/* SPDX-License-Identifier: MIT
 * The kernel's own record of who ran when: one ring a CPU, into which events write that are opened on a crew's host before
 * its first worker exists, and that all its children and threads inherit. Works without privileges where
 * kernel.perf_event_paranoid is at most 2. Knows alone how such rings are opened, emptied, and brought into one order.
 */
#include "sched.h"

#include "io.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CPUS_MAX 1024
#define RINGS_BYTES (8u << 20) /* of all rings together, if we may */
#define RING_BYTES_MAX (2u << 20)
#define RING_BYTES_MIN (16u << 10)
/* A record is written some time after its moment: an interrupt, or a hypervisor, may come between. What is younger than
 * this waits for the next reading. */
#define REORDER (NSEC_PER_MSEC)

struct ring {
	int cpu;
	int owner; /* an event on ourselves, which records nothing: the ring is its, and outlives every crew */
	struct perf_event_mmap_page *page;
	int fd[SIDES]; /* the host's event on this CPU; -1: none */
	uint64_t id[SIDES];
	VEC(struct switch_sample) events; /* read, not given out yet; ascending */
	size_t next; /* the first of them that was not given out */
	int64_t dropped, dropped_at; /* for want of memory, since it was last told */
};

struct sched {
	struct ring *rings;
	int n;
	size_t bytes; /* of each ring's data */
	int epoll;
	bool on;
	bool watched[SIDES];
	int error[SIDES]; /* why a side's host is not watched; 0 */
	size_t waiting; /* events in all rings' memory */
	nsec until; /* everything up to here was given out; UNKNOWN: off */
	struct ring_counts counts;
};

struct sched *sched_create(void)
{
	struct sched *sched = xcalloc(1, sizeof(*sched));

	sched->epoll = -1;
	sched->until = UNKNOWN;
	return sched;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
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
	for (int i = 0; i < sched->n; i++) {
		close_fd(&sched->rings[i].owner);
		vec_finish(&sched->rings[i].events);
	}
	close_fd(&sched->epoll);
	free(sched->rings);
	sched->rings = NULL;
	sched->n = 0;
}

void sched_destroy(struct sched *sched)
{
	if (!sched)
		return;
	close_rings(sched);
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

/* Opens an owner on every CPU that is online. 0 or -errno. */
static int open_owners(struct sched *sched, size_t bytes)
{
	long cpus = MIN(sysconf(_SC_NPROCESSORS_CONF), (long)CPUS_MAX);
	struct perf_event_attr attr = base_attr();

	attr.watermark = 1;
	attr.wakeup_watermark = (uint32_t)bytes / 4;
	sched->rings = xcalloc((size_t)MAX(cpus, 1), sizeof(*sched->rings));
	for (int cpu = 0; cpu < cpus; cpu++) {
		struct ring *ring = &sched->rings[sched->n];
		int fd = open_event(&attr, 0, cpu);

		if (fd == -ENODEV) /* offline */
			continue;
		if (fd < 0)
			return fd;
		*ring = (struct ring) { .cpu = cpu, .owner = fd, .fd = { -1, -1 } };
		sched->n++;
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

static size_t wanted_bytes(void)
{
	size_t share = RINGS_BYTES / (size_t)MAX(sysconf(_SC_NPROCESSORS_CONF), 1L);
	size_t bytes = RING_BYTES_MIN;

	while (2 * bytes <= MIN(share, (size_t)RING_BYTES_MAX))
		bytes *= 2;
	return bytes;
}

/* Without privileges locked memory is short (perf_event_mlock_kb, then RLIMIT_MEMLOCK): as much as we get. */
static int open_rings(struct sched *sched)
{
	size_t bytes = wanted_bytes();
	int rc;

	do {
		rc = open_owners(sched, bytes);
		if (rc == 0)
			rc = map_rings(sched, bytes);
		if (rc == 0)
			rc = watch_rings(sched);
		if (rc < 0)
			close_rings(sched);
		bytes /= 2;
	} while (rc == -EPERM && bytes >= RING_BYTES_MIN);
	return rc;
}

static int open_host(struct sched *sched, struct ring *ring, enum side side, int32_t host)
{
	struct perf_event_attr attr = base_attr();
	int fd;

	attr.inherit = 1;
	attr.context_switch = 1;
	attr.task = 1;
	fd = open_event(&attr, host, ring->cpu);
	if (fd < 0)
		return fd;
	if (io_fails(IO_SWITCH_SETUP, IO_CALL) ||
		ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->owner) < 0 ||
		ioctl(fd, PERF_EVENT_IOC_ID, &ring->id[side]) < 0 ||
		(sched->on && ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) < 0)) {
		int error = errno;

		close(fd);
		return -error;
	}
	ring->fd[side] = fd;
	return 0;
}

static void unwatch(struct sched *sched, enum side side)
{
	sched_drain(sched); /* while the ids are known */
	for (int i = 0; i < sched->n; i++) {
		close_fd(&sched->rings[i].fd[side]);
		sched->rings[i].id[side] = 0;
	}
	sched->watched[side] = false;
}

int sched_watch(struct sched *sched, enum side side, int32_t host)
{
	int rc = sched->n > 0 ? 0 : open_rings(sched);

	unwatch(sched, side);
	for (int i = 0; rc == 0 && i < sched->n; i++)
		rc = open_host(sched, &sched->rings[i], side, host);
	sched->error[side] = -rc;
	if (rc < 0)
		unwatch(sched, side);
	sched->watched[side] = rc == 0;
	return rc;
}

/* --- emptying --- */

static enum side side_of(const struct ring *ring, uint64_t id)
{
	return id == ring->id[SIDE_RIGHT] ? SIDE_RIGHT : SIDE_LEFT;
}

/* Ascending: within a ring hardly ever does a record come after a younger one (an interrupt in the middle of writing). */
static void insert(struct ring *ring, const struct switch_sample *event)
{
	size_t at;

	vec_push(&ring->events);
	at = ring->events.n - 1;
	for (; at > ring->next && ring->events.at[at - 1].at_ns > event->at_ns; at--)
		ring->events.at[at] = ring->events.at[at - 1];
	ring->events.at[at] = *event;
}

static void keep(struct sched *sched, struct ring *ring, struct ring_event *read)
{
	struct switch_sample *event = &read->event;

	if (event->kind == SWITCH_LOST && event->at_ns == 0)
		event->at_ns = ring->events.n ? ring->events.at[ring->events.n - 1].at_ns
					      : MAX(sched->until, 0);
	if (event->kind == SWITCH_LOST)
		event->cpu = (int16_t)ring->cpu;
	else
		event->side = (int8_t)side_of(ring, read->id);
	/* One place a ring stays free, to tell of what was dropped. */
	if (sched->waiting + (size_t)sched->n >= SWITCHES_MAX) {
		ring->dropped += event->kind == SWITCH_LOST ? event->other : 1;
		ring->dropped_at = event->at_ns;
		return;
	}
	insert(ring, event);
	sched->waiting++;
}

static void drain_ring(struct sched *sched, struct ring *ring)
{
	struct perf_event_mmap_page *page = ring->page;
	struct ring_event event;
	struct ring_bytes bytes = {
		.data = (const unsigned char *)page + page->data_offset,
		.size = sched->bytes,
		.tail = page->data_tail,
		.head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE),
	};

	while (ring_next(&bytes, &sched->counts, &event))
		keep(sched, ring, &event);
	__atomic_store_n(&page->data_tail, bytes.tail, __ATOMIC_RELEASE);
}

void sched_drain(struct sched *sched)
{
	struct epoll_event events[64];

	/* Takes the readiness away that epoll holds. */
	if (sched->epoll >= 0)
		(void)epoll_wait(sched->epoll, events, ARRAY_LEN(events), 0);
	for (int i = 0; i < sched->n; i++)
		drain_ring(sched, &sched->rings[i]);
}

int sched_fd(const struct sched *sched)
{
	return sched->epoll;
}

static void forget(struct sched *sched)
{
	for (int i = 0; i < sched->n; i++) {
		struct ring *ring = &sched->rings[i];

		vec_clear(&ring->events);
		ring->next = 0;
		ring->dropped = 0;
	}
	sched->waiting = 0;
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
	/* What was recorded while it was not on everywhere is no whole. */
	sched_drain(sched);
	forget(sched);
	sched->until = on ? nsec_monotonic() : UNKNOWN;
}

/* --- one order --- */

static void tell_dropped(struct ring *ring)
{
	const struct switch_sample lost = {
		.at_ns = ring->dropped_at,
		.other = (int32_t)MIN(ring->dropped, (int64_t)INT32_MAX),
		.cpu = (int16_t)ring->cpu,
		.kind = SWITCH_LOST,
	};

	if (!ring->dropped)
		return;
	insert(ring, &lost);
	ring->dropped = 0;
}

/* The ring with the oldest event up to `until`; NULL: no more. *ret_before: it is the oldest up to there, for then comes
 * another's. */
static struct ring *oldest(struct sched *sched, nsec until, nsec *ret_before)
{
	struct ring *best = NULL;
	nsec first = until, second = until;

	for (int i = 0; i < sched->n; i++) {
		struct ring *ring = &sched->rings[i];

		if (ring->next == ring->events.n)
			continue;
		nsec at = ring->events.at[ring->next].at_ns;
		if (at < first || (at <= until && !best)) {
			second = best ? first : until;
			first = at;
			best = ring;
		} else {
			second = MIN(second, at);
		}
	}
	*ret_before = second;
	return best;
}

/* What was given out leaves the memory. */
static void compact(struct sched *sched)
{
	sched->waiting = 0;
	for (int i = 0; i < sched->n; i++) {
		struct ring *ring = &sched->rings[i];
		size_t left = ring->events.n - ring->next;

		if (ring->next > 0 && left > 0)
			memmove(ring->events.at, ring->events.at + ring->next,
				left * sizeof(*ring->events.at));
		ring->events.n = left;
		ring->next = 0;
		sched->waiting += left;
	}
}

static void merge(struct sched *sched, nsec until, struct sample *sample)
{
	struct ring *ring;
	nsec before;

	for (int i = 0; i < sched->n; i++)
		tell_dropped(&sched->rings[i]);
	while ((ring = oldest(sched, until, &before)))
		do
			*vec_push(&sample->switches) = ring->events.at[ring->next++];
		while (ring->next < ring->events.n && ring->events.at[ring->next].at_ns <= before);
	compact(sched);
}

/* --- why not --- */

static const char *refusal(int error, char *out, size_t size)
{
	struct machine_info card;

	switch (error) {
	case EACCES:
	case EPERM:
		machine_info_read(NULL, &card);
		snprintf(out, size,
			"refused: kernel.perf_event_paranoid is %d, or a container's filter",
			card.perf_event_paranoid);
		return out;
	case ENOSYS:
		return "refused: no such call here (a container's filter?)";
	case EMFILE:
	case ENFILE:
		return "out of file descriptors";
	default:
		return strerror(error);
	}
}

static void tell_why(struct sched *sched, struct sample *sample)
{
	char reason[96];

	for (int side = 0; side < SIDES; side++)
		if (sched->error[side])
			sample_gap(sample, 0, "perf_event", sched->error[side],
				refusal(sched->error[side], reason, sizeof(reason)));
	if (!sched->watched[SIDE_LEFT] && !sched->watched[SIDE_RIGHT])
		sample_gap(sample, 0, "perf_event", 0, "not opened before the first worker");
}

void sched_read(struct sched *sched, nsec now, struct sample *sample)
{
	tell_why(sched, sample);
	if (!sched->on || (!sched->watched[SIDE_LEFT] && !sched->watched[SIDE_RIGHT]))
		return;
	sched_drain(sched);
	sample->switches_from_ns = sched->until;
	sched->until = MAX(sched->until, now - REORDER);
	sample->switches_until_ns = sched->until;
	merge(sched, sched->until, sample);
}
