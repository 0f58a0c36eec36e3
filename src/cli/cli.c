/* SPDX-License-Identifier: MIT
 * Reads arguments into struct cli, and refuses what has no meaning together.
 */
#include "internal.h"

#include <getopt.h>

#include "crew.h"
#include "outfile.h"

#define LETTERS_MAX (2 * 32 + 2)

/* What getopt_long wants, from our table. val is the index in the table, from 256 on; short options are their letter. */
static void getopt_tables(struct option *longs, char *letters)
{
	*letters++ = ':';
	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *info = &option_table[i];
		longs[i] = (struct option) { info->name,
			info->argument ? required_argument : no_argument, NULL, 256 + (int)i };
		if (info->letter)
			*letters++ = info->letter;
		if (info->letter && info->argument)
			*letters++ = ':';
	}
	*letters = 0;
	longs[option_count] = (struct option) { 0 };
}

static const struct option_info *option_of(int code)
{
	for (size_t i = 0; i < option_count; i++)
		if (code == 256 + (int)i || code == option_table[i].letter)
			return &option_table[i];
	return NULL;
}

/* Why getopt_long took offence at this argument. */
static int refuse_option(const struct complaint *complaint, const char *argument)
{
	char name[48] = "";
	if (strncmp(argument, "--", 2) != 0)
		return cli_refuse(
			complaint, "there is no option -%c; see 'taskscope --help'", optopt);
	const struct option_info *known = optopt ? option_of(optopt) : NULL;
	if (known)
		return cli_refuse(complaint, "--%s takes no argument", known->name);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(argument + 2, "="), argument + 2);
	const char *nearest =
		suggest_row(name, option_table, sizeof(option_table[0]), option_count);
	if (nearest)
		return cli_refuse(complaint, "there is no option --%s; did you mean --%s?",
			cli_shown(name).text, nearest);
	return cli_refuse(complaint,
		"there is no option --%s, or it is cut too short; see 'taskscope --help'",
		cli_shown(name).text);
}

/* How many arguments stand behind the first "--", which getopt_long takes away; -1: there is none. */
static int words_behind(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return argc - i - 1;
	return -1;
}

/* The command of this name; VERBS and why not, of none. */
static int find_verb(const char *name, const struct complaint *complaint, size_t *ret)
{
	size_t verb = 0;
	while (verb < VERBS && strcmp(name, verb_table[verb].name) != 0)
		verb++;
	*ret = verb;
	if (verb < VERBS)
		return 0;
	return cli_refuse_name(complaint, "command", name, "--help",
		suggest_row(name, verb_table, sizeof(verb_table[0]), VERBS));
}

static int take_verb(
	struct cli *cli, char **words, int n, int behind, const struct complaint *complaint)
{
	size_t verb;
	int error = n == 0 ? 0 : find_verb(words[0], complaint, &verb);
	if (n == 0 || error)
		return error;
	/* `replay --help` needs no file. */
	if (cli->verb == VERB_HELP && verb != VERB_HELP) {
		cli->topic = (int)verb;
		return 0;
	}
	const char *argument = verb_table[verb].argument;
	const bool any = argument && strstr(argument, "...");
	int most = argument ? 2 : 1, least = argument && *argument != '[' ? 2 : 1;
	if (n < least)
		return cli_refuse(complaint, "%s needs %s: %s", verb_table[verb].name,
			verb_table[verb].argument, verb_table[verb].help);
	if (n > most && !any)
		return cli_refuse(
			complaint, "'%s' is one word too many", cli_shown(words[most]).text);
	if (cli->verb != VERB_HELP && cli->verb != VERB_VERSION)
		cli->verb = (enum verb)verb;
	if (cli->verb == VERB_HELP && n == 2) {
		error = find_verb(words[1], complaint, &verb);
		cli->topic = (int)verb;
		return error;
	}
	cli->argument = n >= 2 ? words[1] : NULL;
	cli->words = words + 1;
	cli->n_words = n - 1;
	cli->n_left = MAX(n - 1 - behind, 0);
	if (any && verb != VERB_RUN && behind >= 0 && (cli->n_left == 0 || behind == 0))
		return cli_refuse(complaint, "a side without words: '--' stands between two sides");
	if (!any && behind > 0)
		return cli_refuse(complaint, "'--' has no meaning with '%s'", words[0]);
	cli->n_left = behind < 0 ? n - 1 : cli->n_left;
	return 0;
}

/* Two options cannot write one file, nor one the file that is read. */
static int check_files(const struct cli *cli, const struct complaint *complaint)
{
	char right[4200] = "";
	const struct {
		const char *name, *path;
	} files[] = {
		{ "--record", cli->record },
		{ "--svg", cli->svg },
		{ "--cast", cli->cast },
		{ "--results", cli->results },
		{ "--notes", cli->notes },
		{ "--output", cli->output },
		{ "--output of the right program", cli->output ? right : NULL },
		{ "--srt", cli->srt },
		{ "--html", cli->html },
		{ "--csv", cli->csv },
		{ "--trace", cli->trace },
		{ "what is replayed", cli->verb == VERB_REPLAY ? cli->argument : NULL },
	};
	if (cli->output)
		snprintf(right, sizeof(right), "%s.right", cli->output);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		for (size_t k = 0; k < i; k++)
			if (files[i].path && files[k].path &&
				outfile_clash(files[i].path, files[k].path))
				return cli_refuse(complaint, "%s and %s cannot be the same file",
					files[k].name, files[i].name);
	return 0;
}

