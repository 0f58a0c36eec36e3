/* SPDX-License-Identifier: MIT
 * births CPU ROUNDS: a plain loop around each way to make a task, on this CPU, in a program as small as the crew's. All ways
 * in turn, so many rounds: what one leaves behind (the stacks of threads that libc keeps) the next fork copies. One line a
 * loop: ns for one create + exit + reap, the middle one of all in the loop, and the way's name. Written without the program's own code, to be compared with it.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define AT_LEAST 0.004 /* seconds */
#define MOST 4096

static char stack[64 * 1024] __attribute__((aligned(16)));
static volatile int thread_lives;

static void reap(pid_t child)
{
	if (child < 0 || waitpid(child, NULL, __WALL) != child)
		abort();
}

static void by_fork(void)
{
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	reap(child);
}

static void __attribute__((noinline)) by_vfork(void)
{
	pid_t child = vfork();
	if (child == 0)
		_exit(0);
	reap(child);
}

static void by_posix_spawn(void)
{
	extern char **environ;
	char *arguments[] = { "/bin/true", NULL };
	pid_t child = -1;
	if (posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ) != 0)
		abort();
	reap(child);
}

static void *nothing(void *argument)
{
	return argument;
}

static void by_pthread(void)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
		abort();
}

static void by_clone(void)
{
	pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (child == 0)
		syscall(SYS_exit, 0);
	reap(child);
}

static int leave(void *argument)
{
	return (int)syscall(SYS_exit, 0);
}

static void by_clone_vm(void)
{
	reap(clone(leave, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL));
}

static void by_clone_thread(void)
{
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_SYSVSEM |
		    CLONE_THREAD | CLONE_CHILD_CLEARTID;
	thread_lives = 1;
	if (clone(leave, stack + sizeof(stack), flags, NULL, NULL, NULL, &thread_lives) < 0)
		abort();
	while (thread_lives)
		syscall(SYS_futex, &thread_lives, FUTEX_WAIT, 1, NULL, NULL, 0);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static const struct {
	const char *name;
	void (*make)(void);
} ways[] = {
	{ "fork", by_fork },
	{ "vfork", by_vfork },
	{ "posix_spawn", by_posix_spawn },
	{ "pthread_create", by_pthread },
	{ "clone", by_clone },
	{ "clone VM", by_clone_vm },
	{ "clone ..+THREAD", by_clone_thread },
};

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void loop(size_t way)
{
	static double life[MOST];
	int n = 0;
	double start = seconds(), before = start, now;
	do {
		ways[way].make();
		now = seconds();
		life[n++] = now - before;
		before = now;
	} while (now - start < AT_LEAST && n < MOST);
	qsort(life, (size_t)n, sizeof(life[0]), ascending);
	printf("%.0f %s\n", life[n / 2] * 1e9, ways[way].name);
}

int main(int argc, char **argv)
{
	cpu_set_t cpu;
	int rounds = argc > 2 ? atoi(argv[2]) : 1;
	CPU_ZERO(&cpu);
	CPU_SET(argc > 1 ? atoi(argv[1]) : 0, &cpu);
	sched_setaffinity(0, sizeof(cpu), &cpu);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int round = 0; round < rounds; round++)
		for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
			if (round == 0)
				ways[way].make();
			loop(way);
		}
	return 0;
}
