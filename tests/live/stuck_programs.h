/* SPDX-License-Identifier: MIT
 * Programs that stand still: deadlocks, and what only looks like one.
 */
#ifndef TASKSCOPE_LIVE_STUCK_PROGRAMS_H
#define TASKSCOPE_LIVE_STUCK_PROGRAMS_H

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#include "children.h"

/* --- what the programs are made of --- */

struct shared {
	pthread_barrier_t met;
	pthread_mutex_t lock[4];
	pthread_rwlock_t rwlock;
	pthread_cond_t cond;
	sem_t semaphore[2];
	pthread_t thread[4];
	int fd[8];
};
static struct shared *shared;

/* Memory that children share, so that one program can be threads or processes. */
static void prepare(unsigned parties, int type, int protocol, int robust)
{
	pthread_mutexattr_t attr;
	pthread_barrierattr_t meeting;

	const char *seconds = getenv("WAITS_SECONDS");

	alarm(60 + (seconds ? (unsigned)atoi(seconds) : 0));
	shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_init(&meeting);
	pthread_barrierattr_setpshared(&meeting, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&shared->met, &meeting, parties);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_settype(&attr, type);
	pthread_mutexattr_setprotocol(&attr, protocol);
	pthread_mutexattr_setrobust(&attr, robust);
	for (size_t i = 0; i < ARRAY_LEN(shared->lock); i++)
		pthread_mutex_init(&shared->lock[i], &attr);
	pthread_rwlock_init(&shared->rwlock, NULL);
	pthread_cond_init(&shared->cond, NULL);
	sem_init(&shared->semaphore[0], 0, 0);
	sem_init(&shared->semaphore[1], 0, 0);
}

static void normal(unsigned parties)
{
	prepare(parties, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
}

static void meet(void)
{
	pthread_barrier_wait(&shared->met);
}

static void stay(void)
{
	for (;;)
		nanosleep(&(struct timespec) { .tv_sec = 1000 }, NULL);
}

static void *take_own_then(long own, long other)
{
	pthread_mutex_lock(&shared->lock[own]);
	meet();
	pthread_mutex_lock(&shared->lock[other]);
	return NULL;
}

static void *of_two(void *arg)
{
	return take_own_then((long)arg, 1 - (long)arg);
}

static void *of_three(void *arg)
{
	return take_own_then((long)arg, ((long)arg + 1) % 3);
}

/* In n threads, or as many processes. */
static void run(void *(*life)(void *), long n, bool processes)
{
	pthread_t thread;

	for (long i = 1; i < n; i++) {
		if (!processes) {
			pthread_create(&thread, NULL, life, (void *)i);
		} else if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			life((void *)i);
			stay();
		}
	}
	life((void *)0);
	stay();
}

static void run_two(void *(*life)(void *), bool processes)
{
	normal(2);
	run(life, 2, processes);
}

/* --- deadlocks --- */

static void two_threads(void)
{
	run_two(of_two, false);
}

static void two_processes(void)
{
	run_two(of_two, true);
}

static void three_threads(void)
{
	normal(3);
	run(of_three, 3, false);
}

static void three_processes(void)
{
	normal(3);
	run(of_three, 3, true);
}

/* Private mutexes, on the program's own stack. */
static pthread_mutex_t own_lock[2] = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER };

static void *of_two_private(void *arg)
{
	const long own = (long)arg;

	pthread_mutex_lock(&own_lock[own]);
	meet();
	pthread_mutex_lock(&own_lock[1 - own]);
	return NULL;
}

static void two_private(void)
{
	run_two(of_two_private, false);
}

static void two_recursive(void)
{
	prepare(2, PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_STALLED);
	run(of_two, 2, false);
}

