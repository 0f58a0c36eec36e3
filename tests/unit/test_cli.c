/* SPDX-License-Identifier: MIT
 * The command line: every option has a handler and a place in the help; every number is refused beyond its bounds, with
 * the bounds; a name that is nearly right is answered with the right one. And the made-up ids of --mask-ids.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/app/app.h"

#define WORDS_MAX 40

/* Splits a line at blanks ('_' stands for a blank inside a word) and parses it. */
static int parse_line(const char *line, struct cli *cli, char *why, size_t size)
{
	static char words[400];
	static char *argv[WORDS_MAX + 2]; /* what is parsed points into it */
	int argc = 1;
	memset(argv, 0, sizeof(argv));
	argv[0] = (char *)"taskscope";
	snprintf(words, sizeof(words), "%s", line);
	for (char *word = strtok(words, " "); word && argc <= WORDS_MAX; word = strtok(NULL, " ")) {
		for (char *c = word; *c; c++)
			*c = *c == '_' ? ' ' : *c;
		argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
	}
	return cli_parse(argc, argv, cli, why, size);
}

static struct cli accept(const char *line)
{
	struct cli cli;
	char why[240] = "";
	if (parse_line(line, &cli, why, sizeof(why)) != 0)
		fail_msg("'%s' was refused: %s", line, why);
	return cli;
}

static void assert_refused(const char *line, const char *words)
{
	struct cli cli;
	char why[240] = "";
	int error = parse_line(line, &cli, why, sizeof(why));
	if (error == 0)
		fail_msg("'%s' was accepted", line);
	assert_int_equal(error, -EINVAL);
	if (!strstr(why, words))
		fail_msg("'%s' was refused with '%s', which does not say '%s'", line, why, words);
}

static void without_arguments_it_is_the_lab_with_four_and_four(void **state)
{
	struct cli cli = accept("");
	assert_int_equal(cli.verb, VERB_LIVE);
	assert_int_equal(cli.workers[KIND_PROCESSES], 4);
	assert_int_equal(cli.workers[KIND_THREADS], 4);
	assert_int_equal(cli.job, JOB_MIXED);
	assert_int_equal(cli.cpu, -1);
	assert_int_equal(cli.colour, -1);
	assert_true(isnan(cli.speed));
	assert_string_equal(cli.theme->name, "dark");
}

static void a_tour_may_name_a_scene_and_a_quiz_has_bounds(void **state)
{
	struct cli cli = accept("tour");
	assert_int_equal(cli.verb, VERB_TOUR);
	assert_null(cli.argument);
	cli = accept("tour blast-radius --auto --short");
	assert_string_equal(cli.argument, "blast-radius");
	assert_true(cli.tour_auto && cli.tour_short && !cli.tour_long);
	cli = accept("quiz --seed 7 --level 3 --claim 9 --timer 20 --results a.csv");
	assert_true(cli.has_seed && cli.seed == 7 && cli.level == 3 && cli.claim == 9);
	assert_int_equal(cli.timer, 20);
	cli = accept("quiz copy-on-write --seed 7");
	assert_string_equal(cli.argument, "copy-on-write");
	assert_refused("quiz --level 4", "1 to 3");
	assert_refused("quiz --claim 0", "1 to 9");
	assert_refused("quiz --timer 4", "5 to 600");
	assert_refused("quiz --auto", "no meaning");
	assert_refused("tour --seed 1", "no meaning");
	assert_refused("tour --long --short", "different tours");
	assert_refused("tour --notes f --json", "made of text");
	assert_refused("class merge", "files with results");
	assert_refused("class marge f", "'merge'");
	assert_refused("quiz --names", "no meaning");
	assert_refused("tour a b", "one word too many");
	assert_refused("--long", "no meaning");
	cli = accept("tour --short --vertical --cast f");
	assert_true(cli.cols == 45 && cli.rows == 30);
	assert_refused("tour --vertical --cast f", "--vertical has a size of its own");
	assert_refused("tour --short --vertical", "--cast, --html or --svg");
	assert_int_equal(accept("tour --short --vertical --html f").cols, 45);
	assert_refused("tour --short --vertical --cast f --size 80x24", "a size of its own");
}

