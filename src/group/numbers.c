/* SPDX-License-Identifier: MIT
 * Gives tasks numbers that stay while they live: a hash table that is made anew where places run short.
 */

#include "internal.h"

#define NUMBERS_MAX INT16_MAX

static struct task_number *place_of(const struct numbers *numbers, int16_t side, int32_t tid)
{
	const size_t mask = numbers->room - 1;
	/* Neighbours, which are asked for in a row, stand beside each other. */
	const uint32_t hash = (uint32_t)(tid >> 2) * UINT32_C(2654435761) >> 7;
	size_t at = (((size_t)hash ^ (size_t)side) << 2 | (tid & 3)) & mask;

	while (numbers->places[at].number >= 0 &&
		(numbers->places[at].tid != tid || numbers->places[at].side != side))
		at = (at + 1) & mask;
	return &numbers->places[at];
}

/* Enters what is kept into a table of this size. */
static void rebuild(struct numbers *numbers, size_t room)
{
	struct task_number *old = numbers->places;
	const size_t old_room = numbers->room;

	numbers->places = xcalloc(room, sizeof(*old));
	numbers->room = room;
	numbers->n = 0;
	for (size_t i = 0; i < room; i++)
		numbers->places[i].number = -1;
	for (size_t i = 0; i < old_room; i++) {
		if (old[i].number < 0)
			continue;
		*place_of(numbers, old[i].side, old[i].tid) = old[i];
		numbers->n++;
	}
	free(old);
}

void groups_begin_numbers(struct groups *groups)
{
	groups->numbers.sample++;
}

int16_t groups_number(struct groups *groups, enum side side, int32_t tid)
{
	struct numbers *numbers = &groups->numbers;

	if (4 * (numbers->n + 1) > 3 * numbers->room)
		rebuild(numbers, MAX(2 * numbers->room, 64));
	struct task_number *place = place_of(numbers, (int16_t)side, tid);
	if (place->number < 0) {
		if (numbers->free[side].n == 0 && numbers->next[side] == NUMBERS_MAX)
			return WORKER_NONE;
		*place = (struct task_number) { .tid = tid,
			.side = (int16_t)side,
			.number = numbers->free[side].n
					  ? numbers->free[side].at[--numbers->free[side].n]
					  : (int16_t)numbers->next[side]++ };
		numbers->n++;
		numbers->born[side]++;
	}
	place->seen = numbers->sample;
	return place->number;
}

void groups_end_numbers(struct groups *groups)
{
	struct numbers *numbers = &groups->numbers;
	size_t gone = 0;

	for (size_t i = 0; i < numbers->room; i++) {
		struct task_number *place = &numbers->places[i];

		if (place->number < 0 || place->seen == numbers->sample)
			continue;
		*vec_push(&numbers->free[place->side]) = place->number;
		place->number = -1;
		gone++;
	}
	/* A place that became empty would hide those behind it. */
	if (gone)
		rebuild(numbers, numbers->room);
}

void numbers_finish(struct numbers *numbers)
{
	free(numbers->places);
	for (int side = 0; side < SIDES; side++)
		vec_finish(&numbers->free[side]);
}
