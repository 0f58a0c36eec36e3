/* SPDX-License-Identifier: MIT
 * Carries out the orders about user-level threads, whose switches the kernel does not see, beside kernel threads that do
 * the same.
 */
#include <pthread.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "fiber.h"
#include "internal.h"

#define SWITCHES 2000000
#define HAND_OVERS 20000
#define BLOCKS_MS 100
#define SPINS_MS 200

/* --- what a switch costs --- */

/* code: user-switch */
static void only_switch(struct fibers *fibers, int me)
{
	while (fibers->switches < SWITCHES)
		fibers_give_way(fibers);
}
/* end of code */

/* Two kernel threads on one CPU that hand a word to and fro. */
struct hand_over {
	_Atomic uint32_t turn; /* a futex */
	int64_t voluntary;
	nsec ran[2];
	int cpu;
};

static void play(struct hand_over *game, uint32_t me)
{
	for (int i = 0; i < HAND_OVERS; i++) {
		for (uint32_t seen; (seen = atomic_load(&game->turn)) != me;)
			futex_wait(&game->turn, seen, LOOK_EVERY);
		atomic_store(&game->turn, !me);
		futex_wake(&game->turn, 1);
	}
}

static void *play_first(void *arg)
{
	struct hand_over *game = arg;

	pin_to(game->cpu);
	long before = usage_here().ru_nvcsw;
	play(game, 0);
	game->voluntary = usage_here().ru_nvcsw - before;
	game->ran[0] = own_time();
	return NULL;
}

static void *play_second(void *arg)
{
	struct hand_over *game = arg;

	pin_to(game->cpu);
	play(game, 1);
	game->ran[1] = own_time();
	return NULL;
}

static int hand_over(struct hand_over *game)
{
	pthread_t first, second;
	int cpu = sched_getcpu();

	*game = (struct hand_over) { .cpu = cpu < 0 || cpu >= CPU_SETSIZE ? 0 : cpu };
	int error = pthread_create(&second, NULL, play_second, game);

	if (error)
		return error;
	error = pthread_create(&first, NULL, play_first, game);
	/* Without the first, the second waits for turns that must come from here. */
	if (error)
		play(game, 0);
	else
		pthread_join(first, NULL);
	pthread_join(second, NULL);
	return error;
}

int obey_user_switch(struct work *work, int64_t argument, char *said)
{
	struct fibers fibers = { 0 };
	struct hand_over game;

	int error = fibers_refuse(said);
	if (error)
		return error;
	struct rusage before = usage_here();
	nsec begin = own_time();
	error = fibers_run(&fibers, FIBERS, only_switch);
	nsec ran = own_time() - begin;
	struct rusage after = usage_here();
	if (!error)
		error = hand_over(&game);
	if (!error)
		set_result(said,
			"%d ns each of %d, gave up %ld, lost %ld; futex %d ns each of %d, gave up "
			"%ld",
			(int)(ran / SWITCHES), SWITCHES, after.ru_nvcsw - before.ru_nvcsw,
			after.ru_nivcsw - before.ru_nivcsw,
			(int)((game.ran[0] + game.ran[1]) / (2 * HAND_OVERS)), 2 * HAND_OVERS,
			(long)(2 * game.voluntary));
	return error;
}

/* --- one that blocks --- */

static void block_or_count(struct fibers *fibers, int me)
{
	uint64_t times;

	if (me == 0) {
		for (;;) {
			fibers->turns++;
			fibers_give_way(fibers);
		}
	}
	/* code: user-block */
	fibers->turns_before = fibers->turns;
	(void)!read(fibers->timer, &times, sizeof(times));
	fibers->turns -= fibers->turns_before;
	/* end of code */
}

static int set_timer(int timer)
{
	struct itimerspec at = { .it_value = { .tv_nsec = BLOCKS_MS * NSEC_PER_MSEC } };

	return timerfd_settime(timer, 0, &at, NULL) == 0 ? 0 : errno;
}

