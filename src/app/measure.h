/* SPDX-License-Identifier: MIT
 * `taskscope measure`: what its files share.
 */
#ifndef TASKSCOPE_APP_MEASURE_H
#define TASKSCOPE_APP_MEASURE_H

#include "cli.h"
#include "duel.h"
#include "source.h"

/* All that the output tells. */
struct measured {
	const struct cli *cli;
	const struct duel_plan *plan;
	struct machine_card card;
	struct machine_traits traits;
	struct sample sample; /* its duels, contrasts and duel */
	double seconds;
	int cols; /* of the terminal that the text is for; 0: there is none */
	int signal; /* what interrupted it; 0: nothing */
};

/* The same, for people and for programs. */
void measure_put_text(const struct measured *measured, struct buf *out);
void measure_put_json(const struct measured *measured, struct buf *out);

/* The CPUs that we may use, ascending: how many, at most n. */
int measure_cpus(int32_t *cpus, int n);
/* Runs what the command line wants; the exit status. */
int measure(const struct cli *cli);

#endif
