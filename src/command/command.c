/* SPDX-License-Identifier: MIT
 * The one table of commands: which key does what, in which words. Alone knows the default keys; help, footer, documents
 * and key handling all read it here.
 */
#include <string.h>

#include "command.h"

const struct command command_table[COMMANDS] = {
	[CMD_NONE] = { .id = CMD_NONE, .name = "", .help = "", .group = GROUP_PROGRAM },

	[CMD_UP] = { CMD_UP, { KEYCODE_UP, 'k' }, "up", "select the row above", GROUP_LOOK, 0 },
	[CMD_DOWN] = { CMD_DOWN, { KEYCODE_DOWN, 'j' }, "down", "select the row below", GROUP_LOOK,
		0 },
	[CMD_PAGE_UP] = { CMD_PAGE_UP, { KEYCODE_PAGE_UP }, "page up", "go up by a screenful",
		GROUP_LOOK, 0 },
	[CMD_PAGE_DOWN] = { CMD_PAGE_DOWN, { KEYCODE_PAGE_DOWN }, "page down",
		"go down by a screenful", GROUP_LOOK, 0 },
	[CMD_HOME] = { CMD_HOME, { KEYCODE_HOME, 'g' }, "first", "select the first row", GROUP_LOOK,
		0 },
	[CMD_END] = { CMD_END, { KEYCODE_END, 'G' }, "last", "select the last row", GROUP_LOOK, 0 },
	[CMD_SIDE_LEFT] = { CMD_SIDE_LEFT, { '[' }, "left side", "select on the left side",
		GROUP_LOOK, 0 },
	[CMD_SIDE_RIGHT] = { CMD_SIDE_RIGHT, { ']' }, "right side", "select on the right side",
		GROUP_LOOK, 0 },
	[CMD_FIELD_NEXT] = { CMD_FIELD_NEXT, { KEYCODE_RIGHT }, "next number",
		"next number of the row, then the right side", GROUP_LOOK, 0 },
	[CMD_FIELD_PREVIOUS] = { CMD_FIELD_PREVIOUS, { KEYCODE_LEFT }, "previous number",
		"number before it, then the left side", GROUP_LOOK, 0 },
	[CMD_PANE_NEXT] = { CMD_PANE_NEXT, { KEYCODE_TAB }, "pane", "focus the next pane",
		GROUP_LOOK, 5 },
	[CMD_PANE_PREVIOUS] = { CMD_PANE_PREVIOUS, { KEYCODE_BACKTAB }, "pane back",
		"focus the pane before", GROUP_LOOK, 0 },
	[CMD_ZOOM] = { CMD_ZOOM, { 'z', KEYCODE_ENTER }, "zoom",
		"this pane on the whole screen, or all panes", GROUP_LOOK, 9 },
	[CMD_PROVENANCE] = { CMD_PROVENANCE, { '?' }, "where from?",
		"where the focused number comes from", GROUP_LOOK, 4 },
	[CMD_HELP] = { CMD_HELP, { 'h', KEYCODE_F1 }, "help",
		"every key, and how to read the screen", GROUP_LOOK, 1 },
	[CMD_PAUSE] = { CMD_PAUSE, { KEYCODE_SPACE }, "pause",
		"hold the picture; the tasks go on running", GROUP_LOOK, 8 },
	[CMD_THEME] = { CMD_THEME, { 't' }, "theme", "next theme: dark, light, projectors, mono",
		GROUP_LOOK, 16 },
	[CMD_CLOSE] = { CMD_CLOSE, { KEYCODE_ESCAPE }, "close",
		"close what lies over the panes, or unzoom", GROUP_LOOK, 0 },
	[CMD_MEMORY_MEASURE] = { CMD_MEMORY_MEASURE, { 'm' }, "measure",
		"memory as RSS, PSS or private kB", GROUP_LOOK, 14 },

	[CMD_ADD] = { CMD_ADD, { 'a' }, "add", "start one more worker on this side", GROUP_STEER,
		3 },
	[CMD_ADD_BOTH] = { CMD_ADD_BOTH, { 'A' }, "add both", "start one more worker on each side",
		GROUP_STEER, 0 },
	[CMD_REMOVE] = { CMD_REMOVE, { 'd' }, "remove", "ask the selected worker to exit",
		GROUP_STEER, 11 },
	[CMD_REMOVE_BOTH] = { CMD_REMOVE_BOTH, { 'D' }, "remove both",
		"ask the last worker of each side to exit", GROUP_STEER, 0 },
	[CMD_JOB] = { CMD_JOB, { 'o' }, "job", "choose what the selected worker does", GROUP_STEER,
		7 },
	[CMD_JOB_SIDE] = { CMD_JOB_SIDE, { 'O' }, "job of side",
		"choose what all workers of this side do", GROUP_STEER, 0 },
	[CMD_JOB_BOTH] = { CMD_JOB_BOTH, { 'J' }, "job of both",
		"choose what the workers of both sides do", GROUP_STEER, 0 },
	[CMD_PIN] = { CMD_PIN, { 'p' }, "pin", "pin this side to CPU 0, 1 ..., then spread it",
		GROUP_STEER, 10 },
	[CMD_PIN_BOTH] = { CMD_PIN_BOTH, { 'P' }, "pin both",
		"pin both sides to CPU 0, 1 ..., then spread", GROUP_STEER, 0 },
	[CMD_NICER] = { CMD_NICER, { 'n' }, "nicer", "nice + 5: the selected worker yields more",
		GROUP_STEER, 15 },
	[CMD_LESS_NICE] = { CMD_LESS_NICE, { 'N' }, "less nice", "nice - 5: below 0 only for root",
		GROUP_STEER, 0 },
	[CMD_STOP] = { CMD_STOP, { 's' }, "stop", "stop the selected worker, or let it go on",
		GROUP_STEER, 12 },
	[CMD_STOP_SIDE] = { CMD_STOP_SIDE, { 'S' }, "stop side",
		"stop every worker of this side, or go on", GROUP_STEER, 0 },
	[CMD_CRASH] = { CMD_CRASH, { 'x' }, "crash", "the worker writes through NULL: who dies?",
		GROUP_STEER, 6 },
	[CMD_KILL] = { CMD_KILL, { 'K' }, "kill -9", "SIGKILL to the selected worker: who dies?",
		GROUP_STEER, 13 },
	[CMD_RESTART] = { CMD_RESTART, { 'r' }, "restart",
		"end this side's crew and start it again", GROUP_STEER, 17 },

	[CMD_SLOWER] = { CMD_SLOWER, { '-', '_' }, "slower", "measure and draw less often",
		GROUP_PROGRAM, 0 },
	[CMD_FASTER] = { CMD_FASTER, { '+', '=' }, "faster", "measure and draw more often",
		GROUP_PROGRAM, 0 },
	[CMD_QUIT] = { CMD_QUIT, { 'q' }, "quit", "end both crews and leave", GROUP_PROGRAM, 2 },

	[CMD_VIEW_1] = { CMD_VIEW_1, { '1' }, "lab", "the lab: workers, switches, memory",
		GROUP_VIEW, 0 },
	[CMD_VIEW_2] = { CMD_VIEW_2, { '2' }, "sharing",
		"what is shared: one matrix over all tasks", GROUP_VIEW, 0 },
	[CMD_VIEW_3] = { CMD_VIEW_3, { '3' }, "pages",
		"pages of memory one by one, and one pointer in all tasks", GROUP_VIEW, 0 },
	[CMD_VIEW_4] = { CMD_VIEW_4, { '4' }, "stacks",
		"stacks, registers, and what each task waits in", GROUP_VIEW, 0 },
	[CMD_VIEW_5] = { CMD_VIEW_5, { '5' }, "files",
		"descriptor tables, offsets, current directories", GROUP_VIEW, 0 },
	[CMD_VIEW_6] = { CMD_VIEW_6, { '6' }, "signals", "handlers, masks and pending signals",
		GROUP_VIEW, 0 },
	[CMD_VIEW_7] = { CMD_VIEW_7, { '7' }, "cost", "what one more worker costs the kernel",
		GROUP_VIEW, 0 },
	[CMD_VIEW_8] = { CMD_VIEW_8, { '8' }, "lanes", "every switch on a timeline", GROUP_VIEW,
		0 },
	[CMD_VIEW_9] = { CMD_VIEW_9, { '9' }, "duel", "costs measured side by side", GROUP_VIEW,
		0 },
};

static bool has_key(const struct command *command, int key)
{
	for (size_t i = 0; i < ARRAY_LEN(command->keys); i++)
		if (command->keys[i] == key)
			return true;
	return false;
}

enum command_id command_of_key(int key, const char *pane)
{
	if (key == KEYCODE_NONE)
		return CMD_NONE;
	for (size_t i = 1; i < COMMANDS; i++) {
		const struct command *command = &command_table[i];

		if (!has_key(command, key))
			continue;
		if (!command->pane || (pane && strcmp(command->pane, pane) == 0))
			return command->id;
	}
	return CMD_NONE;
}
