/* SPDX-License-Identifier: MIT
 * Carries out the orders that end a worker or others with it: faults, exits, exec, and fork with threads.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "raw.h"

#define EXIT_STATUS 3
#define CHILD_WITHIN 5 /* seconds; then it is ended by an alarm */
#define EXEC_WITHIN 10
#define VFORK_S 2 /* how long the child of vfork makes its parent wait */

/* The mistake itself. Pointer and target are volatile, so that the compiler neither knows better nor drops it. */
/* code: crash */
__attribute__((no_sanitize("undefined", "address"))) void crash(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
}
/* end of code */

int obey_crash(struct work *work, int64_t argument, char *said)
{
	crash();
	return 0;
}

static volatile bool bottom; /* never reached */

/* No end but the guard below the stack. */
static __attribute__((noinline)) int fall(volatile char *above)
{
	volatile char frame[4096];

	if (bottom)
		return 0;

	/* code: overflow */
	frame[0] = above ? above[0] : 0;
	int deeper = fall(frame);

	__asm__ volatile("" : : "r"(frame) : "memory");
	return deeper + frame[0];
	/* end of code */
}

int obey_overflow(struct work *work, int64_t argument, char *said)
{
	/* Where nothing ends a stack, this would eat the machine. */
	if (!atomic_load(&work->slot->stack_low)) {
		set_result(said, "its stack has no known bound");
		return EOPNOTSUPP;
	}
	return fall(NULL);
}

/* code: exit */
int obey_exit(struct work *work, int64_t argument, char *said)
{
	exit(EXIT_STATUS);
}
/* end of code */

int obey_exit_task(struct work *work, int64_t argument, char *said)
{
	/* code: exit-task */
	set_result(said, work->hand->host->kind == KIND_PROCESSES ? "it ends, and is not reaped"
								  : "it ends, and is not joined");
	atomic_store(&work->slot->lingers, 1);
	work->leave = true;
	/* end of code */
	return 0;
}

/* The bound stays over exec: the death signal, the session, the alarm. */
int obey_exec(struct work *work, int64_t argument, char *said)
{
	static const char *const paths[] = { "/bin/sleep", "/usr/bin/sleep" };
	char *argv[] = { (char *)"sleep", (char *)"3", NULL };
	struct board *board = work->hand->host->board;

	work->leave = true;
	alarm(EXEC_WITHIN);
	if (work->hand->host->kind == KIND_THREADS)
		atomic_store(&board->execing, 1);
	bell_ring(BOARD_FD_REPORTS);
	/* code: exec */
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		execv(paths[i], argv);
	int error = errno;
	/* end of code */

	alarm(0);
	atomic_store(&board->execing, 0);
	set_result(said, "exec of sleep: %s", strerror(error));
	return error;
}

/* --- fork --- */

/* A thread that holds a lock while another one forks. */
struct holder {
	pthread_mutex_t lock;
	_Atomic uint32_t state; /* a futex: 0 begun, 1 it holds the lock, 2 it may end */
};

static void *hold(void *arg)
{
	struct holder *holder = arg;

	pthread_mutex_lock(&holder->lock);
	atomic_store(&holder->state, 1);
	futex_wake(&holder->state, 1);
	while (atomic_load(&holder->state) == 1)
		futex_wait(&holder->state, 1, LOOK_EVERY);
	pthread_mutex_unlock(&holder->lock);
	return NULL;
}

static int count_own_threads(void)
{
	return (int)proc_number("Threads:", "/proc/self/status");
}

struct found {
	int threads, trylock;
};

/* What the child finds: only calls that may be made after a fork among threads, but for the count of them. */
static void look_around(struct holder *holder, pid_t parent, int fd)
{
	/* code: fork */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	alarm(CHILD_WITHIN);
	struct found found = { .threads = count_own_threads(),
		.trylock = pthread_mutex_trylock(&holder->lock) };
	/* end of code */

	_exit(write(fd, &found, sizeof(found)) == (ssize_t)sizeof(found) ? 0 : 1);
}

