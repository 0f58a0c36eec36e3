/* SPDX-License-Identifier: MIT
 * A small world to look at: on the left a host that forks two workers, on the right one that makes two threads, the same
 * code on both sides. Worker 0 writes 64 pages of the arena, X, and installs a handler; worker 1 goes to another folder,
 * changes its umask, blocks a signal and gets it sent. Then all sleep.
 */
#ifndef TASKSCOPE_TESTS_LIVE_WORLD_H
#define TASKSCOPE_TESTS_LIVE_WORLD_H

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source.h"

#define WORKERS 2
#ifndef WORLD_SECONDS
#define WORLD_SECONDS 60 /* then it ends by itself */
#endif
#define ARENA_PAGES 512
#define WRITTEN_PAGES 64
#define READ_BYTES 100

struct member {
	_Atomic int32_t pid, tid;
	_Atomic int ready;
	uint64_t stack_low, stack_high;
};

/* In a page that all share. */
struct world {
	int32_t host[SIDES];
	struct member worker[SIDES][WORKERS];
	uint64_t arena, x;
	uint64_t odd; /* four pages: never touched, a guard, only read, written */
	_Atomic int spin; /* a third task a side: the hosts spin while this is set */
};

struct x {
	int64_t value;
	char text[40];
};

struct start {
	struct world *world;
	enum side side;
	int index, file;
};

static inline void on_signal(int number)
{
}

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* since Linux 6.13 */
#endif

static inline void touch_odd_pages(char *odd)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (madvise(odd + page, page, MADV_GUARD_INSTALL) != 0)
		odd[page] = 0; /* an older kernel */
	(void)*(volatile char *)(odd + 2 * page);
	odd[3 * page] = 1;
}

static inline void act(const struct start *start)
{
	char *arena = (char *)(uintptr_t)start->world->arena, bytes[READ_BYTES];
	struct x *x = (struct x *)(uintptr_t)start->world->x;
	sigset_t set;

	if (start->index == 0) {
		touch_odd_pages((char *)(uintptr_t)start->world->odd);
		for (int i = 0; i < WRITTEN_PAGES; i++)
			arena[i * sysconf(_SC_PAGESIZE)] = 2;
		x->value = 42;
		strcpy(x->text, "worker 0");
		signal(SIGUSR1, on_signal);
		if (read(start->file, bytes, sizeof(bytes)) != READ_BYTES || open("/dev/null", O_RDONLY) < 0)
			_exit(9);
		return;
	}
	umask(077);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	if (chdir("/proc") != 0)
		_exit(9);
}

static inline void *live_as_worker(void *context)
{
	struct start *start = context;
	struct member *self = &start->world->worker[start->side][start->index];
	pthread_attr_t attr;
	void *low;
	size_t size;

	act(start);
	pthread_getattr_np(pthread_self(), &attr);
	pthread_attr_getstack(&attr, &low, &size);
	pthread_attr_destroy(&attr);
	self->stack_low = (uint64_t)(uintptr_t)low;
	self->stack_high = self->stack_low + size;
	self->tid = (int32_t)syscall(SYS_gettid);
	self->pid = getpid();
	self->ready = 1;
	for (;;)
		pause();
	return NULL;
}

static inline void make_worker(struct start *start)
{
	pthread_t thread;

	if (start->side == SIDE_RIGHT) {
		pthread_create(&thread, NULL, live_as_worker, start);
	} else if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		live_as_worker(start);
	}
	while (!start->world->worker[start->side][start->index].ready)
		usleep(1000);
}

/* By this name, as the symbol table has it, its program counter is told. */
static void __attribute__((noinline)) live_as_host(struct world *world, enum side side)
{
	struct start start[WORKERS];
	int file = memfd_create("world-file", 0);
	volatile unsigned long turns = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(WORLD_SECONDS);
	memset((void *)(uintptr_t)world->arena, 1, ARENA_PAGES * (size_t)sysconf(_SC_PAGESIZE));
	((struct x *)(uintptr_t)world->x)->value = 7;
	if (ftruncate(file, 10240) != 0)
		_exit(9);
	for (int i = 0; i < WORKERS; i++) {
		start[i] = (struct start) { world, side, i, file };
		make_worker(&start[i]);
	}
	for (;;) {
		while (world->spin)
			turns++;
		usleep(10000);
	}
}