static void every_option_sets_what_it_says(void **state)
{
	struct cli cli =
		accept("live -p 8 --threads=16 --job spin --interval 50 --for 2.5 --json "
		       "--record a.jsonl --svg b.svg --size 200x60 --keys a<wait_500>q --mask-ids");
	assert_int_equal(cli.workers[KIND_PROCESSES], 8);
	assert_int_equal(cli.workers[KIND_THREADS], 16);
	assert_int_equal(cli.job, JOB_SPIN);
	assert_int_equal(cli.interval, 50 * NSEC_PER_MSEC);
	assert_int_equal(cli.duration, 2500 * NSEC_PER_MSEC);
	assert_true(cli.json && cli.mask_ids && cli.has_keys);
	assert_string_equal(cli.record, "a.jsonl");
	assert_string_equal(cli.svg, "b.svg");
	assert_int_equal(cli.cols, 200);
	assert_int_equal(cli.rows, 60);
	assert_int_equal(cli.keys.steps.n, 3);
	cli_finish(&cli);
	cli = accept(
		"replay f.jsonl --speed 0 --plain --ascii --color never --theme light --no-mouse "
		"--no-sync --force");
	assert_int_equal(cli.verb, VERB_REPLAY);
	assert_string_equal(cli.argument, "f.jsonl");
	assert_true(cli.speed == 0 && cli.plain && cli.ascii && cli.no_mouse && cli.no_sync &&
		    cli.force);
	assert_int_equal(cli.colour, 0);
	assert_string_equal(cli.theme->name, "light");
	assert_int_equal(accept("--color=always").colour, 1);
	assert_int_equal(accept("--cpu 1").cpu, 1);
}

static void counts_beyond_their_bounds_are_refused_with_the_bounds(void **state)
{
	static const char *const wrong[] = { "0", "-1", "65", "1000000", "99999999999999999999",
		"x", "4x", "''", "_4", "4.5", "0x4" };
	char line[80];
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(line, sizeof(line), "--processes %s", wrong[i]);
		assert_refused(line, "1 to 64");
	}
	assert_refused("--threads 257", "1 to 256");
	assert_refused("--interval 19", "20 to 60000");
	assert_refused("--interval 60001", "20 to 60000");
	assert_refused("--for 0", "0.1 to 86400");
	assert_refused("--for 86401", "0.1 to 86400");
	assert_refused("--for nan", "0.1 to 86400");
	assert_refused("--for 1e3", "0.1 to 86400");
	assert_refused("--for 1.2.3", "0.1 to 86400");
	assert_refused("--cpu -1", "0 to 4095");
	assert_refused("replay f --speed 1001", "0 to 1000");
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(line, sizeof(line), "--size %sx24", i == 2 || i == 3 ? "1001" : wrong[i]);
		assert_refused(line, "1x1 to 1000x500");
	}
	assert_refused("--size 80", "as 120x36");
	assert_refused("--size 80x", "as 120x36");
	assert_refused("--size 80x501", "1x1 to 1000x500");
	accept("--processes 64 --threads 256 --interval 20 --for 0.1 --size 1x1");
}

static void a_name_that_is_nearly_right_is_answered_with_the_right_one(void **state)
{
	assert_refused("--proceses 4", "did you mean --processes?");
	assert_refused("--plian", "did you mean --plain?");
	assert_refused("--zzzzzzzz", "--help");
	assert_refused("-z", "-z");
	assert_refused("--job spni", "did you mean 'spin'?");
	assert_refused("--job tune-the-radio", "list jobs");
	assert_refused("--theme drak", "did you mean 'dark'?");
	assert_refused("--theme foo", "see 'taskscope list themes'"); /* near to none */
	assert_refused("--pane wokers", "did you mean 'workers'?");
	assert_refused("repaly f", "did you mean 'replay'?");
	assert_refused("--color blue", "auto, always or never");
	assert_refused("--keys a<Nokey>", "--keys: ");
}

