/* SPDX-License-Identifier: MIT
 * Reads command lines in a child, which is ended where a process holds it up: who locks its memory map blocks who asks for
 * its command line, too.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"

#define TEXT_MAX 1024
#define ANSWER_MS 1000 /* to one; on a machine that is busy with other things */
#define ENDS_LOOKED 50 /* at a child that was killed, a millisecond apart */

/* What is written at once into a pipe is read at once. */
struct answer {
	uint32_t row;
	int32_t len;
	char text[TEXT_MAX];
};

_Noreturn static void answer_all(
	int root, struct group_process *const *rows, size_t first, size_t n, int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = first; i < n; i++) {
		struct answer answer = { .row = (uint32_t)i };

		answer.len = (int32_t)io_read_file(IO_PROCESSES, root, answer.text,
			sizeof(answer.text), NULL, "%d/cmdline", (int)rows[i]->pid);
		if (write(out, &answer, sizeof(answer)) != sizeof(answer))
			break;
	}
	_exit(0);
}

/* Up to the row that has no answer in time; n: all have. */
static size_t take_answers(int in, struct group_process *const *rows, size_t first, size_t n)
{
	struct pollfd wait = { .fd = in, .events = POLLIN };
	struct answer answer;

	while (first < n && poll(&wait, 1, ANSWER_MS) > 0 &&
		read(in, &answer, sizeof(answer)) == sizeof(answer)) {
		if (answer.len > 0)
			group_parse_cmdline(answer.text, (size_t)answer.len, rows[answer.row]);
		first = answer.row + 1;
	}
	return first;
}

static void reap(struct commands *commands)
{
	if (commands->child > 0 && waitpid(commands->child, NULL, WNOHANG) != 0)
		commands->child = 0;
}

/* It may be held up for good: then it stays, and nothing more is asked. */
static void end_child(struct commands *commands)
{
	kill(commands->child, SIGKILL);
	for (int i = 0; i < ENDS_LOOKED; i++) {
		reap(commands);
		if (!commands->child)
			return;
		poll(NULL, 0, 1);
	}
}

/* Returns the row that is to be asked for next. */
static size_t ask(struct commands *commands, int root, struct group_process *const *rows,
	size_t first, size_t n)
{
	int answers[2];

	if (pipe2(answers, O_CLOEXEC) != 0)
		return n;
	commands->child = fork();
	if (commands->child == 0)
		answer_all(root, rows, first, n, answers[1]);
	close(answers[1]);
	if (commands->child > 0) {
		first = take_answers(answers[0], rows, first, n);
		end_child(commands);
	}
	close(answers[0]);
	return commands->child == 0 ? first : n;
}

static bool has_blocked(const struct commands *commands, const struct group_process *row)
{
	const struct group_process *blocked;

	vec_each (blocked, &commands->blocked)
		if (blocked->pid == row->pid && blocked->start == row->start)
			return true;
	return false;
}

void commands_read(struct commands *commands, int root, struct group_process **rows, size_t n)
{
	size_t asked = 0, next = 0;

	reap(commands);
	for (size_t i = 0; i < n; i++)
		if (!has_blocked(commands, rows[i]))
			rows[asked++] = rows[i];
	while (next < asked && !commands->child && commands->blocked.n < COMMANDS_BLOCKED_MAX) {
		next = ask(commands, root, rows, next, asked);
		if (next < asked)
			*vec_push(&commands->blocked) = *rows[next++];
	}
}

void commands_finish(struct commands *commands)
{
	reap(commands);
	vec_finish(&commands->blocked);
}
