/* SPDX-License-Identifier: MIT
 * Numbers things that can only be compared, two at a time, as kcmp(2) compares kernel objects: equal things get equal
 * numbers. Keeps one thing of each kind in order and looks each new one up among them, so that n things of g kinds take
 * n log g questions: one a task where all share, and no more than sorting where none do.
 */
#include "internal.h"

size_t objects_number(
	size_t n, objects_compare *compare, void *context, int16_t *ret_number, size_t *room)
{
	size_t kinds = 0; /* room[i]: the first thing of a kind, by ascending order */

	for (size_t i = 0; i < n; i++) {
		size_t low = 0, high = kinds, middle;
		int order = 1, error = 0;

		while (low < high && !error) {
			middle = low + (high - low) / 2;
			error = compare(context, i, room[middle], &order);
			if (!error && order == 0)
				break;
			if (order > 0)
				low = middle + 1;
			else
				high = middle;
		}
		if (error) {
			ret_number[i] = -1;
			continue;
		}
		if (low < high) {
			ret_number[i] = ret_number[room[middle]];
			continue;
		}
		for (size_t at = kinds; at > low; at--)
			room[at] = room[at - 1];
		room[low] = i;
		ret_number[i] = (int16_t)++kinds;
	}
	return kinds;
}