static void attach_takes_one_side_or_two(void **state)
{
	struct cli cli = accept("attach 1 nginx --plain x*");
	assert_int_equal(cli.verb, VERB_ATTACH);
	assert_int_equal(cli.n_words, 3);
	assert_int_equal(cli.n_left, 3);
	assert_string_equal(cli.words[2], "x*");
	cli = accept("attach --wait --no-children a b -- --c -d e");
	assert_true(cli.wait && cli.no_children);
	assert_int_equal(cli.n_words, 5);
	assert_int_equal(cli.n_left, 2);
	assert_string_equal(cli.words[2], "--c");
	assert_int_equal(accept("attach").n_words, 0); /* picked from a list */
	assert_refused("attach a --", "a side without words");
	assert_refused("attach -- a", "a side without words");
	assert_refused("attach --job spin a", "--job has no meaning with 'attach'");
	assert_refused("live --wait", "--wait has no meaning with 'live'");
	assert_refused("attahc a", "did you mean 'attach'?");
}

static void what_has_no_meaning_together_is_refused(void **state)
{
	assert_refused("--plain --json", "both want standard output");
	assert_refused("replay f --job spin", "--job has no meaning with 'replay'");
	assert_refused("replay f --record g", "--record has no meaning with 'replay'");
	assert_refused("--speed 2", "--speed has no meaning with 'live'");
	assert_refused("doctor --plain", "--plain has no meaning with 'doctor'");
	assert_refused("replay", "replay needs FILE");
	assert_refused("list", "list needs WHAT");
	assert_refused("live now", "one word too many");
	assert_refused("--job", "--job needs NAME");
	assert_refused("-p", "--processes needs N");
	assert_refused("--plain=yes", "--plain takes no argument");
	assert_refused("--record ''", "name of a file");
	assert_refused("--record a --svg a", "same file");
	assert_refused("tour --svg %-%.svg", "not two");
	assert_refused("--cast ./a --svg a", "same file");
	assert_refused("--cast /tmp/a --svg /tmp/../tmp//a", "same file");
	assert_refused("--csv a --cast ././a", "same file");
	assert_refused("--cast a --record ./a.part", "same file");
	struct cli two = accept("--cast a --svg a.b --record ../a");
	cli_finish(&two);
}

static void measure_wants_a_duel_and_lists_within_their_bounds(void **state)
{
	struct cli cli = accept("measure switch --quick --rounds 20 --cpus 0,1 --json");
	assert_int_equal(cli.verb, VERB_MEASURE);
	assert_int_equal(cli.duel.duel, DUEL_SWITCH);
	cli_finish(&cli);
	assert_refused("measure", "measure needs WHAT");
	assert_refused("measure swtich", "did you mean 'switch'?");
	assert_refused("measure tune-the-radio", "switch, create, talk, memory and all");
	assert_refused("measure create --ballast 1025", "0 to 1024");
	assert_refused("measure create --ballast 1,,2", "ballast");
	assert_refused("measure switch --working-set 16385", "0 to 16384");
	assert_refused("measure talk --size 80x24", "size");
	assert_refused("measure memory --workers 33", "1 to 32");
	assert_refused("measure switch --method pype", "there is no method 'pype'");
	assert_int_equal(accept("measure create --method clone_VM").duel.methods, 1u << CLONE_MM);
	assert_int_equal(accept("measure talk --method pipe,pointer").duel.methods,
		1u << SWITCH_BY_PIPE | 1u << TALK_PIPE | 1u << TALK_POINTER);
	assert_refused("measure switch --ballast 1", "--ballast has no meaning");
	assert_refused("measure all --rounds 0", "1 to 200");
	assert_refused("measure all --plain", "--plain has no meaning with 'measure'");
}

