/* SPDX-License-Identifier: MIT
 * What trials are made of: times, pieces of a trial, pins and maps.
 */
#include "duel.h"

#include <sys/mman.h>
#include <sys/resource.h>

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

double duel_pieces_middle(struct duel_pieces *pieces)
{
	return middle_of(pieces->ns, pieces->n);
}

int64_t duel_switches(void)
{
	struct rusage usage = usage_here();
	return usage.ru_nvcsw + usage.ru_nivcsw;
}

void *duel_map(size_t size, int flags)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}
