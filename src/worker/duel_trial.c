/* SPDX-License-Identifier: MIT
 * What trials are made of: times, pieces of a trial, pins and maps.
 */
#include "duel.h"

#include <sys/mman.h>
#include <sys/resource.h>

int64_t duel_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

void duel_pieces_start(struct duel_pieces *pieces, int64_t now, int64_t trial_ns)
{
	*pieces = (struct duel_pieces) { .length = trial_ns / DUEL_PIECES,
		.since = now,
		.until = now + DUEL_PATIENCE * trial_ns };
}

bool duel_pieces_add(struct duel_pieces *pieces, int64_t now, double done)
{
	if (pieces->n < DUEL_PIECES && now - pieces->since >= pieces->length &&
		done > pieces->done) {
		pieces->ns[pieces->n++] = (double)(now - pieces->since) / (done - pieces->done);
		pieces->since = now;
		pieces->done = done;
	}
	return pieces->n < DUEL_PIECES && now < pieces->until;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double duel_pieces_middle(struct duel_pieces *pieces)
{
	int n = pieces->n;
	qsort(pieces->ns, (size_t)n, sizeof(pieces->ns[0]), ascending);
	return n ? (pieces->ns[(n - 1) / 2] + pieces->ns[n / 2]) / 2 : NAN;
}

int64_t duel_switches(void)
{
	struct rusage usage;
	if (getrusage(RUSAGE_THREAD, &usage) < 0)
		return 0;
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

void duel_pin(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	if (cpu < 0)
		return;
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

void *duel_map(size_t size, int flags)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}
