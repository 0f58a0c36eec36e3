/* SPDX-License-Identifier: MIT
 * The one table of commands: which key does what, in which words. The default keys stand here; help, footer, documents
 * and key handling all read it here.
 */

#include "command.h"

const struct command command_table[COMMANDS] = {
	[CMD_NONE] = { .name = "", .help = "", .group = GROUP_PROGRAM },

	[CMD_UP] = { { KEYCODE_UP, 'k' }, "up", "select the row above", GROUP_LOOK, 0 },
	[CMD_DOWN] = { { KEYCODE_DOWN, 'j' }, "down", "select the row below", GROUP_LOOK, 0 },
	[CMD_PAGE_UP] = { { KEYCODE_PAGE_UP }, "page up", "go up by a screenful", GROUP_LOOK, 0,
		.stage_keys = { 'B' - '@' } },
	[CMD_PAGE_DOWN] = { { KEYCODE_PAGE_DOWN }, "page down", "go down by a screenful",
		GROUP_LOOK, 0, .stage_keys = { 'F' - '@' } },
	[CMD_HOME] = { { KEYCODE_HOME, 'g' }, "first", "select the first row", GROUP_LOOK, 0,
		.stage_keys = { KEYCODE_HOME } },
	[CMD_END] = { { KEYCODE_END, 'G' }, "last", "select the last row", GROUP_LOOK, 0 },
	[CMD_SIDE_LEFT] = { { '[' }, "left side", "select on the left side", GROUP_LOOK, 0 },
	[CMD_SIDE_RIGHT] = { { ']' }, "right side", "select on the right side", GROUP_LOOK, 0 },
	[CMD_FIELD_NEXT] = { { KEYCODE_RIGHT }, "next number",
		"next number of the row, then the right side", GROUP_LOOK, 0,
		.stage_keys = { '>' } },
	[CMD_FIELD_PREVIOUS] = { { KEYCODE_LEFT }, "previous number",
		"number before it, then the left side", GROUP_LOOK, 0, .stage_keys = { '<' } },
	[CMD_PANE_NEXT] = { { KEYCODE_TAB }, "pane", "focus the next pane", GROUP_LOOK, 5 },
	[CMD_PANE_PREVIOUS] = { { KEYCODE_BACKTAB }, "pane back", "focus the pane before",
		GROUP_LOOK, 0 },
	[CMD_ZOOM] = { { 'z', KEYCODE_ENTER }, "zoom",
		"this pane on the whole screen, or all panes", GROUP_LOOK, 9,
		.stage_keys = { 'z' } },
	[CMD_PROVENANCE] = { { 'I' }, "this number", "where the focused number comes from",
		GROUP_LOOK, 20 },
	[CMD_HELP] = { { '?', 'h', KEYCODE_F1 }, "help",
		"this number, the words of the screen, and every key", GROUP_LOOK, 1 },
	[CMD_FIND] = { { '/' }, "find", "show only what has this text: in a list, in the help",
		GROUP_LOOK, 4 },
	[CMD_SORT] = { { 's' }, "sort", "rows by the focused number, or by process", GROUP_LOOK, 31,
		.modes = MODE_BIT(MODE_TARGETS) },
	[CMD_FOLD] = { { 'F' }, "fold", "a row a process, a row a task, or as there is room",
		GROUP_LOOK, 32, .modes = MODE_BIT(MODE_TARGETS) },
	[CMD_PALETTE] = { { ':' }, "commands", "every command by its name", GROUP_LOOK, 21 },
	[CMD_SPOTLIGHT] = { { '*' }, "spotlight",
		"dim all but the selected row, then all but its column", GROUP_LOOK, 18 },
	[CMD_BIG_NUMBER] = { { 'Z' }, "big number", "the focused number over the whole screen",
		GROUP_LOOK, 19 },
	[CMD_LARGE] = { { 'L' }, "large", "for a hall: what each pane comes to, in large digits",
		GROUP_LOOK, 0 },
	[CMD_PAUSE] = { { KEYCODE_SPACE }, "freeze", "hold the picture; the tasks go on running",
		GROUP_LOOK, 8, .stage_keys = { 'f' } },
	[CMD_PAST_BACK] = { { '(' }, "step back", "freeze, and look one sample further back",
		GROUP_LOOK, 0 },
	[CMD_PAST_ON] = { { ')' }, "step on", "one sample further on, up to now", GROUP_LOOK, 0 },
	[CMD_PAST_FAR_BACK] = { { '{' }, "back 10 s",
		"freeze, and look ten seconds further back, up to ten minutes", GROUP_LOOK, 0 },
	[CMD_PAST_FAR_ON] = { { '}' }, "on 10 s", "ten seconds further on, up to now", GROUP_LOOK,
		0 },
	[CMD_THEME] = { { 'T' }, "theme", "next theme: dark, light, projectors, mono", GROUP_LOOK,
		16 },
	[CMD_CLOSE] = { { KEYCODE_ESCAPE }, "close", "close what lies over the panes, or unzoom",
		GROUP_LOOK, 0 },
	[CMD_MEMORY_MEASURE] = { { 'm' }, "measure", "memory as RSS, PSS or private kB", GROUP_LOOK,
		14 },

	[CMD_ADD] = { { 'a' }, "add", "start one more worker on this side", GROUP_STEER, 3 },
	[CMD_ADD_BOTH] = { { 'A' }, "add both", "start one more worker on each side", GROUP_STEER,
		0 },
	[CMD_REMOVE] = { { 'd' }, "remove", "ask the selected worker to exit", GROUP_STEER, 11,
		.danger = true },
	[CMD_REMOVE_BOTH] = { { 'D' }, "remove both", "ask the last worker of each side to exit",
		GROUP_STEER, 0, .danger = true },
	[CMD_JOB] = { { 'o' }, "job", "choose what the selected worker does", GROUP_STEER, 7 },
	[CMD_JOB_SIDE] = { { 'O' }, "job of side", "choose what all workers of this side do",
		GROUP_STEER, 0 },
	[CMD_JOB_BOTH] = { { 'J' }, "job of both", "choose what the workers of both sides do",
		GROUP_STEER, 0 },
	[CMD_PIN] = { { 'p' }, "pin", "pin this side to CPU 0, 1 ..., then spread it", GROUP_STEER,
		10 },
	[CMD_PIN_BOTH] = { { 'P' }, "pin both", "pin both sides to CPU 0, 1 ..., then spread",
		GROUP_STEER, 0 },
	[CMD_NICER] = { { 'n' }, "nicer", "nice + 5: the selected worker yields more", GROUP_STEER,
		15 },
	[CMD_LESS_NICE] = { { 'N' }, "less nice", "nice - 5: below 0 only for root", GROUP_STEER,
		0 },
	[CMD_STOP] = { { 's' }, "stop", "stop the selected worker, or let it go on", GROUP_STEER,
		12 },
	[CMD_STOP_SIDE] = { { 'S' }, "stop side", "stop every worker of this side, or go on",
		GROUP_STEER, 0, .danger = true },
	[CMD_CRASH] = { { 'x' }, "crash", "the worker writes through NULL: who dies?", GROUP_STEER,
		6, .danger = true },
	[CMD_KILL] = { { 'K' }, "kill -9", "SIGKILL to the selected worker: who dies?", GROUP_STEER,
		13, .danger = true },
	[CMD_RESTART] = { { 'r' }, "restart", "end this side's crew and start it again",
		GROUP_STEER, 17, .danger = true },

	[CMD_SLOWER] = { { '-', '_' }, "slower", "measure and draw less often", GROUP_PROGRAM, 0,
		.modes = MODES_ALL & ~MODES_STAGE },
	[CMD_FASTER] = { { '+', '=' }, "faster", "measure and draw more often", GROUP_PROGRAM, 0,
		.modes = MODES_ALL & ~MODES_STAGE },
	[CMD_QUIT] = { { 'q', KEYCODE_F10 }, "quit", "end what runs, and leave", GROUP_PROGRAM, 2 },
	[CMD_TOUR] = { { 't' }, "tour", "leave the lab for the guided tour", GROUP_PROGRAM, 22,
		.modes = MODE_BIT(MODE_LAB) },

	[CMD_STAGE_STEP] = { { KEYCODE_SPACE }, "step", "do the next step of the scene",
		GROUP_STAGE, 0 },
	[CMD_STAGE_FORWARD] = { { KEYCODE_PAGE_DOWN, KEYCODE_RIGHT }, "forward",
		"what comes next: an answer, a step, the next scene", GROUP_STAGE, 0 },
	[CMD_STAGE_BACK] = { { KEYCODE_PAGE_UP, KEYCODE_LEFT }, "back",
		"what was before: an answer, the start of the scene, the scene before", GROUP_STAGE,
		0, .modes = MODE_BIT(MODE_TOUR) },
	[CMD_STAGE_CHOOSE] = { { '1' }, "answer, or do", "answer the question, or do this action",
		GROUP_STAGE, 0, .last_key = '9' },
	[CMD_STAGE_MORE] = { { KEYCODE_ENTER }, "more", "the next thing to tell about the answer",
		GROUP_STAGE, 0 },
	[CMD_STAGE_NEXT] = { { 'n' }, "next", "pass a question; else the next scene or question",
		GROUP_STAGE, 0 },
	[CMD_STAGE_PREVIOUS] = { { 'p' }, "scene before", "the scene before this one", GROUP_STAGE,
		0, .modes = MODE_BIT(MODE_TOUR) },
	[CMD_STAGE_AGAIN] = { { 'r' }, "again", "this scene from its start", GROUP_STAGE, 0,
		.modes = MODE_BIT(MODE_TOUR) },
	[CMD_STAGE_FIRST] = { { KEYCODE_F5 }, "from the start", "the first scene", GROUP_STAGE, 0,
		.modes = MODE_BIT(MODE_TOUR) },
	[CMD_STAGE_LIST] = { { 'g' }, "scenes", "the list of scenes: go to one", GROUP_STAGE, 0,
		.modes = MODE_BIT(MODE_TOUR) },
	[CMD_STAGE_CODE] = { { 'c' }, "code",
		"the lines of C that the workers run, or what they mean", GROUP_STAGE, 0 },
	[CMD_STAGE_SPEAKER] = { { 's' }, "speaker", "show or hide the line for the speaker",
		GROUP_STAGE, 0, .modes = MODE_BIT(MODE_TOUR) },
	[CMD_STAGE_HINT] = { { 'i' }, "hint", "a hint: where the kernel says it", GROUP_STAGE, 0,
		.modes = MODE_BIT(MODE_QUIZ) },
	[CMD_STAGE_BLACK] = { { '.', 'b' }, "black", "a black screen; any key brings it back",
		GROUP_STAGE, 0 },

	[CMD_VIEW_1] = { { '1' }, "lab", "the lab: workers, switches, memory", GROUP_VIEW, 0 },
	[CMD_VIEW_2] = { { '2' }, "sharing", "what is shared: one matrix over all tasks",
		GROUP_VIEW, 0 },
	[CMD_VIEW_3] = { { '3' }, "pages",
		"pages of memory one by one, and one pointer in all tasks", GROUP_VIEW, 0 },
	[CMD_VIEW_4] = { { '4' }, "stacks", "where stacks lie, what registers hold", GROUP_VIEW,
		0 },
	[CMD_VIEW_5] = { { '5' }, "files", "descriptor tables, offsets, current directories",
		GROUP_VIEW, 0 },
	[CMD_VIEW_6] = { { '6' }, "signals", "handlers, masks and pending signals", GROUP_VIEW, 0 },
	[CMD_VIEW_7] = { { '7' }, "cost", "what one more worker costs the kernel", GROUP_VIEW, 0 },
	[CMD_VIEW_8] = { { '8' }, "lanes", "every switch on a timeline", GROUP_VIEW, 0 },
	[CMD_VIEW_9] = { { '9' }, "duel", "costs measured side by side", GROUP_VIEW, 0 },

	/* --- of one pane --- */
	[CMD_MIX_CREATE] = { { 'w' }, "make it", "make a task with these flags on this side",
		GROUP_STEER, 1, "mixer" },
	[CMD_MIX_REPLACE] = { { 'e' }, "in its place",
		"end the selected worker, and make it in its place", GROUP_STEER, 9, "mixer",
		.danger = true },
	[CMD_MIX_VM] = { { 'v' }, "memory", "share the address space, or not", GROUP_LOOK, 2,
		"mixer" },
	[CMD_MIX_FILES] = { { 'f' }, "files", "share the descriptor table, or not", GROUP_LOOK, 3,
		"mixer" },
	[CMD_MIX_FS] = { { 'c' }, "folder", "share directory and umask, or not", GROUP_LOOK, 4,
		"mixer" },
	[CMD_MIX_SIGHAND] = { { 'i' }, "handlers", "share the signal handlers; needs memory",
		GROUP_LOOK, 5, "mixer" },
	[CMD_MIX_THREAD] = { { 'y' }, "PID", "be a thread of the same PID; needs handlers",
		GROUP_LOOK, 6, "mixer" },
	[CMD_MIX_SYSVSEM] = { { 'u' }, "undo", "share the semaphore undo list, or not", GROUP_LOOK,
		7, "mixer" },
	[CMD_MIX_IO] = { { 'b' }, "I/O", "share the I/O context, or not", GROUP_LOOK, 8, "mixer" },
	[CMD_PAGES_NEXT] = { { 'v' }, "mapping",
		"the next mapping page by page: heap, stack, X, libc ...", GROUP_LOOK, 4, "pages" },
	[CMD_PAGES_PREVIOUS] = { { 'V' }, "mapping back", "the mapping before it, page by page",
		GROUP_LOOK, 0, "pages" },
	[CMD_PAGES_LATER] = { { '.' }, "part", "the next part of a large mapping", GROUP_LOOK, 5,
		"pages" },
	[CMD_PAGES_EARLIER] = { { ',' }, "part back", "the part before it", GROUP_LOOK, 0,
		"pages" },
	[CMD_PAGES_ARENA] = { { 'b' }, "arena", "back to the whole arena", GROUP_LOOK, 6, "pages" },
	[CMD_MEMORY_PAGES] = { { 'v' }, "pages", "this mapping page by page, in all tasks",
		GROUP_LOOK, 1, "memory" },

	[CMD_FILES_OURS] = { { '.' }, "ours", "show or hide what the crew opened for itself",
		GROUP_LOOK, 6, "files", .modes = MODES_ALL & ~MODE_BIT(MODE_TARGETS) },

	[CMD_LANES_IN] = { { 'i' }, "closer", "less time on the screen: down to 1 ms", GROUP_LOOK,
		1, "lanes" },
	[CMD_LANES_OUT] = { { 'u' }, "farther", "more time on the screen: up to 10 s", GROUP_LOOK,
		2, "lanes" },
	[CMD_LANES_FREEZE] = { { 'f' }, "freeze",
		"hold the lanes to look closer; the tasks go on running", GROUP_LOOK, 3, "lanes" },
	[CMD_LANES_EARLIER] = { { ',' }, "earlier", "the cursor one cell back (also Left)",
		GROUP_LOOK, 0, "lanes" },
	[CMD_LANES_LATER] = { { '.' }, "later", "the cursor one cell on (also Right)", GROUP_LOOK,
		0, "lanes" },
	[CMD_LANES_BEFORE] = { { 'b' }, "switch before",
		"the cursor to the switch before, in this lane", GROUP_LOOK, 4, "lanes" },
	[CMD_LANES_AFTER] = { { 'w' }, "next switch", "the cursor to the next switch of this lane",
		GROUP_LOOK, 5, "lanes" },
	[CMD_DUEL_SWITCH] = { { 'w' }, "switch",
		"measure what a switch from one task to the other costs", GROUP_STEER, 1, "duel" },
	[CMD_DUEL_CREATE] = { { 'c' }, "create",
		"measure what making, ending and reaping one costs", GROUP_STEER, 2, "duel" },
	[CMD_DUEL_TALK] = { { 'l' }, "talk", "measure what a message from one to the other costs",
		GROUP_STEER, 3, "duel" },
	[CMD_DUEL_MEMORY] = { { 'y' }, "memory", "measure what memory workers take in all",
		GROUP_STEER, 4, "duel" },
	[CMD_DUEL_STOP] = { { 'e' }, "end", "end the duel; what it has stays", GROUP_STEER, 5,
		"duel" },
	[CMD_DUEL_LESS] = { { '<', ',' }, "less",
		"slide back what the duel varies, and measure again", GROUP_STEER, 7, "duel" },
	[CMD_DUEL_MORE] = { { '>', '.' }, "more",
		"more working set, ballast, bytes or workers, and measure again", GROUP_STEER, 6,
		"duel" },

	/* --- orders to workers: no code names one, so they have a place and no id --- */
	{ { 'i' }, "I/O context", "it sets its I/O priority: the context is made", GROUP_STEER, 3,
		"sharing", "io-context" },
	{ { 'u' }, "undo list", "it uses a semaphore with SEM_UNDO", GROUP_STEER, 4, "sharing",
		"sem-undo" },
	{ { 'c' }, "chdir", "it changes its working directory", GROUP_STEER, 1, "sharing",
		"chdir" },
	{ { 'f' }, "open file", "it opens a file: who has the descriptor?", GROUP_STEER, 2,
		"sharing", "open" },
	{ { 'w' }, "write 1 MB", "it writes one byte to each page of 1 MB", GROUP_STEER, 1, "pages",
		"write-arena", SCOPE_SELECTED, 1 },
	{ { 'W' }, "write 8 MB", "the same for 8 MB, or for all that there is", GROUP_STEER, 2,
		"pages", "write-arena", SCOPE_SELECTED, 8 },
	{ { 'e' }, "read 1 MB", "it reads one byte of each page of 1 MB", GROUP_STEER, 3, "pages",
		"read-arena", SCOPE_SELECTED, 1 },
	{ { 'C' }, "container", "a process with its own PIDs, mounts, host name and network",
		GROUP_STEER, 10, "mixer", "namespaces" },
	{ { 'w' }, "write X", "it writes the next value to X: who sees it?", GROUP_STEER, 1,
		"pointer", "write-x" },
	{ { 'l' }, "local", "it writes into its neighbour's local variable", GROUP_STEER, 2,
		"pointer", "write-local" },
	{ { 'v' }, "wild store", "it writes through a pointer to its neighbour's object",
		GROUP_STEER, 3, "pointer", "wild-store" },
	{ { 'V' }, "by kernel", "the same by process_vm_writev: the kernel may", GROUP_STEER, 6,
		"pointer", "kernel-store" },
	{ { 'c' }, "count", "all of the side count on the heap at once, unprotected", GROUP_STEER,
		4, "pointer", "count", SCOPE_SIDE, 0 },
	{ { 'b' }, "atomic", "all count on the heap, atomically", GROUP_STEER, 7, "pointer",
		"count-atomic", SCOPE_SIDE, 0 },
	{ { 'y' }, "mutex", "all count on the heap, under a mutex", GROUP_STEER, 8, "pointer",
		"count-mutex", SCOPE_SIDE, 0 },
	{ { 'C' }, "count shared", "all count in a shared page, unprotected", GROUP_STEER, 5,
		"pointer", "count-shared", SCOPE_SIDE, 0 },
	{ { 'B' }, "shared atomic", "all count in a shared page, atomically", GROUP_STEER, 0,
		"pointer", "count-shared-atomic", SCOPE_SIDE, 0 },
	{ { 'Y' }, "shared mutex", "all count in a shared page, under a mutex", GROUP_STEER, 0,
		"pointer", "count-shared-mutex", SCOPE_SIDE, 0 },
	{ { 'w' }, "use 1 MB", "it recurses through 1 MB of its stack, and back", GROUP_STEER, 1,
		"stacks", "recurse" },
	{ { 'l' }, "local", "it writes into its neighbour's local variable", GROUP_STEER, 2,
		"stacks", "write-local" },
	{ { 'v' }, "overflow", "it recurses past the guard of its stack: who dies?", GROUP_STEER, 3,
		"stacks", "overflow", .danger = true },
	{ { 'f' }, "open", "it opens a file", GROUP_STEER, 1, "files", "open" },
	{ { 'b' }, "read 100", "it reads 100 bytes of the file that all were given", GROUP_STEER, 2,
		"files", "read" },
	{ { 'c' }, "close", "it closes the descriptor that all were given", GROUP_STEER, 3, "files",
		"close" },
	{ { 'w' }, "chdir", "it changes its working directory, or back", GROUP_STEER, 4, "files",
		"chdir" },
	{ { 'u' }, "umask", "it sets its umask to 027, or back", GROUP_STEER, 5, "files", "umask" },
	{ { 'i' }, "handler", "it installs a handler of SIGUSR1, or takes it back", GROUP_STEER, 1,
		"signals", "handler" },
	{ { 'b' }, "block", "it blocks SIGUSR2, or lets it through", GROUP_STEER, 2, "signals",
		"block" },
	{ { 'u' }, "USR2 to task", "SIGUSR2 to this one task (tgkill): fatal unless blocked",
		GROUP_STEER, 3, "signals", "signal-task", SCOPE_SELECTED, 2 },
	{ { 'U' }, "to process", "SIGUSR2 to its process (kill): fatal unless blocked", GROUP_STEER,
		4, "signals", "signal-process", SCOPE_SELECTED, 2 },
	{ { 'y' }, "USR1 to task", "SIGUSR1 to this one task: fatal unless caught", GROUP_STEER, 5,
		"signals", "signal-task", SCOPE_SELECTED, 1 },
	{ { 'Y' }, "USR1 process", "SIGUSR1 to its process: fatal unless caught", GROUP_STEER, 6,
		"signals", "signal-process", SCOPE_SELECTED, 1 },
	{ { 'e' }, "exit", "this task alone ends, and is not reaped yet", GROUP_STEER, 0, "workers",
		"exit-task", .danger = true },
	{ { 'E' }, "exit()", "it calls exit(3): all its threads go", GROUP_STEER, 0, "workers",
		"exit", .danger = true },
	{ { 'v' }, "overflow", "it recurses past the guard of its stack: who dies?", GROUP_STEER, 0,
		"workers", "overflow", .danger = true },
	{ { 'f' }, "fork", "a new worker forks: which threads has the child?", GROUP_STEER, 0,
		"workers", "fork" },
	{ { 'X' }, "exec", "a worker becomes the program sleep: which threads survive?",
		GROUP_STEER, 0, "workers", "exec", .danger = true },
	{ { 'M' }, "main leaves", "the main thread alone ends (pthread_exit)", GROUP_STEER, 0,
		"workers", "leave-main", SCOPE_SIDE, 0, .danger = true },
};

