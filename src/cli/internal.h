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

/* Sets what the option of this name stands for, from what was typed (NULL for one without an argument). */
int cli_set_option(
	struct cli *cli, const char *name, const char *typed, const struct complaint *complaint);

/* cli_run.c: the programs of `run`, from its words. */
int cli_take_programs(struct cli *cli, const struct complaint *complaint);

/* "4", or "2x3": two processes of three threads each. */
int cli_set_processes(struct cli *cli, const char *typed, const struct complaint *complaint);
int cli_set_cpus(struct cli *cli, const char *typed, const struct complaint *complaint);
int cli_set_working_set(struct cli *cli, const char *typed, const struct complaint *complaint);
int cli_set_ballast(struct cli *cli, const char *typed, const struct complaint *complaint);
int cli_set_workers(struct cli *cli, const char *typed, const struct complaint *complaint);
int cli_set_methods(struct cli *cli, const char *typed, const struct complaint *complaint);

#endif
