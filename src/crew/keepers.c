/* SPDX-License-Identifier: MIT
 * The viewer's programs as the screen sees them: what a keeper is told, when it lets its program start or ends it, and the
 * record that is made of its page.
 */
#include <sys/wait.h>

#include "internal.h"
#include "keep.h"

static size_t text_size(const struct keep_plan *plan)
{
	size_t size = 0;

	for (size_t i = 0; i < plan->n; i++)
		size += strlen(plan->words[i]) + 1;
	return size;
}

size_t keep_size(const struct keep_plan *plan)
{
	return sizeof(struct keep) + text_size(plan);
}

void keep_write(struct board *board, const struct keep_plan *plan)
{
	struct keep *keep = (struct keep *)board;
	char *at = keep->text;

	for (size_t i = 0; i < plan->n; i++)
		at = stpcpy(at, plan->words[i]) + 1;
	keep->words = (uint32_t)plan->n;
	keep->output = plan->discard ? KEEP_OUTPUT_NONE : KEEP_OUTPUT_LAST;
	if (plan->file)
		keep->output = KEEP_OUTPUT_FILE;
	keep->replace = plan->replace;
	snprintf(keep->path, sizeof(keep->path), "%s", plan->path);
	snprintf(keep->command, sizeof(keep->command), "%s", plan->command);
	snprintf(keep->file, sizeof(keep->file), "%s", plan->file ? plan->file : "");
	snprintf(keep->cgroup, sizeof(keep->cgroup), "%s", plan->cgroup ? plan->cgroup : "");
}

static struct keep *keep_of(const struct crew *crew)
{
	return crew->plan.keep && crew->board ? (struct keep *)crew->board : NULL;
}

void crews_let_programs_start(struct crews *crews)
{
	for (int side = 0; side < SIDES; side++) {
		struct keep *keep = keep_of(&crews->crew[side]);

		if (keep)
			atomic_store(&keep->start, 1);
	}
	for (int side = 0; side < SIDES; side++)
		if (keep_of(&crews->crew[side]))
			bell_add(crews->crew[side].orders);
}

int crew_end_program(struct crews *crews, enum side side)
{
	const struct crew *crew = &crews->crew[side];
	struct keep *keep = keep_of(crew);

	if (!keep || crew_program_is_over(crews, side))
		return -ESRCH;
	atomic_store(&keep->stop, 1);
	bell_add(crew->orders);
	return 0;
}

bool crew_program_is_over(const struct crews *crews, enum side side)
{
	const struct crew *crew = &crews->crew[side];
	const struct keep *keep = keep_of(crew);

	if (!keep || crew->state == CREW_FAILED || crew->state == CREW_ENDED)
		return true;
	return atomic_load(&keep->state) == KEEP_OVER;
}

static enum program_state state_of(const struct crew *crew, const struct keep *keep)
{
	static const enum program_state states[] = {
		[KEEP_READY] = PROGRAM_STARTING,
		[KEEP_RUNNING] = PROGRAM_RUNNING,
		[KEEP_ENDED] = PROGRAM_ENDED,
		[KEEP_OVER] = PROGRAM_OVER,
	};
	uint32_t state = atomic_load(&keep->state);

	if (crew->state == CREW_FAILED || (crew->state == CREW_ENDED && state != KEEP_OVER))
		return PROGRAM_FAILED;
	if (state == KEEP_RUNNING && atomic_load(&keep->stopped_by))
		return PROGRAM_STOPPED;
	return state <= KEEP_OVER ? states[state] : PROGRAM_FAILED;
}

/* The last lines that were printed, if the keeper wrote no others over them while they were copied. */
static void copy_last(const struct keep *keep, struct program_sample *program)
{
	char text[PROGRAM_PRINTED_LAST], line[sizeof(text)];
	uint64_t end = atomic_load(&keep->printed);
	size_t n = (size_t)MIN(end, sizeof(text)), used = 0;

	for (size_t i = 0; i < n; i++)
		text[i] = keep->tail[(end - n + i) % KEEP_TAIL];
	if (keep->output == KEEP_OUTPUT_NONE ||
		atomic_load(&keep->printed) - end > KEEP_TAIL - sizeof(text))
		return;
	/* A line that began before is not shown in part. */
	const char *at = end > n ? memchr(text, '\n', n) : text, *last = text + n;

	for (at = at ? at : text; at < last;) {
		const char *stop = memchr(at, '\n', (size_t)(last - at));
		size_t len = (size_t)((stop ? stop : last) - at);

		safe_text(line, sizeof(line), at, len);
		if (*line)
			used += (size_t)snprintf(program->last + used, sizeof(program->last) - used,
				"%s%s", used ? PROGRAM_LINE : "", line);
		if (used >= sizeof(program->last))
			break;
		at += len + 1;
	}
}

static void report_times(const struct keep *keep, struct program_sample *program)
{
	nsec started = atomic_load(&keep->started_ns), ended = atomic_load(&keep->ended_ns);
	bool reaped = atomic_load(&keep->peak_rss_kb) > 0;

	if (started)
		program->started_ns = started;
	if (ended) {
		program->ended_ns = ended;
		program->wait_status = atomic_load(&keep->wait_status);
	}
	if (started)
		program->wall_ns = (ended ? ended : nsec_monotonic()) - started;
	if (reaped) {
		program->user_us = atomic_load(&keep->user_us);
		program->system_us = atomic_load(&keep->system_us);
		program->peak_rss_kb = atomic_load(&keep->peak_rss_kb);
	}
}

static void report(const struct crew *crew, const struct keep *keep, enum side side,
	struct program_sample *program)
{
	int file_error = atomic_load(&keep->file_error);

	program->side = (int16_t)side;
	program->state = (int16_t)state_of(crew, keep);
	program->stopped_by = (int16_t)atomic_load(&keep->stopped_by);
	if (atomic_load(&keep->pid) > 0)
		program->pid = atomic_load(&keep->pid);
	if (crew->host > 0)
		program->keeper = crew->host;
	program->printed = (int64_t)atomic_load(&keep->printed);
	sample_text(program->command, keep->command, strlen(keep->command));
	report_times(keep, program);
	copy_last(keep, program);
	if (file_error)
		snprintf(program->note, sizeof(program->note),
			"the file of what it prints ends early: %s", strerror(file_error));
	if (*keep->board.note)
		sample_text(program->note, keep->board.note, strnlen(keep->board.note, 159));
	/* A keeper that has said why ends with a status as well. */
	if (program->state == PROGRAM_FAILED && crew->wait_status && !*keep->board.note)
		snprintf(program->note, sizeof(program->note),
			"its keeper was ended (%s %d), and with it all that it kept",
			WIFSIGNALED(crew->wait_status) ? "signal" : "status",
			WIFSIGNALED(crew->wait_status) ? WTERMSIG(crew->wait_status)
						       : WEXITSTATUS(crew->wait_status));
	if (*crew->note && !*program->note)
		snprintf(program->note, sizeof(program->note), "%s", crew->note);
}

int crew_output_error(const struct crews *crews, enum side side)
{
	const struct keep *keep = keep_of(&crews->crew[side]);

	return keep ? -atomic_load(&keep->file_error) : 0;
}

void crews_report_programs(const struct crews *crews, struct sample *sample)
{
	for (int side = 0; side < SIDES; side++) {
		const struct keep *keep = keep_of(&crews->crew[side]);

		if (keep)
			report(&crews->crew[side], keep, (enum side)side,
				record_push(&program_record, sample));
	}
}
