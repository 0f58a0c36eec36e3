/* SPDX-License-Identifier: MIT
 * What one cell of a timeline looks like: states and switches by shape first, by colour second; in a
 * fine cell, a single switch. And what a row of lanes is: its name, its strip.
 */

#include "pane_lanes.h"

#define SINGLE_SWITCH                                                                              \
	(2 * NSEC_PER_MSEC) /* in longer cells, shares of time are shown, not switches */

nsec lane_cell_time(nsec wanted, int cols)
{
	static const nsec units[] = { 10 * NSEC_PER_MSEC, NSEC_PER_MSEC, NSEC_PER_MSEC / 10,
		NSEC_PER_USEC };
	nsec cell = MAX(wanted / MAX(cols, 1), NSEC_PER_USEC);

	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (cell >= units[i])
			return (cell + units[i] - 1) / units[i] * units[i];
	return cell;
}

static struct glyph switch_glyph(const struct strip_cell *cell)
{
	return cell->preempted > cell->gave_up ? (struct glyph) { "!", STYLE_INVOLUNTARY }
					       : (struct glyph) { "╵", STYLE_VOLUNTARY };
}

/* Of the time that is known, what it was spent on; where it hardly ran, how it then left the CPU. */
static struct glyph time_glyph(const struct strip_cell *cell, enum side side)
{
	const nsec known = cell->run_ns + cell->wait_ns + cell->off_ns;

	if (known == 0)
		return (struct glyph) { " ", STYLE_DIM };
	if (cell->run_ns * 8 >= known * 7)
		return (struct glyph) { "█", side_style(side) };
	if (cell->run_ns * 2 >= known)
		return (struct glyph) { "▓", side_style(side) };
	if (cell->run_ns * 8 >= known)
		return (struct glyph) { "▒", side_style(side) };
	if (cell->gave_up + cell->preempted > 0)
		return switch_glyph(cell);
	if (cell->wait_ns >= cell->off_ns)
		return (struct glyph) { "░", STYLE_WAITING };
	return (struct glyph) { "·", STYLE_SLEEPING };
}

bool lane_shows_switches(nsec length)
{
	return length <= SINGLE_SWITCH;
}

struct glyph lane_glyph(const struct strip_cell *cell, nsec length, enum side side)
{
	if (cell->died)
		return (struct glyph) { "x", STYLE_DEAD };
	if (cell->born)
		return (struct glyph) { "+", STYLE_GOOD };
	if (lane_shows_switches(length) && cell->preempted + cell->gave_up == 1)
		return switch_glyph(cell);
	return time_glyph(cell, side);
}

/* clang-format off */
static const char letters[SIDES][26][2] = {
	{ "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f", "g", "i", "j", "k", "l", "m",
		"n", "o", "p", "q" },
	{ "A", "B", "C", "D", "E", "F", "G", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W",
		"X", "Y", "Z", "@" },
};
/* clang-format on */

/* h and H are the hosts; # is who has no letter of its own. */
const char *lane_letter(const struct lane *lane)
{
	if (lane->worker == WORKER_HOST)
		return lane->side == SIDE_LEFT ? "h" : "H";
	if (lane->worker < 0 || lane->worker >= (int)ARRAY_LEN(letters[0]))
		return "#";
	return letters[lane->side][lane->worker];
}

struct glyph cpu_glyph(const struct strip_cell *cell, const struct lanes_view *view)
{
	const nsec known = cell->run_ns + cell->off_ns;

	if (known == 0)
		return (struct glyph) { " ", STYLE_DIM };
	if (cell->run_ns * 8 < known)
		return (struct glyph) { "·", STYLE_DIM };
	for (size_t i = 0; cell->who && i < view->n; i++)
		if (view->lanes[i]->tid == cell->who)
			return (struct glyph) { lane_letter(view->lanes[i]),
				side_style((enum side)view->lanes[i]->side) };
	return (struct glyph) { "▒", STYLE_TEXT };
}

/* --- a row --- */

const struct strip *lane_row_strip(const struct lane_row *row)
{
	if (row->lane)
		return row->lane->strip;
	return row->cpu ? row->cpu->strip : NULL;
}

void lane_row_name(char *out, size_t size, const struct lane_row *row, const struct model *model)
{
	if (row->cpu)
		snprintf(out, size, "CPU %d", row->cpu->cpu);
	else if (row->lane->worker == WORKER_HOST)
		snprintf(out, size, "%s", row->lane->side == SIDE_LEFT ? "host" : "main");
	else if (row->lane->worker >= 0 && !shows_groups(model))
		snprintf(out, size, "w%d", row->lane->worker);
	else
		snprintf(out, size, "%d", row->lane->tid);
}

struct strip_cell lane_last_second(const struct lanes_picture *picture, const struct strip *strip)
{
	nsec to = picture->end / (10 * NSEC_PER_MSEC) * (10 * NSEC_PER_MSEC);

	return strip_cell(strip, to - NSEC_PER_SEC, to);
}
