/* SPDX-License-Identifier: MIT
 * Which part of which mapping the pages pane looks at, page by page: the order in which mappings are stepped through, and
 * how one is found again when the address spaces are read anew.
 */

#include "screen.h"

#define PAGE_KB 4 /* until a sample says otherwise */
#define WHERE_IT_IS_USED                                                                           \
	(-1) /* until it was found: a stack at its end, all else at the beginning */

static const struct region *region_of(const struct region_pair *pair, enum side side)
{
	return side == SIDE_LEFT ? pair->left : pair->right;
}

static bool is_stack(const struct region_pair *pair)
{
	return (pair->left && pair->left->class == REGION_STACK) ||
	       (pair->right && pair->right->class == REGION_STACK);
}

static bool is_own_stack(const struct ui *ui, enum side side, const struct region *region)
{
	return region && region->class == REGION_STACK && region->worker == ui->worker[side];
}

/* As the memory pane aligns them, but the selected workers' stacks beside each other, wherever they lie. */
static const struct region_pair *pairs_of(struct ui *ui, struct model *model, size_t *ret_n)
{
	const struct region_pair *aligned =
		model_align(model, rows_pid(ui, SIDE_LEFT), rows_pid(ui, SIDE_RIGHT), ret_n);
	struct region_pair stacks = { 0 }, *pair;
	bool apart;

	vec_clear(&ui->window.pairs);
	for (size_t i = 0; i < *ret_n; i++) {
		if (is_own_stack(ui, SIDE_LEFT, aligned[i].left))
			stacks.left = aligned[i].left;
		if (is_own_stack(ui, SIDE_RIGHT, aligned[i].right))
			stacks.right = aligned[i].right;
	}
	apart = stacks.left && stacks.right;
	for (size_t i = 0; i < *ret_n; i++) {
		pair = vec_push(&ui->window.pairs);
		*pair = aligned[i];
		if (apart && pair->left == stacks.left)
			pair->left = NULL;
		if (apart && pair->right == stacks.right)
			pair->right = NULL;
		ui->window.pairs.n -= !pair->left && !pair->right;
	}
	if (apart)
		*vec_push(&ui->window.pairs) = stacks;
	*ret_n = ui->window.pairs.n;
	return ui->window.pairs.at;
}

int window_page_kb(const struct model *model)
{
	const struct sample *sample = model_sample(model);

	return sample->pages.n && sample->pages.at[0].page_kb > 0 ? sample->pages.at[0].page_kb
								  : PAGE_KB;
}

/* --- the order: what teaches most comes first --- */

static const enum region_class class_order[] = { REGION_HEAP, REGION_DATA, REGION_TEXT,
	REGION_LIBRARY, REGION_ANONYMOUS, REGION_SHARED, REGION_BOARD, REGION_FILE, REGION_STACK,
	REGION_VDSO, REGION_GUARD };

/* What everybody asks about comes before all else. */
enum { RANK_HEAP, RANK_OWN_STACK, RANK_X, RANK_ARENA, RANK_CLASSES };
#define RANKS (RANK_CLASSES + REGION_CLASSES)

static int rank_of(const struct ui *ui, enum side side, const struct region *region)
{
	if (!region)
		return RANKS;
	if (region->class == REGION_HEAP)
		return RANK_HEAP;
	if (is_own_stack(ui, side, region))
		return RANK_OWN_STACK;
	if (strcmp(region->label, "X") == 0)
		return RANK_X;
	if (strcmp(region->label, "arena") == 0)
		return RANK_ARENA;
	for (size_t i = 0; i < ARRAY_LEN(class_order); i++)
		if (class_order[i] == region->class)
			return RANK_CLASSES + (int)i;
	return RANKS - 1;
}

static void order_pairs(struct ui *ui, const struct region_pair *pairs, size_t n)
{
	vec_clear(&ui->window.order);
	for (int rank = 0; rank <= RANKS; rank++)
		for (size_t i = 0; i < n; i++)
			if (rank == MIN(rank_of(ui, SIDE_LEFT, pairs[i].left),
					    rank_of(ui, SIDE_RIGHT, pairs[i].right)))
				*vec_push(&ui->window.order) = (int)i;
}

/* --- finding it again --- */

