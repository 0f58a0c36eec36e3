/* SPDX-License-Identifier: MIT
 * Finds the name that somebody who mistyped one will have meant.
 */

#include "base.h"

#define NAME_MAX_LEN 31

/* Edits (insert, delete, replace, swap of neighbours) that turn one name into the other. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][NAME_MAX_LEN + 2];
	size_t a_len = strlen(a), b_len = strlen(b);
	if (a_len > NAME_MAX_LEN || b_len > NAME_MAX_LEN)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t best = before[j - 1] + (a[i - 1] != b[j - 1]);
			best = MIN(best, MIN(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, older[j - 2] + 1);
			now[j] = best;
		}
	}
	return rows[a_len % 3][b_len];
}

const char *suggest(const char *typed, name_at *at, const void *context, size_t n)
{
	/* A third of the letters may be wrong; with more, a guess would be noise. */
	size_t limit = (strlen(typed) + 1) / 3, best = SIZE_MAX;
	const char *nearest = NULL;
	for (size_t i = 0; i < n; i++) {
		const char *name = at(context, i);
		size_t d = distance(typed, name);
		if (d < best && d <= limit && d < strlen(name)) {
			best = d;
			nearest = name;
		}
	}
	return nearest;
}

struct name_rows {
	const char *at;
	size_t size;
};

static const char *row_at(const void *context, size_t i)
{
	const struct name_rows *rows = context;

	return *(const char *const *)(const void *)(rows->at + i * rows->size);
}

const char *suggest_row(const char *typed, const void *rows, size_t row_size, size_t n)
{
	return suggest(typed, row_at, &(struct name_rows) { rows, row_size }, n);
}