static void two_robust(void)
{
	prepare(2, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
	run(of_two, 2, true);
}

/* The kernel itself refuses the second half of such a cycle, so that of two only one is of this kind. */
static void *of_two_kinds(void *arg)
{
	if (!arg) {
		pthread_mutex_lock(&shared->lock[0]);
		meet();
		pthread_mutex_lock(&own_lock[0]);
	} else {
		pthread_mutex_lock(&own_lock[0]);
		meet();
		pthread_mutex_lock(&shared->lock[0]);
	}
	return NULL;
}

static void pi_and_normal(void)
{
	prepare(2, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_STALLED);
	run(of_two_kinds, 2, false);
}

/* One holds a mutex and joins the other, which waits for the mutex. */
static void *wait_for_lock(void *arg)
{
	pthread_mutex_lock(&shared->lock[(long)arg]);
	return NULL;
}

static void join_and_mutex(void)
{
	pthread_t thread;

	normal(1);
	pthread_mutex_lock(&shared->lock[0]);
	pthread_create(&thread, NULL, wait_for_lock, (void *)0);
	pthread_join(thread, NULL);
}

static int lock_file(int fd)
{
	return flock(fd, LOCK_EX);
}

static int open_file(void)
{
	return open("/tmp", O_RDWR | O_TMPFILE, 0600);
}

/* Each opens the files for itself: what is locked is the open file. */
static int open_again(int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDWR);
}

static void *of_two_files(void *arg)
{
	const long own = (long)arg;
	const int fd[2] = { open_again(shared->fd[0]), open_again(shared->fd[1]) };

	lock_file(fd[own]);
	meet();
	lock_file(fd[1 - own]);
	return NULL;
}

static void two_files(void)
{
	normal(2);
	shared->fd[0] = open_file();
	shared->fd[1] = open_file();
	run(of_two_files, 2, true);
}

/* A parent locks a file, closes it, and waits for a child that waits for the lock: the kernel names the parent, but another
 * child has inherited the open file, and the lock with it. */
static void inherited_lock(void)
{
	normal(1);
	const int file = open_file(), held = open_again(file);

	lock_file(held);
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	close(held);
	const pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		lock_file(open_again(file));
	}
	waitpid(pid, NULL, 0);
}

/* A parent holds a mutex and waits for its child, which waits for the mutex. */
static void child_and_mutex(void)
{
	normal(1);
	pthread_mutex_lock(&shared->lock[0]);
	const pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		wait_for_lock((void *)0);
	}
	waitpid(pid, NULL, 0);
}

/* Its memory has other numbers than ours, which we translate. The program waits for its only child: of two threads, so that
 * nobody is named. */
static void in_namespace(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0)
		return;
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_two(of_two, false);
	}
	wait(NULL);
}

/* --- what only looks like one --- */

static void *hold_and_stay(void *arg)
{
	pthread_mutex_lock(&shared->lock[(long)arg]);
	meet();
	stay();
	return NULL;
}

static void *meet_and_wait(void *arg)
{
	(void)arg;
	meet();
	pthread_mutex_lock(&shared->lock[0]);
	return NULL;
}

static void *slow_holder_life(void *arg)
{
	return arg ? meet_and_wait(arg) : hold_and_stay(arg);
}

static void slow_holder(void)
{
	run_two(slow_holder_life, false);
}

static void slow_holder_process(void)
{
	run_two(slow_holder_life, true);
}

