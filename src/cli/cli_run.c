/* SPDX-License-Identifier: MIT
 * What the sides are made of: the programs of `run`, one or two strings, split into words or handed to a shell, or words as
 * they are; and the worker processes of the lab, with threads or without.
 */

#include "crew.h"
#include "internal.h"

int cli_set_processes(struct cli *cli, const char *typed, const struct complaint *complaint)
{
	const char *cross = strchr(typed, 'x');
	char processes[8] = "";
	int64_t n, team = 1;
	size_t len = cross ? (size_t)(cross - typed) : strlen(typed);

	memcpy(processes, typed, MIN(len, sizeof(processes) - 1));
	if (len >= sizeof(processes) || parse_integer(processes, 1, CREW_PROCESSES_MAX, &n) ||
		(cross && parse_integer(cross + 1, 2, CREW_PROCESSES_MAX, &team)) ||
		n * team > CREW_PROCESSES_MAX)
		return cli_refuse(complaint,
			"--processes needs a whole number from 1 to %d, or as 2x3 processes of "
			"threads, %d in all, not '%s'",
			CREW_PROCESSES_MAX, CREW_PROCESSES_MAX, cli_shown(typed).text);
	cli->workers[KIND_PROCESSES] = (int)(n * team);
	cli->team = cross ? (int)team : 0;
	return 0;
}

static int take_program(
	struct cli *cli, const char *typed, int side, const struct complaint *complaint)
{
	struct cmdline *words = &cli->program[side];
	const char *name = side_name((enum side)side);
	char why[128] = "";

	if (cmdline_split(typed, words, why, sizeof(why)) != 0 && !cli->shell)
		return cli_refuse(complaint, "the %s program: %s", name, why);
	if (cli->shell ? typed[strspn(typed, " \t\n")] == '\0' : words->n == 0)
		return cli_refuse(complaint, "the %s side has no words", name);
	if (cli->shell) {
		cmdline_finish(words);
		cmdline_copy((char *[]) { (char *)"sh", (char *)"-c", (char *)typed }, 3, words);
	}
	cli->programs = side + 1;
	return 0;
}

/* One name is both kinds of that program; two are one of each, unless they say which. */
static int take_examples(struct cli *cli, const struct complaint *complaint)
{
	const char *names[SIDES] = { cli->example, cli->n_words ? cli->words[0] : cli->example };
	int error = 0;

	if (cli->n_words > 1 || cli->shell)
		return cli_refuse(
			complaint, "--example takes one or two names, and no other program");
	for (int side = 0; side < SIDES && !error; side++)
		error = program_example_words(names[side], (enum kind)side, &cli->program[side],
			complaint->why, complaint->size);
	cli->programs = SIDES;
	return error ? -EINVAL : 0;
}

static int take_programs(struct cli *cli, const struct complaint *complaint)
{
	int error = 0;

	if (cli->example)
		return take_examples(cli, complaint);
	if (cli->n_words == 0)
		return cli_refuse(
			complaint, "run needs a program: taskscope run 'CMD A' ['CMD B']");
	if (cli->n_left == 0 && cli->shell)
		return cli_refuse(
			complaint, "--shell needs a line in quotes, not words behind '--'");
	if (cli->n_left == 0) {
		cmdline_copy(cli->words, (size_t)cli->n_words, &cli->program[SIDE_LEFT]);
		cli->programs = 1;
		return 0;
	}
	if (cli->n_left < cli->n_words)
		return cli_refuse(
			complaint, "'--' stands before one program's words, and nothing else");
	if (cli->n_words > SIDES)
		return cli_refuse(complaint,
			"%d programs are too many: put each in quotes, or one behind '--'",
			cli->n_words);
	for (int side = 0; side < cli->n_words && !error; side++)
		error = take_program(cli, cli->words[side], side, complaint);
	return error;
}

int cli_take_programs(struct cli *cli, const struct complaint *complaint)
{
	int error = take_programs(cli, complaint);

	if (!error && cli->duel.rounds && cli->programs < SIDES)
		return cli_refuse(complaint, "--rounds compares two programs");
	return error;
}

/* As shells do. */
enum { STATUS_NOT_EXECUTABLE = 126, STATUS_NOT_FOUND = 127 };

int cli_find_programs(const struct cli *cli, const char *folders, char path[SIDES][PATH_MAX])
{
	char why[PATH_MAX + 200];

	for (int side = 0; side < cli->programs; side++) {
		int error = program_find(
			cli->program[side].at[0], folders, path[side], why, sizeof(why));

		if (!error)
			continue;
		say_line("%s", why);
		return error == -ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
	}
	return EXIT_FINE;
}

int cli_isolate(char folder[PATH_MAX])
{
	char why[PATH_MAX + 200];

	if (warden_start(folder, PATH_MAX, why, sizeof(why)) == 0)
		return EXIT_FINE;
	say_line("cannot isolate: %s", why);
	return EXIT_CREW;
}

char *cli_output_of(const struct cli *cli, int side)
{
	if (!cli->output || strcmp(cli->output, "discard") == 0)
		return NULL;
	return side == SIDE_LEFT ? xstrdup(cli->output) : xasprintf("%s.right", cli->output);
}

void cli_put_command(const struct cli *cli, int side, struct buf *out)
{
	const struct cmdline *words = &cli->program[side];
	const char *last = words->at[words->n - 1], *folder = strstr(last, "programs/");

	if (cli->example && folder)
		buf_addf(out, "%s%s", words->n > 1 ? "python3 " : "", folder + strlen("programs/"));
	else
		cmdline_put(words, out);
}