static struct cli accept_words(const char *const *words, int n)
{
	struct cli cli;
	char why[240] = "", *argv[12] = { (char *)"taskscope" };

	for (int i = 0; i < n; i++)
		argv[1 + i] = (char *)words[i];
	if (cli_parse(n + 1, argv, &cli, why, sizeof(why)) != 0)
		fail_msg("refused: %s", why);
	return cli;
}
#define ACCEPT_WORDS(...)                                                                          \
	accept_words((const char *const[]) { __VA_ARGS__ },                                        \
		(int)ARRAY_LEN(((const char *const[]) { __VA_ARGS__ })))

static void processes_may_have_threads_each(void **state)
{
	struct cli cli = accept("--processes 2x3");

	assert_int_equal(cli.workers[KIND_PROCESSES], 6);
	assert_int_equal(cli.team, 3);
	assert_int_equal(accept("-p 5").team, 0);
	assert_int_equal(accept("-p 2x3 -p 5").team, 0);
	assert_refused("-p 2x", "or as 2x3 processes of threads, 64 in all");
	assert_refused("-p 2x1", "as 2x3");
	assert_refused("-p x3", "as 2x3");
	assert_refused("-p 22x3", "as 2x3");
}

static void run_takes_one_program_or_two(void **state)
{
	struct cli cli = ACCEPT_WORDS("run", "sort -n 'my file'", "--json", "wc -l");

	assert_int_equal(cli.programs, 2);
	assert_int_equal(cli.program[SIDE_LEFT].n, 3);
	assert_string_equal(cli.program[SIDE_LEFT].at[2], "my file");
	assert_string_equal(cli.program[SIDE_RIGHT].at[1], "-l");
	cli_finish(&cli);
	cli = ACCEPT_WORDS("run", "--plain", "--", "ls", "-l", "it's");
	assert_int_equal(cli.programs, 1);
	assert_int_equal(cli.program[SIDE_LEFT].n, 3);
	assert_string_equal(cli.program[SIDE_LEFT].at[1], "-l");
	assert_string_equal(cli.program[SIDE_LEFT].at[2], "it's");
	cli_finish(&cli);
	cli = ACCEPT_WORDS("run", "--shell", "ls | wc -l");
	assert_string_equal(cli.program[SIDE_LEFT].at[0], "sh");
	assert_string_equal(cli.program[SIDE_LEFT].at[2], "ls | wc -l");
	cli_finish(&cli);
	assert_refused("run", "run needs a program");
	assert_refused("run a b c", "3 programs are too many");
	assert_refused("run a -- b", "'--' stands before one program's words");
	assert_refused("run --shell -- a", "--shell needs a line in quotes");
	assert_refused("run a|b", "'|' is for a shell");
	assert_refused("run --rounds 6 a", "--rounds compares two programs");
	assert_refused("run --example coutner", "did you mean 'counter'?");
	assert_refused("run --example sum sum sum", "--example takes one or two names");
	assert_refused("run --output f --svg f a", "cannot be the same file");
	assert_refused("run --output f --cast ./f.right a", "cannot be the same file");
	assert_refused("replay f --cast ./f --force", "--cast and what is replayed cannot be");
	assert_refused("live --shell", "--shell has no meaning with 'live'");
}

static void foreign_words_never_come_back_raw(void **state)
{
	struct cli cli;
	char why[240] = "";
	char *argv[] = { (char *)"taskscope", (char *)"--job", (char *)"a\033]0;owned\a\nb\xff",
		NULL };
	assert_int_equal(cli_parse(3, argv, &cli, why, sizeof(why)), -EINVAL);
	for (const char *c = why; *c; c++)
		assert_true((unsigned char)*c >= ' ' && *c != 127);
}

