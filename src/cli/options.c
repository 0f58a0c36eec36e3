/* SPDX-License-Identifier: MIT
 * The tables of commands and options, and the text of --help that is made from them.
 */

#include "crew.h"
#include "internal.h"
#include "output.h"

#define LIVE (1u << VERB_LIVE)
#define REPLAY (1u << VERB_REPLAY)
#define TOUR (1u << VERB_TOUR)
#define QUIZ (1u << VERB_QUIZ)
#define ATTACH (1u << VERB_ATTACH)
#define RUN (1u << VERB_RUN)
#define CREWS (LIVE | TOUR | QUIZ)
#define SCREENS (CREWS | RUN | ATTACH | REPLAY)
#define NOTES (1u << VERB_NOTES)
#define MEASURE (1u << VERB_MEASURE)
#define DOCTOR (1u << VERB_DOCTOR)
#define CLASS (1u << VERB_CLASS)

const struct verb_info verb_table[VERBS] = {
	[VERB_LIVE] = { "live", NULL, "the lab: both crews side by side (this is the default)",
		{ "taskscope --job pingpong --threads 8", "taskscope --plain --for 5" } },
	[VERB_RUN] = { "run", "[PROGRAM...]",
		"one or two programs, each in quotes, as the two sides; or one behind '--'",
		{ "taskscope run 'xz -T1 -k FILE' 'xz -T4 -k FILE'",
			"taskscope run --example counter" } },
	[VERB_ATTACH] = { "attach", "[TARGET...]",
		"programs that run, behind '--' others: PID, name, unit:, cgroup:; or a list",
		{ "taskscope attach nginx -- redis-server",
			"taskscope attach 1234 --json --for 5" } },
	[VERB_TOUR] = { "tour", "[SCENE]", "guided scenes: the seven minutes, or one scene, or all",
		{ "taskscope tour blast-radius",
			"taskscope tour --short --auto --clean --cast tour.cast" } },
	[VERB_QUIZ] = { "quiz", "[SCENE]", "predict, run, see, explain; scored by claim",
		{ "taskscope quiz --level 1", "taskscope quiz --interview" } },
	[VERB_NOTES] = { "notes", NULL,
		"the speaker's notes of a tour with --presenter, on another terminal",
		{ "taskscope notes", "taskscope notes --plain" } },
	[VERB_REPLAY] = { "replay", "FILE",
		"a recording, in the same screen, on any machine; a cast, to a page by --html",
		{ "taskscope replay lab.jsonl", "taskscope replay tour.cast --html tour.html" } },
	[VERB_MEASURE] = { "measure", "WHAT",
		"switch, create, talk, memory or all: what each costs here",
		{ "taskscope measure switch --quick", "taskscope measure all --json" } },
	[VERB_LIST] = { "list", "WHAT",
		"jobs, panes, views, keys, facts, orders, scenes, duels, examples, themes or "
		"options",
		{ "taskscope list scenes", "taskscope list scenes --check FILE" } },
	[VERB_DOCTOR] = { "doctor", NULL, "what this machine lets us see, source by source",
		{ "taskscope doctor", "taskscope doctor | grep NO" } },
	[VERB_CLASS] = { "class", "merge RESULTS...",
		"what a class answered: wrong answers, and claims by kind of machine",
		{ "taskscope class merge *.json",
			"taskscope class merge *.json --svg class.svg" } },
	[VERB_HELP] = { "help", "[COMMAND]", "this text; of one command, its own",
		{ "taskscope help tour", "taskscope tour --help" } },
	[VERB_VERSION] = { "version", NULL, "the version",
		{ "taskscope version", "taskscope --version" } },
};

const char *const option_group_title[OPTION_GROUPS] = {
	[OPTIONS_CREWS] = "Crews",
	[OPTIONS_PROGRAMS] = "Programs",
	[OPTIONS_SCENES] = "Tour and quiz",
	[OPTIONS_TIME] = "Time",
	[OPTIONS_OUTPUT] = "Output",
	[OPTIONS_MEASURE] = "Measure",
	[OPTIONS_LOOK] = "Look",
	[OPTIONS_OTHER] = "Other",
};

#define AT(member) offsetof(struct cli, member)

