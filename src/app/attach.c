/* SPDX-License-Identifier: MIT
 * Follows processes that were there before us: tells the source at each tick who belongs to the groups, which rows are in
 * sight, and how often to sample. It only reads: it sends nothing to them, writes nothing into them, and stops none.
 */

#include "app.h"

/* Of a crew, what stands in rows alone: nobody asks for more than is in sight. */
#define ROWS_NEEDS (NEED_TASKS | NEED_PROCESSES | NEED_MAPPINGS | NEED_MACHINE)
#define PACE_SAMPLES 4 /* and so many in a row; the first opens files */
#define PACE_SHARE 4 /* a sample takes at most this part of the interval, or that grows */

/* Which texts of new processes decide. While a name is waited for, an exec can bring it at any time. */
static unsigned wanted_texts(const struct groups *groups)
{
	unsigned texts = groups_want_cgroups(groups) ? PROCESS_CGROUP : 0;

	return groups_want_names(groups) ? texts | PROCESS_ANEW : texts;
}

size_t attach_targets(struct app *app, struct target *targets)
{
	const struct group_member *members;
	size_t n, kept = 0;
	const struct group_table *table =
		process_reader_read(app->processes, wanted_texts(app->groups));

	if (groups_want_names(app->groups))
		process_reader_commands(app->processes, groups_want_command, app->groups);
	groups_begin_numbers(app->groups);
	groups_update(app->groups, table);
	members = groups_members(app->groups, &n);
	for (size_t i = 0; i < n && kept < TARGETS_MAX; i++) {
		const struct group_member *member = &members[i];

		if (!member->hidden)
			targets[kept++] = (struct target) { .pid = member->pid,
				.side = (int16_t)member->side,
				.worker = groups_number(app->groups, member->side, member->pid) };
	}
	return kept;
}

int16_t attach_number(void *context, int32_t pid, int32_t tid)
{
	const struct app *app = context;
	const struct group_member *member = groups_find(app->groups, pid);

	return member ? groups_number(app->groups, member->side, tid) : WORKER_NONE;
}

void attach_look(struct app *app, unsigned needs)
{
	/* What is written down has to be whole, and what a scene or a view asks of each worker. */
	const bool whole = app->recorder || app->cli->json || app->files[FILE_CSV].file ||
			   app->lesson || (!app->groups && needs & ~ROWS_NEEDS);
	int32_t tids[VISIBLE_MAX];
	size_t n = ui_visible(app->ui, tids, ARRAY_LEN(tids));
	for (size_t i = 0; i < n; i++)
		tids[i] = pseudonyms_real(&app->pseudonyms, tids[i]);
	live_set_visible(app->live, whole ? NULL : tids, n);
}

void attach_report(struct app *app)
{
	size_t n;

	groups_end_numbers(app->groups);
	groups_report(app->groups, &app->sample);
	(void)groups_members(app->groups, &n);
	if (n > TARGETS_MAX)
		sample_gap(&app->sample, 0, "targets", E2BIG, TARGETS_MANY);
}

void attach_pace(struct app *app, nsec took)
{
	static const nsec slower[] = { 200 * NSEC_PER_MSEC, 500 * NSEC_PER_MSEC, NSEC_PER_SEC,
		2 * NSEC_PER_SEC };

	const bool late = !app->cli->interval && took * PACE_SHARE >= app->interval;

	app->late = late ? app->late + 1 : 0;
	if (app->late < PACE_SAMPLES)
		return;
	app->late = 0;
	for (size_t i = 0; i < ARRAY_LEN(slower); i++) {
		if (slower[i] <= app->interval)
			continue;
		app_set_interval(app, slower[i]);
		ui_message(app->ui, STYLE_STATUS,
			"so many tasks: one sample every %d ms, for one took %d ms",
			(int)(slower[i] / NSEC_PER_MSEC), (int)(took / NSEC_PER_MSEC));
		return;
	}
}

void attach_note_end(struct app *app)
{
	const struct group_sample *group;

	if (app->cli->verb != VERB_ATTACH)
		return;
	vec_each (group, &app->sample.groups)
		if (group->state != GROUP_ENDED)
			return;
	/* Without a screen the last sample says it, and is the last. */
	app->quit = !app->term && !app->cli->has_keys;
	app->over = !app->quit;
	if (app->over)
		ui_message(app->ui, STYLE_WARN,
			"all its processes have ended: this is the last picture");
}
