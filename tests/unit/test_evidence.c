/* SPDX-License-Identifier: MIT
 * Evidence by whom it is of: a worker's own record first, its process's for what processes have, and never for what each
 * task has of its own; and which pages are one page of memory. */
#include <sched.h>

#include "model_samples.h"

#define HOST 100
#define WORKER 101

struct stage {
	struct model *model;
	struct sample sample;
};

static int set_up(void **state)
{
	struct stage *stage = xcalloc(1, sizeof(*stage));

	stage->model = model_create(4);
	start_sample(&stage->sample, 1000 * MSEC);
	*state = stage;
	return 0;
}

static int tear_down(void **state)
{
	struct stage *stage = *state;

	model_destroy(stage->model);
	sample_finish(&stage->sample);
	free(stage);
	return 0;
}

/* A host with one worker: a process of its own, or a thread. */
static void populate(struct stage *stage, enum side side, bool thread)
{
	add_task(&stage->sample, side, HOST, HOST)->worker = WORKER_HOST;
	add_task(&stage->sample, side, thread ? HOST : WORKER, WORKER)->worker = 0;
}

static const void *evidence(const struct stage *stage, enum fact_scope scope, int worker)
{
	return model_evidence(stage->model, scope, SIDE_RIGHT, worker);
}

static struct pages_sample *add_pages(
	struct stage *stage, int32_t pid, int worker, const char *name, const char *states)
{
	struct sample *sample = &stage->sample;
	struct pages_sample *row = vec_push(&sample->pages);

	record_clear(&pages_record, row);
	row->pid = pid;
	row->side = SIDE_RIGHT;
	row->worker = (int16_t)worker;
	row->page_kb = 4;
	row->pages = (int32_t)strlen(states);
	row->first = (uint32_t)sample->page_states.n;
	snprintf(row->name, sizeof(row->name), "%s", name);
	for (const char *at = states; *at; at++)
		*vec_push(&sample->page_states) = *at == 'o'   ? PAGE_OWN
						  : *at == 's' ? PAGE_SHARED
						  : *at == 'f' ? PAGE_FILE
							       : PAGE_ABSENT;
	return row;
}

static void set_frames(struct stage *stage, struct pages_sample *row, const int64_t *frames)
{
	row->first_frame = (int32_t)stage->sample.page_frames.n;
	for (int i = 0; i < row->pages; i++)
		*vec_push(&stage->sample.page_frames) = frames[i];
}

static void a_process_has_its_own_records(void **state)
{
	struct stage *stage = *state;

	populate(stage, SIDE_RIGHT, false);
	add_pages(stage, HOST, WORKER_HOST, "arena", "ss");
	add_pages(stage, WORKER, 0, "arena", "so");
	model_feed(stage->model, &stage->sample);
	assert_int_equal(
		((const struct pages_sample *)evidence(stage, FACT_PAGES, 0))->pid, WORKER);
	assert_int_equal(
		((const struct pages_sample *)evidence(stage, FACT_PAGES, WORKER_HOST))->pid, HOST);
	assert_null(evidence(stage, FACT_PAGES, 1));
	assert_null(model_evidence(stage->model, FACT_PAGES, SIDE_LEFT, 0));
}

static void a_thread_has_what_its_process_has(void **state)
{
	struct stage *stage = *state;

	populate(stage, SIDE_RIGHT, true);
	add_pages(stage, HOST, WORKER_HOST, "arena", "oo");
	*vec_push(&stage->sample.places) = (struct fs_sample) {
		.pid = HOST, .tid = HOST, .side = SIDE_RIGHT, .worker = WORKER_HOST, .umask = 18
	};
	model_feed(stage->model, &stage->sample);
	assert_non_null(evidence(stage, FACT_PAGES, 0));
	assert_ptr_equal(evidence(stage, FACT_PAGES, 0), evidence(stage, FACT_PAGES, WORKER_HOST));
	assert_non_null(evidence(stage, FACT_PLACE, 0));
}

