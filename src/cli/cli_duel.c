/* SPDX-License-Identifier: MIT
 * What of the command line hangs on the command: --size, of a frame or of messages, and the duel of `measure` with its
 * lists.
 */

#include "internal.h"

int cli_set_cpus(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	return duel_parse_cpus(typed, cli->duel.cpu, complaint->why, complaint->size);
}

int cli_set_list(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	const struct option_info *option = complaint->option;

	return duel_parse_list(typed, option->min, option->name, &cli->duel.list[option->min],
		complaint->why, complaint->size);
}

int cli_set_methods(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	return duel_parse_methods(typed, &cli->duel.methods, complaint->why, complaint->size);
}

int cli_read_size(struct cli *cli, char *why, size_t why_size)
{
	char cols[8] = "";
	const char *typed = cli->size, *cross = strchr(typed, 'x');
	int64_t c, r;
	if (cli->verb == VERB_MEASURE)
		return duel_parse_list(
			typed, DUEL_TALK, "size", &cli->duel.list[DUEL_TALK], why, why_size);
	if (cross && cross - typed < (ptrdiff_t)sizeof(cols))
		memcpy(cols, typed, (size_t)(cross - typed));
	if (!cross || parse_integer(cols, 1, CANVAS_COLS_MAX, &c) ||
		parse_integer(cross + 1, 1, CANVAS_ROWS_MAX, &r)) {
		snprintf(why, why_size,
			"--size needs COLSxROWS from 1x1 to %dx%d, as 120x36, not '%s'",
			CANVAS_COLS_MAX, CANVAS_ROWS_MAX, cli_shown(typed).text);
		return -EINVAL;
	}
	cli->cols = (int)c;
	cli->rows = (int)r;
	return 0;
}

static const char *duel_at(const void *context, size_t i)
{
	return i < DUELS ? duel_table[i].name : "all";
}

int cli_take_duel(struct cli *cli, char *why, size_t why_size)
{
	static const char *const options[DUELS] = { "working-set", "ballast", "size", "workers" };
	int duel = duel_find(cli->argument);
	if (duel < 0 && strcmp(cli->argument, "all") != 0) {
		const char *nearest = suggest(cli->argument, duel_at, NULL, DUELS + 1);
		snprintf(why, why_size, "there is no duel '%s'; %s%s%s",
			cli_shown(cli->argument).text,
			nearest ? "did you mean '"
				: "there are switch, create, talk, memory and all",
			nearest ? nearest : "", nearest ? "'?" : "");
		return -EINVAL;
	}
	cli->duel.duel = duel < 0 ? DUEL_ALL : duel;
	for (int i = 0; i < DUELS; i++) {
		if (duel < 0 || i == duel || !cli->duel.list[i].n)
			continue;
		snprintf(why, why_size, "--%s has no meaning with 'measure %s'", options[i],
			cli->argument);
		return -EINVAL;
	}
	return 0;
}
