/* SPDX-License-Identifier: MIT
 * The creation duel: create, exit and reap, by the library's calls and up the ladder of clone flags, with a ballast in the
 * parent. And the bill of one birth: what was copied at once, and what the copy costs when it is written.
 */
#include "duel.h"

#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH_NS INT64_C(4000000) /* a trial repeats until this is over, at least once */
#define BILL_MB_MAX 64 /* of the ballast that a newborn writes for its bill */

extern char **environ;
static char program[] = "/bin/true";
static char *const program_arguments[] = { program, NULL };

static const unsigned long clone_flags[DUEL_METHODS] = {
	[CLONE_NOTHING] = SIGCHLD,
	[CLONE_FS_ONLY] = CLONE_FS | SIGCHLD,
	[CLONE_FS_FILES] = CLONE_FS | CLONE_FILES | SIGCHLD,
	[CLONE_MM] = CLONE_VM | SIGCHLD,
	[CLONE_MM_FS_FILES] = CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD,
	[CLONE_MM_SIGHAND] = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD,
	[CLONE_MM_SYSVSEM] =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM | SIGCHLD,
	[CLONE_MM_THREAD] = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM |
			    CLONE_THREAD | CLONE_CHILD_CLEARTID,
};

#define EXIT_NO_PROGRAM 127

