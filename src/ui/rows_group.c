/* SPDX-License-Identifier: MIT
 * The rows of a group: its processes with their threads, folded to one row a process where there are many, sorted, and
 * filtered.
 */

#include "frame.h"

#define ROWS_MANY 64 /* with more tasks a process is one row, unless somebody asks */

void group_list_finish(struct group_list *list)
{
	for (int side = 0; side < SIDES; side++) {
		vec_finish(&list->rows[side]);
		vec_finish(&list->sums[side]);
	}
}

static bool is_folded(const struct group_list *list, const struct model_side *side)
{
	if (list->fold == FOLD_WHERE_MANY)
		return side->n_tracks > ROWS_MANY && side->totals.processes < (int)side->n_tracks &&
		       side->totals.processes > 1;
	return list->fold == FOLD_ALWAYS;
}

/* --- sums --- */

static double sum_of(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) ? b : a;
	return a + b;
}

static int64_t sum_of_counts(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return MAX(a, b);
	return a + b;
}

static void add(struct track *sum, const struct track *track)
{
	sum->now.voluntary = sum_of_counts(sum->now.voluntary, track->now.voluntary);
	sum->now.involuntary = sum_of_counts(sum->now.involuntary, track->now.involuntary);
	sum->voluntary_per_s = sum_of(sum->voluntary_per_s, track->voluntary_per_s);
	sum->involuntary_per_s = sum_of(sum->involuntary_per_s, track->involuntary_per_s);
	sum->cpu_percent = sum_of(sum->cpu_percent, track->cpu_percent);
	sum->wait_percent = sum_of(sum->wait_percent, track->wait_percent);
	sum->minor_faults_per_s = sum_of(sum->minor_faults_per_s, track->minor_faults_per_s);
	if (track->now.state == 'R')
		sum->now.state = 'R';
}

/* Of a process's tasks one row. The sum stands in its place for good: there is room for all of them. */
static struct group_row row_of_group(struct group_list *list, enum side which,
	const struct model_side *side, size_t first, size_t n)
{
	struct track *sum;

	if (n < 2)
		return (struct group_row) { side->tracks[first], 0 };
	sum = vec_push(&list->sums[which]);
	*sum = *side->tracks[first];
	sum->history_n = 0; /* the past of one task is not that of all */
	for (size_t i = 1; i < n; i++)
		add(sum, side->tracks[first + i]);
	return (struct group_row) { sum, (int)n };
}

/* --- who is listed --- */

static bool passes(const struct track *track, const char *wanted)
{
	char text[96];

	if (!*wanted)
		return true;
	snprintf(text, sizeof(text), "%s %d %d %c", track->now.name, track->now.pid, track->now.tid,
		track->now.state);
	return strcasestr(text, wanted) != NULL;
}

static size_t tasks_of_process(const struct model_side *side, size_t first)
{
	size_t n = 1;

	while (first + n < side->n_tracks &&
		side->tracks[first + n]->now.pid == side->tracks[first]->now.pid)
		n++;
	return n;
}

/* Pointers to sums are handed out: they must not move while they are filled. */
static void reserve_sums(struct group_list *list, const struct model_side *side, enum side which)
{
	size_t processes = 0;

	for (size_t i = 0; i < side->n_tracks; i += tasks_of_process(side, i))
		processes++;
	vec_clear(&list->sums[which]);
	while (list->sums[which].room < processes)
		vec_grow((void **)&list->sums[which].at, &list->sums[which].room,
			sizeof(struct track));
}

static int compare(const void *a, const void *b, void *context)
{
	const struct track *left = ((const struct group_row *)a)->track,
			   *right = ((const struct group_row *)b)->track;
	const struct fact *fact = context;
	const double x = fact_of(fact, left), y = fact_of(fact, right);

	if (isnan(x) != isnan(y))
		return isnan(x) ? 1 : -1;
	if (x < y || x > y)
		return x < y ? 1 : -1;
	return (left->now.tid > right->now.tid) - (left->now.tid < right->now.tid);
}

void group_list_gather(
	struct group_list *list, const struct model_side *side, enum side which, const char *wanted)
{
	const bool folded = is_folded(list, side);

	vec_clear(&list->rows[which]);
	if (folded)
		reserve_sums(list, side, which);
	list->hidden[which] = 0;
	for (size_t i = 0, n; i < side->n_tracks; i += n) {
		n = folded ? tasks_of_process(side, i) : 1;
		if (!passes(side->tracks[i], wanted))
			list->hidden[which] += (int)n;
		else
			*vec_push(&list->rows[which]) = row_of_group(list, which, side, i, n);
	}
	if (list->sort && list->rows[which].n)
		qsort_r(list->rows[which].at, list->rows[which].n, sizeof(list->rows[which].at[0]),
			compare, (void *)list->sort);
}

const char *group_list_fold(struct group_list *list)
{
	static const char *const words[] = { [FOLD_WHERE_MANY] =
						     "a row a process where there are many tasks",
		[FOLD_NEVER] = "a row a task",
		[FOLD_ALWAYS] = "a row a process" };

	list->fold = (list->fold + 1) % ARRAY_LEN(words);
	return words[list->fold];
}

bool group_list_sort(struct group_list *list, const struct fact *fact)
{
	/* What else stands in the panes is no number of the task itself. */
	if (!fact || fact->scope != FACT_TASK)
		fact = fact_find(FACT_TASK, "cpu_percent");
	list->sort = list->sort == fact ? NULL : fact;
	return list->sort;
}