static void a_thread_has_not_what_another_task_has(void **state)
{
	static const enum fact_scope own[] = { FACT_SHARING, FACT_LOCAL, FACT_VICTIM,
		FACT_NEIGHBOUR, FACT_REGISTERS, FACT_SIGNALS };
	struct stage *stage = *state;
	struct sample *sample = &stage->sample;
	const struct signal_sample *signals;

	populate(stage, SIDE_RIGHT, true);
	*vec_push(&sample->sharing) = (struct sharing_sample) {
		.pid = HOST, .tid = HOST, .side = SIDE_RIGHT, .worker = WORKER_HOST
	};
	*vec_push(&sample->registers) = (struct register_sample) {
		.pid = HOST, .tid = HOST, .side = SIDE_RIGHT, .worker = WORKER_HOST
	};
	*vec_push(&sample->signals) = (struct signal_sample) {
		.pid = HOST, .tid = HOST, .side = SIDE_RIGHT, .worker = WORKER_HOST, .known = true
	};
	for (int what = POINTER_LOCAL; what < POINTER_WHATS; what++)
		*vec_push(&sample->pointers) = (struct pointer_sample) { .pid = HOST,
			.tid = HOST,
			.side = SIDE_RIGHT,
			.worker = WORKER_HOST,
			.what = (int16_t)what };
	model_feed(stage->model, sample);
	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		assert_non_null(evidence(stage, own[i], WORKER_HOST));
		assert_null(evidence(stage, own[i], 0));
	}
	*vec_push(&sample->signals) = (struct signal_sample) { .pid = HOST,
		.tid = WORKER,
		.side = SIDE_RIGHT,
		.worker = 0,
		.known = true,
		.blocked = 4 };
	model_feed(stage->model, sample);
	signals = evidence(stage, FACT_SIGNALS, 0);
	assert_int_equal(signals->blocked, 4);
}

static void a_pointer_is_found_by_what_it_points_to(void **state)
{
	struct stage *stage = *state;
	static const enum fact_scope scopes[POINTER_WHATS] = { FACT_X, FACT_LOCAL, FACT_VICTIM,
		FACT_NEIGHBOUR };

	populate(stage, SIDE_RIGHT, false);
	for (int what = 0; what < POINTER_WHATS; what++)
		*vec_push(&stage->sample.pointers) = (struct pointer_sample) { .pid = WORKER,
			.tid = WORKER,
			.side = SIDE_RIGHT,
			.worker = 0,
			.what = (int16_t)what };
	model_feed(stage->model, &stage->sample);
	for (int what = 0; what < POINTER_WHATS; what++) {
		const struct pointer_sample *pointer = evidence(stage, scopes[what], 0);

		assert_int_equal(pointer->what, what);
	}
}

static void the_arena_is_not_the_mapping_that_is_looked_at(void **state)
{
	struct stage *stage = *state;
	const struct pages_sample *row;

	populate(stage, SIDE_RIGHT, false);
	add_pages(stage, WORKER, 0, "heap", "o");
	model_feed(stage->model, &stage->sample);
	assert_null(evidence(stage, FACT_PAGES, 0));
	row = evidence(stage, FACT_WINDOW, 0);
	assert_string_equal(row->name, "heap");
	add_pages(stage, WORKER, 0, "arena", "ss");
	model_feed(stage->model, &stage->sample);
	row = evidence(stage, FACT_PAGES, 0);
	assert_int_equal(row->pages, 2);
	row = evidence(stage, FACT_WINDOW, 0);
	assert_int_equal(row->pages, 1);
}

/* A table without the descriptor is not one that was not read. */
static void a_closed_file_is_closed_and_not_unknown(void **state)
{
	struct stage *stage = *state;
	struct fact_value value;

	populate(stage, SIDE_RIGHT, false);
	model_feed(stage->model, &stage->sample);
	assert_null(evidence(stage, FACT_FILE, 0));
	*vec_push(&stage->sample.places) = (struct fs_sample) {
		.pid = WORKER, .tid = WORKER, .side = SIDE_RIGHT, .worker = 0, .fds = 3
	};
	model_feed(stage->model, &stage->sample);
	assert_true(fact_value(stage->model, "right.worker0.file_open", &value, NULL, 0));
	assert_int_equal(value.quality, QUALITY_SAMPLED);
	assert_true(value.number == 0);
	*vec_push(&stage->sample.files) = (struct file_sample) { .pid = WORKER,
		.tid = WORKER,
		.side = SIDE_RIGHT,
		.worker = 0,
		.fd = 8,
		.position = 100,
		.path = "/memfd:" CREW_FILE " (deleted)" };
	model_feed(stage->model, &stage->sample);
	assert_true(fact_value(stage->model, "right.worker0.file_position", &value, NULL, 0));
	assert_true(value.number == 100);
}

