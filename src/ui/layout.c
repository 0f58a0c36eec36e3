/* SPDX-License-Identifier: MIT
 * The arithmetic of rows and columns: how space is shared when there is too little, and when there is plenty.
 */
#include "layout.h"

static int sum_min(const struct slot *slots, int n)
{
	int sum = 1;

	for (int i = 0; i < n; i++)
		if (slots[i].rows)
			sum += slots[i].min + 1;
	return sum;
}

/* The last slot that can be spared; -1 if only the focused one is left. */
static int last_spare(const struct slot *slots, int n, int focus)
{
	for (int i = n - 1; i >= 0; i--)
		if (slots[i].rows && i != focus)
			return i;
	return -1;
}

static int heaviest(const struct slot *slots, int n)
{
	int most = 0;

	for (int i = 0; i < n; i++)
		most = MAX(most, slots[i].weight);
	return most;
}

static int count_shown(const struct slot *slots, int n)
{
	int shown = 0;

	for (int i = 0; i < n; i++)
		shown += slots[i].rows > 0;
	return shown;
}

/* One round: each gets its weight in rows, the heaviest first. Returns what is left. */
static int grow_once(struct slot *slots, int n, int rest, bool beyond_want)
{
	for (int weight = heaviest(slots, n); weight > 0; weight--) {
		for (int i = 0; i < n; i++) {
			int room = beyond_want ? rest : slots[i].want - slots[i].rows;
			int give = MIN(MIN(weight, room), rest);

			if (beyond_want && slots[i].modest && count_shown(slots, n) > 1)
				continue;
			if (!slots[i].rows || slots[i].weight != weight || give <= 0)
				continue;
			slots[i].rows += give;
			rest -= give;
		}
	}
	return rest;
}

static int grow(struct slot *slots, int n, int rest, bool beyond_want)
{
	int before;

	do {
		before = rest;
		rest = grow_once(slots, n, rest, beyond_want);
	} while (rest && rest < before);
	return rest;
}

void layout_rows(struct slot *slots, int n, int focus, int rows)
{
	int rest, spare;

	for (int i = 0; i < n; i++)
		slots[i].rows = slots[i].min;
	while (sum_min(slots, n) > rows && (spare = last_spare(slots, n, focus)) >= 0)
		slots[spare].rows = 0;
	rest = rows - sum_min(slots, n);
	if (rest < 0) { /* the focused pane alone, smaller than it would like */
		for (int i = 0; i < n; i++)
			if (slots[i].rows)
				slots[i].rows = MAX(slots[i].rows + rest, 0);
		return;
	}
	rest = grow(slots, n, rest, false);
	grow(slots, n, rest, true);
}

static bool shown(const struct column_slot *slot)
{
	return slot->width > 0;
}

/* The cells that the columns need: luxury is shown only where all others have room to spare. */
static int columns_needed(const struct column_slot *slots, int n)
{
	bool luxury = false;
	int cells = 0, columns = 0;

	for (int i = 0; i < n; i++)
		luxury |= shown(&slots[i]) && slots[i].priority >= COLUMN_LUXURY;
	for (int i = 0; i < n; i++) {
		if (!shown(&slots[i]))
			continue;
		cells += luxury && slots[i].priority < COLUMN_LUXURY ? slots[i].max : slots[i].min;
		columns++;
	}
	return cells + MAX(columns - 1, 0);
}

static int columns_used(const struct column_slot *slots, int n)
{
	int cells = 0, columns = 0;

	for (int i = 0; i < n; i++) {
		cells += slots[i].width;
		columns += shown(&slots[i]);
	}
	return cells + MAX(columns - 1, 0);
}

static int most_dispensable(const struct column_slot *slots, int n)
{
	int worst = -1;

	for (int i = 0; i < n; i++)
		if (slots[i].width && slots[i].priority &&
			(worst < 0 || slots[i].priority >= slots[worst].priority))
			worst = i;
	return worst;
}

static int highest_priority(const struct column_slot *slots, int n)
{
	int highest = 0;

	for (int i = 0; i < n; i++)
		highest = MAX(highest, slots[i].priority);
	return highest;
}

int layout_columns(struct column_slot *slots, int n, int cols)
{
	int rest, drop, at = 0, growing = 0;

	for (int i = 0; i < n; i++)
		slots[i].width = slots[i].min;
	while (columns_needed(slots, n) > cols && (drop = most_dispensable(slots, n)) >= 0)
		slots[drop].width = 0;
	rest = MAX(cols - columns_used(slots, n), 0);
	for (int priority = 0, last = highest_priority(slots, n); priority <= last; priority++) {
		for (int i = 0; i < n; i++) {
			int give = MIN(slots[i].max - slots[i].width, rest);

			if (!slots[i].width || slots[i].priority != priority || give <= 0)
				continue;
			slots[i].width += give;
			rest -= give;
		}
	}
	for (int i = 0; i < n; i++)
		growing += slots[i].grows && slots[i].width;
	for (int i = 0; i < n; i++) {
		if (slots[i].grows && slots[i].width) {
			slots[i].width += rest / growing;
			rest -= rest / growing--;
		}
		slots[i].at = at;
		at += slots[i].width ? slots[i].width + 1 : 0;
	}
	return MAX(at - 1, 0);
}