static void help_names_every_option_and_command(void **state)
{
	struct buf help = { 0 };
	cli_put_help(&help, VERBS);
	for (size_t i = 0; i < option_count; i++) {
		char name[40];
		snprintf(name, sizeof(name), "--%s", option_table[i].name);
		assert_non_null(strstr(help.text, name));
		assert_non_null(strstr(help.text, option_table[i].help));
	}
	for (size_t i = 0; i < VERBS; i++)
		assert_non_null(strstr(help.text, verb_table[i].help));
	for (char *line = strtok(help.text, "\n"); line; line = strtok(NULL, "\n"))
		assert_in_range(strlen(line), 0, 110);
	buf_finish(&help);
}

/* Of one command: each option that means something with it, and no other; examples that are accepted. */
static void help_of_a_command_is_its_own(void **state)
{
	for (int verb = 0; verb < VERBS; verb++) {
		struct buf help = { 0 };
		cli_put_help(&help, verb);
		for (size_t i = 0; i < option_count; i++) {
			char name[40];
			snprintf(name, sizeof(name), "%s --%s ",
				option_table[i].letter ? "," : "     ", option_table[i].name);
			unsigned verbs = option_table[i].verbs;
			assert_true(!strstr(help.text, name) == (verbs && !(verbs & 1u << verb)));
		}
		for (size_t i = 0; i < ARRAY_LEN(verb_table[verb].examples); i++)
			assert_non_null(strstr(help.text, verb_table[verb].examples[i]));
		assert_non_null(strstr(help.text, "Exit status"));
		buf_finish(&help);
	}
	assert_int_equal(accept("replay --help").topic, VERB_REPLAY);
	assert_int_equal(accept("help tour").topic, VERB_TOUR);
	assert_int_equal(accept("--help").topic, VERBS);
	assert_int_equal(accept("help").verb, VERB_HELP);
	assert_refused("help tuor", "did you mean 'tour'?");
	assert_refused("tuor --help", "did you mean 'tour'?");
}

/* --- the configuration file --- */

/* What the file's text makes of this line: 0 or an error and why. */
static int configure(const char *text, const char *line, struct cli *ret, char *why, size_t size)
{
	char path[] = "/tmp/taskscope-config-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	*ret = accept(line);
	int error = cli_read_config(ret, path, why, size);
	unlink(path);
	return error;
}

static void what_was_typed_wins_over_the_file(void **state)
{
	static const char text[] =
		"# mine\ntheme: light\ninterval: 200\njob: spin\nmouse: false\ncolor: never\n"
		"ascii: true\nsafe: false\ncrews:\n  processes: 2x3\n  threads: 8\n";
	struct cli cli;
	char why[300] = "";
	assert_int_equal(configure(text, "", &cli, why, sizeof(why)), 0);
	assert_string_equal(cli.theme->name, "light");
	assert_int_equal(cli.interval, 200 * NSEC_PER_MSEC);
	assert_int_equal(cli.job, job_find("spin"));
	assert_int_equal(cli.colour, 0);
	assert_true(cli.no_mouse && cli.ascii && !cli.safe && cli.has_theme);
	assert_int_equal(cli.workers[KIND_THREADS], 8);
	assert_int_equal(cli.team, 3);
	assert_int_equal(configure(text, "-t 3 --theme mono", &cli, why, sizeof(why)), 0);
	assert_int_equal(cli.workers[KIND_THREADS], 3);
	assert_string_equal(cli.theme->name, "mono");
	/* Crews belong to the lab alone. */
	assert_int_equal(configure(text, "tour", &cli, why, sizeof(why)), 0);
	assert_int_equal(cli.workers[KIND_THREADS], 4);
	assert_true(cli.no_mouse);
	assert_int_equal(configure("\n # nothing yet\n", "", &cli, why, sizeof(why)), 0);
	assert_int_equal(cli_read_config(&cli, "/nonexistent/x", why, sizeof(why)), -ENOENT);
}