/* Where the commands of a group work. A recording has no workers to steer: there the screen says so. On a stage the keys
 * are the lesson's. */
static const unsigned group_modes[] = {
	[GROUP_LOOK] = MODES_ALL,
	[GROUP_STEER] = MODE_BIT(MODE_LAB) | MODE_BIT(MODE_REPLAY),
	[GROUP_PROGRAM] = MODES_ALL,
	[GROUP_VIEW] = MODES_ALL & ~MODES_STAGE,
	[GROUP_STAGE] = MODES_STAGE,
};

bool command_works(const struct command *command, enum command_mode mode)
{
	unsigned modes = command->modes ? command->modes : group_modes[command->group];

	if (command->pane)
		modes &= ~MODES_STAGE;
	return modes & MODE_BIT(mode);
}

const int *command_keys(const struct command *command, enum command_mode mode)
{
	const bool staged = command->stage_keys[0] && MODE_BIT(mode) & MODES_STAGE;

	return staged ? command->stage_keys : command->keys;
}

const char *command_key_name(
	const struct command *command, enum command_mode mode, char *out, size_t size)
{
	key_name(command_keys(command, mode)[0], out, size);
	if (command->last_key)
		text_addf(out, size, "..%c", command->last_key);
	return out;
}

static bool has_key(const struct command *command, enum command_mode mode, int key)
{
	const int *keys = command_keys(command, mode);

	for (size_t i = 0; i < COMMAND_KEYS; i++)
		if (keys[i] == key)
			return true;
	return key > keys[0] && key <= command->last_key;
}

enum command_id command_of_key(int key, enum command_mode mode, const char *pane)
{
	if (key == KEYCODE_NONE)
		return CMD_NONE;
	for (size_t i = 1; i < COMMANDS; i++) {
		const struct command *command = &command_table[i];

		if (!command_works(command, mode) || !has_key(command, mode, key))
			continue;
		if (!command->pane || (pane && strcmp(command->pane, pane) == 0))
			return (enum command_id)i;
	}
	return CMD_NONE;
}
