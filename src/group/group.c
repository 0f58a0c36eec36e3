/* SPDX-License-Identifier: MIT
 * Who belongs to a side: resolves targets, and keeps membership up to date from one table of processes to the next.
 */

#include "internal.h"

struct groups *groups_create(const struct group_options *options)
{
	struct groups *groups = xcalloc(1, sizeof(*groups));

	groups->options = *options;
	for (int side = 0; side < SIDES; side++) {
		record_clear(&group_record, &groups->state[side]);
		groups->state[side].side = (int16_t)side;
		groups->state[side].children = !options->no_children;
		groups->state[side].births = groups->state[side].ended = 0;
	}
	return groups;
}

void groups_destroy(struct groups *groups)
{
	if (!groups)
		return;
	vec_finish(&groups->targets);
	vec_finish(&groups->members);
	vec_finish(&groups->before);
	numbers_finish(&groups->numbers);
	free(groups);
}

/* --- members --- */

static int compare_members(const void *a, const void *b)
{
	const struct group_member *left = a, *right = b;

	return (left->pid > right->pid) - (left->pid < right->pid);
}

const struct group_member *groups_members(const struct groups *groups, size_t *ret_n)
{
	*ret_n = groups->members.n;
	return groups->members.at;
}

/* Among the first n, which are in order. */
static struct group_member *find_among(const struct groups *groups, size_t n, int32_t pid)
{
	const struct group_member key = { .pid = pid };

	return n ? bsearch(&key, groups->members.at, n, sizeof(key), compare_members) : NULL;
}

const struct group_member *groups_find(const struct groups *groups, int32_t pid)
{
	return find_among(groups, groups->members.n, pid);
}

static void sort_members(struct groups *groups)
{
	if (groups->members.n)
		qsort(groups->members.at, groups->members.n, sizeof(*groups->members.at),
			compare_members);
}

static void push_member(
	struct groups *groups, enum side side, const struct group_process *process, bool root)
{
	*vec_push(&groups->members) = (struct group_member) {
		.pid = process->pid, .side = side, .start = process->start, .root = root
	};
}

void groups_add_title(struct groups *groups, enum side side, const char *title)
{
	struct group_sample *state = &groups->state[side];
	char *first = groups->first_title[side];

	if (groups->titles[side]++ == 0)
		safe_text(first, sizeof(groups->first_title[side]), title, strlen(title));
	const int more = groups->titles[side] - 1;
	char text[sizeof(state->title)];
	snprintf(text, sizeof(text), more ? "%s and %d more" : "%s", first, more);
	sample_text(state->title, text, strlen(text));
}

void groups_add_root(struct groups *groups, enum side side, const struct group_process *process,
	const char *title)
{
	struct group_member *known = find_among(groups, groups->members.n, process->pid);

	if (title)
		groups_add_title(groups, side, title);
	if (known) {
		known->root = true;
		return;
	}
	push_member(groups, side, process, true);
	sort_members(groups);
}

void groups_hide(struct groups *groups, int32_t pid)
{
	struct group_member *member = find_among(groups, groups->members.n, pid);
	if (member)
		member->hidden = true;
}

void groups_note(struct groups *groups, enum side side, const char *format, ...)
{
	char *note = groups->state[side].note;
	const size_t size = sizeof(groups->state[side].note), len = strlen(note);
	char text[sizeof(groups->state[side].note)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(note + len, size - len, "%s%s", len ? "; " : "", text);
}

/* --- from one table to the next --- */

static bool is_waited_for(const struct groups *groups)
{
	const struct wanted *wanted;

	vec_each (wanted, &groups->targets)
		if (!wanted->met)
			return true;
	return false;
}

static bool is_by_cgroup(const struct group_target *target)
{
	return target->kind == GROUP_UNIT || target->kind == GROUP_CGROUP;
}

bool groups_want_names(const struct groups *groups)
{
	return is_waited_for(groups);
}

bool groups_want_command(const void *context, const struct group_process *process)
{
	const struct groups *groups = context;
	const struct wanted *wanted;

	vec_each (wanted, &groups->targets)
		if (!wanted->met && group_needs_command(&wanted->target, process))
			return true;
	return false;
}

bool groups_want_cgroups(const struct groups *groups)
{
	const struct wanted *wanted;

	vec_each (wanted, &groups->targets)
		if (is_by_cgroup(&wanted->target))
			return true;
	return false;
}

static bool goes_on(const struct group_member *member, const struct group_process *process)
{
	return process &&
	       (member->start < 0 || process->start < 0 || member->start == process->start);
}

static void drop_ended(struct groups *groups, const struct group_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < groups->members.n; i++) {
		struct group_member *member = &groups->members.at[i];

		if (goes_on(member, group_table_find(table, member->pid)))
			groups->members.at[kept++] = *member;
		else
			groups->state[member->side].ended += !member->hidden;
	}
	groups->members.n = kept;
}