static void a_mistake_in_the_file_is_told_with_its_line(void **state)
{
	static const char *const wrong[][2] = {
		{ "theme: drak", ":1: theme: there is no theme 'drak'; did you mean 'dark'?" },
		{ "\ncrews:\n  threads: 999\n",
			":3: crews.threads: threads 999 is out of range: 1 to 256" },
		{ "interval: soon", ":1: interval: interval needs a whole number" },
		{ "mouse: perhaps", ":1: mouse: 'perhaps' is not true or false" },
		{ "color: [never]", ":1: color: text is wanted here, not a list" },
		{ "thème: dark", ":1: there is no field 'thème' here; did you mean 'theme'?" },
		{ "crews:\n  workers: 3",
			":2: there is no field 'workers' here; there are processes" },
		{ "job: spin\njob: sleep", "stands twice" },
		{ "theme: \"dark", "not YAML: found unexpected end of stream at column" },
		{ "- theme", "a mapping of fields is wanted" },
		{ "theme: dark\n---\ntheme: light", "a second document" },
		{ "job: \"\\e]0;owned\\a\"", "there is no job" },
	};
	struct cli cli;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		/* Typed or not, a wrong value is wrong. */
		static const char *const lines[] = { "", "--job sleep --theme mono" };
		for (size_t k = 0; k < ARRAY_LEN(lines); k++) {
			char why[300] = "";
			assert_int_equal(
				configure(wrong[i][0], lines[k], &cli, why, sizeof(why)), -EINVAL);
			if (!strstr(why, wrong[i][1]))
				fail_msg("'%s' does not say '%s'", why, wrong[i][1]);
			assert_null(strpbrk(why, "\n\033\a"));
		}
	}
	char why[300] = "", *large = xcalloc(1, 70000);
	memset(large, '#', 69999);
	assert_int_equal(configure(large, "", &cli, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "too large"));
	free(large);
	assert_int_equal(cli_read_config(&cli, "/", why, sizeof(why)), -EINVAL);
	assert_int_equal(cli_read_config(&cli, "/dev/zero", why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "not a file"));
}

/* A missing handler would be called as NULL. */
static void every_option_of_the_table_can_be_given(void **state)
{
	static const struct {
		const char *name, *value;
	} values[] = { { "processes", "2" }, { "threads", "2" }, { "job", "sleep" }, { "cpu", "0" },
		{ "arena", "64" }, { "interval", "100" }, { "for", "1" }, { "speed", "1" },
		{ "svg", "f" }, { "cast", "f" }, { "record", "f" }, { "size", "80x24" },
		{ "html", "f" }, { "csv", "f" }, { "trace", "f" }, { "keys", "q" },
		{ "theme", "mono" }, { "pane", "memory" }, { "color", "auto" }, { "check", "f" },
		{ "seed", "7" }, { "level", "2" }, { "claim", "9" }, { "timer", "20" },
		{ "pace", "2" }, { "srt", "f" }, { "results", "f" }, { "export-c", "f" },
		{ "notes", "f" }, { "rounds", "20" }, { "cpus", "0" }, { "working-set", "0,256" },
		{ "ballast", "0,64" }, { "workers", "1,8" }, { "method", "pipe" },
		{ "output", "f" }, { "example", "sum" }, { "right", "user" } };
	static const struct {
		enum verb verb;
		const char *words;
	} commands[] = { { VERB_LIVE, "" }, { VERB_REPLAY, "replay r" },
		{ VERB_LIST, "list scenes" }, { VERB_TOUR, "tour" },
		{ VERB_MEASURE, "measure all" }, { VERB_QUIZ, "quiz" }, { VERB_ATTACH, "attach x" },
		{ VERB_RUN, "run sum" }, { VERB_CLASS, "class merge f" } };
	for (size_t i = 0; i < option_count; i++) {
		char line[80];
		const char *value = NULL;
		for (size_t j = 0; j < ARRAY_LEN(values); j++)
			if (strcmp(values[j].name, option_table[i].name) == 0)
				value = values[j].value;
		assert_true(!option_table[i].argument == !value);
		const unsigned verbs = option_table[i].verbs;
		size_t k = 0;
		while (verbs && !(verbs & 1u << commands[k].verb))
			k++;
		const bool vertical = strcmp(option_table[i].name, "vertical") == 0;
		snprintf(line, sizeof(line), "%s --%s %s",
			vertical ? "tour --short --svg f" : commands[k].words, option_table[i].name,
			value ? value : "");
		struct cli cli = accept(line);
		cli_finish(&cli);
	}
}

