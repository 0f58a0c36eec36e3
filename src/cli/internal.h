/* SPDX-License-Identifier: MIT
 * What the files of the command line share: handlers of options that stand in a file of their own.
 */
#ifndef TASKSCOPE_CLI_INTERNAL_H
#define TASKSCOPE_CLI_INTERNAL_H

#include "cli.h"

/* cli_duel.c: parts of the parsing, as cli_parse's; once the command is known. What --size means with it, and what
 * `measure` measures. */
int cli_read_size(struct cli *cli, char *why, size_t why_size);
int cli_take_duel(struct cli *cli, char *why, size_t why_size);

/* Where an option's handler says what is wrong. */
struct complaint {
	char *why;
	size_t size;
	const struct option_info *option; /* that is set */
};
/* Writes why an argument is refused. Returns -EINVAL. */
__attribute__((format(printf, 2, 3))) int cli_refuse(
	const struct complaint *complaint, const char *format, ...);
/* cli_refuse with "there is no WHAT 'TYPED'", and the nearest name (NULL: none, then the command that lists them). */
int cli_refuse_name(const struct complaint *complaint, const char *what, const char *typed,
	const char *list, const char *nearest);

/* A typed word as it can be shown again. */
struct cli_shown {
	char text[48];
};
struct cli_shown cli_shown(const char *typed);

/* Sets what the option stands for, from what was typed (NULL for one without an argument). */
int cli_set_option(struct cli *cli, const struct option_info *option, const char *typed,
	const struct complaint *complaint);
/* For option_table: options that are more than a number, a file or a flag. cli_run.c: processes; cli_duel.c: cpus, list and
 * methods; cli_set_verb: the option asks for the command `min`; cli_set_list: sizes of the duel `min`. */
typedef int cli_set(struct cli *cli, const char *typed,
	const struct complaint *complaint);
cli_set cli_set_processes, cli_set_right, cli_set_job, cli_set_seed, cli_set_interval, cli_set_for, cli_set_size,
	cli_set_keys, cli_set_theme, cli_set_pane, cli_set_color, cli_set_verb, cli_set_cpus, cli_set_list,
	cli_set_methods;

/* cli_run.c: the programs of `run`, from its words. */
int cli_take_programs(struct cli *cli, const struct complaint *complaint);


#endif
