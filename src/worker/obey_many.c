/* SPDX-License-Identifier: MIT
 * Carries out the order about many user-level threads on two kernel tasks (M:N): whichever task is free runs the next stack.
 */
#include <pthread.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "fiber.h"
#include "internal.h"

#define STACKS FIBERS
#define SERVERS 2
#define COMPUTES (200 * NSEC_PER_MSEC)
#define READS (100 * NSEC_PER_MSEC)

struct server;

struct stack {
	struct fiber fiber;
	struct pool *pool;
	struct server *on; /* the task that runs it now: after a turn it may be the other one */
	bool done;
};

struct server {
	struct fiber own; /* the task's own stack, from which it serves */
	struct pool *pool;
	pthread_t thread;
	nsec ran;
};

/* The stacks that could run, in a ring of which one lock is the guard. */
struct pool {
	pthread_mutex_t lock;
	struct stack stack[STACKS], *ready[STACKS];
	struct server server[SERVERS];
	unsigned head, tail;
	int left; /* stacks whose work is not done */
	int timer;
	nsec until;
	_Atomic uint64_t turns, beside; /* of all; those while one read */
	_Atomic uint32_t read_is_over;
};

static void put(struct pool *pool, struct stack *stack)
{
	pthread_mutex_lock(&pool->lock);
	pool->ready[pool->tail++ % STACKS] = stack;
	pthread_mutex_unlock(&pool->lock);
}

/* The next stack; NULL: none is ready. *ret_left: how many are to come. */
static struct stack *take(struct pool *pool, int *ret_left)
{
	pthread_mutex_lock(&pool->lock);
	struct stack *stack = pool->head == pool->tail ? NULL : pool->ready[pool->head++ % STACKS];
	*ret_left = pool->left;
	pthread_mutex_unlock(&pool->lock);
	return stack;
}

static void finish(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->left--;
	pthread_mutex_unlock(&pool->lock);
}

static void *serve(void *arg)
{
	struct server *server = arg;
	struct stack *stack;

	/* code: user-many */
	for (int left = 1; left > 0;) {
		if (!(stack = take(server->pool, &left))) {
			sched_yield();
			continue;
		}
		stack->on = server;
		fiber_go(&server->own, &stack->fiber);
		if (stack->done)
			finish(server->pool);
		else
			put(server->pool, stack);
	}
	/* end of code */
	server->ran = own_time();
	return NULL;
}

static void give_way(struct stack *stack)
{
	fiber_go(&stack->fiber, &stack->on->own);
}

static void work_some(struct stack *stack)
{
	spin_some();
	atomic_fetch_add(&stack->pool->turns, 1);
	give_way(stack);
}

static void compute(struct stack *stack)
{
	while (crew_now() < stack->pool->until)
		work_some(stack);
}

/* The first reads what comes later; the others go on, on the task that is left to them. */
static void read_or_go_on(struct stack *stack)
{
	struct pool *pool = stack->pool;
	uint64_t times, before = atomic_load(&pool->turns);

	if (stack != &pool->stack[0]) {
		while (!atomic_load(&pool->read_is_over))
			work_some(stack);
		return;
	}
	(void)!read(pool->timer, &times, sizeof(times));
	atomic_store(&pool->beside, atomic_load(&pool->turns) - before);
	atomic_store(&pool->read_is_over, 1);
}

static void live(void *of)
{
	struct stack *stack = of;

	if (stack->pool->timer < 0)
		compute(stack);
	else
		read_or_go_on(stack);
	stack->done = true;
	give_way(stack);
}

static void *serve_first(void *arg)
{
	struct server *server = arg;

	server->own = fiber_of_task();
	return serve(server);
}

static int start_all(struct pool *pool)
{
	int error = 0, started = 0;

	for (; started < SERVERS && !error; started += !error) {
		struct server *server = &pool->server[started];
		*server = (struct server) { .pool = pool };
		error = pthread_create(&server->thread, NULL, serve_first, server);
	}
	/* One alone serves them all, too. */
	for (int i = 0; i < started; i++)
		pthread_join(pool->server[i].thread, NULL);
	return started ? error : EAGAIN;
}

/* timer: one of them reads it; -1: all compute. */
static int run_pool(struct pool *pool, int timer)
{
	int made = 0, error = 0;

	*pool = (struct pool) {
		.lock = PTHREAD_MUTEX_INITIALIZER, .timer = timer, .until = crew_now() + COMPUTES
	};
	for (; made < STACKS && !error; made += !error) {
		struct stack *stack = &pool->stack[made];
		error = fiber_make(&stack->fiber, live, stack);
		stack->pool = pool;
		if (!error)
			put(pool, stack);
	}
	pool->left = made;
	if (!error)
		error = start_all(pool);
	for (int i = 0; i < made; i++)
		fiber_unmake(&pool->stack[i].fiber);
	return error;
}

static int read_beside(struct pool *pool)
{
	struct itimerspec at = { .it_value = { .tv_nsec = READS } };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int error = timer < 0 || timerfd_settime(timer, 0, &at, NULL) ? errno : 0;

	if (!error)
		error = run_pool(pool, timer);
	if (timer >= 0)
		close(timer);
	return error;
}

int obey_user_many(struct work *work, int64_t argument, char *said)
{
	struct pool *pool;
	cpu_set_t cpus;

	int error = fibers_refuse(said);
	if (error)
		return error;
	pool = calloc(1, sizeof(*pool));
	if (!pool)
		return ENOMEM;
	nsec begin = crew_now();
	error = run_pool(pool, -1);
	nsec ran = pool->server[0].ran + pool->server[1].ran, passed = crew_now() - begin;
	if (!error)
		error = read_beside(pool);
	if (sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
		CPU_ZERO(&cpus);
	if (!error)
		set_result(said,
			"%d stacks on %d tasks: %.2f CPUs of %d; while one read: %llu turns of the "
			"others",
			STACKS, SERVERS, (double)ran / (double)passed, CPU_COUNT(&cpus),
			(unsigned long long)pool->beside);
	free(pool);
	return error;
}