/* Of others' programs no name, path or command line is left; equal ones stay equal. */
static void text_of_others_is_masked_too(void **state)
{
	struct pseudonyms names = { 0 };
	struct sample sample = { 0 };
	struct buf line = { 0 };
	static const char secret[] = "/srv/alice/secret.so";
	for (int round = 0; round < 2; round++) {
		sample_clear(&sample);
		for (size_t i = 0; record_kinds[i]; i++) {
			const struct record *kind = record_kinds[i];
			for (size_t k = 0; kind->limit > 1 && k < kind->n; k++)
				if (kind->fields[k].flags & FIELD_FOREIGN)
					snprintf((char *)record_push(kind, &sample) +
							 kind->fields[k].offset,
						kind->fields[k].size, "%s", secret);
		}
		pseudonyms_apply(&names, &sample);
		buf_clear(&line);
		recording_put_sample(&line, &sample);
		assert_null(strstr(line.text, "alice"));
		assert_non_null(strstr(line.text, "\"path\":\"path-1.so\""));
		assert_non_null(strstr(line.text, "\"name\":\"name-1.so\""));
	}
	/* The lab's are ours. */
	sample_clear(&sample);
	sample_text(vec_push(&sample.mappings)->path, secret, strlen(secret));
	pseudonyms_apply(&names, &sample);
	assert_string_equal(sample.mappings.at[0].path, secret);
	buf_finish(&line);
	pseudonyms_finish(&names);
	sample_finish(&sample);
}

static void the_same_roles_get_the_same_pseudonyms(void **state)
{
	struct pseudonyms names = { 0 };
	for (int run = 0; run < 2; run++) {
		struct sample sample = { 0 };
		struct crew_sample *crew = vec_push(&sample.crews);
		*crew = (struct crew_sample) { .side = SIDE_LEFT, .host = 4711 };
		for (int i = 0; i < 2; i++) {
			struct task_sample *task = vec_push(&sample.tasks);
			record_clear(&task_record, task);
			task->side = SIDE_LEFT;
			task->worker = (int16_t)i;
			/* In the second round a worker has died and its role has a new task. */
			task->pid = task->tid = 4712 + i + (run && i ? 100 : 0);
		}
		pseudonyms_apply(&names, &sample);
		assert_int_equal(sample.crews.at[0].host, 1000);
		assert_int_equal(sample.tasks.at[0].pid, 1001);
		assert_int_equal(sample.tasks.at[1].pid, run ? 11002 : 1002);
		assert_int_equal(pseudonyms_real(&names, 1001), 4712);
		assert_int_equal(pseudonyms_real(&names, 5), 5);
		sample_finish(&sample);
	}
	pseudonyms_finish(&names);
}

