/* SPDX-License-Identifier: MIT
 * The rows of the memory pane: two address spaces aligned, mapping by mapping, or summed by class where there are few rows;
 * and what is left out when not everything fits.
 */
#include <math.h>

#include "pane_memory.h"

static int64_t sum(int64_t a, int64_t b)
{
	return a == UNKNOWN || b == UNKNOWN ? UNKNOWN : a + b;
}

static void add_region(struct space_row *e, const struct region *region)
{
	const struct mapping_sample *m = region->mapping;

	e->n++;
	e->size_kb = sum(e->size_kb, m->size_kb);
	e->rss_kb = sum(e->rss_kb, m->rss_kb);
	e->shared_kb = sum(e->shared_kb, sum(m->shared_clean_kb, m->shared_dirty_kb));
	e->private_kb = sum(e->private_kb, sum(m->private_clean_kb, m->private_dirty_kb));
	e->pss_kb = sum(e->pss_kb, m->pss_kb);
}

static struct space_row entry_of_region(
	const struct ui *ui, enum side side, const struct region *region)
{
	struct space_row e = { .region = region, .label = region->label, .class = region->class };

	e.mine = region->class == REGION_STACK && region->worker == ui->worker[side];
	add_region(&e, region);
	return e;
}

static struct space_row entry_of_class(
	const struct model *model, int32_t pid, enum region_class class)
{
	struct space_row e = { .label = region_class_name(class), .class = class };
	size_t n;
	const struct region *regions = model_regions(model, pid, &n);

	for (size_t i = 0; i < n; i++)
		if (regions[i].class == class)
			add_region(&e, &regions[i]);
	return e;
}

/* Classes in the order of how much they teach; the first rows are all that a small screen shows. */
static const enum region_class class_order[] = { REGION_STACK, REGION_HEAP, REGION_DATA,
	REGION_TEXT, REGION_LIBRARY, REGION_ANONYMOUS, REGION_SHARED, REGION_BOARD, REGION_FILE,
	REGION_VDSO, REGION_GUARD };

/* What is left out where rows are few, step by step: guards and the kernel's own pages, then constants. */
enum { KEEP_ALL, KEEP_USED, KEEP_TELLING, KEEPS };

static bool is_kept(const struct region *region, int keep)
{
	bool used, telling;

	if (!region)
		return false;
	used = region->class != REGION_GUARD && region->class != REGION_VDSO;
	telling = used && (region->mapping->perms[1] == 'w' || region->mapping->perms[2] == 'x');
	return keep == KEEP_ALL || (keep == KEEP_USED && used) || (keep == KEEP_TELLING && telling);
}

/* As much as has a row, and at least what tells something; the pane's note says how much was left out. */
static void choose_pairs(
	struct memory_state *memory, struct space_list *list, int n, int room, bool all)
{
	for (int keep = KEEP_ALL; keep < KEEPS; keep++) {
		vec_clear(&memory->pairs);
		for (int i = 0; i < n; i++)
			if (is_kept(list->pairs[i].left, keep) ||
				is_kept(list->pairs[i].right, keep))
				*vec_push(&memory->pairs) = i;
		if ((int)memory->pairs.n <= room || all)
			break;
	}
	list->n = (int)memory->pairs.n;
	list->left_out = n - list->n;
	list->pair = memory->pairs.at;
}

struct space_list spaces_list(struct memory_state *memory, const struct ui *ui, struct model *model,
	bool classes, int room)
{
	struct space_list list = { .classes = classes };
	size_t n;

	for (enum side side = 0; side < SIDES; side++)
		list.pid[side] = rows_pid(ui, side);
	if (!classes) {
		list.pairs = model_align(model, list.pid[SIDE_LEFT], list.pid[SIDE_RIGHT], &n);
		choose_pairs(memory, &list, (int)n, room, ui->zoomed);
		return list;
	}
	for (size_t i = 0; i < ARRAY_LEN(class_order); i++)
		if (entry_of_class(model, list.pid[SIDE_LEFT], class_order[i]).n ||
			entry_of_class(model, list.pid[SIDE_RIGHT], class_order[i]).n)
			list.class[list.n++] = class_order[i];
	return list;
}

static int64_t measured(enum measure measure, const struct space_row *row)
{
	const int64_t kb[MEASURES] = { [MEASURE_RSS] = row->rss_kb,
		[MEASURE_PSS] = row->pss_kb,
		[MEASURE_PRIVATE] = row->private_kb };

	return kb[measure];
}

struct space_row spaces_row(const struct memory_state *memory, const struct ui *ui,
	const struct model *model, const struct space_list *list, int row, enum side side)
{
	struct space_row e = { 0 };

	if (list->classes) {
		e = entry_of_class(model, list->pid[side], list->class[row]);
	} else {
		const struct region_pair *pair = &list->pairs[list->pair[row]];
		const struct region *region = side == SIDE_LEFT ? pair->left : pair->right;

		if (region)
			e = entry_of_region(ui, side, region);
	}
	e.measured_kb = measured(memory->measure, &e);
	return e;
}

double spaces_widest(const struct memory_state *memory, const struct ui *ui,
	const struct model *model, const struct space_list *list)
{
	double most = 0;

	for (int row = 0; row < list->n; row++) {
		for (enum side side = 0; side < SIDES; side++) {
			struct space_row e = spaces_row(memory, ui, model, list, row, side);

			most = fmax(most, (double)sum(e.shared_kb, e.private_kb));
		}
	}
	return most;
}
