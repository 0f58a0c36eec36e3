/* SPDX-License-Identifier: MIT
 * Facts: every number has a source and a caveat, every path of a sample resolves to the very number
 * of the sample, and what is missing says why.
 */
#include "model_samples.h"

#include <stdio.h>

struct scope {
	struct model *model;
	struct sample sample;
	struct fact_value value;
	char why[128];
};

/* Ascending sizes, in the order of the table. */
static void set_sizes(const struct record *record, void *row, int64_t first)
{
	for (size_t i = 0; i < record->n; i++)
		if (record->fields[i].unit && strcmp(record->fields[i].unit, "kB") == 0)
			field_set_integer(&record->fields[i],
				(char *)row + record->fields[i].offset, first++);
}

/* One process worker with its host on the left, two thread workers on the right; all is known. */
static void fill(struct sample *sample, nsec at_ns, int64_t n)
{
	static const int32_t tids[] = { 100, 101, 200, 201, 202 };
	static const int16_t workers[] = { WORKER_HOST, 0, WORKER_HOST, 0, 1 };

	start_sample(sample, at_ns);
	add_crew(sample, SIDE_LEFT, KIND_PROCESSES, 100);
	add_crew(sample, SIDE_RIGHT, KIND_THREADS, 200);
	for (size_t i = 0; i < ARRAY_LEN(tids); i++) {
		const enum side side = tids[i] < 200 ? SIDE_LEFT : SIDE_RIGHT;
		const int32_t pid = side == SIDE_LEFT ? tids[i] : 200;
		struct task_sample *task = add_task(sample, side, pid, tids[i]);

		task->worker = workers[i];
		task->cpu = 1;
		task->nice = -5;
		task->voluntary = 1000 * tids[i] + 10 * n;
		task->involuntary = 2000 * tids[i] + 20 * n;
		task->run_ns = 30 * MSEC * n;
		task->wait_ns = 5 * MSEC * n;
		task->slices = 30 * n;
		task->minor_faults = 40 * n;
		task->major_faults = n;
		if (workers[i] >= 0) {
			struct worker_sample *worker =
				add_worker(sample, side, workers[i], pid, tids[i]);

			worker->rounds = 77;
			worker->stack_low = 0x700000000000 + 0x10000 * (uint64_t)i;
			worker->stack_high = worker->stack_low + 0x8000;
		}
		if (pid == tids[i]) {
			struct process_sample *process = add_process(sample, side, pid);

			process->worker = workers[i];
			process->ppid = 1;
			process->at_ns = at_ns - 300 * MSEC;
			set_sizes(&process_record, process, pid);
			process->minor_faults = 50 * n;
			process->major_faults = 2 * n;
		}
	}
	sample->slow_at_ns = at_ns - 300 * MSEC;
	sample->machine = (struct machine_sample) { 2, 150, 100000 * n, 8000000, 6000000 };
	sample->observer = (struct observer_sample) { MSEC * n, 10 * n, n, 9000, 4000 };
}

static void add_mappings(struct sample *sample)
{
	static const struct {
		uint64_t start, end;
		const char *perms, *path;
	} maps[] = {
		{ 0x555555554000, 0x555555556000, "r--p", "/usr/lib/taskscope/taskscope-crew" },
		{ 0x555555556000, 0x555555559000, "r-xp", "/usr/lib/taskscope/taskscope-crew" },
		{ 0x555555560000, 0x555555581000, "rw-p", "[heap]" },
		{ 0x700000030000, 0x700000038000, "rw-p", "" },
		{ 0x700000040000, 0x700000048000, "rw-p", "" },
		{ 0x700000100000, 0x700000101000, "rw-s", "/memfd:taskscope-X (deleted)" },
	};

	for (size_t i = 0; i < ARRAY_LEN(maps); i++) {
		struct mapping_sample *mapping = add_mapping(
			sample, 200, maps[i].start, maps[i].end, maps[i].perms, maps[i].path);

		set_sizes(&mapping_record, mapping, 1000 * (int64_t)i);
	}
}

static int set_up(void **state)
{
	struct scope *s = xcalloc(1, sizeof(*s));

	s->model = model_create(8);
	*state = s;
	return 0;
}

