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