/* --- frames --- */

static void equal_frames_at_one_place_are_one_page(void **state)
{
	struct stage *stage = *state;
	struct pages_sample *host = add_pages(stage, HOST, WORKER_HOST, "arena", "sosa");

	set_frames(stage, host, (const int64_t[]) { 10, 11, 12, UNKNOWN });
	set_frames(stage, add_pages(stage, 1, 0, "arena", "ssos"),
		(const int64_t[]) { 10, 21, 22, 23 });
	set_frames(stage, add_pages(stage, 2, 1, "arena", "ssss"),
		(const int64_t[]) { 10, 21, 12, 23 });
	model_feed(stage->model, &stage->sample);
	static const uint8_t wanted[] = { PAGE_MARK_FIRST, PAGE_MARK_NONE, PAGE_MARK_FIRST,
		PAGE_MARK_NONE, /* the host's */
		PAGE_MARK_FIRST, PAGE_MARK_OTHER, PAGE_MARK_NONE,
		PAGE_MARK_FIRST, /* worker 0: the host has no page there */
		PAGE_MARK_FIRST, PAGE_MARK_OTHER, PAGE_MARK_FIRST, PAGE_MARK_FIRST };

	assert_memory_equal(model_page_marks(stage->model), wanted, sizeof(wanted));
	assert_int_equal(model_sample(stage->model)->pages.at[0].equal, 2);
	assert_int_equal(model_sample(stage->model)->pages.at[1].equal, 3);
	assert_int_equal(model_sample(stage->model)->pages.at[2].equal, 4);
}

/* The same number elsewhere, or of another range, is another matter. */
static void equal_frames_elsewhere_say_nothing(void **state)
{
	struct stage *stage = *state;

	set_frames(stage, add_pages(stage, 1, 0, "arena", "ss"), (const int64_t[]) { 10, 11 });
	set_frames(stage, add_pages(stage, 2, 1, "arena", "ss"), (const int64_t[]) { 11, 10 });
	set_frames(stage, add_pages(stage, 3, 2, "heap", "ss"), (const int64_t[]) { 10, 11 });
	model_feed(stage->model, &stage->sample);
	for (int i = 0; i < 6; i++)
		assert_int_equal(model_page_marks(stage->model)[i], PAGE_MARK_NONE);
	assert_int_equal(model_sample(stage->model)->pages.at[0].equal, 0);
}

static void without_frame_numbers_nothing_is_claimed(void **state)
{
	struct stage *stage = *state;
	struct fact_value value;

	populate(stage, SIDE_RIGHT, false);
	add_pages(stage, HOST, WORKER_HOST, "arena", "ss");
	add_pages(stage, WORKER, 0, "arena", "ss");
	sample_gap(&stage->sample, WORKER, "frames", 1, "frame numbers need root (CAP_SYS_ADMIN)");
	model_feed(stage->model, &stage->sample);
	assert_int_equal(model_page_marks(stage->model)[0], PAGE_MARK_NONE);
	assert_int_equal(model_sample(stage->model)->pages.at[1].equal, -1);
	assert_true(fact_value(stage->model, "right.worker0.arena_equal", &value, NULL, 0));
	assert_int_equal(value.quality, QUALITY_UNAVAILABLE);
	assert_string_equal(value.reason, "frame numbers need root (CAP_SYS_ADMIN)");
	assert_true(fact_value(stage->model, "right.worker0.arena_shared", &value, NULL, 0));
	assert_true(value.number == 0); /* counts are the source's */
}

/* Ranges of different lengths, and a source that says more pages than it gave. */
static void rows_that_do_not_fit_are_left_alone(void **state)
{
	struct stage *stage = *state;
	struct pages_sample *row;

	set_frames(stage, add_pages(stage, 1, 0, "heap", "ssss"), (const int64_t[]) { 1, 2, 3, 4 });
	set_frames(stage, add_pages(stage, 2, 1, "heap", "s"), (const int64_t[]) { 1 });
	row = add_pages(stage, 3, 2, "heap", "s");
	row->pages = 1000;
	row->first_frame = 0;
	model_feed(stage->model, &stage->sample);
	assert_int_equal(model_page_marks(stage->model)[0], PAGE_MARK_FIRST);
	assert_int_equal(model_page_marks(stage->model)[4], PAGE_MARK_FIRST);
	assert_int_equal(model_sample(stage->model)->pages.at[2].equal, -1);
}

