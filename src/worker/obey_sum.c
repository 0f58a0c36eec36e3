/* SPDX-License-Identifier: MIT
 * Carries out the orders that split one sum among 1, 2 and 4 tasks: processes, or threads; computing, waiting, or behind
 * one lock. Says how many times as fast it was, and what of this machine bears on that.
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"
#include "limit.h"

#define PARTS_MOST 4
#define SIZES 3 /* 1, 2 and 4 tasks */
#define ROUNDS 5
#define ONE_NS (30 * NSEC_PER_MSEC) /* what it takes one task, about */
#define ENOUGH_NS (4 * NSEC_PER_SEC) /* no round begins after that, once there are ROUNDS_LEAST */
#define QUICK_NS NSEC_PER_SEC /* the same of a quick tour */
#define ROUNDS_LEAST 3
#define SERIAL_PERCENT 20 /* of the numbers, which one task sums before the others begin */
#define WAITS 40 /* in all, of WAIT_NS */
#define WAIT_NS (2 * NSEC_PER_MSEC)
#define CHUNKS 64 /* in all, each under the lock */

enum sum_kind { SUM_COMPUTES, SUM_WAITS, SUM_LOCKS };

struct part {
	struct sum *of;
	int index;
	uint64_t sum;
	int64_t waited, ran; /* ns, by the scheduler */
	pid_t pid;
	pthread_t thread;
};

struct sum {
	enum sum_kind kind;
	bool processes;
	int n; /* tasks */
	uint64_t from, to; /* the numbers that are split */
	pthread_mutex_t lock;
	struct part part[PARTS_MOST];
};

struct sum_rounds {
	int n;
	double times[SIZES][ROUNDS], serial[ROUNDS]; /* ns */
	int64_t waited, ran; /* of runs with a CPU for each task */
};

/* --- one task's part --- */

/* code: sum */
static uint64_t add_up(uint64_t from, uint64_t to)
{
	uint64_t sum = 0;

	for (uint64_t i = from; i < to; i++) {
		uint64_t mixed = i * UINT64_C(0x9e3779b97f4a7c15);
		sum += mixed ^ mixed >> 29;
	}
	return sum;
}
/* end of code */

static uint64_t share_of(const struct sum *sum, uint64_t place, uint64_t places)
{
	return sum->from + (sum->to - sum->from) * place / places;
}

static void add_under_lock(struct part *part)
{
	struct sum *sum = part->of;

	for (int chunk = part->index; chunk < CHUNKS; chunk += sum->n) {
		uint64_t from = share_of(sum, (uint64_t)chunk, CHUNKS),
			 to = share_of(sum, (uint64_t)chunk + 1, CHUNKS);
		/* code: sum-locks */
		if (lock_take(&sum->lock) != 0)
			return;
		part->sum += add_up(from, to);
		pthread_mutex_unlock(&sum->lock);
		/* end of code */
	}
}

static void do_part(struct part *part)
{
	struct sum *sum = part->of;

	/* code: sum-waits */
	for (int i = part->index; sum->kind == SUM_WAITS && i < WAITS; i += sum->n)
		nap(WAIT_NS);
	if (sum->kind == SUM_LOCKS)
		add_under_lock(part);
	/* end of code */
	if (sum->kind == SUM_COMPUTES)
		part->sum = add_up(share_of(sum, (uint64_t)part->index, (uint64_t)sum->n),
			share_of(sum, (uint64_t)part->index + 1, (uint64_t)sum->n));
}

/* What the scheduler has booked for the calling task. */
static void read_times(int64_t *ret_ran, int64_t *ret_waited)
{
	char text[80];
	long long ran, waited;

	proc_read(text, sizeof(text), "/proc/thread-self/schedstat");
	const bool known = sscanf(text, "%lld %lld", &ran, &waited) == 2;

	*ret_ran = known ? ran : 0;
	*ret_waited = known ? waited : 0;
}

static void *run_part(void *arg)
{
	struct part *part = arg;
	int64_t ran, waited;

	read_times(&ran, &waited);
	do_part(part);
	read_times(&part->ran, &part->waited);
	part->ran -= ran;
	part->waited -= waited;
	return NULL;
}

/* --- all parts --- */

static int start_part(struct part *part)
{
	if (!part->of->processes)
		return pthread_create(&part->thread, NULL, run_part, part);
	/* The memory is shared: what the child had there would be the parent's, too. */
	pid_t pid = fork_bound();
	if (pid == 0) {
		run_part(part);
		_exit(0);
	}
	part->pid = pid;
	return pid < 0 ? errno : 0;
}

static void wait_for_part(struct part *part)
{
	if (part->of->processes)
		waitpid(part->pid, NULL, 0);
	else
		pthread_join(part->thread, NULL);
}

/* The sum by n tasks: 0 or an errno. The serial part comes first. */
static int run_sum(struct sum *sum, int n, uint64_t numbers, uint64_t *ret, double *ret_serial)
{
	nsec begin = crew_now();
	int error = 0, started = 0;

	sum->n = n;
	sum->from = sum->kind == SUM_COMPUTES ? numbers * SERIAL_PERCENT / 100 : 0;
	sum->to = numbers;
	*ret = add_up(0, sum->from);
	*ret_serial = (double)(crew_now() - begin);
	for (; started < n && !error; started += !error) {
		struct part *part = &sum->part[started];
		*part = (struct part) { .of = sum, .index = started };
		error = start_part(part);
	}
	for (int i = 0; i < started; i++) {
		wait_for_part(&sum->part[i]);
		*ret += sum->part[i].sum;
	}
	return error;
}

nsec own_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

