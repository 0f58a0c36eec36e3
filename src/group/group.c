/* SPDX-License-Identifier: MIT
 * Who belongs to a side: resolves targets, and keeps membership up to date from one table of processes to the next.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define LISTED_MAX 20 /* matches that a refusal lists */
#define ANCESTORS_MAX 4096

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

static void add_title(struct groups *groups, enum side side, const char *title)
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
		add_title(groups, side, title);
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

/* --- ancestors --- */

typedef bool is_wanted(const void *context, int32_t pid);

/* The nearest ancestor that is wanted, or 0: there is none, or we stand between. Parents that go in a circle are
 * possible in a table that was read while processes came and went. */
static int32_t nearest_ancestor(const struct groups *groups, const struct group_table *table,
	int32_t pid, is_wanted *wanted, const void *context)
{
	const struct group_process *process = group_table_find(table, pid);

	for (int i = 0; process && i < ANCESTORS_MAX; i++) {
		if (process->pid == groups->options.self || process->ppid <= 0)
			return 0;
		if (process->ppid != groups->options.self && wanted(context, process->ppid))
			return process->ppid;
		process = group_table_find(table, process->ppid);
	}
	return 0;
}

/* Whether it is taskscope, or one of its children. */
static bool is_self(const struct groups *groups, const struct group_table *table,
	const struct group_process *process)
{
	for (int i = 0; process && i < ANCESTORS_MAX; i++) {
		if (process->pid == groups->options.self)
			return true;
		process = group_table_find(table, process->ppid);
	}
	return false;
}

/* --- targets --- */

/* Why a process cannot be a target, as one clause; NULL: it can. */
static const char *refusal_of(const struct groups *groups, const struct group_table *table,
	const struct group_process *process)
{
	if (is_self(groups, table, process))
		return "it is taskscope itself";
	if (process->kernel)
		return "it is a kernel thread: it has no memory of its own, and no children";
	if (strchr("ZX", process->state) && process->threads <= 1)
		return "it is a zombie: it has ended, and its parent has not waited for it";
	return NULL;
}

struct matches {
	VEC(const struct group_process *) list;
	const char *refused; /* why one that matched was left out */
	const struct group_process *refused_process;
};

static bool is_match(const void *context, int32_t pid)
{
	const struct matches *matches = context;
	const struct group_process **p;

	vec_each (p, &matches->list)
		if ((*p)->pid == pid)
			return true;
	return false;
}

static void find_matches(const struct groups *groups, const struct group_target *target,
	const struct group_table *table, struct matches *ret)
{
	const struct group_process *process;
	size_t kept = 0;

	vec_each (process, &table->rows) {
		const char *refused;

		if (!group_matches(target, process))
			continue;
		refused = refusal_of(groups, table, process);
		if (refused) {
			ret->refused = refused;
			ret->refused_process = process;
			continue;
		}
		*vec_push(&ret->list) = process;
	}
	/* Of a server and its workers, which have one name, the server is meant. */
	for (size_t i = 0; !groups->options.no_children && i < ret->list.n; i++) {
		if (!nearest_ancestor(groups, table, ret->list.at[i]->pid, is_match, ret))
			ret->list.at[kept++] = ret->list.at[i];
	}
	if (!groups->options.no_children)
		ret->list.n = kept;
}

static void format_age(char *out, size_t size, const struct group_table *table, int64_t start)
{
	if (start < 0 || table->ticks_per_s <= 0 || table->now < start) {
		snprintf(out, size, "–");
		return;
	}
	format_ns(out, size, (table->now - start) * (NSEC_PER_SEC / table->ticks_per_s));
}

static void list_matches(
	const struct matches *matches, const struct group_table *table, struct buf *why)
{
	buf_addf(why, "\n  %8s %8s %8s %8s  %s", "PID", "user", "age", "threads", "command");
	for (size_t i = 0; i < MIN(matches->list.n, LISTED_MAX); i++) {
		const struct group_process *process = matches->list.at[i];
		char age[32];

		format_age(age, sizeof(age), table, process->start);
		buf_addf(why, "\n  %8d %8d %8s %8d  %s", process->pid, process->uid, age,
			process->threads, process->command[0] ? process->command : process->comm);
	}
	if (matches->list.n > LISTED_MAX)
		buf_addf(why, "\n  and %zu more", matches->list.n - LISTED_MAX);
}