static int set_up_full(void **state)
{
	struct scope *s;

	set_up(state);
	s = *state;
	for (int n = 1; n <= 2; n++) {
		fill(&s->sample, n * 1000 * MSEC, n);
		add_mappings(&s->sample);
		model_feed(s->model, &s->sample);
	}
	return 0;
}

static int tear_down(void **state)
{
	struct scope *s = *state;

	model_destroy(s->model);
	sample_finish(&s->sample);
	free(s);
	return 0;
}

static double get(struct scope *s, const char *path)
{
	if (!fact_value(s->model, path, &s->value, s->why, sizeof(s->why)))
		fail_msg("%s: %s", path, s->why);
	if (isnan(s->value.number) != (s->value.quality == QUALITY_UNAVAILABLE))
		fail_msg("%s: quality and number do not agree", path);
	if (isnan(s->value.number) != (s->value.reason[0] != '\0'))
		fail_msg("%s: a missing number has a reason, and only that", path);
	return s->value.number;
}

static void assert_refused(struct scope *s, const char *path)
{
	s->why[0] = '\0';
	s->value.number = 12345;
	if (fact_value(s->model, path, &s->value, s->why, sizeof(s->why)))
		fail_msg("%s was accepted", path);
	assert_int_not_equal(s->why[0], '\0');
	assert_true(s->value.number == 12345);
	assert_false(fact_value(s->model, path, &s->value, NULL, 0));
}

static void names_are_unique_in_a_scope(void **state)
{
	(void)state;
	const struct fact *fact;

	for (size_t i = 0; (fact = fact_at(i)); i++)
		assert_ptr_equal(fact_find(fact->scope, fact->name), fact);
	assert_null(fact_at(SIZE_MAX));
	assert_null(fact_find(FACT_TASK, "rss_kb"));
	assert_null(fact_find(FACT_TASK, ""));
}

static void every_fact_is_complete(void **state)
{
	static const char *const units[] = { "1/s", "kB", "ns", "%", "ticks", "letter", "address",
		"1/100", "" };

	(void)state;
	const struct fact *fact;

	for (size_t i = 0; (fact = fact_at(i)); i++) {
		const size_t len = strlen(fact->caveat);
		bool unit = false;

		for (size_t j = 0; j < ARRAY_LEN(units); j++)
			unit = unit || strcmp(fact->unit, units[j]) == 0;
		assert_true(unit);
		assert_true(fact->source[0] && fact->field[0] && fact->formula[0] && fact->gaps[0]);
		assert_true(len > 10 && fact->caveat[len - 1] == '.');
		assert_true(fact->quality != QUALITY_UNAVAILABLE);
		assert_non_null(fact->record);
		assert_int_equal(fact->member && fact->member->flags & FIELD_RATE,
			strstr(fact->name, "_per_s") != NULL ||
				strstr(fact->name, "_percent") != NULL);
		assert_int_equal(strstr(fact->name, "_kb") != NULL, strcmp(fact->unit, "kB") == 0);
	}
}

static void a_counting_order_says_what_was_lost(void **state)
{
	assert_true(get(*state, "left.count_expected") == 6000);
	assert_true(get(*state, "left.count_value") == 3500);
	assert_true(get(*state, "right.count_lost") == 2500);
}

