/* SPDX-License-Identifier: MIT
 * The state of the screen between frames.
 */
#ifndef TASKSCOPE_UI_SCREEN_H
#define TASKSCOPE_UI_SCREEN_H

#include "pane.h"
#include "window.h"

#define PANES_MAX 32
#define HITS_MAX 96
#define MENU_KEY 0x120000 /* and on: the key that a row of a menu stands for when it is clicked */

/* The smallest screen that is drawn. */
#define UI_ROWS_MIN 16
#define UI_COLS_MIN 60
#define UI_COLS_MIN_VERTICAL 45

struct ui {
	struct ui_options options;
	char title[96];
	struct ui_state state;
	const struct caption *caption; /* what the scene pane shows; NULL: nothing is played */

	struct panel panels[PANES_MAX];
	int panels_n;
	int view; /* index in view_table; -1: panes that were chosen by name */
	struct panel *set[UI_PANES_SHOWN]; /* the panes on the screen, from top to bottom */
	int set_n;
	struct panel *focus; /* one of the set */
	struct panel *over; /* what lies over the panes; NULL: nothing */
	bool zoomed;
	bool of_groups; /* the last sample had some */
	bool programs, programs_over; /* the last sample had some; none of them lives */
	nsec became_ns; /* when the process whose new name was told last took it */
	int half_cols;

	struct prompt {
		enum { PROMPT_NONE, PROMPT_FIND, PROMPT_COMMAND } kind;
		char text[40];
		int at; /* of the commands that match */
	} prompt;
	char find[40]; /* lists of workers have only rows with this text; "": all */
	char find_help[40]; /* the same of the help */
	enum { SPOTLIGHT_OFF, SPOTLIGHT_ROW, SPOTLIGHT_COLUMN, SPOTLIGHTS } spotlight;
	bool large; /* the key facts alone, in large digits */
	bool big_number; /* the focused number, over the whole screen */
	struct hit { /* cells that stand for a key */
		int row, col, cols, key;
	} hits[HITS_MAX];
	int hits_n;

	enum side side;
	int worker[SIDES]; /* the selected worker of each side: always one that has a row */
	int chosen[SIDES]; /* the one that was chosen: selected again when it is back */
	VEC(struct worker_row) rows;
	struct group_list list;
	struct scroll workers;
	bool pasts; /* the workers pane shows each worker's past: the switches pane need not */
	struct window window; /* the mapping that is looked at page by page */

	char shown[64]; /* the focused number as it stands on the screen */
	int shown_row, shown_col, shown_cols;
	struct changes *changes; /* NULL until a pane asks */
	struct menu {
		const char *title; /* NULL: it is closed */
		const struct menu_item *items;
		int n, at;
	} menu;
	enum style message_style;
	char message[256];
	int echo;
};

/* --- views.c: which panes are on the screen --- */

/* Tab: the pane after the focused one, in the order of the screen. */
void views_focus(struct ui *ui, int step);
void views_zoom(struct ui *ui, bool on);
/* Opens an overlay, or closes it if it is open. NULL: closes what is open. */
void views_toggle(struct ui *ui, struct panel *overlay);
/* The panel whose command works everywhere; NULL: the command is of none. */
struct panel *views_panel_of(struct ui *ui, enum command_id command);
/* Whether the focused number is explained. */
bool views_explains(const struct ui *ui);
/* The view of a command; -1: none. */
int view_of_command(enum command_id command);

/* --- prompt.c: what is typed, and what is found --- */

/* A command that opens a line to type; false: it is none. */
bool prompt_command(struct ui *ui, enum command_id command);
/* Esc: what was found is no more all that is shown. false: all was. */
bool prompt_clear(struct ui *ui);
bool prompt_matches(const char *text, const char *wanted);

/* --- changes.c: what has just changed --- */

#define CHANGES_UNKNOWN 0
/* Whether the cell of this key has shown another value until about a second before `now`, a sample's time. A value that was
 * or gets CHANGES_UNKNOWN has not changed. */
bool changes_is_news(struct ui *ui, nsec now, uint64_t key, uint64_t value);
/* Everything is new: something else is shown in the same cells. */
void changes_forget(struct ui *ui);

#endif