/* The pair with most of the addresses; after an exec, or of another worker, the one with the same name. -1: none. */
static int find_pair(const struct ui *ui, const struct region_pair *pairs, size_t n)
{
	const struct window *window = &ui->window;
	int best = -1, best_fit = 0;

	for (size_t i = 0; i < n; i++) {
		int fit = 0;

		if (window->own_stack && (is_own_stack(ui, SIDE_LEFT, pairs[i].left) ||
						 is_own_stack(ui, SIDE_RIGHT, pairs[i].right)))
			return (int)i;

		for (enum side side = 0; side < SIDES; side++) {
			const struct region *region = region_of(&pairs[i], side);

			fit += 2 * (region && region->mapping->start == window->start[side]);
			fit += region && strcmp(region->label, window->label) == 0;
		}
		if (fit > best_fit) {
			best = (int)i;
			best_fit = fit;
		}
	}
	return best;
}

static void set_half(struct window_half *half, const struct region *region, int page_kb)
{
	const uint64_t page = (uint64_t)page_kb * 1024;

	*half = (struct window_half) { 0 };
	if (!region)
		return;
	half->start = region->mapping->start;
	half->pages = (int64_t)((region->mapping->end - region->mapping->start) / page);
	half->guard = region->class == REGION_GUARD;
	snprintf(half->perms, sizeof(half->perms), "%s", region->mapping->perms);
	snprintf(half->label, sizeof(half->label), "%s", region->label);
}

static int64_t pages_of(const struct window *window)
{
	return MAX(window->half[SIDE_LEFT].pages, window->half[SIDE_RIGHT].pages);
}

static void keep_inside(struct window *window)
{
	window->first = MAX(MIN(window->first, pages_of(window) - window->cells), 0);
}

bool window_part_of(const struct window *window, const struct window_half *half, int64_t *ret_first,
	int64_t *ret_last)
{
	*ret_first = MAX(window->first - half->skip, 0);
	*ret_last = MIN(window->first - half->skip + window->cells, half->pages);
	return window->first >= 0 && *ret_last > *ret_first;
}

/* Where the mapping is now. Its mappings may not have been read yet: then it stays where it was. */
void window_find(struct ui *ui, struct model *model, int cells)
{
	struct window *window = &ui->window;
	size_t n;
	const struct region_pair *pairs = pairs_of(ui, model, &n);
	int at;

	if (window->steps && n) {
		int steps = window->steps;

		window->steps = 0;
		window_step(ui, model, steps);
		pairs = pairs_of(ui, model, &n);
	}
	window->cells = MAX(cells, 1);
	if (!window->on || !n)
		return;
	at = find_pair(ui, pairs, n);
	for (enum side side = 0; side < SIDES; side++)
		set_half(&window->half[side], at < 0 ? NULL : region_of(&pairs[at], side),
			window_page_kb(model));
	/* Stacks of different sizes have their tops beside each other. */
	for (enum side side = 0; side < SIDES && at >= 0 && is_stack(&pairs[at]); side++)
		window->half[side].skip = pages_of(window) - window->half[side].pages;
	if (window->first == WHERE_IT_IS_USED)
		window->first = at >= 0 && is_stack(&pairs[at]) ? pages_of(window) : 0;
	keep_inside(window);
}

static void choose(struct ui *ui, const struct region_pair *pair)
{
	struct window *window = &ui->window;

	changes_forget(ui);
	window->on = pair != NULL;
	window->own_stack = pair && (is_own_stack(ui, SIDE_LEFT, pair->left) ||
					    is_own_stack(ui, SIDE_RIGHT, pair->right));
	window->first = WHERE_IT_IS_USED;
	memset(window->half, 0, sizeof(window->half));
	for (enum side side = 0; side < SIDES && pair; side++) {
		const struct region *region = region_of(pair, side);

		window->start[side] = region ? region->mapping->start : 0;
		if (region && (side == SIDE_LEFT || !pair->left))
			snprintf(window->label, sizeof(window->label), "%s", region->label);
	}
}

void window_finish(struct window *window)
{
	vec_finish(&window->pairs);
	vec_finish(&window->order);
}

/* --- commands --- */

