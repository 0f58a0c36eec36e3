/* SPDX-License-Identifier: MIT
 * Keys and what they mean: key codes, key scripts (--keys) and the one table of commands from which
 * the help pane, the footer, `list keys`, the README, the man page and the key handling all come.
 */
#ifndef TASKSCOPE_COMMAND_H
#define TASKSCOPE_COMMAND_H

#include "base.h"

/* A key: a Unicode code point, or one of these. */
enum key {
	KEYCODE_NONE = 0,
	KEYCODE_TAB = 9,
	KEYCODE_ENTER = 13,
	KEYCODE_ESCAPE = 27,
	KEYCODE_SPACE = 32,
	KEYCODE_BACKSPACE = 127,
	KEYCODE_UP = 0x110001,
	KEYCODE_DOWN,
	KEYCODE_LEFT,
	KEYCODE_RIGHT,
	KEYCODE_PAGE_UP,
	KEYCODE_PAGE_DOWN,
	KEYCODE_HOME,
	KEYCODE_END,
	KEYCODE_BACKTAB,
	KEYCODE_F1,
	KEYCODE_F5,
	KEYCODE_F10,
	KEYCODE_RESIZE,
	KEYCODE_MOUSE,
	KEYCODE_CLOSED, /* the terminal is gone */
};

/* "a", "Tab", "S-Tab", "Up", "PgDn", "Space", "F1"...; and back (KEYCODE_NONE: no such key). */
const char *key_name(int key, char *out, size_t size);
int key_find(const char *name, size_t len);

enum command_id {
	CMD_NONE,
	/* look */
	CMD_UP,
	CMD_DOWN,
	CMD_PAGE_UP,
	CMD_PAGE_DOWN,
	CMD_HOME,
	CMD_END,
	CMD_SIDE_LEFT,
	CMD_SIDE_RIGHT, /* the selected side */
	/* the focused number of the row; goes on to the other side */
	CMD_FIELD_NEXT,
	CMD_FIELD_PREVIOUS,
	CMD_PANE_NEXT,
	CMD_PANE_PREVIOUS,
	CMD_ZOOM,
	CMD_PROVENANCE, /* of the focused number alone, in a small box */
	CMD_HELP,
	CMD_FIND, /* asks for text; lists show what matches it */
	CMD_SORT, /* of groups: rows by the focused number, or by process */
	CMD_FOLD, /* of groups: a row a process, or a task */
	CMD_PALETTE, /* all commands by name */
	CMD_SPOTLIGHT,
	CMD_BIG_NUMBER,
	CMD_LARGE,
	CMD_PAUSE,
	/* through the last ten minutes */
	CMD_PAST_BACK,
	CMD_PAST_ON,
	CMD_PAST_FAR_BACK,
	CMD_PAST_FAR_ON,
	CMD_THEME,
	CMD_CLOSE,
	CMD_MEMORY_MEASURE, /* resident, proportional, unique */
	/* steer: lower case the selected worker or side, upper case the whole side or both */
	CMD_ADD,
	CMD_ADD_BOTH,
	CMD_REMOVE,
	CMD_REMOVE_BOTH,
	CMD_JOB,
	CMD_JOB_SIDE,
	CMD_JOB_BOTH,
	CMD_PIN,
	CMD_PIN_BOTH,
	CMD_NICER,
	CMD_LESS_NICE,
	CMD_STOP,
	CMD_STOP_SIDE,
	CMD_CRASH,
	CMD_KILL,
	CMD_RESTART,
	CMD_SLOWER,
	CMD_FASTER, /* the refresh interval */
	CMD_QUIT,
	CMD_TOUR, /* ends the lab, and begins the tour */
	/* of a tour or a quiz: the lesson's */
	CMD_STAGE_STEP,
	CMD_STAGE_FORWARD,
	CMD_STAGE_BACK,
	CMD_STAGE_CHOOSE,
	CMD_STAGE_MORE,
	CMD_STAGE_NEXT,
	CMD_STAGE_PREVIOUS,
	CMD_STAGE_AGAIN,
	CMD_STAGE_FIRST,
	CMD_STAGE_LIST,
	CMD_STAGE_CODE,
	CMD_STAGE_SPEAKER,
	CMD_STAGE_HINT,
	CMD_STAGE_BLACK, /* the screen's */
	/* views, in the order of view_table (ui.h) */
	CMD_VIEW_1,
	CMD_VIEW_2,
	CMD_VIEW_3,
	CMD_VIEW_4,
	CMD_VIEW_5,
	CMD_VIEW_6,
	CMD_VIEW_7,
	CMD_VIEW_8,
	CMD_VIEW_9,
	/* of one pane */
	CMD_MIX_CREATE,
	CMD_MIX_REPLACE,
	CMD_MIX_VM,
	CMD_MIX_FILES,
	CMD_MIX_FS,
	CMD_MIX_SIGHAND,
	CMD_MIX_THREAD,
	CMD_MIX_SYSVSEM,
	CMD_MIX_IO,
	CMD_PAGES_NEXT,
	CMD_PAGES_PREVIOUS,
	CMD_PAGES_LATER,
	CMD_PAGES_EARLIER,
	CMD_PAGES_ARENA,
	CMD_MEMORY_PAGES,
	CMD_FILES_OURS,
	/* of the lanes pane */
	CMD_LANES_IN,
	CMD_LANES_OUT,
	CMD_LANES_FREEZE,
	CMD_LANES_EARLIER,
	CMD_LANES_LATER,
	CMD_LANES_BEFORE,
	CMD_LANES_AFTER,
	/* of the duel pane */
	CMD_DUEL_SWITCH,
	CMD_DUEL_CREATE,
	CMD_DUEL_TALK,
	CMD_DUEL_MEMORY,
	CMD_DUEL_STOP,
	CMD_DUEL_LESS,
	CMD_DUEL_MORE,
	/* from here on: rows that order something of workers, and that only the table names */
	CMD_ORDERS,
	COMMANDS = CMD_ORDERS + 38
};

