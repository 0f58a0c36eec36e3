/* SPDX-License-Identifier: MIT
 * Folds switch records into spans, sums and counts: one lane a task, one a CPU. Says what a record means for the time before
 * and after it, and what is not known after records were lost. A million records a second pass here, so most of what one
 * does is an addition or two.
 */
#include "fold.h"

#define CPUS_MAX 32768 /* a span's cpu has 16 bits */

static void reset_chains(struct switch_fold *fold)
{
	for (size_t i = 0; i < FOLD_HEADS; i++)
		fold->head[i] = FOLD_NOBODY;
	fold->unused = FOLD_NOBODY;
	vec_clear(&fold->dead);
}

struct switch_fold *switch_fold_create(void)
{
	struct switch_fold *fold = xcalloc(1, sizeof(*fold));

	reset_chains(fold);
	fold->from = fold->until = UNKNOWN;
	return fold;
}

void switch_fold_destroy(struct switch_fold *fold)
{
	if (!fold)
		return;
	for (size_t i = 0; i < fold->tasks.n; i++) {
		fold_lane_finish(&fold->tasks.at[i]->lane);
		free(fold->tasks.at[i]);
	}
	for (size_t i = 0; i < fold->cpus.n; i++) {
		if (fold->cpus.at[i])
			fold_lane_finish(&fold->cpus.at[i]->lane);
		free(fold->cpus.at[i]);
	}
	vec_finish(&fold->tasks);
	vec_finish(&fold->cpus);
	vec_finish(&fold->dead);
	free(fold);
}

/* --- finding tasks and CPUs --- */

static uint32_t *chain_of(struct switch_fold *fold, int32_t tid, int side)
{
	return &fold->head[(((uint32_t)tid * 2654435761u >> 20) + (uint32_t)side) % FOLD_HEADS];
}

static uint32_t find_task(struct switch_fold *fold, int32_t tid, int side)
{
	uint32_t at = *chain_of(fold, tid, side);

	while (at != FOLD_NOBODY &&
		(fold->tasks.at[at]->tid != tid || fold->tasks.at[at]->side != side))
		at = fold->tasks.at[at]->next;
	return at;
}

static uint32_t add_task(struct switch_fold *fold, int32_t pid, int32_t tid, int side, nsec since)
{
	uint32_t *chain = chain_of(fold, tid, side), number = fold->unused;

	if (number == FOLD_NOBODY) {
		number = (uint32_t)fold->tasks.n;
		*vec_push(&fold->tasks) = xcalloc(1, sizeof(struct fold_task));
	} else {
		fold->unused = fold->tasks.at[number]->next;
	}
	struct fold_task *task = fold->tasks.at[number];
	*task = (struct fold_task) { .lane = task->lane,
		.pid = pid,
		.tid = tid,
		.side = (int8_t)side,
		.used = true,
		.alive = true,
		.born = UNKNOWN,
		.since = since,
		.touched = since,
		.check_at = INT64_MAX,
		.next = *chain };
	fold_lane_reset(&task->lane, UNKNOWN);
	*chain = number;
	return number;
}

void fold_unchain(struct switch_fold *fold, uint32_t number)
{
	const struct fold_task *task = fold->tasks.at[number];
	uint32_t *at = chain_of(fold, task->tid, task->side);

	while (*at != number)
		at = &fold->tasks.at[*at]->next;
	*at = task->next;
}

void fold_free_task(struct switch_fold *fold, uint32_t number)
{
	fold->tasks.at[number]->used = fold->tasks.at[number]->alive = false;
	fold->tasks.at[number]->next = fold->unused;
	fold->unused = number;
}

static struct fold_cpu *cpu_at(struct switch_fold *fold, int cpu)
{
	if (cpu < 0 || cpu >= CPUS_MAX)
		return NULL;
	while (fold->cpus.n <= (size_t)cpu)
		vec_push(&fold->cpus);
	if (!fold->cpus.at[cpu]) {
		fold->cpus.at[cpu] = xcalloc(1, sizeof(struct fold_cpu));
		fold->cpus.at[cpu]->last = FOLD_NOBODY;
		fold_lane_reset(&fold->cpus.at[cpu]->lane, UNKNOWN);
	}
	return fold->cpus.at[cpu];
}