/* Options that have no meaning together, or with this command. */
static int check_together(const struct cli *cli, const struct complaint *complaint)
{
	for (size_t i = 0; i < option_count; i++) {
		unsigned verbs = option_table[i].verbs;
		if (cli->given[i] && verbs && cli->verb < VERB_HELP && !(verbs & 1u << cli->verb))
			return cli_refuse(complaint, "--%s has no meaning with '%s'",
				option_table[i].name, verb_table[cli->verb].name);
	}
	if (cli->verb == VERB_CLASS && (strcmp(cli->argument, "merge") != 0 || cli->n_words < 2))
		return cli_refuse(complaint, "class needs 'merge', and files with results");
	if (cli->check && strcmp(cli->argument, "scenes") != 0)
		return cli_refuse(complaint, "--check is for 'list scenes'");
	if (cli->right_user && cli->workers[KIND_THREADS] > JOB_FIBERS_MOST)
		return cli_refuse(
			complaint, "--right user: %d user-level stacks at most", JOB_FIBERS_MOST);
	if (cli->tour_long && cli->tour_short)
		return cli_refuse(complaint, "--long and --short are two different tours");
	const bool filmed = cli->cast || cli->html || cli->svg;
	if (cli->vertical && (!cli->tour_short || !filmed || cli->size))
		return cli_refuse(complaint,
			"--vertical has a size of its own, and is for --short with --cast, --html "
			"or --svg");
	if (cli->svg && strchr(cli->svg, '%') != strrchr(cli->svg, '%'))
		return cli_refuse(complaint, "--svg: one '%%' stands for the number, not two");
	if (cli->presenter && (cli->plain || cli->json))
		return cli_refuse(complaint, "--presenter is for a tour on a screen");
	if (cli->notes && cli->json)
		return cli_refuse(complaint, "--notes are made of text, not of --json");
	if (cli->plain && cli->json)
		return cli_refuse(complaint, "--plain and --json both want standard output");
	return check_files(cli, complaint);
}

static int parse(int argc, char **argv, struct cli *cli, const struct complaint *complaint)
{
	struct option longs[CLI_OPTIONS_MAX];
	char letters[LETTERS_MAX];
	const int behind = words_behind(argc, argv);
	getopt_tables(longs, letters);
	optind = opterr = 0; /* glibc: start anew */
	for (int code; (code = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
		const char *argument = argv[MAX(optind - 1, 0)];
		const struct option_info *option = option_of(code == ':' ? optopt : code);
		if (code == '?')
			return refuse_option(complaint, argument);
		if (code == ':' && strcmp(option->name, "check") != 0)
			return cli_refuse(
				complaint, "--%s needs %s", option->name, option->argument);
		cli->given[option - option_table] = true;
		if (code == ':')
			cli->check = CLI_CHECK_ALL;
		int error = code == ':' ? 0 : cli_set_option(cli, option, optarg, complaint);
		if (error)
			return error;
	}
	cli->plain |= cli->linear;
	int error = take_verb(cli, argv + optind, argc - optind, behind, complaint);
	if (cli->vertical) {
		cli->cols = CLI_VERTICAL_COLS;
		cli->rows = CLI_VERTICAL_ROWS;
	}
	if (!error && cli->size)
		error = cli_read_size(cli, complaint->why, complaint->size);
	if (!error && cli->verb == VERB_RUN)
		error = cli_take_programs(cli, complaint);
	if (!error && cli->verb == VERB_MEASURE)
		error = cli_take_duel(cli, complaint->why, complaint->size);
	return error ? error : check_together(cli, complaint);
}

int cli_parse(int argc, char **argv, struct cli *ret, char *why, size_t why_size)
{
	const struct complaint complaint = { why, why_size };
	struct cli cli = { .verb = VERB_LIVE,
		.topic = VERBS,
		.workers = { 4, 4 },
		.job = JOB_MIXED,
		.cpu = -1,
		.arena_mb = CREW_ARENA_MB,
		.speed = NAN,
		.duel = { .duel = DUEL_ALL, .cpu = { -1, -1 } },
		.theme = theme_find("dark"),
		.colour = -1 };
	int error = parse(argc, argv, &cli, &complaint);
	if (error) {
		cli_finish(&cli);
		return error;
	}
	*ret = cli;
	return 0;
}

void cli_finish(struct cli *cli)
{
	script_finish(&cli->keys);
	for (int side = 0; side < SIDES; side++)
		cmdline_finish(&cli->program[side]);
	cli_drop_targets(cli);
}