/* Takes what a child writes, once, and closes both ends; waits for as long as the child may live. */
static int hear(int fds[2], void *into, size_t size)
{
	struct pollfd fd = { .fd = fds[0], .events = POLLIN };

	close(fds[1]);
	const bool heard = poll(&fd, 1, (CHILD_WITHIN + 1) * 1000) == 1 &&
			   read(fds[0], into, size) == (ssize_t)size;

	close(fds[0]);
	return heard ? 0 : ETIMEDOUT;
}

static int fork_and_hear(struct holder *holder, struct found *ret)
{
	int fds[2];
	pid_t self = getpid();

	if (pipe2(fds, O_CLOEXEC) != 0)
		return errno;
	pid_t pid = fork();

	if (pid == 0)
		look_around(holder, self, fds[1]);
	int error = pid < 0 ? errno : 0, unheard = hear(fds, ret, sizeof(*ret));

	if (pid > 0 && unheard)
		kill(pid, SIGKILL);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return error ? error : unheard;
}

int obey_fork(struct work *work, int64_t argument, char *said)
{
	struct holder holder = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct found found = { 0 };
	pthread_t thread;

	work->leave = true;
	int error = pthread_create(&thread, NULL, hold, &holder);

	if (error)
		return error;
	while (atomic_load(&holder.state) == 0)
		futex_wait(&holder.state, 0, LOOK_EVERY);
	int threads = count_own_threads();

	error = fork_and_hear(&holder, &found);
	atomic_store(&holder.state, 2);
	futex_wake(&holder.state, 1);
	pthread_join(thread, NULL);
	if (!error)
		set_result(said, "the child has %d of %d threads; trylock of a held lock: %s",
			found.threads, threads, found.trylock == EBUSY ? "EBUSY" : "free");
	return error;
}

/* --- an orphan --- */

struct parents {
	pid_t before, after;
};

/* The grandchild: waits until its parent is gone, and tells who took it in. An alarm ends the wait. */
static void be_orphaned(pid_t parent, int fd)
{
	const struct timespec moment = { .tv_nsec = NSEC_PER_MSEC };
	struct parents parents = { .before = parent };

	/* code: orphan */
	alarm(CHILD_WITHIN);
	while ((parents.after = getppid()) == parent)
		nanosleep(&moment, NULL);
	/* end of code */
	_exit(write(fd, &parents, sizeof(parents)) == (ssize_t)sizeof(parents) ? 0 : 1);
}

/* The child: ends as soon as the grandchild has seen it, which it says by a byte. */
static void leave_orphan(int fd)
{
	int seen[2];
	pid_t self = getpid();
	char byte = 0;

	alarm(CHILD_WITHIN);
	if (pipe2(seen, O_CLOEXEC) != 0)
		_exit(1);
	pid_t pid = fork();

	if (pid == 0) {
		if (getppid() == self && write(seen[1], &byte, 1) == 1)
			be_orphaned(self, fd);
		_exit(1);
	}
	_exit(pid > 0 && read(seen[0], &byte, 1) == 1 ? 0 : 1);
}

int obey_orphan(struct work *work, int64_t argument, char *said)
{
	struct parents parents = { 0 };
	int fds[2];

	work->leave = true;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return errno;
	pid_t pid = fork();

	if (pid == 0)
		leave_orphan(fds[1]);
	int error = pid < 0 ? errno : 0, unheard = hear(fds, &parents, sizeof(parents));

	if (pid > 0)
		waitpid(pid, NULL, 0);
	error = error ? error : unheard;
	if (!error)
		set_result(said, "its parent was %d, which ended; now it is %d", parents.before,
			parents.after);
	return error;
}

/* --- vfork --- */

/* The child stands on this very stack until it ends, so it makes raw calls alone, and leaves no errno behind. */
int obey_vfork(struct work *work, int64_t argument, char *said)
{
	struct timespec pause = { .tv_sec = VFORK_S };
	pid_t self = getpid();

	work->leave = true;
	/* code: vfork */
	pid_t pid = vfork();

	if (pid == 0) {
		raw_call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		if (raw_call(SYS_getppid, 0, 0, 0, 0, 0) == self)
			raw_call(SYS_nanosleep, (long)&pause, 0, 0, 0, 0);
		_exit(0);
	}
	/* end of code */
	if (pid < 0)
		return errno;
	waitpid(pid, NULL, 0);
	set_result(said, "vfork returned after %d s: the child had ended", VFORK_S);
	return 0;
}