/* --- records --- */

static void put(struct switch_fold *fold, struct fold_lane *lane, nsec at, enum span_state state,
	enum span_mark mark, int cpu)
{
	fold_lane_put(lane, fold->until,
		(struct span) { at, 0, (int16_t)cpu, (uint8_t)state, (uint8_t)mark });
}

/* The CPU's previous task was switched out in a record that we lost. */
static void evict(struct switch_fold *fold, struct fold_cpu *cpu, nsec at, uint32_t but)
{
	const struct span now = cpu->lane.now;

	if (now.state == SPAN_RUNNING && (uint32_t)now.who != but)
		put(fold, &fold->tasks.at[now.who]->lane, at, SPAN_UNKNOWN, MARK_NONE, now.cpu);
}

/* The CPU that a task was believed to run on does not run it any more. */
static void release(struct switch_fold *fold, uint32_t number, nsec at)
{
	const struct span now = fold->tasks.at[number]->lane.now;

	if (now.state == SPAN_RUNNING && now.cpu >= 0)
		put(fold, &fold->cpus.at[now.cpu]->lane, at, SPAN_OFF, MARK_NONE, now.cpu);
}

static void on_switch_in(struct switch_fold *fold, uint32_t number, struct fold_cpu *cpu,
	const struct switch_sample *event)
{
	const int on = cpu ? event->cpu : -1;

	release(fold, number, event->at_ns);
	if (cpu) {
		evict(fold, cpu, event->at_ns, number);
		fold_lane_put(&cpu->lane, fold->until,
			(struct span) { event->at_ns, (int32_t)number, event->cpu, SPAN_RUNNING,
				MARK_PUT_ON });
	}
	put(fold, &fold->tasks.at[number]->lane, event->at_ns, SPAN_RUNNING, MARK_PUT_ON, on);
}

static void on_switch_out(struct switch_fold *fold, uint32_t number, struct fold_cpu *cpu,
	const struct switch_sample *event)
{
	struct fold_task *task = fold->tasks.at[number];
	const bool preempted = event->kind == SWITCH_PREEMPTED;

	release(fold, number, event->at_ns);
	if (cpu && cpu->lane.now.state != SPAN_OFF) {
		evict(fold, cpu, event->at_ns, number);
		put(fold, &cpu->lane, event->at_ns, SPAN_OFF, MARK_NONE, event->cpu);
	}
	put(fold, &task->lane, event->at_ns, preempted ? SPAN_WAITING : SPAN_OFF,
		preempted ? MARK_PREEMPTED : MARK_GAVE_UP, event->cpu);
	task->voluntary += !preempted;
	task->involuntary += preempted;
}

static void on_death(struct switch_fold *fold, uint32_t number, nsec at)
{
	struct fold_task *task = fold->tasks.at[number];

	release(fold, number, at);
	put(fold, &task->lane, at, SPAN_NONE, MARK_DIED, task->lane.now.cpu);
	task->alive = false;
	fold_unchain(fold, number);
	*vec_push(&fold->dead) = number;
}

/* A tid that lives twice: the death of the first was lost. */
static void on_birth(struct switch_fold *fold, const struct switch_sample *event)
{
	uint32_t number = find_task(fold, event->tid, event->side);

	if (number != FOLD_NOBODY)
		on_death(fold, number, event->at_ns);
	number = add_task(fold, event->pid, event->tid, event->side, event->at_ns);
	fold->tasks.at[number]->born = event->at_ns;
	put(fold, &fold->tasks.at[number]->lane, event->at_ns, SPAN_WAITING, MARK_BORN, event->cpu);
}

/* From when on nothing is known: the last record of the CPU whose records are missing. */
static void on_loss(struct switch_fold *fold, const struct switch_sample *event)
{
	const struct fold_cpu *lost = cpu_at(fold, event->cpu);
	const nsec from = lost ? lost->event : event->at_ns;
	struct fold_task **task;

	fold->lost += event->other;
	vec_each (task, &fold->tasks)
		if ((*task)->used && (*task)->alive)
			put(fold, &(*task)->lane, from, SPAN_UNKNOWN, MARK_NONE, -1);
	for (size_t cpu = 0; cpu < fold->cpus.n; cpu++)
		if (fold->cpus.at[cpu])
			put(fold, &fold->cpus.at[cpu]->lane, from, SPAN_UNKNOWN, MARK_NONE,
				(int)cpu);
}

