/* SPDX-License-Identifier: MIT
 * Two address spaces in rows: what stands where. Same address and same class belong together first;
 * between such rows, what is the same by name and by count belongs together, as far as both sides
 * stay in ascending order.
 */
#include "internal.h"

/* One side, or a stretch of it. */
struct half {
	const struct region *at;
	size_t from, to;
};

/* What names a region: its path, or whose it is, or nothing where there is one kind a program. */
static const char *identity(const struct region *region)
{
	switch (region->class) {
	case REGION_TEXT:
	case REGION_DATA:
	case REGION_HEAP:
	case REGION_BOARD:
		return "";
	case REGION_GUARD:
		return region->label;
	case REGION_STACK: /* the main thread's has a path, and may be another worker's there */
		return region->mapping->path[0] ? region->mapping->path : region->label;
	default:
		return region->mapping->path;
	}
}

/* Shared memory of ours changes what may be done with it, and is still the same. */
static const char *rights(const struct region *region)
{
	const bool ours = region->class == REGION_BOARD || region->class == REGION_SHARED;

	return ours ? "" : region->mapping->perms;
}

static bool same_kind(const struct region *a, const struct region *b)
{
	return a->class == b->class && strcmp(identity(a), identity(b)) == 0 &&
	       strcmp(rights(a), rights(b)) == 0;
}

static uint64_t kind_key(const struct region *region)
{
	const char *name = identity(region), *perms = rights(region);

	return hash_bytes(
		perms, strlen(perms), hash_bytes(name, strlen(name), (uint64_t)region->class));
}

/* The key of the next of its kind: the first, the second ... */
static uint64_t next_key(struct id_map *counts, const struct region *region)
{
	const uint64_t kind = kind_key(region);
	uint32_t *count = id_map_at(counts, kind);

	*count = *count == INDEX_NONE ? 0 : *count + 1;
	return (kind ^ *count) * UINT64_C(0x9e3779b97f4a7c15) + *count;
}

static void pair_by_kind(struct align *align, struct half left, struct half right)
{
	id_map_reset(&align->counts, right.to - right.from);
	id_map_reset(&align->found, right.to - right.from);
	for (size_t j = right.from; j < right.to; j++)
		*id_map_at(&align->found, next_key(&align->counts, &right.at[j])) = (uint32_t)j;
	id_map_reset(&align->counts, left.to - left.from);
	for (size_t i = left.from; i < left.to; i++) {
		const uint32_t j = id_map_get(&align->found, next_key(&align->counts, &left.at[i]));

		if (j != INDEX_NONE && same_kind(&left.at[i], &right.at[j]))
			align->partner.at[i] = j;
	}
}

/* Where a run that ends in partner j goes on: after the longest run that ends below it. */
static size_t run_length_below(const struct align *align, uint32_t j)
{
	size_t low = 0, high = align->ends.n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (align->partner.at[align->ends.at[middle]] < j)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Parts pairs that cross others, so that most pairs stay: the longest ascending run does. */
static void uncross(struct align *align, struct half left)
{
	vec_clear(&align->ends);
	for (size_t i = left.from; i < left.to; i++) {
		const uint32_t j = align->partner.at[i];

		if (j == INDEX_NONE)
			continue;
		size_t length = run_length_below(align, j);
		align->previous.at[i] = length == 0 ? INDEX_NONE : align->ends.at[length - 1];
		if (length == align->ends.n)
			vec_push(&align->ends);
		align->ends.at[length] = (uint32_t)i;
	}
	uint32_t keep = align->ends.n == 0 ? INDEX_NONE : align->ends.at[align->ends.n - 1];
	for (size_t i = left.to; i-- > left.from;) {
		if (i == keep)
			keep = align->previous.at[i];
		else
			align->partner.at[i] = INDEX_NONE;
	}
}

static void pair_stretch(struct align *align, struct half left, struct half right)
{
	if (left.from == left.to || right.from == right.to)
		return;
	pair_by_kind(align, left, right);
	uncross(align, left);
}

static void pair_all(struct align *align, struct half left, struct half right)
{
	size_t i = left.from, j = right.from;

	while (i < left.to && j < right.to) {
		const uint64_t a = left.at[i].mapping->start, b = right.at[j].mapping->start;

		if (a == b && left.at[i].class == right.at[j].class) {
			align->partner.at[i] = (uint32_t)j;
			pair_stretch(align, (struct half) { left.at, left.from, i },
				(struct half) { right.at, right.from, j });
			left.from = i + 1;
			right.from = j + 1;
		}
		i += a <= b;
		j += b <= a;
	}
	pair_stretch(align, left, right);
}

static void add_row(struct align *align, const struct region *left, const struct region *right)
{
	*vec_push(&align->rows) = (struct region_pair) { left, right,
		left && right && left->mapping->start == right->mapping->start };
}

/* What has no partner, by address. */
static void add_singles(struct align *align, struct half left, struct half right)
{
	size_t i = left.from, j = right.from;

	while (i < left.to || j < right.to) {
		const bool left_is_next =
			j == right.to ||
			(i < left.to && left.at[i].mapping->start <= right.at[j].mapping->start);

		if (left_is_next)
			add_row(align, &left.at[i++], NULL);
		else
			add_row(align, NULL, &right.at[j++]);
	}
}

static void add_rows(struct align *align, struct half left, struct half right)
{
	for (size_t i = left.from; i < left.to; i++) {
		const uint32_t j = align->partner.at[i];

		if (j == INDEX_NONE)
			continue;
		add_singles(align, (struct half) { left.at, left.from, i },
			(struct half) { right.at, right.from, j });
		add_row(align, &left.at[i], &right.at[j]);
		left.from = i + 1;
		right.from = j + 1;
	}
	add_singles(align, left, right);
}

static void make_room(struct align *align, size_t n)
{
	vec_clear(&align->partner);
	vec_clear(&align->previous);
	for (size_t i = 0; i < n; i++) {
		*vec_push(&align->partner) = INDEX_NONE;
		vec_push(&align->previous);
	}
}

const struct region_pair *model_align(
	struct model *model, int32_t left_pid, int32_t right_pid, size_t *ret_n)
{
	struct align *align = &model->align;
	struct half left = { 0 }, right = { 0 };

	if (left_pid != 0)
		left.at = model_regions(model, left_pid, &left.to);
	if (right_pid != 0)
		right.at = model_regions(model, right_pid, &right.to);
	vec_clear(&align->rows);
	make_room(align, left.to);
	pair_all(align, left, right);
	add_rows(align, left, right);
	*ret_n = align->rows.n;
	return align->rows.at;
}

void align_finish(struct align *align)
{
	vec_finish(&align->rows);
	vec_finish(&align->partner);
	vec_finish(&align->ends);
	vec_finish(&align->previous);
	id_map_finish(&align->counts);
	id_map_finish(&align->found);
}