static int reap(pid_t pid)
{
	int status = 0;
	if (pid < 0)
		return -errno;
	while (waitpid(pid, &status, __WALL) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NO_PROGRAM ? -ENOEXEC : 0;
}

/* The system call itself: glibc's wrapper would run a function on the new stack and then exit_group. */
static int leave_at_once(void *argument)
{
	syscall(SYS_exit, 0);
	return 0;
}

static int ladder(int method)
{
	static char *stack;
	static _Atomic uint32_t alive;
	unsigned long flags = clone_flags[method];
	if (!(flags & CLONE_VM)) {
		/* on the parent's stack, copied: as fork() does it */
		pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
		if (pid == 0)
			syscall(SYS_exit, 0);
		return reap(pid);
	}
	if (!stack && !(stack = duel_map(DUEL_STACK, MAP_PRIVATE)))
		return -ENOMEM;
	atomic_store(&alive, 1);
	pid_t pid = clone(leave_at_once, stack + DUEL_STACK, (int)flags, NULL, NULL, NULL, &alive);
	if (!(flags & CLONE_THREAD) || pid < 0)
		return reap(pid);
	/* nobody reaps a thread: the kernel clears this word when it is gone */
	while (atomic_load(&alive))
		futex_wait(&alive, 1, -1);
	return 0;
}

static void *thread_nothing(void *argument)
{
	return argument;
}

static int once_thread(void *(*run)(void *), void *argument)
{
	pthread_t thread;
	/* code: duel-create threads */
	int error = pthread_create(&thread, NULL, run, argument);
	if (!error)
		error = pthread_join(thread, NULL);
	return -error;
	/* end of code */
}

static int once_spawn(void)
{
	pid_t pid;
	int error = posix_spawn(&pid, program, NULL, NULL, program_arguments, environ);
	return error ? -error : reap(pid);
}

static int once_fork(bool exec)
{
	/* code: duel-create processes */
	pid_t pid = fork();
	if (pid == 0 && exec)
		execve(program, program_arguments, environ);
	if (pid == 0)
		_exit(exec ? EXIT_NO_PROGRAM : 0);
	return reap(pid);
	/* end of code */
}

/* vfork in a function of its own: the child may do nothing but leave. */
static int __attribute__((noinline)) once_vfork(void)
{
	pid_t pid = vfork();
	if (pid == 0)
		_exit(0);
	return reap(pid);
}

static void *thread_stamp(void *argument)
{
	*(int64_t *)argument = crew_now();
	return NULL;
}

/* When the task did its last act; a process writes it into memory that both share. */
static int64_t *stamp_of_end(void)
{
	static int64_t *stamp;
	if (!stamp)
		stamp = duel_map(sizeof(*stamp), MAP_SHARED);
	return stamp;
}

static int end_of_process(void)
{
	int64_t *stamp = stamp_of_end();
	pid_t pid = fork();
	if (pid == 0) {
		*stamp = crew_now();
		_exit(0);
	}
	return reap(pid);
}

static int once(const struct duel_item *item)
{
	switch (item->method) {
	case CREATE_FORK:
		return once_fork(false);
	case CREATE_FORK_EXEC:
		return once_fork(true);
	case CREATE_VFORK:
		return once_vfork();
	case CREATE_POSIX_SPAWN:
		return once_spawn();
	case CREATE_PTHREAD:
		return once_thread(thread_nothing, NULL);
	case CREATE_END:
		return item->who == BY_THREADS ? once_thread(thread_stamp, stamp_of_end())
					       : end_of_process();
	default:
		return ladder(item->method);
	}
}

/* --- the bill of a birth --- */

/* What a newborn tells of itself before it ends. */
struct bill {
	int64_t faults, write_ns;
};

static void write_ballast(struct bill *bill, int64_t megabytes)
{
	char *at = duel_ballast_at();
	int64_t before = usage_here().ru_minflt, start = crew_now();
	for (size_t i = 0; at && i < (size_t)megabytes << 20; i += 4096)
		(*(volatile char *)&at[i])++;
	bill->write_ns = crew_now() - start;
	bill->faults = usage_here().ru_minflt - before;
}

struct bill_order {
	struct bill *bill;
	int64_t megabytes;
};

static void *thread_bill(void *argument)
{
	struct bill_order *order = argument;
	write_ballast(order->bill, order->megabytes);
	return NULL;
}

static void bill_of_thread(struct duel_series *series, struct bill_order *order)
{
	/* an earlier fork left our pages write-protected: that bill is the fork's, not the thread's */
	write_ballast(order->bill, order->megabytes);
	if (once_thread(thread_bill, order) != 0)
		return;
	/* one address space: there is nothing that could have been copied */
	series->extra[EXTRA_PAGE_TABLES_KB] = series->extra[EXTRA_MAPPINGS] = 0;
}

/* A number that -1 says is unknown. */
static double known(int64_t number)
{
	return number < 0 ? NAN : (double)number;
}

/* A forked child is looked at while it waits to be told to write. */
static void bill_of_fork(struct duel_series *series, struct bill_order *order)
{
	int go[2];
	char byte = 0, maps[64];
	if (pipe(go) < 0)
		return;
	pid_t pid = fork();
	if (pid == 0) {
		close(go[1]);
		if (read(go[0], &byte, 1) == 1)
			write_ballast(order->bill, order->megabytes);
		_exit(0);
	}
	close(go[0]);
	if (pid > 0) {
		series->extra[EXTRA_PAGE_TABLES_KB] =
			known(proc_number("VmPTE:", "/proc/%d/status", (int)pid));
		snprintf(maps, sizeof(maps), "/proc/%d/maps", (int)pid);
		series->extra[EXTRA_MAPPINGS] = known(proc_lines(maps));
		(void)!write(go[1], "", 1);
	}
	close(go[1]);
	reap(pid);
}

static void bill_once(const struct duel_trial *trial)
{
	static struct bill *bill;
	struct duel_series *series = trial->series;
	if (!bill && !(bill = duel_map(sizeof(*bill), MAP_SHARED)))
		return;
	*bill = (struct bill) { -1, -1 };
	struct bill_order order = { bill, trial->item->parameter };
	if (order.megabytes > BILL_MB_MAX)
		order.megabytes = BILL_MB_MAX;
	if (trial->item->method == CREATE_FORK)
		bill_of_fork(series, &order);
	else if (trial->item->method == CREATE_PTHREAD)
		bill_of_thread(series, &order);
	else
		return;
	series->extra[EXTRA_FAULTS] = known(bill->faults);
	series->extra[EXTRA_WRITE_NS] = known(bill->write_ns);
	series->extra[EXTRA_WRITTEN_KB] = (double)order.megabytes * 1024;
}

int duel_create(const struct duel_trial *trial)
{
	const struct duel_item *item = trial->item;
	struct duel_pieces lives = { 0 };
	int error = duel_ballast_use(item->parameter);
	if (error == -ENOMEM)
		snprintf(trial->series->note, sizeof(trial->series->note),
			"no memory for a ballast of %lld MB", (long long)item->parameter);
	if (error)
		return error;
	if (atomic_load(&trial->series->trials) == 0) {
		once(item); /* the first one warms caches of stacks and of the kernel */
		bill_once(trial);
	}
	for (int64_t start = crew_now(), now = start, from;
		!error && lives.n < DUEL_PIECES && now - start < BATCH_NS;) {
		from = now;
		error = once(item);
		now = crew_now();
		lives.ns[lives.n++] =
			(double)(now - (item->method == CREATE_END ? *stamp_of_end() : from));
	}
	if (!error)
		duel_add(trial->series, duel_pieces_middle(&lives), NAN);
	return error;
}
