/* SPDX-License-Identifier: MIT
 * `run --rounds`: whose turn it is, left right right left, what each turn took, and what the rounds say so far.
 */

#include "turns.h"

static double time_of(const struct program_sample *program)
{
	return program->ended_ns == UNKNOWN ? NAN : (double)program->wall_ns;
}

static double cpu_of(const struct program_sample *program)
{
	bool known = program->user_us != UNKNOWN && program->system_us != UNKNOWN;

	return known ? (double)(program->user_us + program->system_us) : NAN;
}

static double memory_of(const struct program_sample *program)
{
	return program->peak_rss_kb == UNKNOWN ? NAN : (double)program->peak_rss_kb;
}

static const struct {
	const char *name;
	double (*of)(const struct program_sample *program);
} measures[ROUND_MEASURES] = {
	{ "time", time_of },
	{ "CPU time", cpu_of },
	{ "largest RSS", memory_of },
};

enum side rounds_side(const struct rounds *rounds)
{
	const int round = rounds->turn / SIDES, second = rounds->turn % SIDES;

	return (enum side)((round + second) % SIDES);
}

bool rounds_take(struct rounds *rounds, const struct program_sample *program)
{
	const int round = rounds->turn / SIDES;

	for (int i = 0; i < ROUND_MEASURES; i++)
		rounds->took[i][program->side][round] = measures[i].of(program);
	rounds->turn++;
	return rounds->turn < rounds->n * SIDES;
}

void rounds_report(const struct rounds *rounds, struct sample *sample)
{
	for (int i = 0; i < ROUND_MEASURES; i++)
		duel_compare_rounds(measures[i].name, rounds->took[i][SIDE_LEFT],
			rounds->took[i][SIDE_RIGHT], (size_t)(rounds->turn / SIDES),
			record_push(&contrast_record, sample));
}