struct counting {
	_Atomic uint64_t turns;
	_Atomic uint32_t stop;
};

static void *count_turns(void *arg)
{
	struct counting *counting = arg;

	while (!atomic_load(&counting->stop)) {
		atomic_fetch_add(&counting->turns, 1);
		sched_yield();
	}
	return NULL;
}

/* The same with a kernel thread that counts: its turns while this one reads. */
static int count_while_blocked(int timer, uint64_t *ret)
{
	struct counting counting = { 0 };
	pthread_t thread;
	uint64_t times;
	int error = pthread_create(&thread, NULL, count_turns, &counting);

	if (error)
		return error;
	error = set_timer(timer);
	uint64_t before = atomic_load(&counting.turns);
	if (!error)
		(void)!read(timer, &times, sizeof(times));
	*ret = atomic_load(&counting.turns) - before;
	atomic_store(&counting.stop, 1);
	pthread_join(thread, NULL);
	return error;
}

int obey_user_block(struct work *work, int64_t argument, char *said)
{
	struct fibers fibers = { 0 };
	uint64_t turns = 0;

	int error = fibers_refuse(said);
	if (error)
		return error;
	fibers.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	error = fibers.timer < 0 ? errno : set_timer(fibers.timer);
	if (!error)
		error = fibers_run(&fibers, 2, block_or_count);
	if (!error)
		error = count_while_blocked(fibers.timer, &turns);
	if (fibers.timer >= 0)
		close(fibers.timer);
	if (!error)
		set_result(said,
			"while one read: %llu turns of the other user thread, %llu of a kernel "
			"thread",
			(unsigned long long)fibers.turns, (unsigned long long)turns);
	return error;
}

/* --- how many CPUs they use --- */

static void spin_in_turns(struct fibers *fibers, int me)
{
	/* code: user-cpus */
	while (crew_now() < fibers->until) {
		spin_some();
		fibers_give_way(fibers);
	}
	/* end of code */
}

struct spinner {
	pthread_t thread;
	nsec until, ran;
};

static void *spin_alone(void *arg)
{
	struct spinner *spinner = arg;
	nsec before = own_time();

	while (crew_now() < spinner->until)
		spin_some();
	spinner->ran = own_time() - before;
	return NULL;
}

/* CPU time of two kernel threads by the time that passed, in hundredths. */
static int spin_two(int *ret)
{
	struct spinner spinner[2];
	nsec begin = crew_now();
	int error = 0, started = 0;

	for (; started < 2 && !error; started += !error) {
		spinner[started] = (struct spinner) { .until = begin + SPINS_MS * NSEC_PER_MSEC };
		error = pthread_create(
			&spinner[started].thread, NULL, spin_alone, &spinner[started]);
	}
	for (int i = 0; i < started; i++)
		pthread_join(spinner[i].thread, NULL);
	if (!error)
		*ret = (int)(100 * (spinner[0].ran + spinner[1].ran) / (crew_now() - begin));
	return error;
}

int obey_user_cpus(struct work *work, int64_t argument, char *said)
{
	struct fibers fibers = { 0 };
	cpu_set_t cpus;
	int two = 0;

	int error = fibers_refuse(said);
	if (error)
		return error;
	nsec begin = crew_now(), before = own_time();
	fibers.until = begin + SPINS_MS * NSEC_PER_MSEC;
	error = fibers_run(&fibers, 2, spin_in_turns);
	int one = (int)(100 * (own_time() - before) / (crew_now() - begin));
	if (!error)
		error = spin_two(&two);
	if (!error && sched_getaffinity(0, sizeof(cpus), &cpus) != 0)
		CPU_ZERO(&cpus);
	if (!error)
		set_result(said,
			"two user threads: %d.%02d CPUs; two kernel threads: %d.%02d, of %d",
			one / 100, one % 100, two / 100, two % 100, CPU_COUNT(&cpus));
	return error;
}
