/* SPDX-License-Identifier: MIT
 * The tables of what duels can measure: names, bounds and who can do it.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "duel_page.h"

#define ALL (1u << BY_PROCESSES | 1u << BY_SHARED_MM | 1u << BY_THREADS)
#define PROCESSES (1u << BY_PROCESSES)
#define SHARED_MM (1u << BY_SHARED_MM)
#define THREADS (1u << BY_THREADS)

const struct duel_info duel_table[DUELS] = {
	[DUEL_SWITCH] = { .name = "switch",
		.help = "two tasks hand a token to and fro: the cost of one context switch",
		.unit = "ns",
		.parameter = "working set",
		.parameter_unit = "kB",
		.min = 0,
		.max = 16384 },
	[DUEL_CREATE] = { .name = "create",
		.help = "create, exit and reap: the cost of a birth, and what it copies",
		.unit = "ns",
		.parameter = "ballast",
		.parameter_unit = "MB",
		.min = 0,
		.max = 1024 },
	[DUEL_TALK] = { .name = "talk",
		.help = "the same message by every channel: cost, latency, copies, switches",
		.unit = "ns",
		.parameter = "message",
		.parameter_unit = "bytes",
		.min = 8,
		.max = 1048576 },
	[DUEL_MEMORY] = { .name = "memory",
		.help = "1 to N workers with a ballast: RSS, PSS, USS, page tables, kernel stacks",
		.unit = "kB",
		.parameter = "workers",
		.parameter_unit = "workers",
		.min = 1,
		.max = 32 },
};

const struct method_info method_table[DUEL_METHODS] = {
	[SWITCH_BY_PIPE] = { DUEL_SWITCH, "pipe", "a byte through two pipes", ALL },
	[SWITCH_BY_FUTEX] = { DUEL_SWITCH, "futex", "a word in shared memory, futex wait and wake",
		ALL },
	[SWITCH_BY_YIELD] = { DUEL_SWITCH, "yield", "both call sched_yield() on one CPU", ALL },
	[CREATE_FORK] = { DUEL_CREATE, "fork", "fork(), _exit(), waitpid()", PROCESSES },
	[CREATE_VFORK] = { DUEL_CREATE, "vfork", "vfork(), _exit(), waitpid()", PROCESSES },
	[CREATE_FORK_EXEC] = { DUEL_CREATE, "fork+exec", "fork(), execve(), waitpid()", PROCESSES },
	[CREATE_POSIX_SPAWN] = { DUEL_CREATE, "posix_spawn", "posix_spawn(), waitpid()",
		PROCESSES },
	[CREATE_PTHREAD] = { DUEL_CREATE, "pthread_create", "pthread_create(), pthread_join()",
		THREADS },
	[CREATE_END] = { DUEL_CREATE, "end", "the end alone: _exit() to waitpid(), return to join",
		PROCESSES | THREADS },
	[CLONE_NOTHING] = { DUEL_CREATE, "clone", "clone(SIGCHLD): what fork() does", PROCESSES },
	[CLONE_FS_ONLY] = { DUEL_CREATE, "clone +FS", "cwd and umask shared", PROCESSES },
	[CLONE_FS_FILES] = { DUEL_CREATE, "clone +FS+FILES", "and the descriptor table",
		PROCESSES },
	[CLONE_MM] = { DUEL_CREATE, "clone VM", "only the address space shared", SHARED_MM },
	[CLONE_MM_FS_FILES] = { DUEL_CREATE, "clone VM+FS+FILES", "and cwd, umask, descriptors",
		SHARED_MM },
	[CLONE_MM_SIGHAND] = { DUEL_CREATE, "clone ..+SIGHAND", "and signal handlers", SHARED_MM },
	[CLONE_MM_SYSVSEM] = { DUEL_CREATE, "clone ..+SYSVSEM", "and semaphore undo", SHARED_MM },
	[CLONE_MM_THREAD] = { DUEL_CREATE, "clone ..+THREAD", "and the thread group: a thread",
		THREADS },
	[TALK_PIPE] = { DUEL_TALK, "pipe", "write() and read() of a pipe", ALL },
	[TALK_SOCKETPAIR] = { DUEL_TALK, "socketpair", "a UNIX stream socket pair", ALL },
	[TALK_QUEUE] = { DUEL_TALK, "mqueue", "a POSIX message queue", ALL },
	[TALK_EVENTFD] = { DUEL_TALK, "shm+eventfd", "shared memory, eventfd to say so", ALL },
	[TALK_FUTEX] = { DUEL_TALK, "shm+futex", "shared memory, futex to say so", ALL },
	[TALK_POINTER] = { DUEL_TALK, "pointer", "the address of a heap buffer, futex to say so",
		ALL },
	[MEMORY_SUMS] = { DUEL_MEMORY, "sums", "workers that share a ballast and own 1 MB each",
		ALL },
};

int duel_find(const char *name)
{
	for (int i = 0; i < DUELS; i++)
		if (strcmp(duel_table[i].name, name) == 0)
			return i;
	return -1;
}

bool duel_is_called(const char *name, const char *word)
{
	for (; *name && *word; name++, word++) {
		char c = isalnum((unsigned char)*name) ? (char)tolower((unsigned char)*name) : '_';
		if (c != *word)
			return false;
	}
	return !*name && !*word;
}

static uint32_t methods_named(const char *word)
{
	uint32_t found = 0;
	for (int method = 0; method < DUEL_METHODS; method++)
		if (strcmp(method_table[method].name, word) == 0 ||
			duel_is_called(method_table[method].name, word))
			found |= UINT32_C(1) << method;
	return found;
}

bool duel_find_methods(const char *text, uint32_t *ret, char *bad, size_t bad_size)
{
	uint32_t methods = 0;
	char word[32];
	for (const char *at = text;; at++) {
		at += strspn(at, " ");
		size_t len = strcspn(at, ",");
		snprintf(word, sizeof(word), "%.*s",
			(int)(len < sizeof(word) ? len : sizeof(word) - 1), at);
		uint32_t named = methods_named(word);
		if (!named) {
			snprintf(bad, bad_size, "%s", word);
			return false;
		}
		methods |= named;
		at += len;
		if (!*at)
			break;
	}
	*ret = methods;
	return true;
}

const char *contender_name(enum contender who)
{
	static const char *const names[CONTENDERS] = {
		[BY_PROCESSES] = "processes",
		[BY_SHARED_MM] = "CLONE_VM",
		[BY_THREADS] = "threads",
	};
	return names[who];
}
