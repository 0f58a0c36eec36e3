/* SPDX-License-Identifier: MIT
 * Evidence by whom it is of: finds the records of a worker, and counts what a side has in the kernel. A process's records
 * stand for all its threads.
 */
#include "internal.h"

#include <signal.h>

static void append(char *out, size_t size, const char *separator, const char *word)
{
	const size_t len = strlen(out);

	if (len < size)
		snprintf(out + len, size - len, "%s%s", len ? separator : "", word);
}

char *format_clone_flags(char *out, size_t size, uint64_t flags)
{
	static const struct {
		uint64_t flag;
		const char *name;
	} names[] = {
		{ CLONE_VM, "VM" },
		{ CLONE_FS, "FS" },
		{ CLONE_FILES, "FILES" },
		{ CLONE_SIGHAND, "SIGHAND" },
		{ CLONE_THREAD, "THREAD" },
		{ CLONE_SYSVSEM, "SYSVSEM" },
		{ CLONE_IO, "IO" },
		{ CLONE_SETTLS, "SETTLS" },
		{ CLONE_VFORK, "VFORK" },
	};

	snprintf(out, size, "%s", "");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (flags & names[i].flag)
			append(out, size, "|", names[i].name);
	if (!out[0])
		snprintf(out, size, "fork");
	return out;
}

char *format_signals(char *out, size_t size, uint64_t mask)
{
	char number[8];

	snprintf(out, size, "%s", "");
	for (; mask; mask &= mask - 1) {
		const int signal = __builtin_ctzll(mask) + 1;
		const char *name = signal_name(signal);

		snprintf(number, sizeof(number), "%d", signal);
		append(out, size, " ", name ? name : number);
	}
	if (!out[0])
		snprintf(out, size, "none");
	return out;
}

/* --- whose --- */

struct whose {
	enum side side;
	int worker;
	int32_t pid; /* of its process; 0: unknown */
};

/* The record that fits best, of those that are meant (all, if NULL): the member's own, else its process's. */
static const void *find(const struct sample *sample, const struct record *record,
	const struct whose *whose, bool (*is_meant)(const void *record, enum fact_scope scope),
	enum fact_scope scope)
{
	const size_t side = record_role(record, ROLE_SIDE)->offset,
		     worker = record_role(record, ROLE_WORKER)->offset,
		     pid = record_role(record, ROLE_PID)->offset;
	const char *row, *of_process = NULL;
	size_t n;

	for (row = record_at(record, sample, &n); n > 0; n--, row += record->size) {
		if (*(const int16_t *)(row + side) != (int16_t)whose->side ||
			(is_meant && !is_meant(row, scope)))
			continue;
		if (*(const int16_t *)(row + worker) == whose->worker)
			return row;
		if (!of_process && whose->pid > 0 && *(const int32_t *)(row + pid) == whose->pid)
			of_process = row;
	}
	return of_process;
}

static bool is_of_arena(const void *record, enum fact_scope scope)
{
	return strcmp(((const struct pages_sample *)record)->name, "arena") == 0;
}

static bool is_of_window(const void *record, enum fact_scope scope)
{
	return !is_of_arena(record, scope);
}

static bool is_of_crew_file(const void *record, enum fact_scope scope)
{
	return strstr(((const struct file_sample *)record)->path, CREW_FILE) != NULL;
}

static bool is_pointer_of(const void *record, enum fact_scope scope)
{
	static const int16_t whats[FACT_SCOPES] = { [FACT_X] = POINTER_X,
		[FACT_LOCAL] = POINTER_LOCAL,
		[FACT_VICTIM] = POINTER_VICTIM,
		[FACT_NEIGHBOUR] = POINTER_NEIGHBOUR };

	return ((const struct pointer_sample *)record)->what == whats[scope];
}

/* A table that was read, and has no such descriptor. */
static const struct file_sample closed_file = {
	.fd = -1, .position = UNKNOWN, .description = -1, .at_ns = UNKNOWN
};

static const void *find_file(const struct sample *sample, const struct whose *whose)
{
	const struct fs_sample *place = find(sample, &fs_record, whose, NULL, FACT_PLACE);
	const void *file = find(sample, &file_record, whose, is_of_crew_file, FACT_FILE);

	return file || !place || place->fds < 0 ? file : &closed_file;
}

