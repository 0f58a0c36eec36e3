/* SPDX-License-Identifier: MIT
 * The rows of the memory pane: two address spaces aligned, mapping by mapping, or summed by kind where there are few rows;
 * and what is left out when not everything fits.
 */

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
	struct space_row e = { .region = region,
		.label = region->label,
		.named = !strchr(region->label, '.'),
		.class = region->class };

	e.mine = region->class == REGION_STACK && region->worker == ui->worker[side];
	add_region(&e, region);
	return e;
}

#define BIT(class) (1u << (class))

/* In the order of how much they teach: the first rows are all that a small screen shows. */
static const struct space_kind {
	const char *label;
	const char *
		only; /* the one mapping that is meant; NULL: all of the classes that no row has by itself */
	unsigned classes;
	bool named;
} kinds[SPACE_KINDS] = {
	{ "heap", NULL, BIT(REGION_HEAP), true },
	{ "variables", NULL, BIT(REGION_DATA) },
	{ "stacks", NULL, BIT(REGION_STACK) },
	{ "arena", "arena", BIT(REGION_ANONYMOUS) | BIT(REGION_FILE) | BIT(REGION_SHARED), true },
	{ "code, libraries", NULL, BIT(REGION_TEXT) | BIT(REGION_LIBRARY) },
	{ "other memory", NULL, BIT(REGION_ANONYMOUS) },
	{ "shared memory", NULL, BIT(REGION_SHARED) },
	{ "files", NULL, BIT(REGION_FILE) },
	{ "taskscope's page", NULL, BIT(REGION_BOARD) },
	{ "kernel's pages", NULL, BIT(REGION_VDSO) },
	{ "guards", NULL, BIT(REGION_GUARD) },
};

static bool is_of_kind(const struct region *region, const struct space_kind *kind)
{
	if (!(kind->classes & BIT(region->class)))
		return false;
	for (size_t i = 0; i < SPACE_KINDS; i++)
		if (kinds[i].only && strcmp(kinds[i].only, region->label) == 0)
			return kind == &kinds[i];
	return !kind->only;
}

static struct space_row entry_of_kind(const struct model *model, int32_t pid, int which)
{
	const struct space_kind *kind = &kinds[which];
	struct space_row e = { .label = kind->label, .named = kind->named };
	size_t n;
	const struct region *regions = model_regions(model, pid, &n);

	for (size_t i = 0; i < n; i++) {
		if (!is_of_kind(&regions[i], kind))
			continue;
		if (!e.n) {
			e.region = &regions[i];
			e.class = regions[i].class;
		}
		add_region(&e, &regions[i]);
	}
	return e;
}

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
	bool by_kind, int room)
{
	struct space_list list = { .kinds = by_kind };
	size_t n;

	for (enum side side = 0; side < SIDES; side++)
		list.pid[side] = rows_pid(ui, side);
	if (!by_kind) {
		list.pairs = model_align(model, list.pid[SIDE_LEFT], list.pid[SIDE_RIGHT], &n);
		choose_pairs(memory, &list, (int)n, room, ui->zoomed);
		return list;
	}
	for (int kind = 0; kind < SPACE_KINDS; kind++)
		if (entry_of_kind(model, list.pid[SIDE_LEFT], kind).n ||
			entry_of_kind(model, list.pid[SIDE_RIGHT], kind).n)
			list.kind[list.n++] = kind;
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

	if (list->kinds) {
		e = entry_of_kind(model, list->pid[side], list->kind[row]);
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
