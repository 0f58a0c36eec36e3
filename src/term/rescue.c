/* SPDX-License-Identifier: MIT
 * Puts a terminal back when the program cannot go on: from a handler of a fatal signal, or from another
 * process after a SIGKILL. Only async-signal-safe calls, on bytes prepared while all was well.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

#define PATIENCE_MS 50

static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP };

/* A signal handler gets no context: the one place that needs file scope. */
static struct {
	struct term_rescue *rescue;
	pid_t owner; /* a forked child that dies must leave the terminal alone */
	void *stack;
	stack_t old_stack;
	struct sigaction old[ARRAY_LEN(fatal_signals)];
} armed;

int rescue_open_tty(int fd)
{
	char path[PATH_MAX];
	if (ttyname_r(fd, path, sizeof(path)) != 0)
		return -1;
	return open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

struct term_rescue *term_rescue_create(void)
{
	struct term_rescue *rescue = mmap(
		NULL, sizeof(*rescue), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (rescue == MAP_FAILED)
		return NULL;
	/* Opened here, before any fork, the descriptor has the same number in all that hold the rescue. */
	rescue->fd = isatty(STDOUT_FILENO) ? rescue_open_tty(STDOUT_FILENO) : -1;
	return rescue;
}

void term_rescue_destroy(struct term_rescue *rescue)
{
	if (!rescue)
		return;
	if (rescue->fd > STDERR_FILENO)
		close(rescue->fd);
	munmap(rescue, sizeof(*rescue));
}

/* A terminal that is behind gets a moment. One that was stopped (Ctrl-S) or does not read takes nothing: what waits for it
 * is thrown away then. That may be our own beginning, so all is written once more. */
static void write_now(int fd, const char *text, size_t len)
{
	size_t sent = 0;
	for (int tries = 0; sent < len && tries < 8; tries++) {
		struct pollfd room = { .fd = fd, .events = POLLOUT };
		ssize_t n = write_without_wait(fd, text + sent, len - sent);
		if (n > 0) {
			sent += (size_t)n;
		} else if (poll(&room, 1, PATIENCE_MS) <= 0) {
			tcflow(fd, TCOON);
			tcflush(fd, TCOFLUSH);
			sent = 0;
		}
	}
}

void term_rescue_apply(struct term_rescue *rescue)
{
	sigset_t ttou, old;
	if (!rescue || !rescue->live)
		return;
	rescue->live = 0;
	/* A background process group that sets a terminal's modes would be stopped. */
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &old);
	write_now(rescue->fd, rescue->restore, rescue->len);
	tcsetattr(rescue->fd, TCSANOW, &rescue->saved);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void die_of(int number)
{
	if (armed.owner == getpid())
		term_rescue_apply(armed.rescue);
	signal(number, SIG_DFL);
	raise(number);
}

void rescue_install(struct term_rescue *rescue)
{
	/* Its own stack, for a stack overflow is one of the faults; guarded pages below are the allocator's concern. */
	size_t size = MAX((size_t)SIGSTKSZ, (size_t)32 * 1024);
	armed.rescue = rescue;
	armed.owner = getpid();
	armed.stack = xcalloc(1, size);
	stack_t stack = { .ss_sp = armed.stack, .ss_size = size };
	sigaltstack(&stack, &armed.old_stack);
	struct sigaction action = { .sa_handler = die_of,
		.sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER };
	for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++)
		sigaction(fatal_signals[i], &action, &armed.old[i]);
}

void rescue_uninstall(void)
{
	if (!armed.stack)
		return;
	for (size_t i = 0; i < ARRAY_LEN(fatal_signals); i++)
		sigaction(fatal_signals[i], &armed.old[i], NULL);
	sigaltstack(&armed.old_stack, NULL);
	free(armed.stack);
	armed.stack = NULL;
	armed.rescue = NULL;
}