/* The members that were known before any of this table's new ones. */
struct known {
	const struct groups *groups;
	size_t n;
};

static bool is_known(const void *context, int32_t pid)
{
	const struct known *known = context;

	return find_among(known->groups, known->n, pid) != NULL;
}

/* The target that a new process is, if any: one that is waited for, or a cgroup that it is in. */
static struct wanted *target_of(struct groups *groups, const struct group_process *process)
{
	struct wanted *wanted;

	vec_each (wanted, &groups->targets)
		if ((!wanted->met || is_by_cgroup(&wanted->target)) &&
			group_matches(&wanted->target, process))
			return wanted;
	return NULL;
}

static void take_in(struct groups *groups, const struct group_table *table,
	const struct group_process *process, const struct known *known)
{
	struct wanted *wanted = target_of(groups, process);
	int32_t ancestor = 0;

	if (wanted && groups_refusal(groups, table, process))
		wanted = NULL;
	if (!groups->options.no_children)
		ancestor = groups_ancestor(groups, table, process->pid, is_known, known);
	if (!wanted && !ancestor)
		return;
	push_member(groups,
		wanted ? wanted->target.side : find_among(groups, known->n, ancestor)->side,
		process, wanted && !ancestor);
	groups->state[groups->members.at[groups->members.n - 1].side].births += groups->begun;
	if (wanted)
		wanted->met = true;
}

void groups_update(struct groups *groups, const struct group_table *table)
{
	struct known known = { .groups = groups };
	const struct group_process *process;

	drop_ended(groups, table);
	known.n = groups->members.n;
	vec_each (process, &table->rows)
		if (process->fresh && !find_among(groups, known.n, process->pid) &&
			!groups_is_self(groups, table, process))
			take_in(groups, table, process, &known);
	sort_members(groups);
	groups->begun = true;
}

/* --- what is told --- */

static void count_members(const struct groups *groups, struct group_sample *row)
{
	const struct group_member *member;

	row->pid = row->roots = row->processes = 0;
	vec_each (member, &groups->members) {
		if (member->side != (enum side)row->side || member->hidden)
			continue;
		row->processes++;
		row->roots += member->root;
		if (member->root && !row->pid)
			row->pid = member->pid;
	}
}

static int16_t state_of(const struct groups *groups, const struct group_sample *row)
{
	const struct wanted *wanted;
	bool met = groups->targets.n == 0;

	if (row->processes > 0)
		return GROUP_LIVING;
	vec_each (wanted, &groups->targets)
		met = met || (wanted->met && wanted->target.side == (enum side)row->side);
	return met ? GROUP_ENDED : GROUP_WAITING;
}

void groups_births_by(struct groups *groups, enum side side, enum group_births by)
{
	groups->state[side].births_by = (int16_t)by;
	groups->seen[side] = true;
	groups_note(groups, side, "births by %s",
		field_word(record_find(&group_record, "births_by"), by));
}

void groups_report_births(const struct groups *groups, struct program_sample *program)
{
	const int by = groups->seen[program->side] ? groups->state[program->side].births_by
						   : GROUP_BIRTHS_RECORDS;

	if (groups->seen[program->side])
		program->births = groups->numbers.born[program->side];
	snprintf(program->births_by, sizeof(program->births_by), "%s",
		field_word(record_find(&group_record, "births_by"), by));
}

void groups_report(const struct groups *groups, struct sample *sample)
{
	const struct task_sample *task;
	int32_t ended;

	for (int side = 0; side < SIDES; side++) {
		if (!groups->titles[side])
			continue;
		struct group_sample *row = vec_push(&sample->groups);
		*row = groups->state[side];
		count_members(groups, row);
		row->threads = ended = 0;
		vec_each (task, &sample->tasks) {
			row->threads += task->side == side;
			ended += task->side == side && strchr("ZX", task->state);
		}
		row->state = state_of(groups, row);
		/* Whom nobody has waited for stays, and does nothing any more. */
		if (row->state == GROUP_LIVING && ended > 0 && ended == row->threads)
			row->state = GROUP_ENDED;
	}
}