enum command_group { GROUP_LOOK, GROUP_STEER, GROUP_PROGRAM, GROUP_VIEW, GROUP_STAGE };

/* What the program does: a key may mean something else in each. */
enum command_mode { MODE_LAB, MODE_TOUR, MODE_QUIZ, MODE_REPLAY, MODE_TARGETS, COMMAND_MODES };
#define MODE_BIT(mode) (1u << (mode))
#define MODES_STAGE (MODE_BIT(MODE_TOUR) | MODE_BIT(MODE_QUIZ))
#define MODES_ALL (MODE_BIT(COMMAND_MODES) - 1)

/* Whom a command that is an order reaches. */
enum command_scope { SCOPE_SELECTED, SCOPE_SIDE, SCOPE_BOTH };

#define COMMAND_KEYS 3

struct command {
	int keys[COMMAND_KEYS]; /* the first is shown; KEYCODE_NONE ends */
	const char *name; /* one or two words, for the footer: "add" */
	const char *help; /* one line, for help and documents */
	enum command_group group;
	/* importance in the footer: 1 is the last to be dropped; 0: not there */
	int footer;
	/* the key works, and stands in the footer, while this pane is focused; NULL: always */
	const char *pane;
	/* From CMD_ORDERS on: what it asks of workers (order.h, by name), of whom, and with which
	 * argument (0: the order's standard). NULL: it is no order. */
	const char *order;
	enum command_scope scope;
	int64_t argument;
	unsigned modes; /* where it works (MODE_BIT); 0: where its group does */
	/* in tour and quiz, where a clicker has other keys: in place of `keys`; none: the same */
	int stage_keys[COMMAND_KEYS];
	int last_key; /* keys[0] up to this one, as the digits; 0: keys[0] alone */
	bool danger; /* it ends or changes something: asked about once with --safe */
};
extern const struct command command_table[COMMANDS];

bool command_works(const struct command *command, enum command_mode mode);
/* Its keys there, COMMAND_KEYS of them. */
const int *command_keys(const struct command *command, enum command_mode mode);
/* The name of its first key there; "1..9" for several. "" if it has none. */
const char *command_key_name(
	const struct command *command, enum command_mode mode, char *out, size_t size);
/* The command of a key while a pane is focused (a name; NULL: none is): the pane's own, else one
 * that works always. CMD_NONE if the key has none. No key has two commands in a mode and a
 * pane. */
enum command_id command_of_key(int key, enum command_mode mode, const char *pane);

/* --- key scripts: "a <wait 500> <Tab> jj <until 4 threads> q": characters are keys, <Name> a
 * named key, <wait MS> a wait of at most 60000 ms, <until TEXT> waits until the frame holds TEXT
 * (at most 10 s), blanks between are skipped; <<> is the key "<". --- */
enum script_kind { SCRIPT_KEY, SCRIPT_WAIT, SCRIPT_UNTIL };
struct script_step {
	enum script_kind kind;
	int key;
	nsec wait;
	char text[64];
};
#define SCRIPT_STEPS_MAX 4096
struct script {
	VEC(struct script_step) steps;
};
/* 0, or -EINVAL with one clause that says what is wrong and at which character. */
int script_parse(const char *text, struct script *ret, char *why, size_t why_size);
void script_finish(struct script *script);

#endif
