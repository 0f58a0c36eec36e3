/* SPDX-License-Identifier: MIT
 * Resolves targets against a table of processes, and says in words why one cannot be.
 */

#include "internal.h"

#define LISTED_MAX 20 /* matches that a refusal lists */

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
		if (!group_matches(target, process))
			continue;
		const char *refused = groups_refusal(groups, table, process);
		if (refused) {
			ret->refused = refused;
			ret->refused_process = process;
			continue;
		}
		*vec_push(&ret->list) = process;
	}
	/* Of a server and its workers, which have one name, the server is meant. */
	for (size_t i = 0; !groups->options.no_children && i < ret->list.n; i++) {
		if (!groups_ancestor(groups, table, ret->list.at[i]->pid, is_match, ret))
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
	groups_add_title(groups, target->side, title);
}

int groups_add(struct groups *groups, const struct group_target *target,
	const struct group_table *table, struct buf *why)
{
	char *typed = groups->state[target->side].target;
	const size_t len = strlen(typed), room = sizeof(groups->state[0].target);
	struct matches matches = { 0 };
	struct wanted wanted = { .target = *target };

	find_matches(groups, target, table, &matches);
	int error = check_matches(groups, target, table, &matches, why);
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