static void every_path_of_a_full_sample_has_a_number(void **state)
{
	static const char *const prefixes[FACT_SCOPES][4] = {
		[FACT_TASK] = { "left.worker0", "left.host", "right.worker1", "right.task202" },
		[FACT_PROCESS] = { "left.worker0", "left.host", "right.worker1",
			"right.process200" },
		[FACT_SIDE] = { "left", "right" },
		[FACT_MAPPING] = { "right.host.heap", "right.worker1.stack",
			"right.process200.text", "right.worker0.X" },
		[FACT_MACHINE] = { "machine" },
		[FACT_OBSERVER] = { "observer" },
	};
	struct scope *s = *state;
	char path[128];

	const struct fact *fact;

	for (size_t i = 0; (fact = fact_at(i)); i++) {
		/* Columns name kinds beyond the scopes, too: no path leads to those. */
		for (size_t j = 0; fact->scope < FACT_SCOPES && j < 4 && prefixes[fact->scope][j];
			j++) {
			const char *prefix = prefixes[fact->scope][j];

			if (strcmp(fact->name, "rounds") == 0 && strstr(prefix, "host"))
				continue; /* a host has no job */
			if (strncmp(fact->name, "user_", 5) == 0)
				continue; /* nobody has stacks in this sample */
			if (strcmp(fact->gaps[0], "kcmp") == 0 ||
				strcmp(fact->gaps[0], "syscall") == 0 ||
				strncmp(fact->name, "lane_", 5) == 0 ||
				strcmp(fact->name, "mappings") == 0 ||
				strncmp(fact->name, "count_", 6) == 0)
				continue; /* nobody asked for these of all */
			if (strcmp(fact->name, "cpu_group") == 0)
				continue; /* words */
			snprintf(path, sizeof(path), "%s.%s", prefix, fact->name);
			if (isnan(get(s, path)))
				fail_msg("%s: %s", path, s->value.reason);
		}
	}
}

static void a_path_gives_the_sample_s_own_number(void **state)
{
	struct scope *s = *state;

	assert_near(get(s, "left.worker0.voluntary"), 101020);
	assert_near(get(s, "left.worker0.voluntary_per_s"), 10);
	assert_near(get(s, "right.worker1.involuntary_per_s"), 20);
	assert_near(get(s, "right.worker1.cpu_percent"), 3);
	assert_near(get(s, "right.worker1.wait_percent"), 0.5);
	assert_near(get(s, "left.worker0.state"), 'S');
	assert_near(get(s, "left.worker0.nice"), -5);
	assert_near(get(s, "left.worker0.rounds"), 77);
	assert_near(get(s, "right.worker1.rss_kb"), 200);
	assert_near(get(s, "right.host.pss_kb"), 201);
	assert_near(get(s, "left.worker0.minor_faults"), 80);
	assert_near(get(s, "left.worker0.minor_faults_per_s"), 40);
	assert_near(get(s, "left.process101.minor_faults_per_s"), 50);
	assert_near(get(s, "left.sum_rss_kb"), 201);
	assert_near(get(s, "left.sum_pss_kb"), 203);
	assert_near(get(s, "left.tasks"), 2);
	assert_near(get(s, "left.processes"), 2);
	assert_near(get(s, "right.processes"), 1);
	assert_near(get(s, "machine.cpus"), 2);
	assert_near(get(s, "machine.switches_per_s"), 100000);
	assert_near(get(s, "observer.cpu_percent"), 0.1);
}

static void regions_are_summed_and_a_stack_is_its_worker_s(void **state)
{
	struct scope *s = *state;

	assert_near(get(s, "right.host.heap.size_kb"), 2000);
	assert_near(get(s, "right.worker0.stack.rss_kb"), 3001);
	assert_near(get(s, "right.worker1.stack.rss_kb"), 4001);
	assert_near(get(s, "right.process200.stack.rss_kb"), 7002);
	assert_near(get(s, "right.worker1.X.rss_kb"), 5001);
	assert_near(get(s, "right.worker1.X.start"), 0x700000100000);
	assert_true(isnan(get(s, "right.host.library.rss_kb")));
	assert_true(isnan(get(s, "left.worker0.heap.rss_kb")));
}

static void the_slow_lane_has_an_age(void **state)
{
	struct scope *s = *state;

	get(s, "left.worker0.voluntary");
	assert_int_equal(s->value.quality, QUALITY_LIVE);
	assert_int_equal(s->value.age, 0);
	get(s, "left.worker0.rss_kb");
	assert_int_equal(s->value.quality, QUALITY_SAMPLED);
	assert_int_equal(s->value.age, 300 * MSEC);
	get(s, "machine.cpus");
	assert_int_equal(s->value.age, 300 * MSEC);
	get(s, "right.host.heap.rss_kb");
	assert_int_equal(s->value.age, 0);
}