static void slow_robust_holder(void)
{
	prepare(2, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
	run(slow_holder_life, 2, true);
}

static void slow_pi_holder(void)
{
	prepare(2, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_STALLED);
	run(slow_holder_life, 2, false);
}

/* w3 waits for w2, w2 for w1, and w1 sleeps. */
static void *link_of_chain(void *arg)
{
	const long own = (long)arg;

	pthread_mutex_lock(&shared->lock[own]);
	meet();
	if (own)
		pthread_mutex_lock(&shared->lock[own - 1]);
	stay();
	return NULL;
}

static void chain(void)
{
	normal(4);
	run(link_of_chain, 4, false);
}

static void *wait_for_condition(void *arg)
{
	pthread_mutex_lock(&own_lock[0]);
	pthread_cond_wait(&shared->cond, &own_lock[0]);
	return arg;
}

static void condition(void)
{
	run_two(wait_for_condition, false);
}

static void *wait_for_semaphore(void *arg)
{
	sem_wait(&shared->semaphore[(long)arg]);
	sem_post(&shared->semaphore[1 - (long)arg]);
	return NULL;
}

static void semaphores(void)
{
	run_two(wait_for_semaphore, false);
}

static void *wait_for_writer(void *arg)
{
	if (!arg)
		pthread_rwlock_wrlock(&shared->rwlock);
	meet();
	if (!arg)
		stay();
	pthread_rwlock_rdlock(&shared->rwlock);
	return NULL;
}

static void readers(void)
{
	normal(3);
	run(wait_for_writer, 3, false);
}

static void *wait_for_reader(void *arg)
{
	if (!arg)
		pthread_rwlock_rdlock(&shared->rwlock);
	meet();
	if (!arg)
		stay();
	pthread_rwlock_wrlock(&shared->rwlock);
	return NULL;
}

static void writers(void)
{
	normal(3);
	run(wait_for_reader, 3, false);
}

/* Both would wait for each other for ever, if they did not give up. */
static void *give_up_later(void *arg)
{
	const long own = (long)arg;
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 3600;
	pthread_mutex_lock(&shared->lock[own]);
	meet();
	pthread_mutex_timedlock(&shared->lock[1 - own], &until);
	return NULL;
}

static void timed(void)
{
	run_two(give_up_later, false);
}

static void timed_robust(void)
{
	prepare(2, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST);
	run(give_up_later, 2, false);
}

static void *wait_at_barrier(void *arg)
{
	meet();
	return arg;
}

static void barrier(void)
{
	normal(3);
	run(wait_at_barrier, 2, false);
}

static void *do_stay(void *arg)
{
	stay();
	return arg;
}

static void join_of_sleeper(void)
{
	pthread_t thread;

	normal(1);
	pthread_create(&thread, NULL, do_stay, NULL);
	pthread_join(thread, NULL);
}

static void child_that_sleeps(void)
{
	normal(1);
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		stay();
	}
	wait(NULL);
}

static void *wait_for_file(void *arg)
{
	const int fd = open_again(shared->fd[0]);

	if (!arg)
		lock_file(fd);
	meet();
	if (!arg)
		stay();
	lock_file(fd);
	return NULL;
}

static void file_holder(void)
{
	normal(2);
	shared->fd[0] = open_file();
	run(wait_for_file, 2, true);
}

static void *wait_for_record(void *arg)
{
	struct flock whole = { .l_type = F_WRLCK };
	const int fd = open_again(shared->fd[0]);

	if (!arg)
		fcntl(fd, F_SETLKW, &whole);
	meet();
	if (!arg)
		stay();
	fcntl(fd, F_SETLKW, &whole);
	return NULL;
}

static void record_holder(void)
{
	normal(2);
	shared->fd[0] = open_file();
	run(wait_for_record, 2, true);
}

/* A ring of three, of whom the first will write. */
static void *link_of_ring(void *arg)
{
	const long own = (long)arg;
	char byte;

	if (!own)
		stay();
	if (read(shared->fd[2 * own], &byte, 1) == 1 &&
		write(shared->fd[(2 * own + 3) % 6], &byte, 1) == 1)
		stay();
	return NULL;
}

static void pipes(void)
{
	normal(1);
	for (int i = 0; i < 3; i++)
		if (pipe(&shared->fd[2 * i]) != 0)
			return;
	run(link_of_ring, 3, true);
}

static void sockets(void)
{
	normal(1);
	for (int i = 0; i < 3; i++)
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, &shared->fd[2 * i]) != 0)
			return;
	run(link_of_ring, 3, true);
}

