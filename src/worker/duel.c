/* SPDX-License-Identifier: MIT
 * The duel host: runs the items of a page in rounds, within the time that each duel has, and starts partners of any kind
 * by one function.
 */
#include "duel.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "limit.h"

static pid_t host;

/* --- partners --- */

static int task_main(void *argument)
{
	struct duel_task *task = argument;
	if (task->who != BY_THREADS) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* it may have died before the line above: then nothing would ever end us */
		if (getppid() != host)
			_exit(BOARD_EXIT_ALONE);
	}
	pin_to(task->cpu);
	task->run(task->argument);
	return 0;
}

static void *thread_main(void *argument)
{
	task_main(argument);
	return NULL;
}

int duel_task_start(struct duel_task *task)
{
	switch (task->who) {
	case BY_PROCESSES:
		task->pid = fork();
		if (task->pid == 0)
			_exit(task_main(task));
		return task->pid < 0 ? -errno : 0;
	case BY_SHARED_MM:
		/* the stack is kept by the caller's slot: a new one a trial would fault anew each time */
		if (!task->stack && !(task->stack = duel_map(DUEL_STACK, MAP_PRIVATE)))
			return -ENOMEM;
		task->pid = clone(task_main, task->stack + DUEL_STACK, CLONE_VM | SIGCHLD, task);
		return task->pid < 0 ? -errno : 0;
	default:
		return -pthread_create(&task->thread, NULL, thread_main, task);
	}
}