static void what_is_no_path_is_refused_with_a_word(void **state)
{
	struct scope *s = *state;
	char long_path[200];

	assert_refused(s, "");
	assert_refused(s, ".");
	assert_refused(s, "left");
	assert_refused(s, "left.");
	assert_refused(s, "left..voluntary");
	assert_refused(s, "middle.worker0.voluntary");
	assert_refused(s, "left.worker.voluntary");
	assert_refused(s, "left.worker-1.voluntary");
	assert_refused(s, "left.worker0x.voluntary");
	assert_refused(s, "left.worker99999999999.voluntary");
	assert_refused(s, "left.worker0.beauty");
	assert_refused(s, "left.beauty");
	assert_refused(s, "machine.beauty");
	assert_refused(s, "machine.worker0.cpus");
	assert_refused(s, "observer.beauty");
	assert_refused(s, "left.worker0.heap.voluntary");
	assert_refused(s, "left.process101.voluntary");
	assert_refused(s, "left.worker0.heap.rss_kb.more");
	memset(long_path, 'x', sizeof(long_path) - 1);
	long_path[sizeof(long_path) - 1] = '\0';
	assert_refused(s, long_path);
}

static void who_is_not_there_is_unavailable_and_named(void **state)
{
	struct scope *s = *state;

	assert_true(isnan(get(s, "left.worker9.voluntary")));
	assert_string_equal(s->value.reason, "there is no worker9 now");
	assert_true(isnan(get(s, "right.task77.voluntary")));
	assert_true(isnan(get(s, "right.process77.rss_kb")));
	assert_true(isnan(get(s, "left.worker70000.voluntary")));
	assert_true(isnan(get(s, "right.host.library.rss_kb")));
	assert_string_equal(s->value.reason, "there is no library now");
	assert_true(isnan(get(s, "left.worker9.heap.rss_kb")));
	assert_string_equal(s->value.reason, "there is no heap now");
}

static void what_is_there_and_not_read_says_so(void **state)
{
	struct scope *s = *state;

	assert_true(isnan(get(s, "left.worker0.heap.rss_kb")));
	assert_string_equal(
		s->value.reason, "mappings are read only of processes that are looked at");
	assert_true(isnan(get(s, "left.host.rounds")));
	assert_string_equal(s->value.reason, "only a worker of a crew counts these");
	fill(&s->sample, 3000 * MSEC, 3);
	vec_clear(&s->sample.processes);
	s->sample.slow_at_ns = UNKNOWN;
	model_feed(s->model, &s->sample);
	assert_true(isnan(get(s, "left.worker0.rss_kb")));
	assert_string_equal(s->value.reason, "not read yet");
}

static void a_sum_that_is_unknown_names_the_gap_of_a_part(void **state)
{
	struct scope *s = *state;

	fill(&s->sample, 1000 * MSEC, 1);
	s->sample.processes.at[1].pss_kb = UNKNOWN;
	sample_gap(&s->sample, 101, "smaps_rollup", 0, "owned by root");
	model_feed(s->model, &s->sample);
	assert_true(isnan(get(s, "left.sum_pss_kb")));
	assert_string_equal(s->value.reason, "owned by root");
	assert_near(get(s, "left.sum_rss_kb"), 201);
}

static void an_empty_model_says_why_it_knows_nothing(void **state)
{
	struct scope *s = *state;

	assert_true(isnan(get(s, "left.worker0.voluntary")));
	assert_true(isnan(get(s, "machine.cpus")));
	assert_string_equal(s->value.reason, "not read yet");
	assert_true(isnan(get(s, "observer.cpu_ns")));
	assert_true(isnan(get(s, "left.sum_rss_kb")));
	assert_near(get(s, "left.tasks"), 0);
}

static void a_first_sample_has_counters_but_no_rates(void **state)
{
	struct scope *s = *state;

	fill(&s->sample, 1000 * MSEC, 1);
	model_feed(s->model, &s->sample);
	assert_near(get(s, "left.worker0.voluntary"), 101010);
	assert_true(isnan(get(s, "left.worker0.voluntary_per_s")));
	assert_string_equal(s->value.reason, "a rate needs two readings of the same");
}

