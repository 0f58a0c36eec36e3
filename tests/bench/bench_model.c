/* SPDX-License-Identifier: MIT
 * What a sample costs in the model: fed, and asked for what panes ask. Prints one line a size; the
 * memory that one more task takes; and whether anything was allocated meanwhile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "model.h"

#define HISTORY 60
#define ROUNDS 50

static nsec cpu_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

static void fill(struct sample *sample, int tasks, int round)
{
	sample_clear(sample);
	sample->at_ns = round * NSEC_PER_SEC;
	for (int i = 0; i < tasks; i++) {
		struct task_sample *task = vec_push(&sample->tasks);

		record_clear(&task_record, task);
		/* Two rows of ten are in an order that is not the one of the screen. */
		task->pid = task->tid = 1 + (i % 10 < 8 ? i : tasks - i);
		task->side = (int16_t)(i % 2);
		task->start = i;
		task->voluntary = task->involuntary = task->slices = round * 10;
		task->run_ns = task->wait_ns = round * NSEC_PER_MSEC;
		task->minor_faults = task->major_faults = round;
	}
}

static int compare(const void *a, const void *b)
{
	const nsec x = *(const nsec *)a, y = *(const nsec *)b;

	return (x > y) - (x < y);
}

static void measure_feed(int tasks)
{
	struct model *model = model_create(HISTORY);
	struct sample sample = { 0 };
	nsec took[ROUNDS];
	uint64_t before = 0;

	for (int round = -3; round < ROUNDS; round++) {
		nsec start;

		fill(&sample, tasks, round + 3);
		if (round == 0)
			before = base_allocations();
		start = cpu_time();
		model_feed(model, &sample);
		if (round >= 0)
			took[round] = cpu_time() - start;
	}
	before = base_allocations() - before;
	qsort(took, ROUNDS, sizeof(took[0]), compare);
	printf("feed %5d tasks: median %8.1f us, worst %8.1f us, %5.0f ns a task, %llu "
	       "allocations\n",
		tasks, (double)took[ROUNDS / 2] / 1e3, (double)took[ROUNDS - 1] / 1e3,
		(double)took[ROUNDS / 2] / tasks, (unsigned long long)before);
	model_destroy(model);
	sample_finish(&sample);
}

static void add_mappings(struct sample *sample, int32_t pid, int mappings)
{
	for (int i = 0; i < mappings; i++) {
		struct mapping_sample *mapping = vec_push(&sample->mappings);

		record_clear(&mapping_record, mapping);
		mapping->pid = pid;
		mapping->start = ((uint64_t)i * 5 + (pid == 2 ? UINT64_C(1) << 40 : 0)) << 12;
		mapping->end = mapping->start + (3 << 12);
		sample_text(mapping->perms, i % 3 ? "rw-p" : "r-xp", 4);
		snprintf(mapping->path, sizeof(mapping->path), "/usr/lib/lib%d.so", i / 5);
	}
}

/* At addresses that have nothing to do with each other: the costly case. */
static void measure_align(int mappings)
{
	struct model *model = model_create(HISTORY);
	struct sample sample = { 0 };
	nsec start;
	size_t n = 0;

	sample_clear(&sample);
	add_mappings(&sample, 1, mappings);
	add_mappings(&sample, 2, mappings);
	model_feed(model, &sample);
	start = cpu_time();
	for (int round = 0; round < ROUNDS; round++) {
		model_feed(model, &sample);
		model_align(model, 1, 2, &n);
	}
	printf("align 2 x %4d mappings: %8.1f us, %zu rows\n", mappings,
		(double)(cpu_time() - start) / ROUNDS / 1e3, n);
	model_destroy(model);
	sample_finish(&sample);
}

static void measure_fact(void)
{
	static const int times = 20000;
	struct model *model = model_create(HISTORY);
	struct sample sample = { 0 };
	struct fact_value value;
	nsec start;

	fill(&sample, 16, 1);
	sample.tasks.at[15].worker = 7;
	model_feed(model, &sample);
	start = cpu_time();
	for (int i = 0; i < times; i++)
		if (!fact_value(model, "right.worker7.voluntary", &value, NULL, 0))
			exit(1);
	printf("fact by path: %.0f ns\n", (double)(cpu_time() - start) / times);
	model_destroy(model);
	sample_finish(&sample);
}

/* Two CPUs with four tasks each that take turns every 9 us: more than 200,000 switches a second, a tenth of it a feed. */
static void switch_on(struct sample *sample, int feed)
{
	const nsec start = NSEC_PER_SEC + feed * NSEC_PER_SEC / 10;
	const int turns = 11000;

	sample->switches_from_ns = start;
	sample->switches_until_ns = sample->at_ns = start + NSEC_PER_SEC / 10;
	for (int i = 0; i < 2 * turns; i++) {
		const int cpu = i % 2, turn = i / 2;
		struct switch_sample event = { .at_ns = start + turn * 9000 + cpu,
			.pid = 100 + cpu * 4 + turn % 4,
			.cpu = (int16_t)cpu,
			.side = (int8_t)cpu };

		event.tid = event.pid;
		event.kind = SWITCH_IN;
		*vec_push(&sample->switches) = event;
		event.at_ns += 8000;
		event.kind = turn % 3 ? SWITCH_OUT : SWITCH_PREEMPTED;
		*vec_push(&sample->switches) = event;
	}
}

static void measure_switches(void)
{
	struct model *model = model_create(HISTORY);
	struct switch_fold *fold = switch_fold_create();
	struct sample sample = { 0 };
	nsec folding = 0, feeding = 0;
	uint64_t before = 0;
	size_t n = 0;

	for (int feed = 0; feed < ROUNDS; feed++) {
		nsec start;

		sample_clear(&sample);
		switch_on(&sample, feed);
		if (feed == 3)
			before = base_allocations();
		start = cpu_time();
		switch_fold_sample(fold, &sample);
		if (feed >= 3)
			folding += cpu_time() - start, n += (size_t)sample.switches_seen / 2;
		start = cpu_time();
		model_feed(model, &sample);
		if (feed >= 3)
			feeding += cpu_time() - start;
	}
	printf("lanes of 8 tasks on 2 CPUs: %.0f ns a switch to fold, %.0f to model, %llu "
	       "allocations\n",
		(double)folding / (double)n, (double)feeding / (double)n,
		(unsigned long long)(base_allocations() - before));
	switch_fold_destroy(fold);
	model_destroy(model);
	sample_finish(&sample);
}

int main(void)
{
	measure_switches();
	measure_feed(10);
	measure_feed(1000);
	measure_feed(10000);
	measure_align(40);
	measure_align(3000);
	measure_fact();
	return 0;
}