void fold_pass_reading(struct fold_task *task, nsec at)
{
	if (task->stage == READING_AHEAD && at > task->reading.from_ns) {
		task->seen_before = task->voluntary + task->involuntary;
		task->check_at = task->reading.to_ns;
		task->stage = READING_BEGUN;
	}
	if (task->stage == READING_BEGUN && at > task->reading.to_ns) {
		task->seen_voluntary = task->voluntary;
		task->seen_involuntary = task->involuntary;
		task->check_at = INT64_MAX;
		task->stage = READING_PASSED;
	}
}

/* The task of a record. Who is taken off a CPU is mostly who was put on it last: then nothing is looked up. */
static uint32_t task_of(
	struct switch_fold *fold, struct fold_cpu *cpu, const struct switch_sample *event)
{
	uint32_t number = cpu ? cpu->last : FOLD_NOBODY;
	const struct fold_task *task = number == FOLD_NOBODY ? NULL : fold->tasks.at[number];

	if (task && task->tid == event->tid && task->side == event->side && task->alive)
		return number;
	number = find_task(fold, event->tid, event->side);
	if (number == FOLD_NOBODY)
		number = add_task(fold, event->pid, event->tid, event->side, event->at_ns);
	if (cpu)
		cpu->last = number;
	return number;
}

static void on_switch(
	struct switch_fold *fold, struct fold_cpu *cpu, const struct switch_sample *event)
{
	const uint32_t number = task_of(fold, cpu, event);
	struct fold_task *task = fold->tasks.at[number];

	if (event->at_ns > task->check_at)
		fold_pass_reading(task, event->at_ns);
	task->touched = event->at_ns;
	if (event->kind == SWITCH_IN)
		on_switch_in(fold, number, cpu, event);
	else if (event->kind == SWITCH_DIED)
		on_death(fold, number, event->at_ns);
	else
		on_switch_out(fold, number, cpu, event);
}

void switch_fold_add(struct switch_fold *fold, const struct switch_sample *event)
{
	struct fold_cpu *cpu = cpu_at(fold, event->cpu);

	fold->seen += event->kind != SWITCH_LOST;
	if (event->kind == SWITCH_LOST)
		on_loss(fold, event);
	else if (event->kind == SWITCH_BORN)
		on_birth(fold, event);
	else
		on_switch(fold, cpu, event);
	if (cpu)
		cpu->event = event->at_ns;
}

void switch_fold_reading(struct switch_fold *fold, const struct switch_reading *reading)
{
	uint32_t number = find_task(fold, reading->tid, reading->side);

	if (reading->voluntary < 0 || reading->involuntary < 0 || fold->until < 0)
		return;
	/* One that died up to `until` may have been read before. */
	if (number == FOLD_NOBODY && reading->from_ns <= fold->until)
		return;
	if (number == FOLD_NOBODY)
		number = add_task(fold, reading->pid, reading->tid, reading->side, fold->until);
	struct fold_task *task = fold->tasks.at[number];
	task->touched = reading->from_ns;
	if (task->stage == READING_AHEAD || task->stage == READING_BEGUN)
		return;
	task->reading = *reading;
	task->check_at = reading->from_ns;
	task->stage = READING_AHEAD;
}

void switch_fold_restart(struct switch_fold *fold, nsec from)
{
	for (size_t i = 0; i < fold->cpus.n; i++)
		if (fold->cpus.at[i]) {
			fold_lane_reset(&fold->cpus.at[i]->lane, from);
			fold->cpus.at[i]->last = FOLD_NOBODY;
			fold->cpus.at[i]->event = from;
		}
	reset_chains(fold);
	for (size_t i = fold->tasks.n; i-- > 0;)
		fold_free_task(fold, (uint32_t)i);
	fold->from = fold->until = from;
	fold->seen = fold->lost = 0;
}