static void mappings_are_summed_where_they_were_counted(void **state)
{
	struct stage *stage = *state;
	struct fact_value value;

	populate(stage, SIDE_RIGHT, false);
	add_process(&stage->sample, SIDE_RIGHT, HOST);
	model_feed(stage->model, &stage->sample);
	assert_true(fact_value(stage->model, "right.mappings", &value, NULL, 0));
	assert_int_equal(value.quality, QUALITY_UNAVAILABLE);
	stage->sample.processes.at[0].mappings = 30;
	add_process(&stage->sample, SIDE_RIGHT, WORKER)->mappings = 12;
	model_feed(stage->model, &stage->sample);
	assert_true(fact_value(stage->model, "right.mappings", &value, NULL, 0));
	assert_true(value.number == 42);
	assert_true(fact_value(stage->model, "right.process101.mappings", &value, NULL, 0));
	assert_true(value.number == 12);
	assert_true(fact_value(stage->model, "right.worker0.kernel_stack_kb", &value, NULL, 0));
	assert_int_equal(value.quality, QUALITY_BY_CONSTRUCTION);
}

/* Where kcmp is refused no number comes from kcmp, and where a task runs none from the file of blocked ones. */
static void a_value_names_what_it_stands_on(void **state)
{
	static const struct {
		const char *path;
		int16_t how;
		enum quality quality;
		const char *source;
	} cases[] = {
		{ "right.worker0.mm", HOW_KERNEL, QUALITY_LIVE, "kcmp(2)" },
		{ "right.worker0.mm", HOW_BEHAVIOUR, QUALITY_LIVE, "in place of kcmp: tables" },
		{ "right.worker0.mm", HOW_CONSTRUCTION, QUALITY_BY_CONSTRUCTION,
			"in place of kcmp: the clone flags" },
		{ "right.worker0.sp", REGISTERS_SYSCALL, QUALITY_LIVE,
			"/proc/PID/task/TID/syscall" },
		{ "right.worker0.pc", REGISTERS_PERF, QUALITY_SAMPLED, "perf_event" },
		{ "right.worker0.where", REGISTERS_EARLIER, QUALITY_SAMPLED,
			"/proc/PID/task/TID/syscall, before" },
		{ "right.worker0.tls", REGISTERS_EARLIER, QUALITY_LIVE, "the crew's board" },
	};
	struct stage *stage = *state;
	struct fact_value value;

	populate(stage, SIDE_RIGHT, false);
	struct sharing_sample *sharing = vec_push(&stage->sample.sharing);
	struct register_sample *registers = vec_push(&stage->sample.registers);

	*sharing = (struct sharing_sample) {
		.pid = WORKER, .tid = WORKER, .side = SIDE_RIGHT, .worker = 0
	};
	sharing->object[RESOURCE_MEMORY] = 2;
	*registers = (struct register_sample) { .pid = WORKER,
		.tid = WORKER,
		.side = SIDE_RIGHT,
		.worker = 0,
		.sp = 4096,
		.pc = 4096,
		.tls = 4096,
		.where = "read+0x1" };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		sharing->how[RESOURCE_MEMORY] = registers->how = cases[i].how;
		model_feed(stage->model, &stage->sample);
		assert_true(fact_value(stage->model, cases[i].path, &value, NULL, 0));
		assert_int_equal(value.quality, cases[i].quality);
		assert_ptr_equal(strstr(value.source, cases[i].source), value.source);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_process_has_its_own_records),
		TEST(a_thread_has_what_its_process_has),
		TEST(a_thread_has_not_what_another_task_has),
		TEST(a_pointer_is_found_by_what_it_points_to),
		TEST(the_arena_is_not_the_mapping_that_is_looked_at),
		TEST(a_closed_file_is_closed_and_not_unknown),
		TEST(equal_frames_at_one_place_are_one_page),
		TEST(equal_frames_elsewhere_say_nothing),
		TEST(without_frame_numbers_nothing_is_claimed),
		TEST(rows_that_do_not_fit_are_left_alone),
		TEST(mappings_are_summed_where_they_were_counted),
		TEST(a_value_names_what_it_stands_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
