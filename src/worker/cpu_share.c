/* SPDX-License-Identifier: MIT
 * Keeps the host on the CPU that all its workers are told to run on, and sets what their session gets beside others.
 */
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

#define TRIES                                                                                      \
	50 /* 100 ms apart: the kernel lets ordinary users set one only so often, system-wide */

/* Our session is a scheduling group of its own (/proc/PID/autogroup). Measured on two CPUs (Linux 6.18): a group that stands
 * on one CPU gets what it is due beside others, whatever its tasks do. A group on several CPUs is given another weight at
 * each hand-over between its workers, and keeps a CPU from every other session for seconds: it gives way to all others. */
#define FAIR "0"
#define GIVES_WAY "19"

void cpu_share_begin(struct host *host)
{
	long n = syscall(SYS_sched_getaffinity, 0, sizeof(host->cpus), host->cpus);

	host->cpus_size = n > 0 ? (size_t)n : 0;
	atomic_store(&host->home, -1);
	host->weight = FAIR;
}

void run_on(struct host *host, int cpu)
{
	cpu_set_t one[ARRAY_LEN(host->cpus)];

	if (cpu >= 0 && cpu < CPUS_MOST) {
		CPU_ZERO_S(sizeof(one), one);
		CPU_SET_S((size_t)cpu, sizeof(one), one);
		sched_setaffinity(0, sizeof(one), one);
	} else if (host->cpus_size && atomic_load(&host->home) >= 0) {
		/* It was made by a host that stays on one. */
		sched_setaffinity(0, host->cpus_size, host->cpus);
	}
}

/* The one CPU of all who live or are wanted; -1: they have several, or none. */
static int common_cpu(const struct host *host)
{
	int common = -1;

	for (int i = 0; i < BOARD_SLOTS; i++) {
		const struct board_slot *slot = &host->board->slots[i];
		uint32_t phase = atomic_load(&slot->phase);
		int cpu = atomic_load(&slot->cpu);

		if (phase != SLOT_WANTED && phase != SLOT_STARTING && phase != SLOT_ALIVE)
			continue;
		if (cpu < 0 || (common >= 0 && common != cpu))
			return -1;
		common = cpu;
	}
	return common;
}

static void set_weight(struct host *host, const char *weight)
{
	const int error = proc_write("/proc/self/autogroup", weight);

	host->tries = !error || error == EAGAIN ? host->tries + 1 : TRIES;
	if (!error)
		host->weight = weight;
}

bool cpu_share_settle(struct host *host)
{
	const int home = common_cpu(host), before = atomic_load(&host->home);
	const char *weight = home >= 0 ? FAIR : GIVES_WAY;

	if (home != before) {
		run_on(host, home);
		atomic_store(&host->home, home);
		host->tries = 0;
	}
	if (weight == host->weight || host->tries >= TRIES)
		return true;
	/* Not before: a crew shall begin soon on a busy machine, too. */
	if (atomic_load(&host->board->ready))
		set_weight(host, weight);
	return weight == host->weight || host->tries >= TRIES;
}
