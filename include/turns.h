/* SPDX-License-Identifier: MIT
 * Two programs in turns: whose turn it is, what each took, and what the rounds say.
 */
#ifndef TASKSCOPE_TURNS_H
#define TASKSCOPE_TURNS_H

#include "duel.h"

#define ROUND_MEASURES 3
struct rounds {
	int n; /* 0: both at once, and once */
	int turn; /* two of them are a round */
	double took[ROUND_MEASURES][SIDES][DUEL_TRIALS_MAX];
};
/* Whose turn it is: A B B A. */
enum side rounds_side(const struct rounds *rounds);
/* The turn is over; whether there is another. */
bool rounds_take(struct rounds *rounds, const struct program_sample *program);
/* What they say so far, as records of the sample. */
void rounds_report(const struct rounds *rounds, struct sample *sample);

#endif