/* Of a crew that starts anew, a worker that the one before did not have looks like its siblings. */
static void a_new_crew_has_ids_of_one_kind(void **state)
{
	struct pseudonyms names = { 0 };
	struct sample early = { 0 };
	struct lane_sample *lane = vec_push(&early.lanes);
	*lane = (struct lane_sample) { .side = SIDE_LEFT, .pid = 201, .tid = 201 };
	pseudonyms_apply(
		&names, &early); /* a task of the second crew, seen before its crew says whose */
	sample_finish(&early);
	for (int run = 0; run < 2; run++) {
		struct sample sample = { 0 };
		struct crew_sample *crew = vec_push(&sample.crews);
		*crew = (struct crew_sample) { .side = SIDE_LEFT, .host = 100 * (run + 1) };
		for (int i = 0; i < 2 + run; i++) {
			struct task_sample *task = vec_push(&sample.tasks);
			record_clear(&task_record, task);
			task->side = SIDE_LEFT;
			task->worker = (int16_t)i;
			task->pid = task->tid = 100 * (run + 1) + 1 + i;
		}
		pseudonyms_apply(&names, &sample);
		assert_int_equal(sample.crews.at[0].host, run ? 11000 : 1000);
		for (int i = 0; i < 2 + run; i++)
			assert_int_equal(sample.tasks.at[i].pid, (run ? 11000 : 1000) + 1 + i);
		sample_finish(&sample);
	}
	pseudonyms_finish(&names);
}

/* Where a number is said to be an id, and nowhere else. */
static void ids_in_words_are_masked_too(void **state)
{
	static const char *const told[][2] = {
		{ "PID: ⟦4711⟧ ⟦50⟧ | 51, 50", "PID: ⟦1000⟧ ⟦1001⟧ | 51, 1001" },
		{ "Threads 50 and 4711 are tasks of group 50; w0 waits 50 ms.",
			"Threads 1001 and 1000 are tasks of group 1001; w0 waits 50 ms." },
		{ "Threads: 50 given up, in one process, 50",
			"Threads: 50 given up, in one process, 1001" },
		{ "At 0x50, 50 of 3 died; fork() said PID 50.",
			"At 0x50, 50 of 3 died; fork() said PID 1001." },
	};
	struct pseudonyms names = { 0 };
	struct sample sample = { 0 };
	struct task_sample *task = vec_push(&sample.tasks);
	record_clear(&task_record, task);
	*(struct crew_sample *)vec_push(&sample.crews) = (struct crew_sample) { .host = 4711 };
	task->worker = 0;
	task->pid = task->tid = 50;
	snprintf(sample.told.big, sizeof(sample.told.big), "50 | 7");
	snprintf(sample.told.big_label, sizeof(sample.told.big_label), "what ps calls PID");
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		snprintf(((struct caption_line *)record_push(&caption_record, &sample))->text, 400,
			"%s", told[i][0]);
	pseudonyms_apply(&names, &sample);
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		assert_string_equal(sample.captions.at[i].text, told[i][1]);
	assert_string_equal(sample.told.big, "1001 | 7");
	pseudonyms_finish(&names);
	sample_finish(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_arguments_it_is_the_lab_with_four_and_four),
		cmocka_unit_test(a_tour_may_name_a_scene_and_a_quiz_has_bounds),
		cmocka_unit_test(every_option_sets_what_it_says),
		cmocka_unit_test(counts_beyond_their_bounds_are_refused_with_the_bounds),
		cmocka_unit_test(a_name_that_is_nearly_right_is_answered_with_the_right_one),
		cmocka_unit_test(attach_takes_one_side_or_two),
		cmocka_unit_test(what_has_no_meaning_together_is_refused),
		cmocka_unit_test(measure_wants_a_duel_and_lists_within_their_bounds),
		cmocka_unit_test(processes_may_have_threads_each),
		cmocka_unit_test(run_takes_one_program_or_two),
		cmocka_unit_test(foreign_words_never_come_back_raw),
		cmocka_unit_test(help_names_every_option_and_command),
		cmocka_unit_test(help_of_a_command_is_its_own),
		cmocka_unit_test(what_was_typed_wins_over_the_file),
		cmocka_unit_test(a_mistake_in_the_file_is_told_with_its_line),
		cmocka_unit_test(every_option_of_the_table_can_be_given),
		cmocka_unit_test(text_of_others_is_masked_too),
		cmocka_unit_test(the_same_roles_get_the_same_pseudonyms),
		cmocka_unit_test(ids_in_words_are_masked_too),
		cmocka_unit_test(a_new_crew_has_ids_of_one_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