/* The owner of a mutex that is not robust has ended: nobody is named. */
static void *hold_and_leave(void *arg)
{
	pthread_mutex_lock(&shared->lock[0]);
	meet();
	return arg;
}

static void owner_gone(void)
{
	pthread_t thread;

	normal(2);
	pthread_create(&thread, NULL, hold_and_leave, NULL);
	meet();
	pthread_join(thread, NULL);
	wait_for_lock((void *)0);
}

/* A word that is 2, and behind it a living task, which is another process that does not have the word. */
static void *wait_at_forged(void *arg)
{
	static _Alignas(64) uint32_t word[16];

	word[0] = 2;
	word[2] = (uint32_t)getppid();
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
	return arg;
}

static void forged(void)
{
	run_two(wait_at_forged, false);
}

/* As the runtime of Go waits for its locks (lock_futex.go): a key that is 2 once somebody sleeps there, and no owner near it. */
static void *wait_at_key(void *arg)
{
	static uint64_t key[2] = { 2, 2 };

	meet();
	syscall(SYS_futex, &key[1 - (long)arg], FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
	return arg;
}

static void keys_of_go(void)
{
	run_two(wait_at_key, false);
}

/* Words that hold the TID of the other one, in no lock that is known. */
static void *wait_at_number(void *arg)
{
	static uint32_t word[2][16];
	const long own = (long)arg;

	word[1 - own][0] = (uint32_t)gettid();
	meet();
	syscall(SYS_futex, word[own], FUTEX_WAIT, word[own][0], NULL, NULL, 0);
	return NULL;
}

static void numbers(void)
{
	run_two(wait_at_number, false);
}

/* Always the lower fork first. */
static void *dine_in_order(void *arg)
{
	const long own = (long)arg, next = (own + 1) % 4;

	for (;;) {
		pthread_mutex_lock(&shared->lock[MIN(own, next)]);
		usleep(500);
		pthread_mutex_lock(&shared->lock[MAX(own, next)]);
		usleep(500);
		pthread_mutex_unlock(&shared->lock[MAX(own, next)]);
		pthread_mutex_unlock(&shared->lock[MIN(own, next)]);
	}
	return NULL;
}

static void philosophers_in_order(void)
{
	normal(1);
	run(dine_in_order, 4, false);
}

/* Both wait for the other again and again, never for long. */
static void *hand_over(void *arg)
{
	const long own = (long)arg;

	for (;;) {
		pthread_mutex_lock(&shared->lock[own]);
		if (pthread_mutex_trylock(&shared->lock[1 - own]) == 0)
			pthread_mutex_unlock(&shared->lock[1 - own]);
		pthread_mutex_unlock(&shared->lock[own]);
	}
	return NULL;
}

static void busy(void)
{
	run_two(hand_over, false);
}

/* Threading's locks: a word in CPython's own, of which nothing is known. */
static void python(void)
{
	normal(1);
	execlp("python3", "python3", "-c",
		"import threading\n"
		"a, b, met = threading.Lock(), threading.Lock(), threading.Barrier(2)\n"
		"def life(own, other):\n"
		"  with own:\n"
		"    met.wait()\n"
		"    other.acquire()\n"
		"t = threading.Thread(target=life, args=(b, a), daemon=True)\n"
		"t.start()\n"
		"life(a, b)\n",
		NULL);
	_exit(127);
}

#ifdef MUSL_PROGRAM
/* Its normal mutex holds no TID: a real deadlock, of which nobody can be named. */
static void musl_normal(void)
{
	execl(MUSL_PROGRAM, MUSL_PROGRAM, "normal", NULL);
	_exit(127);
}

static void musl_slow(void)
{
	execl(MUSL_PROGRAM, MUSL_PROGRAM, "slow", NULL);
	_exit(127);
}

static void musl_recursive(void)
{
	execl(MUSL_PROGRAM, MUSL_PROGRAM, "recursive", NULL);
	_exit(127);
}
#endif

/* --- the table --- */

static const struct program {
	const char *name;
	void (*life)(void);
	int deadlocked; /* tasks */
	/* Tasks that wait for somebody who is named, and where nobody is; -1: it comes and goes. */
	int named, crowd;
	const char *needs; /* a command that fails where it cannot be had */
} programs[] = {
	{ "two threads", two_threads, 2, 2, 0, NULL },
	{ "two processes", two_processes, 2, 2, 0, NULL },
	{ "two threads, private mutexes", two_private, 2, 2, 0, NULL },
	{ "three threads", three_threads, 3, 3, 0, NULL },
	{ "three processes", three_processes, 3, 3, 0, NULL },
	{ "recursive mutexes", two_recursive, 2, 2, 0, NULL },
	{ "robust mutexes, processes", two_robust, 2, 2, 0, NULL },
	{ "a PI mutex and a normal one", pi_and_normal, 2, 2, 0, NULL },
	{ "a join and a mutex", join_and_mutex, 2, 2, 0, NULL },
	{ "a child and a mutex", child_and_mutex, 2, 2, 0, NULL },
	{ "two files, flock", two_files, 2, 2, 0, NULL },
	{ "two threads in a PID namespace", in_namespace, 2, 2, 1,
		"unshare --user --pid --fork true" },
	{ "a file lock that a child inherited", inherited_lock, 0, 1, 1, NULL },
	{ "a slow holder", slow_holder, 0, 1, 0, NULL },
	{ "a slow holder, processes", slow_holder_process, 0, 1, 0, NULL },
	{ "a slow holder of a robust mutex", slow_robust_holder, 0, 1, 0, NULL },
	{ "a slow holder of a PI mutex", slow_pi_holder, 0, 1, 0, NULL },
	{ "a chain that ends at a sleeper", chain, 0, 3, 0, NULL },
	{ "condition variable", condition, 0, 0, 2, NULL },
	{ "semaphores, crosswise", semaphores, 0, 0, 2, NULL },
	{ "readers of a rwlock", readers, 0, 0, 2, NULL },
	{ "writers of a rwlock", writers, 0, 0, 2, NULL },
	{ "timed locks, crosswise", timed, 0, 0, 2, NULL },
	{ "timed robust locks, crosswise", timed_robust, 0, 2, 0, NULL },
	{ "a barrier", barrier, 0, 0, 2, NULL },
	{ "join of a sleeper", join_of_sleeper, 0, 1, 0, NULL },
	{ "a child that sleeps", child_that_sleeps, 0, 1, 0, NULL },
	{ "a slow holder of a file", file_holder, 0, 1, 0, NULL },
	{ "a slow holder of a record", record_holder, 0, 1, 0, NULL },
	{ "a ring of pipes, one will write", pipes, 0, 0, 2, NULL },
	{ "a ring of sockets, one will write", sockets, 0, 0, 2, NULL },
	{ "a mutex whose owner has ended", owner_gone, 0, 0, 1, NULL },
	{ "a word that looks like a mutex", forged, 0, 0, 2, NULL },
	{ "Go's locks, crosswise", keys_of_go, 0, 0, 2, NULL },
	{ "words that hold TIDs", numbers, 0, 0, 2, NULL },
	{ "philosophers in order", philosophers_in_order, 0, -1, -1, NULL },
	{ "two that try", busy, 0, -1, -1, NULL },
	{ "Python, crosswise", python, 0, 0, 2, "command -v python3" },
#ifdef MUSL_PROGRAM
	{ "musl, normal mutexes, crosswise", musl_normal, 0, 0, 2, NULL },
	{ "musl, a slow holder", musl_slow, 0, 0, 1, NULL },
	{ "musl, recursive mutexes", musl_recursive, 2, 2, 0, NULL },
#endif
};

#endif