static void a_gap_is_the_reason(void **state)
{
	struct scope *s = *state;

	fill(&s->sample, 1000 * MSEC, 1);
	s->sample.tasks.at[1].voluntary = UNKNOWN;
	s->sample.processes.at[1].rss_kb = UNKNOWN;
	sample_gap(&s->sample, 101, "status", 0, "owned by root");
	sample_gap(&s->sample, 0, "prober", 0, "the slow lane does not answer");
	model_feed(s->model, &s->sample);
	assert_true(isnan(get(s, "left.worker0.voluntary")));
	assert_string_equal(s->value.reason, "owned by root");
	assert_true(isnan(get(s, "left.worker0.rss_kb")));
	assert_string_equal(s->value.reason, "the slow lane does not answer");
	assert_true(isnan(get(s, "left.worker0.heap.rss_kb")));
	assert_string_equal(s->value.reason, "the slow lane does not answer");
	assert_near(get(s, "left.worker0.pss_kb"), 102);
}

static void a_gap_of_the_process_comes_before_the_machine_s(void **state)
{
	struct scope *s = *state;

	start_sample(&s->sample, 0);
	sample_gap(&s->sample, 0, "smaps", 0, "machine");
	sample_gap(&s->sample, 7, "status", 0, "other file");
	sample_gap(&s->sample, 7, "smaps", 0, "process");
	model_feed(s->model, &s->sample);
	assert_string_equal(model_gap(s->model, 7, "smaps")->reason, "process");
	assert_string_equal(model_gap(s->model, 8, "smaps")->reason, "machine");
	assert_string_equal(model_gap(s->model, 7, NULL)->reason, "other file");
	assert_null(model_gap(s->model, 8, "status"));
}

static const char *text_of(struct scope *s, const char *path)
{
	static char text[64];

	get(s, path);
	return fact_format(text, sizeof(text), &s->value);
}

/* Each value of nice is a number, 0 and -1 too: not known is what was not read. */
static void a_nice_value_that_was_not_read_is_unknown(void **state)
{
	struct scope *s = *state;
	struct sample sample = { 0 };

	sample_copy(&sample, &s->sample);
	sample.at_ns += NSEC_PER_SEC;
	for (size_t i = 0; i < sample.tasks.n; i++) {
		sample.tasks.at[i].nice = sample.tasks.at[i].worker == 0 ? NICE_UNKNOWN : -1;
	}
	model_feed(s->model, &sample);
	sample_finish(&sample);
	assert_true(isnan(get(s, "left.worker0.nice")));
	assert_near(get(s, "right.worker1.nice"), -1);
}

static void values_are_written_by_their_unit(void **state)
{
	struct scope *s = *state;

	assert_string_equal(text_of(s, "left.worker0.state"), "S");
	assert_string_equal(text_of(s, "left.worker0.nice"), "-5");
	assert_string_equal(text_of(s, "right.worker1.tid"), "202");
	assert_string_equal(text_of(s, "right.worker1.rss_kb"), "200 kB");
	assert_string_equal(text_of(s, "machine.load_centi"), "1.50");
	assert_string_equal(text_of(s, "right.worker1.X.start"), "0x700000100000");
	assert_string_equal(text_of(s, "left.worker9.voluntary"), "\xe2\x80\x93");
}

/* Ids are written in full, by their name; a name of one letter is no end of "pid". */
static void a_short_name_is_read_from_its_own_start(void **state)
{
	static const char words[] = "pid";
	const struct fact id = { .name = words, .unit = "" }, d = { .name = words + 2, .unit = "" };
	struct fact_value value = { .fact = &id, .number = 2604100 };
	char text[32];

	(void)state;
	assert_string_equal(fact_format(text, sizeof(text), &value), "2604100");
	value.fact = &d;
	assert_string_equal(fact_format(text, sizeof(text), &value), "2.60 M");
}

