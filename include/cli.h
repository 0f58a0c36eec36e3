/* SPDX-License-Identifier: MIT
 * The command line: one table of options and one of commands, from which parsing, --help, `list
 * options`, the man page and the completions all come.
 */
#ifndef TASKSCOPE_CLI_H
#define TASKSCOPE_CLI_H

#include "canvas.h"
#include "command.h"
#include "duel.h"
#include "job.h"
#include "program.h"
#include "quiz.h"

#define INTERVAL_MIN_MS 20
#define INTERVAL_MAX_MS 60000
#define DURATION_MIN_S 0.1
#define DURATION_MAX_S 86400
#define SPEED_MAX 1000
#define CLI_CHECK_ALL "" /* --check without a file */
#define CLI_OPTIONS_MAX 96
#define CLI_VERTICAL_COLS 45
#define CLI_VERTICAL_ROWS 30

enum verb {
	VERB_LIVE,
	VERB_RUN,
	VERB_ATTACH,
	VERB_TOUR,
	VERB_QUIZ,
	VERB_REPLAY,
	VERB_NOTES,
	VERB_MEASURE,
	VERB_LIST,
	VERB_DOCTOR,
	VERB_CLASS,
	VERB_HELP,
	VERB_VERSION,
	VERBS
};

struct verb_info {
	const char *name;
	/* "FILE"; "[SCENE]": may be left out; NULL: none; "TARGET...": one or more */
	const char *argument;
	const char *help;
	const char *examples[2];
};
extern const struct verb_info verb_table[VERBS];

enum option_group {
	OPTIONS_CREWS,
	OPTIONS_PROGRAMS,
	OPTIONS_SCENES,
	OPTIONS_TIME,
	OPTIONS_OUTPUT,
	OPTIONS_MEASURE,
	OPTIONS_LOOK,
	OPTIONS_OTHER,
	OPTION_GROUPS
};

/* What an option's argument is; completions offer it. */
enum argument_kind {
	ARGUMENT_NONE,
	ARGUMENT_NUMBER,
	ARGUMENT_TEXT,
	ARGUMENT_FILE,
	ARGUMENT_JOB,
	ARGUMENT_THEME,
	ARGUMENT_PANE,
	ARGUMENT_WHEN,
};

struct cli;
struct complaint;

struct option_info {
	const char *name; /* without the dashes */
	char letter; /* short form, or 0 */
	const char *argument; /* "N", "FILE"; NULL: none */
	enum argument_kind kind;
	enum option_group group;
	unsigned verbs; /* bits 1 << enum verb: where it has a meaning; 0: everywhere */
	const char *help;
	/* What it sets, of struct cli: an int within bounds if there are any, a double likewise,
	 * else of one with an argument a file's name, else a bool. */
	size_t place;
	int min, max;
	double least, most;
	/* In its stead: 0, or -EINVAL after a complaint. */
	int (*set)(struct cli *cli, const char *typed, const struct complaint *complaint);
};
extern const struct option_info option_table[];
extern const size_t option_count;
extern const char *const option_group_title[OPTION_GROUPS];
const char *argument_kind_name(
	enum argument_kind kind); /* "number", "job", ...: as `list options` prints it */