int duel_task_wait(struct duel_task *task)
{
	int status = 0;
	if (task->who == BY_THREADS) {
		pthread_join(task->thread, NULL);
		return 0;
	}
	while (waitpid(task->pid, &status, __WALL) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? 0 : -ECHILD;
}

/* Waits for both in the order in which they end; one that was killed (memory ran out) would be waited for in vain. */
static int wait_for_processes(struct duel_task tasks[2])
{
	int error = 0, status;
	for (int left = 2; left > 0;) {
		pid_t pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			return -errno;
		left--;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			continue;
		error = -ECHILD;
		if (left)
			kill(tasks[pid == tasks[0].pid].pid, SIGKILL);
	}
	return error;
}

int duel_pair(const struct duel_trial *trial, void (*first)(void *), void (*second)(void *),
	void *argument)
{
	static char *stacks[2];
	const struct duel_item *item = trial->item;
	struct duel_task tasks[2] = {
		{ .who = item->who, .cpu = trial->cpu[0], .run = first, .argument = argument },
		{ .who = item->who,
			.cpu = trial->cpu[item->cpus > 1],
			.run = second,
			.argument = argument },
	};
	for (int i = 0; i < 2; i++) {
		tasks[i].stack = stacks[i];
		int error = duel_task_start(&tasks[i]);
		stacks[i] = tasks[i].stack;
		if (!error)
			continue;
		/* a first one without its second would wait for ever */
		if (i == 1 && item->who == BY_THREADS)
			_exit(BOARD_EXIT_SETUP);
		if (i == 1)
			kill(tasks[0].pid, SIGKILL);
		if (i == 1)
			duel_task_wait(&tasks[0]);
		return error;
	}
	if (item->who != BY_THREADS)
		return wait_for_processes(tasks);
	duel_task_wait(&tasks[0]);
	return duel_task_wait(&tasks[1]);
}

/* --- the report --- */

void duel_add(struct duel_series *series, double value, double baseline)
{
	int n = atomic_load(&series->trials);
	if (n >= DUEL_TRIALS_MAX)
		return;
	series->value[n] = (float)value;
	series->baseline[n] = (float)baseline;
	atomic_store(&series->trials, n + 1);
}

void duel_note(struct duel_series *series, const char *note)
{
	snprintf(series->note, sizeof(series->note), "%s", note);
}

static void clear(struct duel_series *series)
{
	for (int k = 0; k < DUEL_EXTRAS; k++)
		series->extra[k] = NAN;
}

/* --- the run --- */

static void fail_item(struct duel_series *series, int error)
{
	series->error = error;
	if ((error == EAGAIN || error == EMFILE || error == ENOMEM) && !series->note[0])
		limit_error(error, series->note, sizeof(series->note));
}

static void run_item(struct duel_page *page, int i, const int cpu[2])
{
	static duel_measure *const measures[DUELS] = {
		[DUEL_SWITCH] = duel_switch,
		[DUEL_CREATE] = duel_create,
		[DUEL_TALK] = duel_talk,
		[DUEL_MEMORY] = duel_memory,
	};
	struct duel_trial trial = { &page->plan, &page->plan.item[i], &page->series[i],
		{ cpu[0], cpu[1] } };
	atomic_store(&page->current, i);
	if (trial.series->error)
		return;
	if (trial.item->cpus > 1 && cpu[1] < 0)
		fail_item(trial.series, ENODEV);
	else
		fail_item(trial.series, -measures[method_table[trial.item->method].duel](&trial));
}

/* The largest ballast of a part is made once, before its clock starts. */
static void reserve(struct duel_page *page, const struct duel_part *part)
{
	int64_t most = 0;
	for (int i = part->first; i < part->first + part->n && part->duel == DUEL_CREATE; i++)
		if (page->plan.item[i].parameter > most)
			most = page->plan.item[i].parameter;
	/* what cannot be had is said by the series that need it */
	duel_ballast_reserve(most);
}

/* Which items go on after the first number of rounds: those of pairs that more rounds could settle. */
static bool choose_items(const struct duel_page *page, bool *chosen)
{
	bool any = false;
	memset(chosen, 0, DUEL_SERIES_MAX * sizeof(*chosen));
	for (int i = 0; i < page->plan.pairs_n; i++) {
		const struct duel_pair *pair = &page->plan.pair[i];
		if (duel_part_of(&page->plan, pair->first) !=
				&page->plan.part[atomic_load(&page->part)] ||
			!duel_find_out(page, pair).open)
			continue;
		chosen[pair->first] = chosen[pair->second] = any = true;
	}
	return any;
}

/* What comes first in one round comes last in the next, and the CPUs change places after four: neither a drift nor a busier
 * CPU favours anybody. Nor does the change, after which caches are cold: it is another's turn to come first each time. */
static bool run_round(
	struct duel_page *page, const struct duel_part *part, const bool *chosen, int64_t until)
{
	int round = atomic_load(&page->round), place = round >> 2;
	bool swap = page->plan.exchange && place & 1, reverse = (round + place) & 1;
	const int cpu[2] = { page->plan.cpu[swap], page->plan.cpu[!swap] };
	pin_to(cpu[0]);
	for (int i = 0; i < part->n; i++) {
		int item = part->first + (reverse ? part->n - 1 - i : i);
		if (chosen && !chosen[item])
			continue;
		if (atomic_load(&page->stop) || crew_now() > until)
			return false;
		run_item(page, item, cpu);
	}
	return true;
}

static void run_part(struct duel_page *page, const struct duel_part *part)
{
	static bool chosen[DUEL_SERIES_MAX];
	reserve(page, part);
	int64_t until = crew_now() + part->budget_ms * INT64_C(1000000);
	for (int round = 0; round < part->rounds || choose_items(page, chosen); round++) {
		atomic_store(&page->round, round);
		if (!run_round(page, part, round < part->rounds ? NULL : chosen, until))
			return;
	}
}

static bool is_sound(const struct duel_page *page)
{
	const struct duel_plan *plan = &page->plan;
	bool sound = page->magic == DUEL_MAGIC && page->version == DUEL_VERSION &&
		     plan->series_n <= DUEL_SERIES_MAX && plan->parts <= DUELS;
	for (int i = 0; sound && i < plan->parts; i++)
		sound = plan->part[i].first >= 0 && plan->part[i].n >= 0 &&
			plan->part[i].first + plan->part[i].n <= plan->series_n;
	for (int i = 0; sound && i < plan->series_n; i++)
		sound = plan->item[i].method >= 0 && plan->item[i].method < DUEL_METHODS;
	for (int i = 0; sound && i < plan->pairs_n; i++)
		sound = i < DUEL_PAIRS_MAX && plan->pair[i].first >= 0 &&
			plan->pair[i].first < plan->series_n && plan->pair[i].second >= 0 &&
			plan->pair[i].second < plan->series_n;
	return sound;
}

/* What is measured must not be held back, and be the first to go when memory runs out. */
static void prepare_host(void)
{
	struct rlimit no_core = { 1, 1 };
	setrlimit(RLIMIT_CORE, &no_core);
	(void)proc_write("/proc/self/oom_score_adj", "1000");
	/* for programs that are started: an exec must not carry our descriptors along */
	for (int fd = BOARD_FD_BOARD; fd < BOARD_FD_FIRST_FREE; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	prctl(PR_SET_NAME, "duel");
}

int duel_host(void)
{
	struct stat st;
	if (fstat(BOARD_FD_BOARD, &st) != 0 || st.st_size < (off_t)sizeof(struct duel_page))
		return BOARD_EXIT_USAGE;
	struct duel_page *page =
		mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, BOARD_FD_BOARD, 0);
	if (page == MAP_FAILED)
		return BOARD_EXIT_SETUP;
	if (!is_sound(page))
		return BOARD_EXIT_MISMATCH;
	host = getpid();
	prepare_host();
	for (int i = 0; i < page->plan.series_n; i++)
		clear(&page->series[i]);
	for (int i = 0; i < page->plan.parts && !atomic_load(&page->stop); i++) {
		atomic_store(&page->part, i);
		run_part(page, &page->plan.part[i]);
	}
	atomic_store(&page->done, 1);
	return 0;
}
