/* SPDX-License-Identifier: MIT
 * What the files of ui share: the state between frames, a frame while it is drawn, panes and tables.
 */
#ifndef TASKSCOPE_UI_INTERNAL_H
#define TASKSCOPE_UI_INTERNAL_H

#include "layout.h"
#include "ui.h"

#define PANES_MAX 32 /* as many as an unsigned has bits */
#define COLUMNS_MAX 20

/* The smallest screen that is drawn. */
#define UI_ROWS_MIN 16
#define UI_COLS_MIN 60

/* What lies over the panes. */
enum overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_PROVENANCE, OVERLAY_MENU };

enum measure { MEASURE_RSS, MEASURE_PSS, MEASURE_PRIVATE, MEASURES };

/* One worker of each side in one row, living or ended. Pointers are good until the next feed. */
struct worker_row {
	int worker; /* an index, or WORKER_HOST */
	struct worker_half {
		const struct track *track; /* NULL: does not live */
		const struct worker_sample *ended; /* set if it ended and none took its place */
		int32_t pid, tid; /* 0: nobody here */
	} half[SIDES];
};

/* The numbers of a row that can be focused: column indices of its pane, from left to right. */
struct fields {
	int n;
	int column[COLUMNS_MAX];
};

/* A list's window: which rows are in sight. */
struct scroll {
	int top, visible, rows;
};

/* What the lanes pane looks at. */
struct lanes_look {
	int zoom; /* index of its table */
	bool frozen;
	nsec end; /* of the screen, while frozen */
	nsec cursor; /* UNKNOWN: none */
	int32_t tid; /* the selected lane; of a CPU: minus its number, minus 1 */
	nsec cell; /* of the last frame: time of one cell, and of all */
	nsec refresh; /* the interval of samples; 0: not known yet */
	int cols;
	int number; /* which fact of the selected lane `?` is about */
	struct scroll scroll;
};

/* What of a mapping is looked at page by page. */
struct window {
	bool on; /* else the whole arena is */
	bool own_stack; /* of whoever is selected */
	uint64_t start[SIDES]; /* of the mapping that was chosen; 0: that side has none */
	char label[48];
	int64_t first; /* page of the mapping */
	int cells; /* pages that a row shows */
	int steps; /* asked for before any mapping was known */
	VEC(struct region_pair) pairs; /* as they are stepped through, until the next feed */
	VEC(int) order;
	struct window_half {
		uint64_t start;
		int64_t pages; /* 0: it is not there */
		int64_t skip; /* its first page is this one of the longer half */
		char perms[5], label[48];
		bool guard;
	} half[SIDES]; /* where it is now */
};

struct ui {
	struct ui_options options;
	char title[96];
	struct ui_state state;

	int view; /* index in view_table; -1: panes that were chosen by name */
	int set[UI_PANES_SHOWN], set_n; /* the panes on the screen, indices in pane_table, from top to bottom */
	int focus; /* index in pane_table: one of the set */
	bool zoomed;
	unsigned visible; /* bit mask over pane_table: those of the set that have room */
	struct rect area[PANES_MAX]; /* of the last frame: where each pane's content was */
	int half_cols;

	enum side side;
	int worker[SIDES]; /* the selected worker of each side: always one that has a row */
	int wish[SIDES]; /* the one that was chosen: selected again when it is back */
	VEC(struct worker_row) rows;
	struct scroll workers;

	bool pasts; /* the workers pane shows each worker's past: the switches pane need not */

	int field[PANES_MAX];
	struct fields fields[PANES_MAX];
	int field_at[PANES_MAX][COLUMNS_MAX]; /* where each column stands in a half; for clicks */
	char shown[64]; /* the focused number as it stands on the screen */
	int shown_row;

	enum measure measure;
	int mapping; /* the selected row of the memory pane */
	char mapping_label[48];
	uint64_t mapping_start[SIDES]; /* its addresses; 0: not on that side */
	struct scroll mappings;
	VEC(int) pairs; /* the aligned pairs that have a row */
	int list_row; /* content row where the pane's list starts; for clicks */

	struct lanes_look lanes;
	struct duel_look {
		struct scroll scroll;
		int at; /* the selected series */
		int number; /* which number of it `?` is about */
		int chosen; /* whose slider moves */
		int stop[4]; /* of each duel's slider; 0: the usual parameters */
	} duel;

	enum overlay overlay;
	struct scroll help;
	const struct caption *caption; /* what the scene pane shows; NULL: nothing is played */
	struct scroll scene;
	int caption_rows; /* that all of it would take */
	const char *menu_title;
	const struct menu_item *menu_items;
	int menu_n, menu_at;

	enum style message_style;
	char message[256];
	int echo;
	float up[CANVAS_COLS_MAX], down[CANVAS_COLS_MAX];
	struct file_sample file; /* a record of the descriptor that is focused in the files pane; fd -1: none */
	struct window window;
	uint64_t mix; /* clone flags of the mixer */
	struct changes *changes; /* changes.c; NULL until a pane asks */
};