/* So many numbers that one task takes ONE_NS for them. */
static uint64_t choose_numbers(void)
{
	volatile uint64_t sum;
	uint64_t numbers = 1 << 16;

	for (nsec took = 0; took < ONE_NS && numbers < UINT64_C(1) << 40; numbers *= 2) {
		nsec begin = own_time();
		sum = add_up(0, numbers);
		(void)sum;
		took = own_time() - begin;
	}
	return numbers / 2;
}

static int run_round(
	struct sum *sum, struct sum_rounds *rounds, uint64_t numbers, int cpus, char *said)
{
	uint64_t first = 0, total;
	double serial;

	for (int k = 0; k < SIZES; k++) {
		int size = rounds->n & 1 ? SIZES - 1 - k : k;
		nsec begin = crew_now();
		int error = run_sum(sum, 1 << size, numbers, &total, &serial);
		if (error)
			return error;
		rounds->times[size][rounds->n] = (double)(crew_now() - begin);
		if (size == 0)
			rounds->serial[rounds->n] = serial;
		for (int i = 0; i < 1 << size && 1 << size <= cpus; i++) {
			rounds->ran += sum->part[i].ran;
			rounds->waited += sum->part[i].waited;
		}
		if (k > 0 && total != first) {
			set_result(said, "the sums differ");
			return EIO;
		}
		first = total;
	}
	rounds->n++;
	return 0;
}

/* The middle of the ratios, round by round. */
static double middle_ratio(const double *over, const double *under, int n)
{
	double ratios[ROUNDS];

	for (int i = 0; i < n; i++)
		ratios[i] = over[i] / under[i];
	return middle_of(ratios, n);
}

/* --- the machine --- */

int keep_cpus(int most, int *kept)
{
	cpu_set_t all, some;
	int n = 0;

	CPU_ZERO(&some);
	if (sched_getaffinity(0, sizeof(all), &all) != 0)
		return 1;
	for (int cpu = 0; cpu < CPU_SETSIZE && n < MIN(most, PARTS_MOST); cpu++)
		if (CPU_ISSET(cpu, &all)) {
			CPU_SET(cpu, &some);
			kept[n++] = cpu;
		}
	sched_setaffinity(0, sizeof(some), &some);
	return n;
}

/* Two of the CPUs are one core: each is slower while the other works. */
static bool share_a_core(const int *cpus, int n)
{
	char lines[PARTS_MOST][128];
	bool shared = false;

	for (int i = 0; i < n; i++) {
		proc_read(lines[i], sizeof(lines[i]),
			"/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpus[i]);
		for (int k = 0; k < i; k++)
			shared |= lines[i][0] && strcmp(lines[i], lines[k]) == 0;
	}
	return shared;
}

static bool has_quota(int cpus)
{
	char name[160];
	long long room;

	return limit_room("", LIMIT_CPU, &room, name, sizeof(name)) && room < 1000 * cpus;
}

/* Ticks that a hypervisor took from all CPUs, so far. */
static long long stolen(void)
{
	char line[128];
	long long steal = 0;

	proc_read(line, sizeof(line), "/proc/stat");
	return sscanf(line, "cpu %*d %*d %*d %*d %*d %*d %*d %lld", &steal) == 1 ? steal : 0;
}

static const char *burden(const int *cpus, int n, long long stolen_before)
{
	if (stolen() - stolen_before > 2)
		return " (steal)";
	if (has_quota(n))
		return " (quota)";
	return share_a_core(cpus, n) ? " (one core)" : "";
}

/* --- the orders --- */

/* "2 tasks x1.62, 4 tasks x1.63, serial 20 %, waited 1 %, 2 CPUs (one core)" */
static void tell(const struct sum_rounds *rounds, int cpus, const char *on, char *said)
{
	const double *one = rounds->times[0];

	set_result(said, "2 tasks x%.2f, 4 tasks x%.2f, serial %.0f %%, waited %.0f %%, %d CPU%s%s",
		middle_ratio(one, rounds->times[1], rounds->n),
		middle_ratio(one, rounds->times[2], rounds->n),
		100 * middle_ratio(rounds->serial, one, rounds->n),
		100.0 * (double)rounds->waited / (double)MAX(rounds->waited + rounds->ran, 1), cpus,
		cpus == 1 ? "" : "s", on);
}

static int split_sum(struct work *work, enum sum_kind kind, int64_t most, char *said)
{
	struct sum *sum = share_memory(sizeof(*sum));
	struct sum_rounds rounds = { 0 };
	int kept[PARTS_MOST] = { 0 }, cpus = keep_cpus((int)most, kept), error = 0;
	long long before = stolen();
	const bool quick = work->hand->host->board->quick;
	nsec until = crew_now() + (quick ? QUICK_NS : ENOUGH_NS);

	work->leave = true;
	if (!sum)
		return ENOMEM;
	sum->kind = kind;
	sum->processes = work->hand->host->kind == KIND_PROCESSES;
	if (!lock_create(&sum->lock, true))
		error = EAGAIN;
	uint64_t numbers = choose_numbers();
	while (!error && rounds.n < (quick ? ROUNDS_LEAST : ROUNDS) &&
		(rounds.n < ROUNDS_LEAST || crew_now() < until))
		error = run_round(sum, &rounds, numbers, cpus, said);
	if (!error)
		tell(&rounds, cpus, burden(kept, cpus, before), said);
	munmap(sum, sizeof(*sum));
	return error;
}

int obey_sum(struct work *work, int64_t argument, char *said)
{
	return split_sum(work, SUM_COMPUTES, argument, said);
}

int obey_sum_waits(struct work *work, int64_t argument, char *said)
{
	return split_sum(work, SUM_WAITS, argument, said);
}

int obey_sum_locks(struct work *work, int64_t argument, char *said)
{
	return split_sum(work, SUM_LOCKS, argument, said);
}
