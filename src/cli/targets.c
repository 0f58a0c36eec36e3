/* SPDX-License-Identifier: MIT
 * Finds the processes that the targets of `attach` name, and says which of them are refused.
 */
#include <unistd.h>

#include "cli.h"
#include "group.h"
#include "source.h"

/* Only where the names do not decide: a process can block who asks for its command line. */
static bool is_asked(const void *context, const struct group_process *process)
{
	return group_needs_command(context, process);
}

static int add_target(struct groups *groups, struct process_reader *reader, const char *typed,
	enum side side, struct buf *why)
{
	const struct group_table *table = process_reader_read(reader, 0);
	struct group_target target;
	char text[200] = "";

	if (group_parse_target(typed, &target, text, sizeof(text)) != 0) {
		buf_adds(why, text);
		return -1;
	}
	target.side = side;
	if (target.kind == GROUP_PID && !group_table_find(table, target.id))
		target.process = process_reader_of_thread(reader, target.id);
	process_reader_commands(reader, is_asked, &target);
	return groups_add(groups, &target, table, why);
}

int cli_resolve_targets(const struct cli *cli, struct groups **ret)
{
	struct process_reader *reader = process_reader_create(NULL);
	const struct group_options options = {
		.self = getpid(), .no_children = cli->no_children, .wait = cli->wait
	};
	struct groups *groups = groups_create(&options);
	struct buf why = { 0 };
	int error = 0;

	(void)process_reader_read(reader, PROCESS_ANEW | PROCESS_OWNER | PROCESS_CGROUP);
	for (int i = 0; i < cli->n_words && !error; i++)
		error = add_target(groups, reader, cli->words[i],
			i < cli->n_left ? SIDE_LEFT : SIDE_RIGHT, &why);
	process_reader_destroy(reader);
	if (error) {
		fprintf(stderr, "taskscope: %s\n", why.text);
		groups_destroy(groups);
		groups = NULL;
	}
	buf_finish(&why);
	*ret = groups;
	return error ? EXIT_USAGE : EXIT_FINE;
}

void cli_set_targets(
	struct cli *cli, const int32_t *left, int n_left, const int32_t *right, int n_right)
{
	const int n = n_left + n_right;

	cli_drop_targets(cli);
	cli->picked = xcalloc((size_t)n + 1, sizeof(cli->picked[0]));
	for (int i = 0; i < n; i++)
		cli->picked[i] = xasprintf("%d", i < n_left ? left[i] : right[i - n_left]);
	cli->words = cli->picked;
	cli->argument = cli->picked[0];
	cli->n_words = n;
	cli->n_left = n_left;
}

void cli_drop_targets(struct cli *cli)
{
	for (int i = 0; cli->picked && cli->picked[i]; i++)
		free(cli->picked[i]);
	free(cli->picked);
	cli->picked = NULL;
}
