/* SPDX-License-Identifier: MIT
 * Resets what whoever starts us hands down through exec and we cannot honour. SECURITY.md has the table of all of it.
 */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include "base.h"
#include "inherit.h"

/* A file opened later must not become standard output. Opened the wrong way round, so that who uses it gets an error
 * instead of silence; only what is said on stderr may vanish. */
static bool open_standard_files(void)
{
	static const int ways[] = { O_WRONLY, O_RDONLY, O_WRONLY };
	for (int fd = 0; fd < (int)ARRAY_LEN(ways); fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", ways[fd]) != fd)
			return false;
	return true;
}

static const int users_choice[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP };

static void reset_signals(void)
{
	bool keep[NSIG] = { false };
	sigset_t none;
	for (size_t i = 0; i < ARRAY_LEN(users_choice); i++)
		keep[users_choice[i]] = signal_is_ignored(users_choice[i]);
	for (int i = 1; i < NSIG; i++)
		if (!keep[i])
			signal(i, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void stop_timers(void)
{
	static const int which[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };
	const struct itimerval never = { 0 };
	for (size_t i = 0; i < ARRAY_LEN(which); i++)
		setitimer(which[i], &never, NULL);
}

static void leave_deadline_class(void)
{
	if (sched_getscheduler(0) == SCHED_DEADLINE)
		sched_setscheduler(0, SCHED_OTHER, &(struct sched_param) { 0 });
}

static void open_locale(void)
{
	/* Only how characters are encoded: numbers keep their form for machines. */
	if (!setlocale(LC_CTYPE, ""))
		setlocale(LC_CTYPE, "C.UTF-8");
}

int inherit_all(void)
{
	if (!open_standard_files())
		return -1; /* and nowhere to say so */
	stop_timers();
	reset_signals();
	leave_deadline_class();
	open_locale();
	if (!getauxval(AT_SECURE) && geteuid() == getuid() && getegid() == getgid())
		return 0;
	say_line("refuses to run setuid or with file capabilities");
	return -1;
}

void inherit_for_screen(void)
{
	for (size_t i = 0; i < ARRAY_LEN(users_choice); i++)
		if (users_choice[i] != SIGTSTP)
			signal(users_choice[i], SIG_DFL);
}

/* --- the stack --- */

#define STACK_ENOUGH (1 << 20)
#define STACK_OWN (8 << 20)

static struct {
	int (*run)(int argc, char **argv);
	int argc;
	char **argv;
	int status;
} on_stack; /* a context is begun without arguments */

static void begin_on_stack(void)
{
	on_stack.status = on_stack.run(on_stack.argc, on_stack.argv);
}

int inherit_run(int (*run)(int argc, char **argv), int argc, char **argv)
{
	static ucontext_t context, back;
	struct rlimit limit;
	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= STACK_ENOUGH)
		return run(argc, argv);
	void *stack = mmap(NULL, STACK_OWN, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED || getcontext(&context) != 0)
		return run(argc, argv);
	mprotect(stack, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE);
	on_stack.run = run;
	on_stack.argc = argc;
	on_stack.argv = argv;
	context.uc_stack.ss_sp = stack;
	context.uc_stack.ss_size = STACK_OWN;
	context.uc_link = &back;
	makecontext(&context, begin_on_stack, 0);
	if (swapcontext(&back, &context) != 0)
		return run(argc, argv);
	return on_stack.status;
}