const struct option_info option_table[] = {
	{ "processes", 'p', "N", ARGUMENT_NUMBER, OPTIONS_CREWS, LIVE,
		"worker processes on the left: 1 to 64 (default 4); 2x3 is two of three threads",
		.set = cli_set_processes },
	{ "threads", 't', "N", ARGUMENT_NUMBER, OPTIONS_CREWS, LIVE,
		"worker threads on the right: 1 to 256 (default 4)", AT(workers[KIND_THREADS]), 1,
		CREW_THREADS_MAX },
	{ "right", 0, "KIND", ARGUMENT_TEXT, OPTIONS_CREWS, LIVE,
		"the kind: threads (default), or user: one thread with N user-level stacks",
		.set = cli_set_right },
	{ "job", 'j', "NAME", ARGUMENT_JOB, OPTIONS_CREWS, LIVE,
		"what the workers do (default mixed); see 'list jobs'", .set = cli_set_job },
	{ "cpu", 0, "N", ARGUMENT_NUMBER, OPTIONS_CREWS, LIVE, "pin all workers to this CPU",
		AT(cpu), 0, 4095 },
	{ "spread", 0, NULL, ARGUMENT_NONE, OPTIONS_CREWS, LIVE,
		"workers may run on every CPU: not on equal footing (default: one CPU a side)",
		AT(spread) },
	{ "arena", 0, "MB", ARGUMENT_NUMBER, OPTIONS_CREWS, LIVE,
		"memory that hosts write before they make workers (default 4, up to 1024)",
		AT(arena_mb), 0, CREW_ARENA_MB_MAX },
	{ "example", 0, "NAME", ARGUMENT_TEXT, OPTIONS_PROGRAMS, RUN,
		"a program that comes with taskscope, as processes and as threads; see 'list "
		"examples'",
		AT(example) },
	{ "shell", 0, NULL, ARGUMENT_NONE, OPTIONS_PROGRAMS, RUN,
		"each program is a line for sh: pipelines, variables", AT(shell) },
	{ "output", 0, "FILE", ARGUMENT_FILE, OPTIONS_PROGRAMS, RUN,
		"what programs print (the right one: FILE.right); 'discard' keeps none of it",
		AT(output) },
	{ "exit-code", 0, NULL, ARGUMENT_NONE, OPTIONS_PROGRAMS, RUN,
		"end with the exit status of the first program", AT(exit_code) },
	{ "isolate", 0, NULL, ARGUMENT_NONE, OPTIONS_PROGRAMS, RUN,
		"in a cgroup of our own: nothing is left even if all of taskscope is killed",
		AT(isolate) },
	{ "no-children", 0, NULL, ARGUMENT_NONE, OPTIONS_PROGRAMS, ATTACH,
		"the targets alone, without what they start", AT(no_children) },
	{ "wait", 0, NULL, ARGUMENT_NONE, OPTIONS_PROGRAMS, ATTACH,
		"until a process of such a name appears", AT(wait) },
	{ "long", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, TOUR, "every scene, about 20 minutes",
		AT(tour_long) },
	{ "short", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, TOUR,
		"the clip of two and a half minutes", AT(tour_short) },
	{ "auto", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, TOUR,
		"plays itself, with time to read; for recording", AT(tour_auto) },
	{ "pace", 0, "FACTOR", ARGUMENT_NUMBER, OPTIONS_SCENES, TOUR,
		"with --auto: how long everything stays, 0.1 to 10 (default 1)", AT(pace),
		.least = 0.1, .most = 10 },
	{ "clean", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, TOUR | REPLAY,
		"no keys, no load and no notes in the picture; for recording", AT(clean) },
	{ "vertical", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, TOUR,
		"with --short and --cast, --html or --svg: the clip at 45x30, for telephones",
		AT(vertical) },
	{ "presenter", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, TOUR,
		"hands the speaker's notes to 'taskscope notes' on another terminal",
		AT(presenter) },
	{ "srt", 0, "FILE", ARGUMENT_FILE, OPTIONS_SCENES, TOUR | QUIZ | REPLAY,
		"what is told, with times: subtitles", AT(srt) },
	{ "interview", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, QUIZ,
		"ten at random: answer aloud, then mark yourself beside the model answer",
		AT(interview) },
	{ "notes", 0, "FILE", ARGUMENT_FILE, OPTIONS_SCENES, TOUR,
		"lecture notes, .html with pictures or Markdown: numbers, code, questions, a key",
		AT(notes) },
	{ "export-c", 0, "FILE", ARGUMENT_FILE, OPTIONS_SCENES, TOUR,
		"writes the scene as a C program of its own, with the lines that the workers run",
		AT(export_c) },
	{ "seed", 0, "N", ARGUMENT_NUMBER, OPTIONS_SCENES, QUIZ,
		"the same order of questions and answers for a whole class", .set = cli_set_seed },
	{ "level", 0, "N", ARGUMENT_NUMBER, OPTIONS_SCENES, QUIZ,
		"1 the basics, 2 Linux, 3 traps (default all)", AT(level), 1, 3 },
	{ "claim", 0, "N", ARGUMENT_NUMBER, OPTIONS_SCENES, QUIZ,
		"questions about this claim alone: 1 to 9", AT(claim), 1, 9 },
	{ "timer", 0, "SECONDS", ARGUMENT_NUMBER, OPTIONS_SCENES, QUIZ,
		"time to answer a question: 5 to 600 s (default none)", AT(timer), 5, 600 },
	{ "results", 0, "FILE", ARGUMENT_FILE, OPTIONS_SCENES, QUIZ,
		"every answer as CSV, or as JSON if FILE ends in .json", AT(results) },
	{ "names", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, CLASS,
		"each file with its score, too: else nobody is named", AT(names) },
	{ "no-state", 0, NULL, ARGUMENT_NONE, OPTIONS_SCENES, QUIZ,
		"remembers nothing: else what was wrong twice comes first in the next quiz",
		AT(no_state) },
	{ "interval", 'i', "MS", ARGUMENT_NUMBER, OPTIONS_TIME, SCREENS,
		"time between samples: 20 to 60000 ms (default 100; in text 1000, "
		"of run 250)",
		.set = cli_set_interval },
	{ "for", 0, "SECONDS", ARGUMENT_NUMBER, OPTIONS_TIME, SCREENS,
		"end after this time: 0.1 to 86400 s", .set = cli_set_for },
	{ "speed", 0, "FACTOR", ARGUMENT_NUMBER, OPTIONS_TIME, REPLAY,
		"pace of a replay: up to 1000, 0 is without waiting (default 1; 0 without a "
		"screen)",
		AT(speed), .most = SPEED_MAX },
	{ "plain", 0, NULL, ARGUMENT_NONE, OPTIONS_OUTPUT, SCREENS | NOTES,
		"text frames on standard output, each ended by a form feed", AT(plain) },
	{ "linear", 0, NULL, ARGUMENT_NONE, OPTIONS_OUTPUT, SCREENS,
		"text as sentences, one side after the other, for a screen reader", AT(linear) },
	{ "json", 0, NULL, ARGUMENT_NONE, OPTIONS_OUTPUT, SCREENS | MEASURE | DOCTOR,
		"one JSON object an interval on standard output; one in all of measure and "
		"doctor",
		AT(json) },
	{ "svg", 0, "FILE", ARGUMENT_FILE, OPTIONS_OUTPUT, SCREENS | CLASS,
		"the last frame as a picture; 'f-%.svg': each marker's; of class its tables",
		AT(svg) },
	{ "cast", 0, "FILE", ARGUMENT_FILE, OPTIONS_OUTPUT, SCREENS,
		"the screen as it moves: asciicast, for asciinema and the web", AT(cast) },
	{ "html", 0, "FILE", ARGUMENT_FILE, OPTIONS_OUTPUT, SCREENS,
		"the same as a page that plays itself, with captions, chapters and questions",
		AT(html) },
	{ "csv", 0, "FILE", ARGUMENT_FILE, OPTIONS_OUTPUT, SCREENS | CLASS,
		"every number of every interval as a table, a row each; of class every count",
		AT(csv) },
	{ "trace", 0, "FILE", ARGUMENT_FILE, OPTIONS_OUTPUT, SCREENS,
		"who ran when, for Perfetto and chrome://tracing", AT(trace) },
	{ "record", 0, "FILE", ARGUMENT_FILE, OPTIONS_OUTPUT, CREWS | RUN | ATTACH,
		"every sample, to be replayed", AT(record) },
	{ "force", 0, NULL, ARGUMENT_NONE, OPTIONS_OUTPUT, SCREENS | CLASS,
		"let what is written replace a file", AT(force) },
	{ "size", 0, "SIZE", ARGUMENT_TEXT, OPTIONS_OUTPUT, SCREENS | MEASURE,
		"COLSxROWS without a screen (default 120x36); of measure bytes: 64,4k,1M",
		.set = cli_set_size },
	{ "keys", 0, "SCRIPT", ARGUMENT_TEXT, OPTIONS_OUTPUT, SCREENS,
		"press keys: 'a <wait 500> <Tab> jj <until w4> q'", .set = cli_set_keys },
	{ "mask-ids", 0, NULL, ARGUMENT_NONE, OPTIONS_OUTPUT, SCREENS,
		"stable made-up ids, and of others' programs names and paths", AT(mask_ids) },
	{ "quick", 0, NULL, ARGUMENT_NONE, OPTIONS_MEASURE, MEASURE | TOUR,
		"fewer rounds: measure within 10 s instead of 60, a tour in shorter windows",
		AT(duel.quick) },
	{ "rounds", 0, "N", ARGUMENT_NUMBER, OPTIONS_MEASURE, MEASURE | RUN,
		"trials of each series; run: both in turns, so often: 1 to 200", AT(duel.rounds), 1,
		DUEL_TRIALS_MAX },
	{ "cpus", 0, "A[,B]", ARGUMENT_TEXT, OPTIONS_MEASURE, MEASURE,
		"where to measure: pairs on one CPU on A, pairs on two on A and B",
		.set = cli_set_cpus },
	{ "working-set", 0, "LIST", ARGUMENT_TEXT, OPTIONS_MEASURE, MEASURE,
		"what each task touches between two switches, in kB: 0 to 16384, as 0,256", 0,
		DUEL_SWITCH, .set = cli_set_list },
	{ "ballast", 0, "LIST", ARGUMENT_TEXT, OPTIONS_MEASURE, MEASURE,
		"MB that the parent has when it creates: 0 to 1024, as 0,64", 0, DUEL_CREATE,
		.set = cli_set_list },
	{ "workers", 0, "LIST", ARGUMENT_TEXT, OPTIONS_MEASURE, MEASURE,
		"workers whose memory is summed: 1 to 32, as 1,8", 0, DUEL_MEMORY,
		.set = cli_set_list },
	{ "method", 0, "LIST", ARGUMENT_TEXT, OPTIONS_MEASURE, MEASURE,
		"these methods alone, as pipe,futex; see 'list duels'", .set = cli_set_methods },
	{ "theme", 0, "NAME", ARGUMENT_THEME, OPTIONS_LOOK, SCREENS | NOTES,
		"colours (default dark or light, as the terminal is); see 'list themes'",
		.set = cli_set_theme },
	{ "pane", 0, "NAME", ARGUMENT_PANE, OPTIONS_LOOK, LIVE | RUN | ATTACH | REPLAY,
		"this pane alone; see 'list panes'", .set = cli_set_pane },
	{ "ascii", 0, NULL, ARGUMENT_NONE, OPTIONS_LOOK, SCREENS | NOTES,
		"no character beyond ASCII", AT(ascii) },
	{ "color", 0, "WHEN", ARGUMENT_WHEN, OPTIONS_LOOK, SCREENS | NOTES,
		"colours: auto, always or never (default auto; NO_COLOR is honoured)",
		.set = cli_set_color },
	{ "no-mouse", 0, NULL, ARGUMENT_NONE, OPTIONS_LOOK, SCREENS,
		"leave the mouse to the terminal (else its own selection needs Shift)",
		AT(no_mouse) },
	{ "safe", 0, NULL, ARGUMENT_NONE, OPTIONS_LOOK, LIVE,
		"ask once before a key that ends something", AT(safe) },
	{ "no-sync", 0, NULL, ARGUMENT_NONE, OPTIONS_LOOK, SCREENS | NOTES,
		"no synchronized output, for terminals that show it as rubbish", AT(no_sync) },
	{ "no-config", 0, NULL, ARGUMENT_NONE, OPTIONS_OTHER, 0, "without the configuration file",
		AT(no_config) },
	{ "check", 0, "FILE", ARGUMENT_FILE, OPTIONS_OTHER, 1u << VERB_LIST,
		"of 'list scenes': says what is wrong with this scene file, or with any scene",
		AT(check) },
	{ "help", 'h', NULL, ARGUMENT_NONE, OPTIONS_OTHER, 0, "this text", 0, VERB_HELP,
		.set = cli_set_verb },
	{ "version", 'V', NULL, ARGUMENT_NONE, OPTIONS_OTHER, 0, "the version", 0, VERB_VERSION,
		.set = cli_set_verb },
};
const size_t option_count = ARRAY_LEN(option_table);

