/* SPDX-License-Identifier: MIT
 * The arithmetic of rows and columns. Alone knows how space is shared when there is too little and when there is plenty.
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

/* Gives out up to `rest` rows by weight, in rounds of one row so that rounding loses none. */
static int grow(struct slot *slots, int n, int rest, bool beyond_want)
{
	bool given = true;

	while (rest > 0 && given) {
		given = false;
		for (int i = 0; i < n && rest > 0; i++) {
			int room = beyond_want ? rest : slots[i].want - slots[i].rows;
			int give = MIN(MIN(slots[i].weight, room), rest);

			if (!slots[i].rows || give <= 0)
				continue;
			slots[i].rows += give;
			rest -= give;
			given = true;
		}
	}
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

static int columns_used(const struct column_slot *slots, int n)
{
	int used = 0, shown = 0;

	for (int i = 0; i < n; i++) {
		used += slots[i].width;
		shown += slots[i].width > 0;
	}
	return used + MAX(shown - 1, 0);
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
	while (columns_used(slots, n) > cols && (drop = most_dispensable(slots, n)) >= 0)
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
