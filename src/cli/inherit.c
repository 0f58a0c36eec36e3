/* SPDX-License-Identifier: MIT
 * What whoever starts us hands down through exec, and what becomes of it. tests/e2e/test_inherit.c has a case for each row.
 *
 *   signal dispositions   reset to the default. Ignored HUP, INT, QUIT and TSTP stay ignored (nohup, a shell's `&`), the first
 *                         three only without a screen: with one they end it. PIPE and XFSZ are ignored: writes tell.
 *   signal mask           emptied; what was waiting behind it arrives
 *   timers (alarm)        stopped
 *   limit on the stack    where it is under a megabyte, we run on a stack of our own; crews keep the limit
 *   other limits          honoured; what one refuses is told with its name and value (limit.h). The soft limit on files is
 *                         raised to the hard one by those who need many: prober and hosts.
 *   nice, affinity,       honoured, cpusets and ioprio too; crews spread over the CPUs that they may use
 *   scheduling class      honoured for our own; hosts and workers are ordinary tasks (spawn.c), in a session and so an
 *                         autogroup of their own. A deadline task may not fork: it becomes an ordinary one.
 *   umask                 honoured by the workers' files; what we write is 0600 whatever it is (outfile.c)
 *   working folder        honoured, gone or not: nothing of ours is looked for in it
 *   OOM score             honoured; workers have 1000 (guard.c)
 *   no_new_privs,         honoured; what a filter refuses is named, or is unknown with a reason
 *   seccomp, dumpable
 *   personality           honoured, but that hosts have no address randomization (spawn.c)
 *   set-user-ID, file     refused: the program would show, and signal, more than its user may
 *   capabilities
 *   descriptors           0 to 2 are opened on /dev/null if they are closed; others stay ours, hosts close them
 *   children of before    reaped when they end, never signalled
 *   death signal          honoured until the supervisor forks; each child of ours has its own
 *   controlling terminal  none or another's: a screen needs a terminal on stdin and stdout alone; in the background it waits
 *   environment           TERM, NO_COLOR, ESCDELAY, XDG_DATA_HOME and the locale are read; LINES and COLUMNS are dropped
 *   arguments             an empty or absent name of the program is no argument
 *   locale                a broken one is C.UTF-8
 *   time zone             not read: no local time is shown
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
