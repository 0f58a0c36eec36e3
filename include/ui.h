/* SPDX-License-Identifier: MIT
 * The screen's panes: what is visible where, what is focused and selected, and how the model is
 * drawn on a canvas. Pure: model and commands in, cells and wishes out.
 */
#ifndef TASKSCOPE_UI_H
#define TASKSCOPE_UI_H

#include "canvas.h"
#include "caption.h"
#include "command.h"
#include "job.h"
#include "model.h"

struct ui;

struct ui_options {
	enum command_mode mode; /* which keys there are */
	bool root; /* shown in the header */
	const char *title; /* "lab", "replay FILE" */
	bool clean; /* a film is made of it: no keys, no load, no hints */
	bool vertical; /* a film that is higher than wide: one side below the other */
};

struct ui *ui_create(const struct ui_options *options);
void ui_destroy(struct ui *ui);

/* Draws everything for this size of canvas. Complete at 80x24, fewer panes down to 60x16, a plain
 * notice below. */
void ui_draw(struct ui *ui, struct model *model, struct canvas *canvas);

/* A pane, as `list panes` prints it. */
struct pane_info {
	const char *name, *title, *help;
	const char *view; /* the view that it belongs to; NULL: none */
	bool overlay; /* it lies over the others */
};
const struct pane_info *ui_pane(size_t i); /* in the order of the list; NULL after the last */
const struct pane_info *ui_pane_find(const char *name); /* NULL: none of that name */
/* Zooms to one pane by name, in its view; false: no such pane. */
bool ui_show_only(struct ui *ui, const char *pane);
/* Shows exactly these panes, in this order, the first focused; false, and nothing is changed: one
 * is unknown or an overlay, or there are none or more than UI_PANES_SHOWN. No view is then the
 * current one. */
#define UI_PANES_SHOWN 6
bool ui_show_panes(struct ui *ui, const char *const *panes, size_t n);
/* The names of the panes that are shown, with commas between them; returns out. And those again. */
char *ui_shown(const struct ui *ui, char *out, size_t size);
bool ui_show_named(struct ui *ui, const char *names);
/* The focused pane's name: for command_of_key. */
const char *ui_focus(const struct ui *ui);

/* A view: the panes that name it stand on one screen; the command's key shows it. `list views`
 * prints it. */
struct view_info {
	const char *name, *help;
	enum command_id command;
};
extern const struct view_info view_table[];
extern const size_t view_count;
/* Shows a view by name, unzoomed, its first pane focused; false: there is none of that name. */
bool ui_show_view(struct ui *ui, const char *view);

/* What the visible panes need from the source (enum need), and the processes whose mappings they
 * show (at most n; the count is returned). Changes only by ui_command and ui_draw. */
unsigned ui_needs(const struct ui *ui, int32_t *mapping_pids, size_t n, size_t *ret_n);

/* The TIDs of the rows in sight, and some around them: at most n, returns how many. */
size_t ui_visible(const struct ui *ui, int32_t *tids, size_t n);

/* The pages that the pages pane shows besides the arenas, of each process that has a row: at most
 * n, returns how many. page_kb: the size of a page. Changes only by ui_command and ui_draw. */
struct ui_range {
	int32_t pid;
	char name[16];
	uint64_t start, end;
};
size_t ui_ranges(const struct ui *ui, struct ui_range *ret, size_t n, int page_kb);

/* What is selected: the target of steering. worker is an index, WORKER_HOST, or WORKER_NONE when
 * the side is empty. */
struct selection {
	enum side side;
	int worker;
	int32_t pid, tid;
};
struct selection ui_selection(const struct ui *ui);
/* The clone flags that the mixer has chosen; the kernel would take them. */
uint64_t ui_mix(const struct ui *ui);
/* The duel pane's sliders: what a duel (enum duel) is to vary, -1 the usual parameters; whose
 * slider it is that moves, the last duel that was begun; and one stop up or down, false: it is at
 * its end. */
int64_t ui_duel_parameter(const struct ui *ui, int duel);
void ui_duel_choose(struct ui *ui, int duel);
int ui_duel_chosen(const struct ui *ui);
bool ui_duel_slide(struct ui *ui, int step);
/* Makes the selection follow a worker (a new one, a changed one). */
void ui_select(struct ui *ui, enum side side, int worker);

/* Runs a looking command (move, focus, zoom, provenance, help, close ...). false: not a command of
 * the screen; the caller carries it out. */
bool ui_command(struct ui *ui, struct model *model, enum command_id command);

/* Whether help, or what explains a number, lies over the panes. */
bool ui_is_covered(const struct ui *ui);

/* A line that is typed, into which all keys go: text to find, or the name of a command. The
 * command that was chosen with a key; CMD_NONE: none was. */
bool ui_prompt_is_open(const struct ui *ui);
enum command_id ui_prompt_key(struct ui *ui, int key);

/* A menu over the panes: the caller opens it, keys go to ui_menu_key until it returns something
 * else than MENU_OPEN: an index >= 0 that was chosen, or MENU_CLOSED. */
#define MENU_OPEN (-1)
#define MENU_CLOSED (-2)
struct menu_item {
	const char *name, *help;
};
void ui_menu_open(struct ui *ui, const char *title, const struct menu_item *items, size_t n);
void ui_menu_choose(struct ui *ui, int at); /* the one that Enter chooses, at first */
bool ui_menu_is_open(const struct ui *ui);
int ui_menu_key(struct ui *ui, int key);

/* What the scene pane shows, until told otherwise; kept by the caller. NULL: nothing. With a
 * caption the footer has its keys, the views are not offered, and steering keys are the scene's. */
void ui_set_caption(struct ui *ui, const struct caption *caption);

/* The one line that says what happened; stays until the next. Also shown: the last key pressed. */
void ui_message(struct ui *ui, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void ui_key_echo(struct ui *ui, int key);

/* What the header tells: paused, the theme's name, the interval, the time since start, frames
 * shown. */
struct ui_state {
	bool paused, recording;
	nsec interval, elapsed;
	const char *theme;
};
void ui_set_state(struct ui *ui, const struct ui_state *state);

/* A click at (row, col) of the last frame: selects what is there. On a key of the footer, or a
 * view: that key, which the caller presses; else KEYCODE_NONE. */
int ui_click(struct ui *ui, int row, int col);

#endif