struct cli {
	enum verb verb;
	int topic; /* of help: the command that it is asked about, enum verb; VERBS: all */
	const char *argument; /* of replay and list; the first of words */
	/* behind the command; sides: as many are before the "--", all without one */
	char *const *words;
	int n_words, n_left;
	char **picked; /* words that were not typed; NULL: there are none */
	bool no_children, wait; /* of attach */
	struct cmdline program[SIDES]; /* of run: so many */
	int programs;
	bool spread; /* workers run on every CPU */
	bool shell, exit_code, isolate;
	const char *example; /* the name of the first */
	const char *output; /* a file for what programs print, or "discard"; NULL: not given */
	int workers[KINDS];
	bool right_user; /* the right side is one thread with so many user-level stacks */
	int team; /* so many of the worker processes are threads of one; 0: none is */
	int job; /* enum job or JOB_MIXED */
	int arena_mb; /* memory that hosts write before they make workers; 0: none */
	int cpu; /* pin all workers; -1: spread */
	nsec interval; /* 0: not given */
	nsec duration; /* 0: not given */
	double speed; /* of a replay; 0: as fast as it goes; NAN: not given */
	bool plain, linear, json, force, ascii, mask_ids, no_mouse, no_sync, safe;
	const char *record, *svg, *cast, *csv, *trace, *html, *pane;
	const char *check; /* a scene file, with `list scenes`; CLI_CHECK_ALL; NULL */
	bool tour_long, tour_short, tour_auto;
	double pace; /* of --auto; 0: not given */
	bool presenter; /* the speaker's notes are handed over */
	bool vertical; /* a clip that is higher than wide */
	bool clean; /* nothing of the live furniture in the picture */
	const char *srt; /* a file for the captions with their times; NULL: none */
	uint64_t seed; /* of the quiz, if has_seed */
	bool has_seed;
	int level, claim; /* of the quiz; 0: all */
	int timer; /* seconds for a question; 0: none */
	bool names; /* of a class: each file with its score */
	bool no_state; /* the quiz forgets what was answered */
	const char *results; /* a file for the quiz's results */
	bool interview; /* a quiz whose answers are spoken */
	const char *notes; /* a file for lecture notes of a tour; NULL: none */
	const char *export_c; /* a file for a scene as a program; NULL: none */
	bool has_keys;
	struct script keys;
	int rows, cols; /* 0: not given */
	const char *size; /* as given: what it means hangs on the command */
	struct duel_wish duel; /* of measure */
	const struct theme *theme;
	bool has_theme; /* it was chosen */
	int colour; /* -1 auto, 0 never, 1 always */
	bool no_config; /* the configuration file is not read */
	bool given[CLI_OPTIONS_MAX]; /* as option_table: what was typed */
};

/* Parses the arguments; text of *ret points into argv. 0, or -EINVAL with one clause that says what
 * is wrong and, where a name is nearly one of ours, which. */
int cli_parse(int argc, char **argv, struct cli *ret, char *why, size_t why_size);
void cli_finish(struct cli *cli);
/* Where the configuration file would be. false: nowhere. */
bool cli_config_path(char *path, size_t size);
/* Sets what the file sets, where it has a meaning with the command and was not typed. 0; -ENOENT:
 * there is no such file; -EINVAL and one clause, with file and line. */
int cli_read_config(struct cli *cli, const char *path, char *why, size_t why_size);
/* Whether crews of ours run; whether the kernel is read, and no recording. */
bool cli_has_crews(const struct cli *cli);
bool cli_is_live(const struct cli *cli);

/* Whether a screen is shown, tty: there is a terminal. Where none is possible, the command line is
 * made one for text; *ret_notice: what comes in its place, untouched if that was asked for. */
bool cli_choose_output(struct cli *cli, bool tty, const char **ret_notice);

/* Print and end, and return the exit status. topic: as in struct cli. */
int cli_help(int topic);
int cli_version(void);
/* Whether this machine lets the command do it: EXIT_FINE, or another status and what is wrong,
 * said. */
int cli_check_machine(const struct cli *cli);
/* What machine this is, for notes and results. */
struct quiz_machine cli_read_machine(void);
/* The files of the programs of `run`, found in the folders of PATH: EXIT_FINE, or a shell's status
 * and what is wrong, said. */
int cli_find_programs(const struct cli *cli, const char *folders, char path[SIDES][PATH_MAX]);
/* Where what a side prints goes, to be freed: FILE of --output; of two sides the right one's is
 * FILE.right; NULL: nowhere. Its command line; of an example, where it lies is not of interest. */
char *cli_output_of(const struct cli *cli, int side);
void cli_put_command(const struct cli *cli, int side, struct buf *out);
/* Makes the cgroup of --isolate: EXIT_FINE and its folder, or EXIT_CREW and what is wrong, said. */
int cli_isolate(char folder[PATH_MAX]);
/* The text of --help; of one command, its own. */
void cli_put_help(struct buf *out, int topic);

struct groups;
/* Finds the processes that the targets of `attach` name. What refuses one is said on stderr.
 * EXIT_FINE and the groups, or EXIT_USAGE. */
int cli_resolve_targets(const struct cli *cli, struct groups **ret);
/* Makes PIDs the targets, of both sides, as if they had been typed. */
void cli_set_targets(
	struct cli *cli, const int32_t *left, int n_left, const int32_t *right, int n_right);
void cli_drop_targets(struct cli *cli);

/* `list` and `doctor`: print and end, return the exit status. config: where the configuration file
 * would be, or NULL. */
int cli_list(const char *what);
int cli_class(const struct cli *cli);
int cli_doctor(const struct cli *cli, const char *term_type, const char *config);
/* `list scenes --check FILE`: likewise; of CLI_CHECK_ALL, all scenes. */
int cli_check_scenes(const char *file);

#endif
