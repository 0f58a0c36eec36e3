/* SPDX-License-Identifier: MIT
 * What `taskscope measure` tells, and the two forms in which it does.
 */
#ifndef TASKSCOPE_MEASURE_MEASURED_H
#define TASKSCOPE_MEASURE_MEASURED_H

#include "cli.h"
#include "duel.h"
#include "source.h"

/* All that the output tells. */
struct measured {
	const struct cli *cli;
	const struct duel_plan *plan;
	struct machine_info card;
	struct machine_traits traits;
	struct sample sample; /* its duels, contrasts and duel */
	double seconds;
	int cols; /* of the terminal that the text is for; 0: there is none */
	int signal; /* what interrupted it; 0: nothing */
};

/* The same, for people and for programs. */
void measure_put_text(const struct measured *measured, struct buf *out);
void measure_put_json(const struct measured *measured, struct buf *out);

#endif
