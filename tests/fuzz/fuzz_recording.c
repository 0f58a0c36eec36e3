/* SPDX-License-Identifier: MIT
 * A recording of any bytes: lines are refused by name or give a sample that is whole, and that reads the same when it is
 * written again.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "sample.h"

static void check_text(const char *text, size_t size)
{
	char again[128];

	fuzz_check(memchr(text, '\0', size) != NULL);
	fuzz_check(safe_text(again, sizeof(again), text, strlen(text)) == strlen(text));
	fuzz_check(strcmp(text, again) == 0);
}
#define CHECK_TEXT(member) check_text((member), sizeof(member))

static void check_sample(const struct sample *sample)
{
	struct task_sample *task;
	struct process_sample *process;
	struct mapping_sample *mapping;
	struct worker_sample *worker;
	struct crew_sample *crew;
	struct gap_sample *gap;

	fuzz_check(sample->at_ns >= 0 && sample->crews.n <= SIDES);
	vec_each (crew, &sample->crews) {
		fuzz_check(crew->side >= 0 && crew->side < SIDES && crew->kind >= 0 &&
			   crew->kind < KINDS);
		fuzz_check(crew->state >= CREW_OFF && crew->state <= CREW_FAILED);
		CHECK_TEXT(crew->job);
		CHECK_TEXT(crew->note);
	}
	vec_each (worker, &sample->workers) {
		fuzz_check(worker->side >= 0 && worker->side < SIDES && worker->index >= 0);
		fuzz_check(worker->phase >= WORKER_STARTING && worker->phase <= WORKER_ENDED);
		CHECK_TEXT(worker->job);
	}
	vec_each (task, &sample->tasks) {
		fuzz_check(task->side >= 0 && task->side < SIDES && task->tid > 0 && task->pid > 0);
		fuzz_check(task->voluntary >= UNKNOWN && task->worker >= WORKER_HOST);
		CHECK_TEXT(task->name);
	}
	vec_each (process, &sample->processes) {
		fuzz_check(process->side >= 0 && process->side < SIDES && process->pid > 0);
		CHECK_TEXT(process->name);
	}
	vec_each (mapping, &sample->mappings) {
		fuzz_check(mapping->pid > 0 && mapping->start <= mapping->end &&
			   mapping->rss_kb >= UNKNOWN);
		CHECK_TEXT(mapping->perms);
		CHECK_TEXT(mapping->path);
	}
	vec_each (gap, &sample->gaps) {
		CHECK_TEXT(gap->what);
		CHECK_TEXT(gap->reason);
	}
}

/* Written again and read again it is written the same. */
static void check_round_trip(const struct sample *sample)
{
	struct buf once = { 0 }, twice = { 0 };
	struct sample again = { 0 };
	char why[160] = "";

	recording_put_sample(&once, sample);
	fuzz_check(recording_get_sample(
			   once.text, once.len, RECORDING_FORM, &again, why, sizeof(why)) == 0);
	recording_put_sample(&twice, &again);
	fuzz_check(once.len == twice.len && memcmp(once.text, twice.text, once.len) == 0);
	buf_finish(&once);
	buf_finish(&twice);
	sample_finish(&again);
}

/* The form that it tells, or of no header the newest. */
static int check_header(const char *line, size_t len)
{
	struct machine_info card;
	char why[160] = "";
	int rc = recording_get_header(line, len, &card, why, sizeof(why));

	fuzz_check((rc > 0 && rc <= RECORDING_FORM) ||
		   ((rc == -EINVAL || rc == -EPROTO) && why[0] != '\0'));
	if (rc < 0)
		return RECORDING_FORM;
	CHECK_TEXT(card.kernel);
	CHECK_TEXT(card.cpu);
	CHECK_TEXT(card.recorded);
	return rc;
}

/* Each line after the other, the sample of one being the one before the next. */
static void read_lines(const char *at, size_t size)
{
	const char *end = at + size, *newline, *first = at;
	struct sample sample = { 0 };
	char why[160];
	int rc, form = RECORDING_FORM;

	sample_clear(&sample);
	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			newline = end;
		if (at == first)
			form = check_header(at, (size_t)(newline - at));
		why[0] = '\0';
		rc = recording_get_sample(
			at, (size_t)(newline - at), form, &sample, why, sizeof(why));
		fuzz_check(rc == 0 || (rc == -EINVAL && why[0] != '\0'));
		if (rc == 0) {
			check_sample(&sample);
			check_round_trip(&sample);
		}
	}
	sample_finish(&sample);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	read_lines((const char *)data, size);
	return 0;
}