bool cli_has_crews(const struct cli *cli)
{
	return cli->verb == VERB_LIVE || cli->verb == VERB_TOUR || cli->verb == VERB_QUIZ;
}

bool cli_is_live(const struct cli *cli)
{
	return cli_has_crews(cli) || cli->verb == VERB_RUN || cli->verb == VERB_ATTACH;
}

const char *argument_kind_name(enum argument_kind kind)
{
	static const char *const names[] = {
		[ARGUMENT_NONE] = "none",
		[ARGUMENT_NUMBER] = "number",
		[ARGUMENT_TEXT] = "text",
		[ARGUMENT_FILE] = "file",
		[ARGUMENT_JOB] = "job",
		[ARGUMENT_THEME] = "theme",
		[ARGUMENT_PANE] = "pane",
		[ARGUMENT_WHEN] = "auto|always|never",
	};
	return names[kind];
}

static void put_option(const struct option_info *option, struct buf *out)
{
	char left[40];
	snprintf(left, sizeof(left), "--%s%s%s", option->name, option->argument ? " " : "",
		option->argument ? option->argument : "");
	if (option->letter)
		buf_addf(out, "  -%c, %-18s %s\n", option->letter, left, option->help);
	else
		buf_addf(out, "      %-18s %s\n", left, option->help);
}

