/* SPDX-License-Identifier: MIT
 * Samples by chance for tests: every member unknown, zero, its most or between; the same on every machine.
 */
#ifndef TASKSCOPE_RANDOM_SAMPLE_H
#define TASKSCOPE_RANDOM_SAMPLE_H

#include <string.h>

#include "sample.h"

/* xorshift: the same samples on every machine */
static uint64_t random_state = 88172645463325252u;

static inline uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static inline int64_t between(int64_t min, int64_t max)
{
	return min + (int64_t)(next_random() % (uint64_t)(max - min + 1));
}

/* Unknown, nothing, the most, or anything between. */
static inline int64_t some(int64_t most)
{
	switch (next_random() % 4) {
	case 0:
		return UNKNOWN;
	case 1:
		return between(0, 1) ? 0 : most;
	default:
		return between(0, most);
	}
}

#define COUNT_MAX (INT64_C(1) << 47)
#define KB_MAX (INT64_C(1) << 46)
#define TIME_MAX (INT64_C(1) << 61)

static inline void some_text(char *member, size_t size)
{
	static const char *const texts[] = { "", "worker", "quote\" and \\ back", "{[,:]}\\u0041",
		"\xc3\xa4\xe2\x82\xac",
		"a name that goes on and on, so that it fills whatever member it is put in, and is "
		"cut there: "
		"so much of it that nothing else has room, of that you may be sure" };
	const char *text = texts[next_random() % ARRAY_LEN(texts)];

	memset(member, 0, size);
	safe_text(member, size, text, strlen(text));
}
#define SOME_TEXT(member) some_text((member), sizeof(member))

static inline void add_crew_and_workers(struct sample *sample, int16_t side)
{
	struct crew_sample *crew = vec_push(&sample->crews);

	crew->side = side;
	crew->kind = (int16_t)between(0, KINDS - 1);
	crew->state = (int16_t)between(CREW_OFF, CREW_FAILED);
	crew->cpu = (int16_t)between(-1, INT16_MAX);
	crew->host = (int32_t)some(INT32_MAX);
	crew->wanted = (int32_t)some(INT32_MAX);
	crew->alive = (int32_t)some(INT32_MAX);
	crew->wait_status = (int32_t)next_random();
	crew->culprit = (int16_t)between(WORKER_HOST, 1023);
	crew->fixed_addresses = between(0, 1);
	SOME_TEXT(crew->job);
	SOME_TEXT(crew->note);
	for (int64_t i = between(0, 5); i > 0; i--) {
		struct worker_sample *worker = vec_push(&sample->workers);

		worker->side = side;
		worker->index = (int16_t)between(0, 1023);
		worker->phase = (int16_t)between(WORKER_STARTING, WORKER_ENDED);
		worker->cpu = (int16_t)between(-1, INT16_MAX);
		worker->pid = (int32_t)some(INT32_MAX);
		worker->tid = (int32_t)some(INT32_MAX);
		SOME_TEXT(worker->job);
		worker->rounds = some(COUNT_MAX);
		worker->wait_status = (int32_t)next_random();
		worker->fault_signal = (int32_t)between(0, 64);
		worker->fault_address = between(0, 1) ? 0 : next_random();
		worker->stack_low = next_random();
		worker->stack_high = between(0, 1) ? UINT64_MAX : 0;
		worker->clone_flags = next_random();
		worker->x_address = next_random();
		worker->ended_ns = some(TIME_MAX);
	}
}

static inline void add_task(struct sample *sample)
{
	struct task_sample *task = vec_push(&sample->tasks);

	record_clear(&task_record, task);
	task->pid = (int32_t)between(1, INT32_MAX);
	task->tid = (int32_t)between(1, INT32_MAX);
	task->side = (int16_t)between(0, 1);
	if (between(0, 3) == 0)
		return; /* everything else unknown */
	task->start = some(TIME_MAX);
	task->worker = (int16_t)between(WORKER_HOST, 1023);
	task->cpu = (int16_t)between(-1, INT16_MAX);
	task->nice = (int16_t)between(-20, 19);
	task->state = "RSDTtZXI?"[between(0, 8)];
	SOME_TEXT(task->name);
	task->voluntary = some(COUNT_MAX);
	task->involuntary = some(COUNT_MAX);
	task->run_ns = some(TIME_MAX);
	task->wait_ns = some(TIME_MAX);
	task->slices = some(COUNT_MAX);
	task->minor_faults = some(COUNT_MAX);
	task->major_faults = some(COUNT_MAX);
}

