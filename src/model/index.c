/* SPDX-License-Identifier: MIT
 * A hash map from keys to small numbers, and a sort, both in memory that is kept from feed to feed:
 * libc's qsort allocates for large arrays, and 10,000 tasks are looked up and ordered ten times a
 * second.
 */
#include "internal.h"

static size_t power_of_two(size_t at_least)
{
	size_t n = 16;

	while (n < at_least)
		n *= 2;
	return n;
}

void id_map_reset(struct id_map *map, size_t n)
{
	const size_t room = power_of_two(n + n / 3);

	map->n = 0;
	if (room > map->room) {
		free(map->slots);
		*map = (struct id_map) { xcalloc(room, sizeof(map->slots[0])), room, 0, 0 };
	}
	/* A new generation empties every slot at once; when the count wraps, old slots would come
	 * back to life. */
	if (++map->generation == 0) {
		for (size_t i = 0; i < map->room; i++)
			map->slots[i].generation = 0;
		map->generation = 1;
	}
}

static size_t hash(uint64_t key)
{
	key ^= key >> 33;
	key *= UINT64_C(0xff51afd7ed558ccd);
	key ^= key >> 33;
	return (size_t)key;
}

static struct id_map_slot *find_slot(const struct id_map *map, uint64_t key)
{
	const size_t mask = map->room - 1;
	size_t i = hash(key) & mask;

	while (map->slots[i].generation == map->generation && map->slots[i].key != key)
		i = (i + 1) & mask;
	return &map->slots[i];
}

/* Enters what it has into a table of twice the size. */
static void grow(struct id_map *map)
{
	const struct id_map old = *map;

	map->room *= 2;
	map->slots = xcalloc(map->room, sizeof(map->slots[0]));
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i].generation == old.generation)
			*find_slot(map, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

uint32_t *id_map_at(struct id_map *map, uint64_t key)
{
	struct id_map_slot *slot = find_slot(map, key);

	if (slot->generation == map->generation)
		return &slot->value;
	if (4 * ++map->n > 3 * map->room) {
		grow(map);
		slot = find_slot(map, key);
	}
	*slot = (struct id_map_slot) { key, INDEX_NONE, map->generation };
	return &slot->value;
}

uint32_t id_map_get(const struct id_map *map, uint64_t key)
{
	if (!map->slots)
		return INDEX_NONE;
	const struct id_map_slot *slot = find_slot(map, key);
	return slot->generation == map->generation ? slot->value : INDEX_NONE;
}

void id_map_finish(struct id_map *map)
{
	free(map->slots);
	*map = (struct id_map) { 0 };
}

void sorter_push(struct sorter *sorter, uint64_t major, uint64_t minor, const void *item)
{
	struct sort_entry *entry = vec_push(&sorter->entries);

	*entry = (struct sort_entry) { major, minor, item };
}

static bool comes_before(const struct sort_entry *a, const struct sort_entry *b)
{
	return a->major != b->major ? a->major < b->major : a->minor < b->minor;
}

/* Shell's sort: in place. A sample is mostly in order already. */
void sorter_run(struct sorter *sorter)
{
	static const size_t gaps[] = { 797161, 265720, 88573, 29524, 9841, 3280, 1093, 364, 121, 40,
		13, 4, 1 };
	struct sort_entry *at = sorter->entries.at;
	size_t sorted = 1;

	while (sorted < sorter->entries.n && !comes_before(&at[sorted], &at[sorted - 1]))
		sorted++;
	if (sorted >= sorter->entries.n)
		return;
	for (size_t g = 0; g < ARRAY_LEN(gaps); g++) {
		for (size_t i = gaps[g]; i < sorter->entries.n; i++) {
			const struct sort_entry entry = at[i];
			size_t j = i;

			for (; j >= gaps[g] && comes_before(&entry, &at[j - gaps[g]]); j -= gaps[g])
				at[j] = at[j - gaps[g]];
			at[j] = entry;
		}
	}
}