/* Of what each task has of its own, a process's record says nothing. */
static bool is_of_task(enum fact_scope scope)
{
	return scope != FACT_PAGES && scope != FACT_WINDOW && scope != FACT_X &&
	       scope != FACT_FILE && scope != FACT_PLACE;
}

const void *model_evidence(
	const struct model *model, enum fact_scope scope, enum side side, int worker)
{
	static bool (*const meant[FACT_SCOPES])(const void *record, enum fact_scope scope) = {
		[FACT_PAGES] = is_of_arena,
		[FACT_WINDOW] = is_of_window,
		[FACT_X] = is_pointer_of,
		[FACT_LOCAL] = is_pointer_of,
		[FACT_VICTIM] = is_pointer_of,
		[FACT_NEIGHBOUR] = is_pointer_of,
	};
	const struct sample *sample = model_sample(model);
	const struct track *track =
		is_of_task(scope) ? NULL : side_track(model_side(model, side), worker);
	const struct whose whose = { side, worker, track ? track->now.pid : 0 };

	if (scope == FACT_FILE)
		return find_file(sample, &whose);
	return find(sample, fact_scope_record(scope), &whose,
		scope < FACT_SCOPES ? meant[scope] : NULL, scope);
}

/* --- a side in the kernel --- */

#define SHARING_WHOLE 256 /* up to here all tasks of a side are compared */

/* How many different objects of a resource a side has; UNKNOWN if any is not known. */
static int64_t count_objects(
	const struct sample *sample, enum side side, enum resource resource, int tasks)
{
	int64_t n = 0;
	int rows = 0;

	for (size_t i = 0; i < sample->sharing.n; i++) {
		const struct sharing_sample *row = &sample->sharing.at[i];
		bool first = true;

		if (row->side != (int16_t)side)
			continue;
		if (row->object[resource] < 0)
			return UNKNOWN;
		rows++;
		for (size_t k = 0; k < i && first; k++)
			first = sample->sharing.at[k].side != (int16_t)side ||
				sample->sharing.at[k].object[resource] != row->object[resource];
		n += first && row->object[resource] > 0;
	}
	/* Of many tasks only those in sight are compared. */
	return rows > 0 && (rows >= tasks || tasks <= SHARING_WHOLE) ? n : UNKNOWN;
}

void evidence_totals(const struct sample *sample, enum side side, struct side_totals *totals)
{
	const struct crew_sample *crew;
	const struct worker_sample *worker;
	const struct mapping_sample *mapping;

	totals->alive = totals->wanted = totals->ended = totals->mappings = UNKNOWN;
	totals->count_expected = totals->count_value = totals->count_lost = UNKNOWN;
	totals->cpu_group[0] = '\0';
	vec_each (crew, &sample->crews) {
		if (crew->side != (int16_t)side)
			continue;
		totals->alive = crew->alive;
		totals->wanted = crew->wanted;
		totals->ended = 0;
		snprintf(totals->cpu_group, sizeof(totals->cpu_group), "%s", crew->cpu_group);
		if (!crew->count_order[0] || crew->count_expected < 0 || crew->count_value < 0)
			continue;
		totals->count_expected = crew->count_expected;
		totals->count_value = crew->count_value;
		totals->count_lost = MAX(crew->count_expected - crew->count_value, 0);
	}
	vec_each (worker, &sample->workers)
		if (worker->side == (int16_t)side && totals->ended != UNKNOWN)
			totals->ended += worker->phase == WORKER_ENDED;
	totals->kernel_stack_kb =
		totals->tasks > 0 ? (int64_t)totals->tasks * KERNEL_STACK_KB : UNKNOWN;
	totals->address_spaces = count_objects(sample, side, RESOURCE_MEMORY, totals->tasks);
	totals->fd_tables = count_objects(sample, side, RESOURCE_FILES, totals->tasks);
	totals->handler_tables = count_objects(sample, side, RESOURCE_HANDLERS, totals->tasks);
	for (size_t i = 0; i < sample->processes.n; i++) {
		const struct process_sample *process = &sample->processes.at[i];
		int64_t n = MAX(process->mappings, 0);

		if (process->side != (int16_t)side)
			continue;
		for (mapping = sample->mappings.at;
			!n && mapping && mapping < sample->mappings.at + sample->mappings.n;
			mapping++)
			n += mapping->pid == process->pid;
		if (n > 0)
			totals->mappings = add_known(totals->mappings, n);
	}
}