static inline void add_process(struct sample *sample)
{
	struct process_sample *process = vec_push(&sample->processes);

	record_clear(&process_record, process);
	process->pid = (int32_t)between(1, INT32_MAX);
	process->side = (int16_t)between(0, 1);
	if (between(0, 3) == 0)
		return;
	process->ppid = (int32_t)some(INT32_MAX);
	process->start = some(TIME_MAX);
	process->worker = (int16_t)between(WORKER_HOST, 1023);
	process->state = "RSDTtZXI?"[between(0, 8)];
	SOME_TEXT(process->name);
	process->threads = (int32_t)some(INT32_MAX);
	for (int64_t *size = &process->rss_kb; size <= &process->page_tables_kb; size++)
		*size = some(KB_MAX);
	process->minor_faults = some(COUNT_MAX);
	process->major_faults = some(COUNT_MAX);
	process->at_ns = some(TIME_MAX);
}

static inline void add_mappings(struct sample *sample, int32_t pid)
{
	int64_t at_ns = some(TIME_MAX);
	uint64_t end = 0;

	for (int64_t i = between(1, 6); i > 0; i--) {
		struct mapping_sample *mapping = vec_push(&sample->mappings);

		record_clear(&mapping_record, mapping);
		mapping->pid = pid;
		mapping->start = end + next_random() % (UINT64_MAX / 16);
		mapping->end = end = mapping->start + next_random() % (UINT64_MAX / 16);
		mapping->at_ns = between(0, 5) ? at_ns : some(TIME_MAX);
		if (between(0, 3) == 0)
			continue;
		mapping->dev_major = (uint32_t)next_random();
		mapping->dev_minor = (uint32_t)next_random();
		mapping->offset = next_random();
		mapping->inode = next_random();
		memcpy(mapping->perms, "rw-p", 5);
		SOME_TEXT(mapping->path);
		for (int64_t *size = &mapping->size_kb; size <= &mapping->swap_kb; size++)
			*size = some(KB_MAX);
	}
}

/* Each process in one group, pids all different, as the source gives them. */
static inline void some_slow_lane(struct sample *sample)
{
	sample->slow_at_ns = some(TIME_MAX);
	vec_clear(&sample->processes);
	vec_clear(&sample->mappings);
	for (int64_t i = between(0, 4); i > 0; i--)
		add_process(sample);
	for (int64_t i = between(0, 3); i > 0; i--)
		add_mappings(sample, (int32_t)(1000 * i + between(0, 3)));
	sample->machine = (struct machine_sample) { .cpus = (int32_t)some(INT32_MAX),
		.load_centi = (int32_t)some(INT32_MAX),
		.switches = some(TIME_MAX),
		.total_kb = some(KB_MAX),
		.available_kb = some(KB_MAX) };
}

/* A few tasks that take turns: ascending times, each kind of event. */
static inline void add_switches(struct sample *sample)
{
	int64_t at = between(0, TIME_MAX / 2);
	int32_t tid = (int32_t)between(1, INT32_MAX - 4);

	vec_clear(&sample->switches);
	sample->switches_from_ns = some(TIME_MAX);
	sample->switches_until_ns = some(TIME_MAX);
	for (int64_t i = between(0, 3) ? 0 : between(0, 40); i > 0; i--) {
		struct switch_sample *event = vec_push(&sample->switches);

		event->at_ns = at += between(0, 1) ? between(0, 10000) : between(0, TIME_MAX / 128);
		event->pid = event->tid = tid + (int32_t)between(0, 3);
		event->side = (int8_t)between(0, SIDES - 1);
		event->cpu = (int16_t)between(-1, between(0, 3) ? 3 : INT16_MAX);
		event->kind = (int8_t)between(0, SWITCH_KINDS - 1);
		event->other = between(0, 3) ? 0 : (int32_t)between(0, INT32_MAX);
	}
}

#define SOME_PLACE(row)                                                                            \
	do {                                                                                       \
		(row)->pid = (int32_t)between(1, INT32_MAX);                                       \
		(row)->side = (int16_t)between(0, 1);                                              \
		(row)->worker = (int16_t)between(WORKER_HOST, 1023);                               \
		(row)->at_ns = some(TIME_MAX);                                                     \
	} while (0)