static int refuse_none(
	const struct group_target *target, const struct matches *matches, struct buf *why)
{
	static const char *const nothing[] = {
		[GROUP_PID] = "there is no process",
		[GROUP_NAME] = "there is no process of the name",
		[GROUP_NAMES] = "there is no process whose name begins like",
		[GROUP_UNIT] = "no process is in",
		[GROUP_CGROUP] = "no process is in",
	};

	if (matches->refused) {
		buf_addf(why, "PID %d (%s) is no target: %s", matches->refused_process->pid,
			matches->refused_process->comm, matches->refused);
		return -EINVAL;
	}
	buf_addf(why, "%s '%s'", nothing[target->kind], target->text);
	return -ESRCH;
}

static int check_sides(const struct groups *groups, const struct group_target *target,
	const struct matches *matches, struct buf *why)
{
	const struct group_process *const *p;

	vec_each (p, &matches->list) {
		const struct group_member *member = groups_find(groups, (*p)->pid);

		if (!member || member->side == target->side)
			continue;
		buf_addf(why, "PID %d (%s) stands on both sides", (*p)->pid, (*p)->comm);
		return -EINVAL;
	}
	return 0;
}

static int check_matches(const struct groups *groups, const struct group_target *target,
	const struct group_table *table, const struct matches *matches, struct buf *why)
{
	if (matches->list.n == 0)
		return groups->options.wait && !matches->refused && target->kind != GROUP_PID
			       ? 0
			       : refuse_none(target, matches, why);
	if (target->kind == GROUP_NAME && matches->list.n > 1) {
		buf_addf(why, "'%s' is %zu processes: name one by its PID, or all as '%s*'",
			target->text, matches->list.n, target->text);
		list_matches(matches, table, why);
		return -EEXIST;
	}
	return check_sides(groups, target, matches, why);
}

static void take_matches(
	struct groups *groups, const struct wanted *wanted, const struct matches *matches)
{
	const struct group_target *target = &wanted->target;
	const char *title = target->text + target->name;
	const struct group_process *const *p;

	vec_each (p, &matches->list) {
		if (target->kind == GROUP_PID)
			title = (*p)->comm;
		groups_add_root(groups, target->side, *p, NULL);
	}
	add_title(groups, target->side, title);
}

int groups_add(struct groups *groups, const struct group_target *target,
	const struct group_table *table, struct buf *why)
{
	char *typed = groups->state[target->side].target;
	const size_t len = strlen(typed), room = sizeof(groups->state[0].target);
	struct matches matches = { 0 };
	struct wanted wanted = { .target = *target };
	int error;

	find_matches(groups, target, table, &matches);
	error = check_matches(groups, target, table, &matches, why);
	if (!error) {
		wanted.met = matches.list.n > 0;
		take_matches(groups, &wanted, &matches);
		*vec_push(&groups->targets) = wanted;
		snprintf(typed + len, room - len, "%s%s", len ? " " : "", target->text);
	}
	if (!error && target->process && target->process != target->id)
		groups_note(groups, target->side, "TID %d is a thread of %d, which is shown",
			target->id, target->process);
	vec_finish(&matches.list);
	return error;
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

	if (wanted && refusal_of(groups, table, process))
		wanted = NULL;
	if (!groups->options.no_children)
		ancestor = nearest_ancestor(groups, table, process->pid, is_known, known);
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
			!is_self(groups, table, process))
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

void groups_report(const struct groups *groups, struct sample *sample)
{
	const struct task_sample *task;

	for (int side = 0; side < SIDES; side++) {
		struct group_sample *row;

		if (!groups->titles[side])
			continue;
		row = vec_push(&sample->groups);
		*row = groups->state[side];
		count_members(groups, row);
		row->threads = 0;
		vec_each (task, &sample->tasks)
			row->threads += task->side == side;
		row->state = state_of(groups, row);
	}
}
