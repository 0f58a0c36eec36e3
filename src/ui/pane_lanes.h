/* SPDX-License-Identifier: MIT
 * What the parts of the lanes pane share: the picture that one frame is drawn from and the lines in words below it.
 */
#ifndef TASKSCOPE_UI_PANE_LANES_H
#define TASKSCOPE_UI_PANE_LANES_H

#include "frame.h"

/* The state of the lanes pane: what it looks at. */
struct lanes_state {
	int zoom; /* index of its table */
	bool frozen;
	nsec end; /* of the screen, while frozen */
	nsec cursor; /* UNKNOWN: none */
	int32_t tid; /* the selected lane; of a CPU: minus its number, minus 1 */
	nsec cell; /* of the last frame: time of one cell, and of all */
	nsec refresh; /* the interval of samples; 0: not known yet */
	int cols;
	int number; /* which fact of the selected lane `?` is about */
	double share[SIDES]; /* of the CPUs, in percent of one; NAN unknown */
	struct scroll scroll;
};

/* A row of the pane: the heading of a side, a task, or a CPU. */
struct lane_row {
	const struct lane *lane;
	const struct cpu_lane *cpu;
	int side; /* of a heading */
};
#define NO_SIDE (-1) /* the CPUs */
#define NO_ROW (-2) /* air */

#define LANE_ROWS_MAX 256

struct lanes_picture {
	struct frame *frame;
	struct lanes_state *state;
	struct lanes_view view;
	struct rect rect; /* the whole content */
	int first; /* column of the first cell */
	nsec start, end;
	struct lane_row row[LANE_ROWS_MAX];
	int n, selected;
};

/* NULL: a heading. */
const struct strip *lane_row_strip(const struct lane_row *row);
/* "w3", "host", "CPU 1", or a TID. */
void lane_row_name(char *out, size_t size, const struct lane_row *row, const struct model *model);
/* The last second before the end of the screen, in cells that are exact. */
struct strip_cell lane_last_second(const struct lanes_picture *picture, const struct strip *strip);

/* --- pane_lanes_keys.c, pane_lanes_cells.c --- */

void lanes_init(void *at);
/* The time of one cell at this zoom. */
nsec lanes_cell(const struct lanes_state *state, int cols);
/* Of struct pane. */
void pane_lanes_command(struct panel *panel, struct model *model, enum command_id command);
void pane_lanes_move(struct panel *panel, struct model *model, enum command_id command);
/* The number that `?` is about: of the selected lane, a task's. */
bool pane_lanes_number(
	const struct panel *panel, const struct model *model, struct number *ret);
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

/* --- pane_lanes_lines.c --- */

/* A line that is put together without allocating. */
struct words {
	char text[320];
};
#define words_add(words, ...) text_addf((words)->text, sizeof((words)->text), __VA_ARGS__)
/* A duration; a dash if it is not above 0, or NAN. */
void words_add_ns(struct words *words, const char *before, double ns, const char *after);
double words_mean(nsec sum, int n); /* NAN of none */
/* Time before the end of the screen, as it stands on the axis: "-120 ms". */
void lane_before(char *out, size_t size, nsec before);

/* How many lines there are below n rows in a pane of so many rows. */
int lane_lines(const struct lanes_picture *picture);
/* From this row on: the selected lane's statistics, what is under the cursor, and what does not add up. */
void lane_lines_draw(struct lanes_picture *picture, int row);
extern const struct sign lanes_legend[];
/* How much time is in sight, at the right of the pane's title. */
void lane_note(struct lanes_picture *picture);

#endif