static inline void add_pages(struct sample *sample)
{
	struct pages_sample *row = vec_push(&sample->pages);
	int32_t n = (int32_t)between(0, 60);
	int64_t frame = between(0, 1 << 20);

	record_clear(&pages_record, row);
	SOME_PLACE(row);
	SOME_TEXT(row->name);
	row->start = next_random();
	row->page_kb = 4;
	row->pages = n;
	row->first = (uint32_t)sample->page_states.n;
	for (int i = 0; i < PAGE_STATES; i++)
		row->count[i] = (int32_t)between(0, 60);
	for (int32_t i = 0, state = 0; i < n; i++) {
		state = between(0, 2) ? state : (int32_t)between(0, PAGE_STATES - 1);
		*vec_push(&sample->page_states) = (uint8_t)state;
	}
	if (between(0, 1) || n == 0)
		return;
	row->first_frame = (int32_t)sample->page_frames.n;
	for (int32_t i = 0; i < n; i++) {
		frame = between(0, 3) ? frame + 1 : between(0, INT64_C(1) << 50);
		*vec_push(&sample->page_frames) = between(0, 3) ? frame : UNKNOWN;
	}
}

static inline void add_looks(struct sample *sample)
{
	struct pointer_sample *pointer = vec_push(&sample->pointers);
	struct register_sample *registers = vec_push(&sample->registers);

	record_clear(&pointer_record, pointer);
	SOME_PLACE(pointer);
	pointer->tid = (int32_t)between(1, INT32_MAX);
	pointer->what = (int16_t)between(0, POINTER_WHATS - 1);
	pointer->state = (int16_t)between(-1, PAGE_STATES - 1);
	pointer->known = between(0, 1);
	pointer->address = next_random();
	pointer->value = (int64_t)next_random();
	SOME_TEXT(pointer->text);
	pointer->frame = some(TIME_MAX);
	record_clear(&register_record, registers);
	SOME_PLACE(registers);
	registers->tid = (int32_t)between(1, INT32_MAX);
	registers->how = (int16_t)between(REGISTERS_NONE, REGISTERS_EARLIER);
	registers->syscall = (int16_t)between(-1, INT16_MAX);
	registers->sp = next_random();
	registers->pc = between(0, 1) ? next_random() : 0;
	registers->stack_used_kb = some(KB_MAX);
	SOME_TEXT(registers->where);
	SOME_TEXT(registers->waits_in);
}

static inline void add_tables(struct sample *sample)
{
	struct file_sample *file = vec_push(&sample->files);
	struct fs_sample *place = vec_push(&sample->places);
	struct signal_sample *signals = vec_push(&sample->signals);

	record_clear(&file_record, file);
	SOME_PLACE(file);
	file->tid = (int32_t)between(1, INT32_MAX);
	file->fd = (int32_t)some(INT32_MAX);
	file->position = (int64_t)next_random();
	file->flags = (int32_t)next_random();
	file->description = (int16_t)between(-1, INT16_MAX);
	SOME_TEXT(file->path);
	record_clear(&fs_record, place);
	SOME_PLACE(place);
	place->tid = (int32_t)between(1, INT32_MAX);
	place->umask = (int32_t)between(-1, 0777);
	place->fds = (int32_t)some(INT32_MAX);
	SOME_TEXT(place->cwd);
	record_clear(&signal_record, signals);
	SOME_PLACE(signals);
	signals->tid = (int32_t)between(1, INT32_MAX);
	signals->known = between(0, 1);
	signals->blocked = next_random();
	signals->pending = between(0, 1) ? 0 : next_random();
}

static inline void add_evidence(struct sample *sample)
{
	vec_clear(&sample->sharing);
	vec_clear(&sample->pages);
	vec_clear(&sample->page_states);
	vec_clear(&sample->page_frames);
	vec_clear(&sample->pointers);
	vec_clear(&sample->registers);
	vec_clear(&sample->files);
	vec_clear(&sample->places);
	vec_clear(&sample->signals);
	for (int64_t i = between(-3, 4); i > 0; i--) {
		struct sharing_sample *row = vec_push(&sample->sharing);

		record_clear(&sharing_record, row);
		SOME_PLACE(row);
		row->tid = (int32_t)between(1, INT32_MAX);
		for (int r = 0; r < RESOURCES; r++) {
			row->object[r] = (int16_t)between(-1, INT16_MAX);
			row->how[r] = (int16_t)between(HOW_UNKNOWN, HOW_CONSTRUCTION);
		}
		row->clone_flags = next_random();
		add_pages(sample);
		add_looks(sample);
		add_tables(sample);
	}
}