/* A frame while it is drawn. */
struct frame {
	struct ui *ui;
	struct model *model;
	struct canvas *canvas;
	int half_cols; /* content cells of one half */
	int divider; /* the column between the halves */
	int row_rows; /* of the pane that is drawn: how many rows a row of its list takes */
	char changed[SIDES][64]; /* of the pane that is drawn: which workers have just changed */
	const struct worker_row *changed_last[SIDES];
	char note[192]; /* of the pane that is drawn, in its title line; "" none */
	enum style note_style;
};

/* Where a pane draws. The halves are equally wide and have equally many rows. */
struct area {
	int pane; /* index in pane_table */
	bool focused;
	struct rect half[SIDES];
};

/* The focused number, for `?`. */
struct number {
	enum fact_scope scope;
	const char *fact; /* name in the fact table */
	const char *plus; /* a second one that is added to it, or NULL */
	char path[64]; /* for fact_value; "" when the number is the pane's own */
	char subject[96]; /* "w2 of the processes, PID 2044" */
};

struct pane {
	int min_rows, weight;
	bool whole; /* one area as wide as the screen, no halves */
	int field; /* the column that is focused at first */
	unsigned needs; /* enum need */
	/* The rows that show everything, now. Changes rarely, so that panes do not jump. */
	int (*want)(const struct ui *ui);
	void (*draw)(struct frame *frame, const struct area *area);
	/* Carries out a command of the pane's own that is no order. */
	void (*command)(struct ui *ui, struct model *model, enum command_id command);
	/* Moves a cursor of the pane's own. NULL: the cursor is the selected worker. */
	void (*move)(struct ui *ui, struct model *model, enum command_id command);
	/* The row of the pane's list at a content row: select it. */
	void (*click)(struct ui *ui, int row);
	bool (*number)(const struct ui *ui, struct model *model, struct number *ret);
};
extern const struct pane pane_workers, pane_switches, pane_memory, pane_lanes;
extern const struct pane pane_sharing, pane_pages, pane_pointer, pane_stacks, pane_registers, pane_files,
	pane_signals, pane_cost, pane_mixer, pane_duel, pane_scene;
/* losses.c: what was refused of what the pane shows, and why, into a row that it left free or into its note, unless that
 * tells what has just changed. */
void losses_draw(struct frame *frame, const struct area *area);
bool losses_any(const struct frame *frame, int pane);
/* scene.c: how many rows all of the caption would take, before rows are shared out. */
void scene_measure(struct frame *frame);
const struct pane *pane_record(int index);
int pane_count_drawn(void); /* panes that are no overlays; they come first in pane_table */

/* --- views.c: which panes are on the screen --- */

/* Tab: the pane after the focused one, in the order of the screen. */
void views_focus(struct ui *ui, int step);
void views_zoom(struct ui *ui, bool on);
/* Whether it has a pane that exists. */
bool view_exists(size_t view);
/* The view of a command; -1: none. */
int view_of_command(enum command_id command);

/* --- rows.c: who stands in which row, and who is selected --- */

void rows_gather(struct ui *ui, const struct model *model);
/* The row of a side's selected worker; 0 if it has none. */
int rows_selected(const struct ui *ui, enum side side);
const struct worker_half *rows_half(const struct ui *ui, enum side side);
/* Selects row `row`, in both sides where there is somebody. */
void rows_select(struct ui *ui, int row);
void rows_move(struct ui *ui, enum command_id command);
/* "w2", "host" or "main". */
const char *worker_name(char *out, size_t size, const struct model_side *side, int worker);
/* "worker2" or "host": an element of a fact path; "left" or "right". */
const char *worker_path(char *out, size_t size, int worker);
const char *side_path(enum side side);
enum style side_style(enum side side);
/* The kind of a side's crew; without a crew, the side's own. */
enum kind side_kind(const struct model_side *side, enum side which);

/* --- changes.c: what has just changed --- */

#define CHANGES_UNKNOWN 0
/* Whether the cell of this key has shown another value until about a second before `now`, a sample's time. A value that was
 * or gets CHANGES_UNKNOWN has not changed. */
bool changes_is_news(struct ui *ui, nsec now, uint64_t key, uint64_t value);
/* Everything is new: something else is shown in the same cells. */
void changes_forget(struct ui *ui);
uint64_t changes_hash(const void *bytes, size_t n, uint64_t seed);
/* --- lane_commands.c, lane_cells.c --- */

void lanes_init(struct lanes_look *look);
/* The time of one cell at this zoom. */
nsec lanes_cell(const struct lanes_look *look, int cols);
void lanes_command(struct ui *ui, struct model *model, enum command_id command);
void lanes_move(struct ui *ui, struct model *model, enum command_id command);
/* The number that `?` is about: of the selected lane, a task's. */
bool lanes_number(const struct ui *ui, struct model *model, struct number *ret);
/* One cell of a task's lane, and of a CPU's. */
struct glyph {
	const char *text;
	enum style style;
};
struct glyph lane_glyph(const struct strip_cell *cell, nsec length, enum side side);
struct glyph cpu_glyph(const struct strip_cell *cell, const struct lanes_view *view);
/* One character for a task, the same in every CPU's lane: 0 1 2 for processes, A B C for threads. */
const char *lane_letter(const struct lane *lane);
/* The time of one cell when about `wanted` are to be seen on `cols` cells; sums are exact in such cells. */
nsec lane_cell_time(nsec wanted, int cols);
/* Whether a cell of this length shows each single switch, not only where a task hardly ran. */
bool lane_shows_switches(nsec length);

