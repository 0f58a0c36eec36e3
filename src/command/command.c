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

	/* --- sharing --- */
	[CMD_SHARING_CHDIR] = { CMD_SHARING_CHDIR, { 'c' }, "chdir",
		"it changes its working directory", GROUP_STEER, 1, "sharing", "chdir",
		SCOPE_SELECTED, 0 },
	[CMD_SHARING_OPEN] = { CMD_SHARING_OPEN, { 'f' }, "open file",
		"it opens a file: who has the descriptor?", GROUP_STEER, 2, "sharing", "open",
		SCOPE_SELECTED, 0 },
	[CMD_IO_CONTEXT] = { CMD_IO_CONTEXT, { 'i' }, "I/O context",
		"it sets its I/O priority: the context is made", GROUP_STEER, 3, "sharing",
		"io-context", SCOPE_SELECTED, 0 },
	[CMD_SEM_UNDO] = { CMD_SEM_UNDO, { 'u' }, "undo list", "it uses a semaphore with SEM_UNDO",
		GROUP_STEER, 4, "sharing", "sem-undo", SCOPE_SELECTED, 0 },

	/* --- mixer --- */
	[CMD_MIX_CREATE] = { CMD_MIX_CREATE, { 'w' }, "make it",
		"make a task with these flags on this side", GROUP_STEER, 1, "mixer" },
	[CMD_MIX_VM] = { CMD_MIX_VM, { 'v' }, "VM", "share the address space, or not", GROUP_LOOK,
		2, "mixer" },
	[CMD_MIX_FILES] = { CMD_MIX_FILES, { 'f' }, "FILES", "share the descriptor table, or not",
		GROUP_LOOK, 3, "mixer" },
	[CMD_MIX_FS] = { CMD_MIX_FS, { 'c' }, "FS", "share directory and umask, or not", GROUP_LOOK,
		4, "mixer" },
	[CMD_MIX_SIGHAND] = { CMD_MIX_SIGHAND, { 'i' }, "SIGHAND",
		"share the signal handlers; needs VM", GROUP_LOOK, 5, "mixer" },
	[CMD_MIX_THREAD] = { CMD_MIX_THREAD, { 'y' }, "THREAD",
		"be a thread of the same PID; needs SIGHAND", GROUP_LOOK, 6, "mixer" },
	[CMD_MIX_SYSVSEM] = { CMD_MIX_SYSVSEM, { 'u' }, "SYSVSEM",
		"share the semaphore undo list, or not", GROUP_LOOK, 7, "mixer" },
	[CMD_MIX_IO] = { CMD_MIX_IO, { 'b' }, "IO", "share the I/O context, or not", GROUP_LOOK, 8,
		"mixer" },

	/* --- pages --- */
	[CMD_WRITE_ARENA] = { CMD_WRITE_ARENA, { 'w' }, "write 1 MB",
		"it writes one byte to each page of 1 MB", GROUP_STEER, 1, "pages", "write-arena",
		SCOPE_SELECTED, 1 },
	[CMD_WRITE_ARENA_MORE] = { CMD_WRITE_ARENA_MORE, { 'W' }, "write 8 MB",
		"it writes one byte to each page of 8 MB", GROUP_STEER, 2, "pages", "write-arena",
		SCOPE_SELECTED, 8 },
	[CMD_READ_ARENA] = { CMD_READ_ARENA, { 'e' }, "read 1 MB",
		"it reads one byte of each page of 1 MB", GROUP_STEER, 3, "pages", "read-arena",
		SCOPE_SELECTED, 1 },

	/* --- pointer --- */
	[CMD_WRITE_X] = { CMD_WRITE_X, { 'w' }, "write X",
		"it writes the next value to X: who sees it?", GROUP_STEER, 1, "pointer", "write-x",
		SCOPE_SELECTED, 0 },
	[CMD_WRITE_LOCAL] = { CMD_WRITE_LOCAL, { 'l' }, "local",
		"it writes into its neighbour's local variable", GROUP_STEER, 2, "pointer",
		"write-local", SCOPE_SELECTED, 0 },
	[CMD_WILD_STORE] = { CMD_WILD_STORE, { 'v' }, "wild store",
		"it writes through a pointer to its neighbour's object", GROUP_STEER, 3, "pointer",
		"wild-store", SCOPE_SELECTED, 0 },
	[CMD_KERNEL_STORE] = { CMD_KERNEL_STORE, { 'V' }, "by kernel",
		"the same by process_vm_writev: the kernel may", GROUP_STEER, 6, "pointer",
		"kernel-store", SCOPE_SELECTED, 0 },
	[CMD_COUNT] = { CMD_COUNT, { 'c' }, "count",
		"all of the side count on the heap at once, unprotected", GROUP_STEER, 4, "pointer",
		"count", SCOPE_SIDE, 0 },
	[CMD_COUNT_ATOMIC] = { CMD_COUNT_ATOMIC, { 'b' }, "atomic",
		"all count on the heap, atomically", GROUP_STEER, 7, "pointer", "count-atomic",
		SCOPE_SIDE, 0 },
	[CMD_COUNT_MUTEX] = { CMD_COUNT_MUTEX, { 'y' }, "mutex",
		"all count on the heap, under a mutex", GROUP_STEER, 8, "pointer", "count-mutex",
		SCOPE_SIDE, 0 },
	[CMD_COUNT_SHARED] = { CMD_COUNT_SHARED, { 'C' }, "count shared",
		"all count in a shared page, unprotected", GROUP_STEER, 5, "pointer",
		"count-shared", SCOPE_SIDE, 0 },
	[CMD_COUNT_SHARED_ATOMIC] = { CMD_COUNT_SHARED_ATOMIC, { 'B' }, "shared atomic",
		"all count in a shared page, atomically", GROUP_STEER, 0, "pointer",
		"count-shared-atomic", SCOPE_SIDE, 0 },
	[CMD_COUNT_SHARED_MUTEX] = { CMD_COUNT_SHARED_MUTEX, { 'Y' }, "shared mutex",
		"all count in a shared page, under a mutex", GROUP_STEER, 0, "pointer",
		"count-shared-mutex", SCOPE_SIDE, 0 },

	/* --- stacks --- */
	[CMD_RECURSE] = { CMD_RECURSE, { 'w' }, "use 1 MB",
		"it recurses through 1 MB of its stack, and back", GROUP_STEER, 1, "stacks",
		"recurse", SCOPE_SELECTED, 0 },
	[CMD_STACKS_LOCAL] = { CMD_STACKS_LOCAL, { 'l' }, "local",
		"it writes into its neighbour's local variable", GROUP_STEER, 2, "stacks",
		"write-local", SCOPE_SELECTED, 0 },
	[CMD_OVERFLOW] = { CMD_OVERFLOW, { 'v' }, "overflow",
		"it recurses past the guard of its stack: who dies?", GROUP_STEER, 3, "stacks",
		"overflow", SCOPE_SELECTED, 0 },

	/* --- files --- */
	[CMD_OPEN] = { CMD_OPEN, { 'f' }, "open", "it opens a file", GROUP_STEER, 1, "files",
		"open", SCOPE_SELECTED, 0 },
	[CMD_READ] = { CMD_READ, { 'b' }, "read 100",
		"it reads 100 bytes of the file that all were given", GROUP_STEER, 2, "files",
		"read", SCOPE_SELECTED, 0 },
	[CMD_CLOSE_FILE] = { CMD_CLOSE_FILE, { 'c' }, "close",
		"it closes the descriptor that all were given", GROUP_STEER, 3, "files", "close",
		SCOPE_SELECTED, 0 },
	[CMD_CHDIR] = { CMD_CHDIR, { 'w' }, "chdir", "it changes its working directory, or back",
		GROUP_STEER, 4, "files", "chdir", SCOPE_SELECTED, 0 },
	[CMD_UMASK] = { CMD_UMASK, { 'u' }, "umask", "it sets its umask to 027, or back",
		GROUP_STEER, 5, "files", "umask", SCOPE_SELECTED, 0 },

	/* --- signals --- */
	[CMD_HANDLER] = { CMD_HANDLER, { 'i' }, "handler",
		"it installs a handler of SIGUSR1, or takes it back", GROUP_STEER, 1, "signals",
		"handler", SCOPE_SELECTED, 0 },
	[CMD_BLOCK] = { CMD_BLOCK, { 'b' }, "block", "it blocks SIGUSR2, or lets it through",
		GROUP_STEER, 2, "signals", "block", SCOPE_SELECTED, 0 },
	[CMD_SIGNAL_TASK] = { CMD_SIGNAL_TASK, { 'u' }, "USR2 to task",
		"SIGUSR2 to this one task (tgkill): fatal unless blocked", GROUP_STEER, 3,
		"signals", "signal-task", SCOPE_SELECTED, 2 },
	[CMD_SIGNAL_PROCESS] = { CMD_SIGNAL_PROCESS, { 'U' }, "to process",
		"SIGUSR2 to its process (kill): fatal unless blocked", GROUP_STEER, 4, "signals",
		"signal-process", SCOPE_SELECTED, 2 },
	[CMD_SIGNAL_TASK_1] = { CMD_SIGNAL_TASK_1, { 'y' }, "USR1 to task",
		"SIGUSR1 to this one task: fatal unless caught", GROUP_STEER, 5, "signals",
		"signal-task", SCOPE_SELECTED, 1 },
	[CMD_SIGNAL_PROCESS_1] = { CMD_SIGNAL_PROCESS_1, { 'Y' }, "USR1 process",
		"SIGUSR1 to its process: fatal unless caught", GROUP_STEER, 6, "signals",
		"signal-process", SCOPE_SELECTED, 1 },

	/* --- workers: endings --- */
	[CMD_EXIT_TASK] = { CMD_EXIT_TASK, { 'e' }, "exit",
		"this task alone ends, and is not reaped yet", GROUP_STEER, 0, "workers",
		"exit-task", SCOPE_SELECTED, 0 },
	[CMD_EXIT] = { CMD_EXIT, { 'E' }, "exit()", "it calls exit(3): all its threads go",
		GROUP_STEER, 0, "workers", "exit", SCOPE_SELECTED, 0 },
	[CMD_WORKERS_OVERFLOW] = { CMD_WORKERS_OVERFLOW, { 'v' }, "overflow",
		"it recurses past the guard of its stack: who dies?", GROUP_STEER, 0, "workers",
		"overflow", SCOPE_SELECTED, 0 },
	[CMD_FORK] = { CMD_FORK, { 'f' }, "fork", "a fresh one forks: which threads has the child?",
		GROUP_STEER, 0, "workers", "fork", SCOPE_SELECTED, 0 },
	[CMD_EXEC] = { CMD_EXEC, { 'X' }, "exec", "a fresh one becomes sleep: which threads go?",
		GROUP_STEER, 0, "workers", "exec", SCOPE_SELECTED, 0 },
	[CMD_LEAVE_MAIN] = { CMD_LEAVE_MAIN, { 'M' }, "main leaves",
		"the main thread alone ends (pthread_exit)", GROUP_STEER, 0, "workers",
		"leave-main", SCOPE_SIDE, 0 },
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