static inline void add_waits(struct sample *sample)
{
	vec_clear(&sample->waits);
	for (int64_t i = between(-3, 4); i > 0; i--) {
		struct wait_sample *row = vec_push(&sample->waits);

		record_clear(&wait_record, row);
		SOME_PLACE(row);
		row->tid = (int32_t)between(1, INT32_MAX);
		row->took_ns = (int32_t)some(INT32_MAX);
		SOME_TEXT(row->waits_in);
	}
}

static inline void some_fast_lane(struct sample *sample, int64_t at_ns)
{
	sample->at_ns = at_ns;
	vec_clear(&sample->crews);
	vec_clear(&sample->workers);
	vec_clear(&sample->tasks);
	vec_clear(&sample->gaps);
	for (int16_t side = 0; side < between(0, SIDES); side++)
		add_crew_and_workers(sample, side);
	for (int64_t i = between(0, 8); i > 0; i--)
		add_task(sample);
	for (int64_t i = between(0, 3); i > 0; i--) {
		char what[32], reason[96];

		SOME_TEXT(what);
		SOME_TEXT(reason);
		sample_gap(
			sample, (int32_t)between(0, INT32_MAX), what, (int)between(0, 133), reason);
	}
	sample->observer = (struct observer_sample) { .cpu_ns = some(TIME_MAX),
		.voluntary = some(COUNT_MAX),
		.involuntary = some(COUNT_MAX),
		.rss_kb = some(KB_MAX),
		.pss_kb = some(KB_MAX) };
	add_switches(sample);
	add_waits(sample);
	if (between(0, 2))
		add_evidence(sample);
}

/* Records are zeroed before they are filled, here and by the reader, so that they compare as bytes. */
#define ASSERT_SAME_VEC(a, b)                                                                      \
	do {                                                                                       \
		assert_int_equal((a)->n, (b)->n);                                                  \
		if ((a)->n > 0)                                                                    \
			assert_memory_equal((a)->at, (b)->at, (a)->n * sizeof((a)->at[0]));        \
	} while (0)

static inline void assert_same(const struct sample *a, const struct sample *b)
{
	assert_int_equal(a->at_ns, b->at_ns);
	assert_int_equal(a->slow_at_ns, b->slow_at_ns);
	ASSERT_SAME_VEC(&a->crews, &b->crews);
	ASSERT_SAME_VEC(&a->workers, &b->workers);
	ASSERT_SAME_VEC(&a->tasks, &b->tasks);
	ASSERT_SAME_VEC(&a->processes, &b->processes);
	ASSERT_SAME_VEC(&a->mappings, &b->mappings);
	ASSERT_SAME_VEC(&a->gaps, &b->gaps);
	ASSERT_SAME_VEC(&a->switches, &b->switches);
	ASSERT_SAME_VEC(&a->waits, &b->waits);
	ASSERT_SAME_VEC(&a->sharing, &b->sharing);
	ASSERT_SAME_VEC(&a->pages, &b->pages);
	ASSERT_SAME_VEC(&a->page_states, &b->page_states);
	ASSERT_SAME_VEC(&a->page_frames, &b->page_frames);
	ASSERT_SAME_VEC(&a->pointers, &b->pointers);
	ASSERT_SAME_VEC(&a->registers, &b->registers);
	ASSERT_SAME_VEC(&a->files, &b->files);
	ASSERT_SAME_VEC(&a->places, &b->places);
	ASSERT_SAME_VEC(&a->signals, &b->signals);
	assert_int_equal(a->switches_from_ns, b->switches_from_ns);
	assert_int_equal(a->switches_until_ns, b->switches_until_ns);
	assert_memory_equal(&a->machine, &b->machine, sizeof(a->machine));
	assert_memory_equal(&a->observer, &b->observer, sizeof(a->observer));
}

static const struct machine_info example_card = { .kernel = "6.1.0-13-amd64 x86_64",
	.cpu = "A \"quoted\" CPU",
	.cpus = 2,
	.ticks_per_s = 100,
	.perf_event_paranoid = 3,
	.uid = 1000,
	.recorded = "2026-11-24T03:00:00Z" };

#endif