/* --- scroll.c: a cursor in a list --- */

/* Where a looking command moves row `at` of a list. */
int scroll_move(const struct scroll *scroll, int at, enum command_id command);
/* Shows `visible` of `rows` rows so that `at` is among them. */
void scroll_show(struct scroll *scroll, int rows, int visible, int at);

/* --- table.c: columns --- */

struct place {
	int row, col, cols;
};

/* A column of a table. Its draw function has the row, the frame and the place; everything else is the table's work. */
struct column {
	const char *title, *brief; /* brief: when the title is too wide; NULL: cut */
	int min, max; /* cells */
	int priority; /* the highest is dropped first */
	bool grows;
	bool left; /* aligned left */
	bool flashes; /* marked for a while when it shows something else than before */
	enum fact_scope scope;
	const char *fact; /* NULL: cannot be focused */
	const char *sum; /* of all rows of a side: a fact of FACT_SIDE; NULL: there is none */
	int index; /* for the draw function */
	void (*draw)(struct frame *frame, const struct column *column, struct place at,
		enum side side, const void *row);
};

struct table {
	const struct column *columns;
	int n;
	struct column_slot slots[COLUMNS_MAX];
};

/* begin takes the wishes from the records; the caller may change slots; fit decides for this many cells and tells the
 * pane's fields. */
void table_begin(struct table *table, const struct column *columns, int n);
void table_fit(struct table *table, struct ui *ui, int pane, int cols);
void table_titles(struct frame *frame, const struct table *table, struct rect half, int row);
void table_row(struct frame *frame, const struct table *table, struct rect half, int row,
	enum side side, const void *data);
/* The cells of one column in a half's row; cols 0 if it was dropped. */
struct place table_place(const struct table *table, struct rect half, int row, int column);
/* Marks the selected row and, if the pane is focused, its focused number, whose text is kept for `?`. */
void table_cursor(struct frame *frame, const struct area *area, const struct table *table, int row,
	enum side side);

/* The row alone, without a number; a number alone, without its row. */
void row_cursor(struct frame *frame, const struct area *area, int row, enum side side);
void number_focus(struct frame *frame, const struct area *area, struct place at);

/* Text in a place, cut with "…" when it does not fit. */
void put_text(struct frame *frame, struct place at, enum style style, const char *text);
void put_right(struct frame *frame, struct place at, enum style style, const char *text);
/* Numbers, right-aligned, made to fit the cells there are; a dash when unknown. */
void put_rate(struct frame *frame, struct place at, enum style style, double per_s);
void put_percent(struct frame *frame, struct place at, enum style style, double percent);
void put_kb(struct frame *frame, struct place at, enum style style, int64_t kb);
/* The last samples of one task, one a cell, on a scale of its own. */
void put_past(struct frame *frame, struct place at, enum style style, const struct track *track,
	bool voluntary);
void put_integer(struct frame *frame, struct place at, enum style style, int64_t value);

/* --- frame.c: all around the panes --- */

/* A dim note at the right of a pane's title line. */
int frame_note_cols(const struct frame *frame, const struct area *area); /* the room for it */
void frame_note(struct frame *frame, const struct area *area, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same for what has just changed. */
void frame_alert(struct frame *frame, const struct area *area, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void frame_draw(struct frame *frame);
/* A framed box in the middle, everything behind it faded; if it can, it leaves the row `spare` in sight (-1: none).
 * Returns the inside. */
struct rect frame_overlay(
	struct frame *frame, const char *title, const char *hint, int rows, int cols, int spare);
/* Text in lines of at most cols cells, broken at blanks, at most `rows`. Returns the lines used. */
int put_wrapped(struct frame *frame, struct rect r, enum style style, const char *text);
int wrapped_rows(const char *text, int cols); /* the lines that it needs */

/* --- bars.c: the lines above and below the panes --- */

void bars_header(struct frame *frame);
void bars_message(struct frame *frame, int row);
void bars_footer(struct frame *frame, int row);
/* The views and their digits, in at most cols cells; returns the cells used. */
int bars_views(struct frame *frame, int row, int col, int cols);
/* Whether a command stands in footer and help: it is none of another pane, and not one that a replay refuses. */
bool bars_offers(const struct ui *ui, const struct command *command);

/* --- digits.c: big digits --- */

#define DIGITS_ROWS 3
/* The cells that it takes; 0: a character of it has no big form. */
int digits_cols(const char *text);
void digits_put(struct frame *frame, int row, int col, enum style style, const char *text);

/* --- overlays --- */

void help_draw(struct frame *frame);
void provenance_draw(struct frame *frame);
void menu_draw(struct frame *frame);

#endif