static inline void *new_pages(size_t pages, int kind)
{
	size_t size = pages * (size_t)sysconf(_SC_PAGESIZE);
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS, -1, 0);

	if (kind == MAP_PRIVATE)
		madvise(at, size, MADV_NOHUGEPAGE);
	return at;
}

static inline struct world *world_create(void)
{
	struct world *world = new_pages(1, MAP_SHARED);

	world->arena = (uint64_t)(uintptr_t)new_pages(ARENA_PAGES, MAP_PRIVATE);
	world->x = (uint64_t)(uintptr_t)new_pages(1, MAP_PRIVATE);
	world->odd = (uint64_t)(uintptr_t)new_pages(4, MAP_PRIVATE);
	for (int side = 0; side < SIDES; side++) {
		pid_t host = fork();

		if (host == 0)
			live_as_host(world, (enum side)side);
		world->host[side] = host;
	}
	for (int i = 0; i < 10000 && !world->worker[0][1].ready; i++)
		usleep(1000);
	for (int i = 0; i < 10000 && !world->worker[1][1].ready; i++)
		usleep(1000);
	kill(world->worker[0][1].pid, SIGUSR2);
	syscall(SYS_tgkill, world->worker[1][1].pid, world->worker[1][1].tid, SIGUSR2);
	usleep(20000); /* both sleep again, and the hosts too */
	return world;
}

static inline void world_destroy(struct world *world)
{
	for (int side = 0; side < SIDES; side++) {
		kill(world->host[side], SIGKILL);
		waitpid(world->host[side], NULL, 0);
	}
	munmap((void *)(uintptr_t)world->arena, ARENA_PAGES * (size_t)sysconf(_SC_PAGESIZE));
	munmap((void *)(uintptr_t)world->x, (size_t)sysconf(_SC_PAGESIZE));
	munmap((void *)(uintptr_t)world->odd, 4 * (size_t)sysconf(_SC_PAGESIZE));
	munmap(world, (size_t)sysconf(_SC_PAGESIZE));
}

/* What its crew would report of it. */
static inline void world_report(const struct world *world, struct sample *sample)
{
	for (int16_t side = 0; side < SIDES; side++) {
		struct crew_sample *crew = vec_push(&sample->crews);

		crew->side = side;
		crew->kind = side == SIDE_LEFT ? KIND_PROCESSES : KIND_THREADS;
		crew->state = CREW_RUNNING;
		crew->host = world->host[side];
		crew->arena_low = world->arena;
		crew->arena_high =
			world->arena + ARENA_PAGES * (uint64_t)sysconf(_SC_PAGESIZE);
		for (int16_t i = 0; i < WORKERS; i++) {
			struct worker_sample *worker = vec_push(&sample->workers);

			worker->side = side;
			worker->index = i;
			worker->phase = WORKER_ALIVE;
			worker->pid = world->worker[side][i].pid;
			worker->tid = world->worker[side][i].tid;
			worker->stack_low = world->worker[side][i].stack_low;
			worker->stack_high = world->worker[side][i].stack_high;
			worker->x_address = world->x;
			worker->victim_address = world->odd; /* on a page that is not there */
		}
	}
}

static inline size_t world_targets(const struct world *world, struct target *ret)
{
	size_t n = 0;

	for (int16_t side = 0; side < SIDES; side++)
		ret[n++] = (struct target) { world->host[side], side, WORKER_HOST };
	for (int16_t i = 0; i < WORKERS; i++)
		ret[n++] = (struct target) { world->worker[SIDE_LEFT][i].pid, SIDE_LEFT, i };
	return n;
}

#endif