void window_open(struct ui *ui, const uint64_t start[SIDES], const char *label)
{
	struct window *window = &ui->window;

	changes_forget(ui);
	window->on = true;
	window->own_stack = false;
	window->first = WHERE_IT_IS_USED;
	memset(window->half, 0, sizeof(window->half));
	memcpy(window->start, start, sizeof(window->start));
	snprintf(window->label, sizeof(window->label), "%s", label);
}

void window_close(struct ui *ui)
{
	changes_forget(ui);
	ui->window.on = false;
}

/* The whole arena stands before the first and after the last. */
void window_step(struct ui *ui, struct model *model, int step)
{
	struct window *window = &ui->window;
	size_t n;
	const struct region_pair *pairs = pairs_of(ui, model, &n);
	int at = -1, pair;

	if (!n) {
		window->steps += step;
		return;
	}
	order_pairs(ui, pairs, n);
	pair = window->on ? find_pair(ui, pairs, n) : -1;
	for (size_t i = 0; i < n; i++)
		if (window->order.at[i] == pair)
			at = (int)i;
	at += step;
	if (at < -1)
		at = (int)n - 1;
	choose(ui, at < 0 || at >= (int)n ? NULL : &pairs[window->order.at[at]]);
}

void window_part(struct ui *ui, int step)
{
	struct window *window = &ui->window;
	int64_t last = MAX(pages_of(window) - window->cells, 0);

	/* Behind the end it goes on at the beginning: a stack is used at its end. */
	if (step > 0 && window->first >= last)
		window->first = 0;
	else if (step < 0 && window->first <= 0)
		window->first = last;
	else
		window->first += (int64_t)step * window->cells;
	keep_inside(window);
	changes_forget(ui);
}

/* --- what must be read: of each process that has a row, the pages that its row shows --- */

static bool is_drawn(const struct ui *ui)
{
	unsigned needs = 0;

	for (int i = 0; i < ui->panels_n; i++)
		if (ui->panels[i].visible)
			needs |= ui->panels[i].pane->needs;
	return needs & NEED_PAGES;
}

size_t ui_ranges(const struct ui *ui, struct ui_range *ret, size_t n, int page_kb)
{
	const struct window *window = &ui->window;
	const uint64_t page = (uint64_t)page_kb * 1024;
	size_t count = 0;

	for (size_t i = 0; window->on && is_drawn(ui) && i < ui->rows.n; i++) {
		for (enum side side = 0; side < SIDES && count < n; side++) {
			const struct worker_half *row = &ui->rows.at[i].half[side];
			const struct window_half *half = &window->half[side];
			int64_t first, last;
			bool known = false;

			for (size_t k = 0; k < count; k++)
				known |= ret[k].pid == row->pid;
			if (!row->track || known || !window_part_of(window, half, &first, &last))
				continue;
			ret[count] = (struct ui_range) { .pid = row->pid,
				.start = half->start + (uint64_t)first * page,
				.end = half->start + (uint64_t)last * page };
			/* By the name "arena" goes the whole of it. */
			snprintf(ret[count].name, sizeof(ret[count].name), "%s%.7s",
				strcmp(half->label, "arena") ? "" : "part of ", half->label);
			count++;
		}
	}
	return count;
}

const char *window_title(const struct window_half *half, const struct window *window, int cols,
	char *out, size_t size)
{
	int64_t first, last;
	bool any = window_part_of(window, half, &first, &last);

	if (half->pages <= 0)
		snprintf(out, size, "%s: not here", window->label);
	else if (!any)
		snprintf(out, size, "%s has only %lld pages", half->label, (long long)half->pages);
	else if (first == 0 && last == half->pages)
		snprintf(out, size, "%s %s: all %lld page%s", half->label, half->perms,
			(long long)half->pages, half->pages == 1 ? "" : "s");
	else
		snprintf(out, size, "%s %s: %lld–%lld of %lld pages", half->label, half->perms,
			(long long)first + 1, (long long)last, (long long)half->pages);
	if (any && text_width(out) > cols)
		snprintf(out, size, "%s: %lld–%lld of %lld", half->label, (long long)first + 1,
			(long long)last, (long long)half->pages);
	if (half->pages > 0 && text_width(out) + 20 < cols)
		text_addf(out, size, " · from 0x%llx", (unsigned long long)half->start);
	return out;
}
