/* SPDX-License-Identifier: MIT
 * Samples by hand, for the tests of the model: short, and only with what a test is about.
 */
#ifndef TASKSCOPE_MODEL_SAMPLES_H
#define TASKSCOPE_MODEL_SAMPLES_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model.h"

#define MSEC NSEC_PER_MSEC

static inline void start_sample(struct sample *sample, nsec at_ns)
{
	sample_clear(sample);
	sample->at_ns = at_ns;
}

/* A task of which everything is known: no switches, no time, no faults. */
static inline struct task_sample *add_task(
	struct sample *sample, enum side side, int32_t pid, int32_t tid)
{
	struct task_sample *task = vec_push(&sample->tasks);

	record_clear(&task_record, task);
	task->side = (int16_t)side;
	task->pid = pid;
	task->tid = tid;
	task->start = 1000;
	task->state = 'S';
	task->voluntary = task->involuntary = task->run_ns = task->wait_ns = task->slices = 0;
	task->minor_faults = task->major_faults = 0;
	return task;
}

static inline struct process_sample *add_process(struct sample *sample, enum side side, int32_t pid)
{
	struct process_sample *process = vec_push(&sample->processes);

	record_clear(&process_record, process);
	process->side = (int16_t)side;
	process->pid = pid;
	process->start = 1000;
	process->state = 'S';
	process->threads = 1;
	process->at_ns = sample->at_ns;
	return process;
}

static inline struct worker_sample *add_worker(
	struct sample *sample, enum side side, int index, int32_t pid, int32_t tid)
{
	struct worker_sample *worker = vec_push(&sample->workers);

	*worker = (struct worker_sample) { .side = (int16_t)side,
		.index = (int16_t)index,
		.phase = WORKER_ALIVE,
		.cpu = -1,
		.pid = pid,
		.tid = tid,
		.ended_ns = UNKNOWN };
	return worker;
}

static inline struct crew_sample *add_crew(
	struct sample *sample, enum side side, enum kind kind, int32_t host)
{
	struct crew_sample *crew = vec_push(&sample->crews);

	*crew = (struct crew_sample) { .side = (int16_t)side,
		.kind = (int16_t)kind,
		.state = CREW_RUNNING,
		.cpu = -1,
		.host = host,
		.culprit = WORKER_NONE,
		.count_order = "count",
		.count_expected = 6000,
		.count_value = 3500 };
	return crew;
}

static inline struct mapping_sample *add_mapping(struct sample *sample, int32_t pid, uint64_t start,
	uint64_t end, const char *perms, const char *path)
{
	struct mapping_sample *mapping = vec_push(&sample->mappings);

	record_clear(&mapping_record, mapping);
	mapping->pid = pid;
	mapping->start = start;
	mapping->end = end;
	mapping->at_ns = sample->at_ns;
	sample_text(mapping->perms, perms, strlen(perms));
	sample_text(mapping->path, path, strlen(path));
	return mapping;
}

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-6)

#endif