static void put_commands(struct buf *out)
{
	buf_adds(out, "taskscope shows, live, what a process is and what a thread is.\n\n"
		      "Usage: taskscope [COMMAND] [OPTION]...\n\nCommands\n");
	for (size_t i = 0; i < VERBS; i++) {
		const struct verb_info *verb = &verb_table[i];
		char left[40];
		snprintf(left, sizeof(left), "%s%s%s", verb->name, verb->argument ? " " : "",
			verb->argument ? verb->argument : "");
		buf_addf(out, "  %-22s %s\n", left, verb->help);
	}
}

static void put_command(const struct verb_info *verb, struct buf *out)
{
	buf_addf(out, "taskscope %s: %s.\n\nUsage: taskscope %s%s%s [OPTION]...\n", verb->name,
		verb->help, verb->name, verb->argument ? " " : "",
		verb->argument ? verb->argument : "");
}

static void put_options(enum option_group group, int topic, struct buf *out)
{
	bool any = false;
	for (size_t i = 0; i < option_count; i++) {
		const struct option_info *option = &option_table[i];
		const bool common = topic == VERBS || !option->verbs;
		if (option->group != group || !(common || option->verbs & 1u << topic))
			continue;
		if (!any)
			buf_addf(out, "\n%s\n", option_group_title[group]);
		any = true;
		put_option(option, out);
	}
}

void cli_put_help(struct buf *out, int topic)
{
	if (topic == VERBS)
		put_commands(out);
	else
		put_command(&verb_table[topic], out);
	for (int group = 0; group < OPTION_GROUPS; group++)
		put_options((enum option_group)group, topic, out);
	if (topic == VERBS)
		buf_adds(out, "\nA command's own options: taskscope help COMMAND\n");
	else
		buf_addf(out, "\nExamples\n  %s\n  %s\n", verb_table[topic].examples[0],
			verb_table[topic].examples[1]);
	buf_adds(out, "\nExit status: 0 fine, 1 failed while running, 2 wrong usage, 3 terminal "
		      "unusable,\n"
		      "4 a crew could not start, 128 + N ended by signal N.\n");
}

int cli_help(int topic)
{
	struct buf help = { 0 };
	cli_put_help(&help, topic);
	return output_text(&help);
}

int cli_version(void)
{
	struct buf version = { 0 };
	buf_adds(&version, "taskscope " TASKSCOPE_VERSION "\n");
	return output_text(&version);
}
