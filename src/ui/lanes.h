/* SPDX-License-Identifier: MIT
 * What the parts of the lanes pane share: the picture that one frame is drawn from (pane_lanes.c), and the lines in words
 * below it (lane_lines.c).
 */
#ifndef TASKSCOPE_UI_LANES_H
#define TASKSCOPE_UI_LANES_H

#include "internal.h"

/* A row of the pane: the heading of a side, a task, or a CPU. */
struct lane_row {
	const struct lane *lane;
	const struct cpu_lane *cpu;
	int side; /* of a heading */
};
#define NO_SIDE (-1) /* the CPUs */
#define NO_ROW (-2) /* air */

#define LANE_ROWS_MAX 256

struct picture {
	struct frame *frame;
	struct lanes_look *look;
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
void lane_row_name(char *out, size_t size, const struct lane_row *row);
/* The last second before the end of the screen, in cells that are exact. */
struct strip_cell lane_last_second(const struct picture *picture, const struct strip *strip);

/* --- lane_lines.c --- */

/* A line that is put together without allocating. */
struct words {
	char text[320];
	size_t len;
};
void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A duration; a dash if it is not above 0, or NAN. */
void words_add_ns(struct words *words, const char *before, double ns, const char *after);
double words_mean(nsec sum, int n); /* NAN of none */
/* Time before the end of the screen, as it stands on the axis: "-120 ms". */
void lane_before(char *out, size_t size, nsec before);

/* How many lines there are below n rows in a pane of so many rows. */
int lane_lines(const struct picture *picture);
/* From this row on: the selected lane's statistics, what is under the cursor, and what does not add up. */
void lane_lines_draw(struct picture *picture, int row);
/* Every sign with its words, from this row on, if so many rows hold it. */
void lane_legend_draw(struct picture *picture, int row, int rows);
/* The legend, at the right of the pane's title. */
void lane_note(struct picture *picture, const struct area *area);

#endif
