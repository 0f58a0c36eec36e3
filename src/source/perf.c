/* SPDX-License-Identifier: MIT
 * Registers of running tasks by perf_event: a clock that counts the CPU time of one task and notes user stack pointer and
 * program counter every 20 ms of it. Costs a task that sleeps nothing, and one that runs a timer interrupt; wakes nobody.
 */
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "reader.h"

#if defined(__x86_64__)
#	include <asm/perf_regs.h>
#	define REGISTER_SP PERF_REG_X86_SP
#	define REGISTER_PC PERF_REG_X86_IP
#elif defined(__aarch64__)
#	include <asm/perf_regs.h>
#	define REGISTER_SP PERF_REG_ARM64_SP
#	define REGISTER_PC PERF_REG_ARM64_PC
#endif

#define TASKS_MAX 64
#define PERIOD_NS 20000000
#define IDLE_TICKS_MAX 50

struct sampled {
	int32_t tid;
	int fd;
	bool used; /* since the last tick */
	int idle; /* ticks since it was last used: a task that naps is sampled on */
	struct perf_event_mmap_page *ring;
	struct seen newest;
};

struct perf {
	size_t page;
	nsec offset; /* of our clock to the samples' */
	int error; /* refused to all; 0 */
	int quiet; /* ticks since then */
	struct sampled task[TASKS_MAX];
	size_t n;
};

struct perf *perf_create(void)
{
	struct perf *perf = xcalloc(1, sizeof(*perf));

	perf->page = (size_t)sysconf(_SC_PAGESIZE);
	perf->offset = clock_offset();
	return perf;
}

static void stop(struct perf *perf, struct sampled *task)
{
	munmap(task->ring, 2 * perf->page);
	close(task->fd);
}

void perf_destroy(struct perf *perf)
{
	for (size_t i = 0; perf && i < perf->n; i++)
		stop(perf, &perf->task[i]);
	free(perf);
}

#ifdef REGISTER_SP

static int start(struct perf *perf, int32_t tid)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = PERIOD_NS,
		.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_REGS_USER,
		.sample_regs_user = UINT64_C(1) << REGISTER_SP | UINT64_C(1) << REGISTER_PC,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.watermark = 1,
		.wakeup_watermark = UINT32_MAX,
	};
	struct sampled *task = &perf->task[perf->n];
	int fd = (int)IO_CALL(IO_PERF_OPEN, syscall(SYS_perf_event_open, &attr, tid, -1, -1,
						    (unsigned long)PERF_FLAG_FD_CLOEXEC));
	void *ring = MAP_FAILED;

	if (fd < 0)
		return fd;
	if (!io_fails(IO_PERF_MAP, IO_CALL))
		ring = mmap(NULL, 2 * perf->page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED) {
		int error = errno;

		close(fd);
		return -error;
	}
	*task = (struct sampled) { .tid = tid, .fd = fd, .ring = ring, .newest.at = UNKNOWN };
	perf->n++;
	return 0;
}

/* The kernel writes the registers by ascending number. */
static void take_sample(struct sampled *task, const uint64_t *words, size_t n)
{
	bool sp_first = (int)REGISTER_SP < (int)REGISTER_PC;

	if (n < 4 || words[1] == PERF_SAMPLE_REGS_ABI_NONE)
		return; /* time, abi, two registers */
	task->newest.at = (nsec)words[0];
	task->newest.sp = words[sp_first ? 2 : 3];
	task->newest.pc = words[sp_first ? 3 : 2];
}

static void copy_out(const uint8_t *data, size_t size, uint64_t at, void *into, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)into)[i] = data[(at + i) % size];
}

static void drain(struct perf *perf, struct sampled *task)
{
	const uint8_t *data = (const uint8_t *)task->ring + perf->page;
	uint64_t head = __atomic_load_n(&task->ring->data_head, __ATOMIC_ACQUIRE);
	uint64_t tail = task->ring->data_tail;
	uint64_t words[8];
	struct perf_event_header header;

	while (tail < head) {
		copy_out(data, perf->page, tail, &header, sizeof(header));
		if (header.size < sizeof(header) || header.size > head - tail)
			break;
		if (header.type == PERF_RECORD_SAMPLE &&
			header.size - sizeof(header) <= sizeof(words)) {
			copy_out(data, perf->page, tail + sizeof(header), words,
				header.size - sizeof(header));
			take_sample(task, words, (header.size - sizeof(header)) / 8);
		}
		tail += header.size;
	}
	__atomic_store_n(&task->ring->data_tail, head, __ATOMIC_RELEASE);
}

int perf_read(struct perf *perf, int32_t tid, struct seen *ret)
{
	struct sampled *task = NULL;
	int error;

	for (size_t i = 0; i < perf->n && !task; i++)
		if (perf->task[i].tid == tid)
			task = &perf->task[i];
	if (!task) {
		if (perf->error)
			return perf->error;
		error = perf->n == TASKS_MAX ? -E2BIG : start(perf, tid);
		/* Refused to everybody: not asked again for each task at each tick. */
		if (error && error != -ESRCH && error != -E2BIG)
			perf->error = error;
		if (error)
			return error;
		task = &perf->task[perf->n - 1];
	}
	task->used = true;
	drain(perf, task);
	if (task->newest.at == UNKNOWN)
		return -EAGAIN;
	*ret = task->newest;
	ret->at += perf->offset;
	return 0;
}

#else

int perf_read(struct perf *perf, int32_t tid, struct seen *ret)
{
	return -EOPNOTSUPP;
}

#endif

void perf_drop_unused(struct perf *perf)
{
	for (size_t i = perf->n; i-- > 0;) {
		struct sampled *task = &perf->task[i];

		if (!task->used && ++task->idle > IDLE_TICKS_MAX) {
			stop(perf, task);
			*task = perf->task[--perf->n];
			continue;
		}
		if (task->used)
			task->idle = 0;
		task->used = false;
	}
	if (perf->n == 0 && perf->error && ++perf->quiet > IDLE_TICKS_MAX) {
		perf->error = 0; /* asked again now and then: a limit may have been raised */
		perf->quiet = 0;
	}
}