/* What a pane fills in for a cell is what the text of the path means. */
static void a_path_is_parsed_once_and_read_at_every_feed(void **state)
{
	struct scope *s = *state;
	struct fact_path path, host;

	assert_true(fact_path_parse("left.worker0.voluntary", &path, NULL, 0));
	assert_ptr_equal(path.fact, fact_find(FACT_TASK, "voluntary"));
	assert_int_equal(path.who, FACT_OF_WORKER);
	assert_int_equal(path.number, 0);
	fact_read(s->model, &path, &s->value);
	assert_near(s->value.number, 101020);
	fill(&s->sample, 3000 * MSEC, 3);
	model_feed(s->model, &s->sample);
	fact_read(s->model, &path, &s->value);
	assert_near(s->value.number, 101030);
	host = (struct fact_path) { .fact = fact_find(FACT_PROCESS, "pss_kb"),
		.who = FACT_OF_WORKER,
		.side = SIDE_RIGHT,
		.number = WORKER_HOST };
	fact_read(s->model, &host, &s->value);
	assert_near(s->value.number, get(s, "right.host.pss_kb"));
	host = (struct fact_path) { .fact = fact_find(FACT_SIDE, "tasks"), .side = SIDE_RIGHT };
	fact_read(s->model, &host, &s->value);
	assert_near(s->value.number, get(s, "right.tasks"));
	assert_false(fact_path_parse("left.worker0.beauty", &path, NULL, 0));
}

static void ends_are_told_in_words(void **state)
{
	char text[64];

	(void)state;
	assert_string_equal(format_wait_status(text, sizeof(text), 11), "SIGSEGV (11)");
	assert_string_equal(format_wait_status(text, sizeof(text), 11 | 0x80), "SIGSEGV (11)");
	assert_string_equal(format_wait_status(text, sizeof(text), 9), "killed by SIGKILL (9)");
	assert_string_equal(format_wait_status(text, sizeof(text), 3 << 8), "exit 3");
	assert_string_equal(format_wait_status(text, sizeof(text), 0), "exit 0");
	assert_string_equal(format_wait_status(text, sizeof(text), 40), "killed by signal 40");
	format_wait_status(text, 4, 11);
	assert_string_equal(text, "SIG");
}

static void every_name_is_a_word(void **state)
{
	(void)state;
	for (int i = 0; i < FACT_SCOPES; i++)
		assert_string_not_equal(fact_scope_name((enum fact_scope)i), "unknown");
	for (int i = 0; i <= QUALITY_UNAVAILABLE; i++)
		assert_string_not_equal(quality_name((enum quality)i), "unknown");
	for (int i = 0; i < REGION_CLASSES; i++) {
		assert_string_not_equal(region_class_word((enum region_class)i), "unknown");
		assert_null(strchr(region_class_word((enum region_class)i), ' '));
	}
	assert_string_equal(quality_name((enum quality)99), "unknown");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_FULL(name) cmocka_unit_test_setup_teardown(name, set_up_full, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique_in_a_scope),
		cmocka_unit_test(every_fact_is_complete),
		TEST_FULL(a_counting_order_says_what_was_lost),
		TEST_FULL(every_path_of_a_full_sample_has_a_number),
		TEST_FULL(a_path_gives_the_sample_s_own_number),
		TEST_FULL(regions_are_summed_and_a_stack_is_its_worker_s),
		TEST_FULL(the_slow_lane_has_an_age),
		TEST_FULL(what_is_no_path_is_refused_with_a_word),
		TEST_FULL(who_is_not_there_is_unavailable_and_named),
		TEST_FULL(what_is_there_and_not_read_says_so),
		TEST(a_sum_that_is_unknown_names_the_gap_of_a_part),
		TEST(an_empty_model_says_why_it_knows_nothing),
		TEST(a_first_sample_has_counters_but_no_rates),
		TEST(a_gap_is_the_reason),
		TEST(a_gap_of_the_process_comes_before_the_machine_s),
		TEST_FULL(a_nice_value_that_was_not_read_is_unknown),
		TEST_FULL(values_are_written_by_their_unit),
		cmocka_unit_test(a_short_name_is_read_from_its_own_start),
		TEST_FULL(a_path_is_parsed_once_and_read_at_every_feed),
		cmocka_unit_test(ends_are_told_in_words),
		cmocka_unit_test(every_name_is_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
