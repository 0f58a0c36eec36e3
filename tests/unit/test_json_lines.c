/* SPDX-License-Identifier: MIT
 * JSON Lines: the schema holds for every sample of a lab, and no null is without its reason.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <jansson.h>

#include "json_lines.h"
#include "json_schema.h"
#include "random_sample.h"

/* --- a lab, replayed --- */

struct replay {
	struct recording *recording;
	struct model *model;
	struct sample sample;
	struct buf text;
};

static void replay_open(struct replay *replay, const char *name)
{
	char *path = xasprintf("%s/recordings/%s", getenv("FIXTURES"), name), why[160] = "";

	*replay = (struct replay) { .model = model_create(60) };
	if (recording_open(path, &replay->recording, why, sizeof(why)) != 0)
		fail_msg("%s: %s", path, why);
	free(path);
}

static void replay_close(struct replay *replay)
{
	recording_close(replay->recording);
	model_destroy(replay->model);
	sample_finish(&replay->sample);
	buf_finish(&replay->text);
}

static json_t *print(struct replay *replay)
{
	json_error_t error;
	json_t *line;

	buf_clear(&replay->text);
	json_lines_put(&replay->text, replay->model);
	assert_int_equal(replay->text.text[replay->text.len - 1], '\n');
	assert_ptr_equal(strchr(replay->text.text, '\n'), replay->text.text + replay->text.len - 1);
	line = json_loads(replay->text.text, JSON_REJECT_DUPLICATES, &error);
	if (!line)
		fail_msg("%s at %d: %s", error.text, error.position, replay->text.text);
	return line;
}

/* The next sample as JSON, NULL at the end; the caller frees it. */
static json_t *replay_next(struct replay *replay)
{
	char why[160] = "";
	int rc = recording_next(replay->recording, &replay->sample, NULL, why, sizeof(why));

	if (rc == -ENODATA)
		return NULL;
	if (rc != 0)
		fail_msg("%s", why);
	model_feed(replay->model, &replay->sample);
	return print(replay);
}

static json_t *find(const json_t *array, const char *name, int64_t value)
{
	json_t *element;
	size_t i;

	json_array_foreach(
		(json_t *)array, i, element) if (integer_at(element, name) == value) return element;
	return NULL;
}

static const json_t *side_of(const json_t *line, size_t side, const char *member)
{
	return json_object_get(json_array_get(json_object_get(line, "sides"), side), member);
}

static void every_line_of_a_lab_keeps_the_schema(void **state)
{
	static const char *const names[] = { "lab.jsonl", "crash.jsonl", "evidence.jsonl" };
	struct replay replay;
	json_t *line;
	int lines;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		replay_open(&replay, names[i]);
		for (lines = 0; (line = replay_next(&replay)); lines++) {
			check_line(line);
			json_decref(line);
		}
		assert_true(lines >= 2);
		replay_close(&replay);
	}
}

static void the_first_sample_has_no_rates_and_says_why(void **state)
{
	struct replay replay;
	json_t *line;

	replay_open(&replay, "lab.jsonl");
	line = replay_next(&replay);
	assert_true(check_line(line) > 50);
	assert_true(json_is_null(json_object_get(line, "dt_ns")));
	assert_string_equal(json_string_value(json_object_get(json_object_get(line, "unavailable"),
				    "tasks[].voluntary_per_s")),
		"the first sample: a rate needs two");
	assert_true(json_is_null(json_object_get(
		find(side_of(line, SIDE_LEFT, "tasks"), "tid", 4101), "voluntary_per_s")));
	assert_true(
		json_is_null(json_object_get(side_of(line, SIDE_LEFT, "totals"), "sum_pss_kb")));
	json_decref(line);
	line = replay_next(&replay);
	assert_true(json_is_real(json_object_get(
		find(side_of(line, SIDE_LEFT, "tasks"), "tid", 4101), "voluntary_per_s")));
	json_decref(line);
	replay_close(&replay);
}

/* What stands in the line is what stands in the sample, and rates are those of its interval. */
static void numbers_are_those_of_the_sample(void **state)
{
	struct replay replay;
	int64_t before = 0, after, dt;
	const json_t *task;
	json_t *line;

	replay_open(&replay, "lab.jsonl");
	for (int i = 0; i < 2; i++) {
		line = replay_next(&replay);
		task = find(side_of(line, SIDE_RIGHT, "tasks"), "tid", 4113);
		after = integer_at(task, "voluntary");
		assert_int_equal(integer_at(line, "at_ns"), replay.sample.at_ns);
		dt = integer_at(line, "dt_ns");
		if (i == 1)
			assert_float_equal(
				json_real_value(json_object_get(task, "voluntary_per_s")),
				(double)(after - before) * 1e9 / (double)dt, 0.01);
		before = after;
		json_decref(line);
	}
	replay_close(&replay);
}

static json_t *last_line(const char *name, struct replay *replay)
{
	json_t *line, *last = NULL;

	replay_open(replay, name);
	while ((line = replay_next(replay))) {
		json_decref(last);
		last = line;
	}
	return last;
}

static void a_worker_that_crashed_says_how(void **state)
{
	struct replay replay;
	json_t *line = last_line("lab.jsonl", &replay);
	const json_t *ended = find(side_of(line, SIDE_LEFT, "ended"), "worker", 1);

	assert_int_equal(integer_at(ended, "signal"), 11);
	assert_int_equal(integer_at(ended, "wait_status"), 11);
	assert_int_equal(integer_at(ended, "fault_signal"), 11);
	assert_string_equal(json_string_value(json_object_get(ended, "fault_address")), "0x0");
	assert_non_null(strstr(json_string_value(json_object_get(ended, "how")), "SIGSEGV"));
	assert_null(find(side_of(line, SIDE_LEFT, "tasks"), "tid", 4102));
	assert_int_equal(json_array_size(side_of(line, SIDE_RIGHT, "ended")), 0);
	assert_int_equal(
		integer_at(find(side_of(line, SIDE_RIGHT, "tasks"), "tid", 4115), "worker"), 4);
	json_decref(line);
	replay_close(&replay);
}

static void a_crew_that_a_thread_took_along_names_the_culprit(void **state)
{
	struct replay replay;
	json_t *line = last_line("crash.jsonl", &replay);

	assert_string_equal(json_string_value(side_of(line, SIDE_RIGHT, "state")), "ended");
	assert_int_equal(json_integer_value(side_of(line, SIDE_RIGHT, "culprit")), 1);
	assert_int_equal(json_array_size(side_of(line, SIDE_RIGHT, "ended")), 4);
	assert_int_equal(json_array_size(side_of(line, SIDE_RIGHT, "tasks")), 0);
	assert_int_equal(integer_at(side_of(line, SIDE_LEFT, "totals"), "tasks"), 4);
	json_decref(line);
	replay_close(&replay);
}

static const json_t *row_of(const json_t *line, const char *kind, int64_t tid)
{
	const json_t *row = find(json_object_get(line, kind), "tid", tid);

	if (!row)
		fail_msg("%s has no row of %lld", kind, (long long)tid);
	return row;
}

/* Every kind of evidence, row by row, as the sample has it. */
static void evidence_is_that_of_the_sample(void **state)
{
	struct replay replay;
	json_t *line = last_line("evidence.jsonl", &replay);
	const struct sample *sample = &replay.sample;
	size_t files = 0; /* those with a path: pipes are left out */

	check_line(line);
	for (size_t i = 0; i < sample->sharing.n; i++) {
		const struct sharing_sample *row = &sample->sharing.at[i];
		const json_t *json = row_of(line, "sharing", row->tid);

		assert_int_equal(integer_at(json, "mm"), row->object[RESOURCE_MEMORY]);
		assert_int_equal(integer_at(json, "io"), row->object[RESOURCE_IO]);
		const char *flags = json_string_value(json_object_get(json, "clone_flags"));

		/* A host was made by exec: no flags of clone would be told from those of a fork. */
		assert_int_equal(flags != NULL, row->worker >= 0);
		assert_true(!flags || strtoull(flags, NULL, 16) == row->clone_flags);
	}
	for (size_t i = 0; i < sample->pages.n; i++) {
		const json_t *json = json_array_get(json_object_get(line, "pages"), i);

		assert_int_equal(integer_at(json, "own"), sample->pages.at[i].count[PAGE_OWN]);
		assert_int_equal(
			integer_at(json, "shared"), sample->pages.at[i].count[PAGE_SHARED]);
		assert_null(json_object_get(json, "states"));
	}
	for (size_t i = 0; i < sample->registers.n; i++)
		assert_int_equal(integer_at(row_of(line, "registers", sample->registers.at[i].tid),
					 "stack_used_kb"),
			MAX(sample->registers.at[i].stack_used_kb, 0));
	for (size_t i = 0; i < sample->files.n; i++)
		files += sample->files.at[i].path[0] == '/';
	assert_true(files > 0);
	assert_int_equal(json_array_size(json_object_get(line, "files")), files);
	assert_int_equal(json_array_size(json_object_get(line, "pointers")), sample->pointers.n);
	assert_int_equal(json_array_size(json_object_get(line, "places")), sample->places.n);
	assert_int_equal(json_array_size(json_object_get(line, "signals")), sample->signals.n);
	assert_true(sample->sharing.n > 0 && sample->pages.n > 0 && sample->pointers.n > 0);
	assert_true(sample->registers.n > 0 && sample->files.n > 0 && sample->signals.n > 0);
	json_decref(line);
	replay_close(&replay);
}

static void what_workers_answered_is_in_orders(void **state)
{
	struct replay replay = { .model = model_create(2) };
	struct worker_sample *worker;
	const json_t *orders;
	json_t *line;

	sample_clear(&replay.sample);
	for (int16_t i = 0; i < 2; i++) {
		worker = vec_push(&replay.sample.workers);
		*worker = (struct worker_sample) {
			.side = SIDE_RIGHT, .index = i, .pid = 7, .tid = 7 + i
		};
	}
	snprintf(worker->last_order, sizeof(worker->last_order), "write-x");
	snprintf(worker->last_result, sizeof(worker->last_result), "X is 7");
	worker->order_state = ORDER_STATE_FAILED;
	worker->orders_done = 3;
	model_feed(replay.model, &replay.sample);
	line = print(&replay);
	check_line(line);
	orders = side_of(line, SIDE_RIGHT, "orders");
	assert_int_equal(json_array_size(orders), 1);
	assert_int_equal(json_array_size(side_of(line, SIDE_LEFT, "orders")), 0);
	orders = json_array_get(orders, 0);
	assert_int_equal(integer_at(orders, "worker"), 1);
	assert_int_equal(integer_at(orders, "done"), 3);
	assert_string_equal(json_string_value(json_object_get(orders, "order")), "write-x");
	assert_string_equal(json_string_value(json_object_get(orders, "state")), "failed");
	assert_string_equal(json_string_value(json_object_get(orders, "result")), "X is 7");
	json_decref(line);
	model_destroy(replay.model);
	sample_finish(&replay.sample);
	buf_finish(&replay.text);
}

static void user_level_stacks_are_told_as_counted_by_their_task(void **state)
{
	struct replay replay;
	const json_t *task;
	json_t *line = NULL;

	replay_open(&replay, "user.jsonl");
	for (int i = 0; i < 3; i++) {
		json_decref(line);
		line = replay_next(&replay);
	}
	task = json_array_get(side_of(line, SIDE_RIGHT, "tasks"), 1);
	assert_int_equal(integer_at(task, "stacks"), 4);
	assert_true(integer_at(task, "user_switches") > 0);
	assert_true(json_number_value(json_object_get(task, "user_switches_per_s")) > 1000);
	task = json_array_get(side_of(line, SIDE_LEFT, "tasks"), 1);
	assert_null(json_object_get(task, "stacks"));
	json_decref(line);
	replay_close(&replay);
}

static void what_the_kernel_did_not_tell_is_said(void **state)
{
	struct replay replay;
	const json_t *unavailable;
	json_t *line = NULL;

	replay_open(&replay, "lab.jsonl");
	for (int i = 0; i < 9; i++) {
		json_decref(line);
		line = replay_next(&replay);
	}
	unavailable = json_object_get(line, "unavailable");
	assert_string_equal(
		json_string_value(json_object_get(unavailable, "processes[4103].pss_kb")),
		"no answer within 250 ms");
	assert_string_equal(json_string_value(json_object_get(unavailable, "4103/smaps")),
		"no answer within 250 ms");
	assert_true(
		json_is_null(json_object_get(side_of(line, SIDE_LEFT, "totals"), "sum_rss_kb")));
	assert_true(json_is_integer(
		json_object_get(side_of(line, SIDE_RIGHT, "totals"), "sum_rss_kb")));
	json_decref(line);
	replay_close(&replay);
}

static void processes_that_were_not_read_yet_are_unknown_and_not_none(void **state)
{
	struct replay replay;
	const json_t *unavailable;
	json_t *line = last_line("lab.jsonl", &replay);

	json_decref(line);
	replay.sample.at_ns += NSEC_PER_SEC;
	replay.sample.processes.n = 0;
	replay.sample.slow_at_ns = UNKNOWN;
	model_feed(replay.model, &replay.sample);
	line = print(&replay);
	unavailable = json_object_get(line, "unavailable");
	assert_true(json_is_null(side_of(line, SIDE_LEFT, "processes")));
	assert_true(json_is_null(json_object_get(side_of(line, SIDE_LEFT, "totals"), "processes")));
	assert_string_equal(json_string_value(json_object_get(unavailable, "left.processes")),
		"the slow lane was not read yet");
	json_decref(line);
	replay_close(&replay);
}

/* The recordings are to show every kind of memory. */
static void the_lab_has_every_class_of_mapping(void **state)
{
	struct replay replay;
	bool seen[REGION_CLASSES] = { 0 };
	json_t *line = last_line("lab.jsonl", &replay);

	for (int32_t pid = 4100; pid <= 4110; pid++) {
		size_t n = 0;
		const struct region *regions = model_regions(replay.model, pid, &n);

		for (size_t i = 0; i < n; i++)
			seen[regions[i].class] = true;
	}
	for (int class = 0; class < REGION_CLASSES; class ++)
		if (!seen[class])
			fail_msg("no %s", region_class_word(class));
	json_decref(line);
	replay_close(&replay);
}

/* --- CSV --- */

#define COLUMNS 10
enum column { AT, OF, SIDE, PID, TID, ROLE, FACT, VALUE, UNIT, REASON };

struct table_row {
	char *column[COLUMNS];
	bool used;
};

struct table {
	struct buf text;
	VEC(struct table_row) rows;
};

/* One column, unquoted in place; *at goes to what is behind it. */
static char *take_column(char **at)
{
	char *from = *at, *to = from;
	const bool quoted = *from == '"';

	if (!quoted) {
		char *end = from + strcspn(from, ",\r");
		*at = end + (*end == ',' ? 1 : 2);
		*end = 0;
		return from;
	}
	for (char *c = from + 1;; c++) {
		if (*c == '"' && *++c != '"') {
			*at = c + (*c == ',' ? 1 : 2);
			break;
		}
		*to++ = *c;
	}
	*to = 0;
	return from;
}

static void read_table(struct table *table, const struct model *model)
{
	char *at;

	buf_clear(&table->text);
	vec_clear(&table->rows);
	csv_put_header(&table->text);
	csv_put(&table->text, model);
	for (at = table->text.text; *at;) {
		struct table_row *row = vec_push(&table->rows);

		row->used = false;
		for (int i = 0; i < COLUMNS; i++) {
			assert_true(*at);
			row->column[i] = take_column(&at);
		}
	}
	assert_string_equal(table->rows.at[0].column[REASON], "reason");
	table->rows.at[0].used = true;
}

/* The next unused row of a value. */
static struct table_row *find_row(
	struct table *table, const char *of, const char *side, const char *id, const char *fact)
{
	struct table_row *row;

	vec_each (row, &table->rows)
		if (!row->used && strcmp(row->column[OF], of) == 0 &&
			(!*side || strcmp(row->column[SIDE], side) == 0) &&
			strcmp(row->column[FACT], fact) == 0 &&
			(!*id || strcmp(row->column[PID], id) == 0 ||
				strcmp(row->column[TID], id) == 0))
			return row;
	fail_msg("no row of %s %s %s %s", of, side, id, fact);
	return NULL;
}

static void check_value_row(struct table_row *row, const json_t *value)
{
	const char *text = row->column[VALUE];

	row->used = true;
	if (json_is_null(value)) {
		assert_string_equal(text, "");
		assert_true(*row->column[REASON]);
		return;
	}
	assert_string_equal(row->column[REASON], "");
	if (json_is_string(value))
		assert_string_equal(text, json_string_value(value));
	else if (json_is_integer(value))
		assert_int_equal(strtoll(text, NULL, 10), json_integer_value(value));
	else if (json_is_real(value))
		assert_true(strtod(text, NULL) == json_real_value(value));
	else
		assert_string_equal(text, json_is_true(value) ? "true" : "false");
}

/* What stands in an object beside the members of its record. */
static bool is_beside(const char *name)
{
	static const char *const names[] = { "role", "worker", "job", "rounds", "pinned_cpu" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void check_object(struct table *table, const char *of, const char *side, json_t *object)
{
	const json_t *id = json_object_get(object, "tid");
	const char *name;
	char digits[24] = "";
	json_t *value;

	if (!json_is_integer(id))
		id = json_object_get(object, "pid");
	if (json_is_integer(id))
		snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(id));
	json_object_foreach(object, name, value)
	{
		if (!is_beside(name) && !json_is_object(value) && !json_is_array(value))
			check_value_row(find_row(table, of, side, digits, name), value);
	}
}

static void check_array(struct table *table, const char *of, const char *side, json_t *array)
{
	json_t *element;
	size_t i;

	if (json_is_null(array)) {
		check_value_row(find_row(table, *side ? "crew" : "", side, "", of), array);
		return;
	}
	json_array_foreach(array, i, element) check_object(table, of, side, element);
}

static void check_table(struct table *table, json_t *line)
{
	static const char *const arrays[] = { "tasks", "processes" };
	struct table_row *row;
	json_t *value;
	const char *name;

	for (int i = 0; i < SIDES; i++) {
		json_t *side = json_array_get(json_object_get(line, "sides"), (size_t)i);

		for (size_t k = 0; k < ARRAY_LEN(arrays); k++)
			check_array(table, arrays[k], side_name((enum side)i),
				json_object_get(side, arrays[k]));
		check_object(
			table, "totals", side_name((enum side)i), json_object_get(side, "totals"));
	}
	json_object_foreach(line, name, value)
	{
		if (strcmp(name, "machine") == 0 || strcmp(name, "observer") == 0)
			check_object(table, name, "", value);
		else if (strcmp(name, "sides") != 0 &&
			 (json_is_array(value) || json_is_null(value)))
			check_array(table, name, "", value);
	}
	/* And nothing else, but what workers and crews report, which JSON has elsewhere. */
	vec_each (row, &table->rows)
		if (!row->used && strcmp(row->column[OF], "workers") != 0 &&
			strcmp(row->column[OF], "crew") != 0 && *row->column[OF])
			fail_msg("%s %s is not in JSON", row->column[OF], row->column[FACT]);
}

static void csv_says_what_json_says(void **state)
{
	static const char *const names[] = { "lab.jsonl", "crash.jsonl", "evidence.jsonl" };
	struct table table = { 0 };
	struct replay replay;
	json_t *line;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		replay_open(&replay, names[i]);
		while ((line = replay_next(&replay))) {
			read_table(&table, replay.model);
			assert_true(table.rows.n > 100);
			check_table(&table, line);
			json_decref(line);
		}
		replay_close(&replay);
	}
	buf_finish(&table.text);
	vec_finish(&table.rows);
}

static void csv_quotes_names_of_others(void **state)
{
	struct replay replay = { .model = model_create(2) };
	struct table table = { 0 };
	struct task_sample *task;

	sample_clear(&replay.sample);
	task = vec_push(&replay.sample.tasks);
	record_clear(&task_record, task);
	task->pid = task->tid = 7;
	sample_text(task->name, "a\"b, c\nd", 9);
	model_feed(replay.model, &replay.sample);
	read_table(&table, replay.model);
	assert_string_equal(
		find_row(&table, "tasks", "left", "7", "name")->column[VALUE], task->name);
	assert_string_equal(
		find_row(&table, "tasks", "left", "7", "voluntary")->column[REASON], "not read");
	model_destroy(replay.model);
	sample_finish(&replay.sample);
	buf_finish(&table.text);
	vec_finish(&table.rows);
}

static void an_empty_model_is_valid_too(void **state)
{
	struct replay replay = { .model = model_create(2) };
	json_t *line = print(&replay);

	assert_true(check_line(line) > 10);
	json_decref(line);
	model_destroy(replay.model);
	buf_finish(&replay.text);
}

/* Nothing known but that they are there. */
static void a_sample_of_unknowns_is_explained_whole(void **state)
{
	struct replay replay = { .model = model_create(2) };
	struct mapping_sample *mapping;
	json_t *line;

	for (int i = 0; i < 3; i++) {
		sample_clear(&replay.sample);
		replay.sample.at_ns = i * NSEC_PER_SEC;
		for (int32_t id = 7; id < 9; id++) {
			struct task_sample *task = vec_push(&replay.sample.tasks);
			struct process_sample *process = vec_push(&replay.sample.processes);

			record_clear(&task_record, task);
			record_clear(&process_record, process);
			task->pid = task->tid = process->pid = id;
			sample_text(task->name, "\"\\\xff\n", 4);
		}
		for (uint64_t at = 1; at < 3; at++) {
			mapping = vec_push(&replay.sample.mappings);
			record_clear(&mapping_record, mapping);
			mapping->pid = 7;
			mapping->start = at << 12;
			mapping->end = (at + 1) << 12;
		}
		sample_gap(&replay.sample, 7, "status", EACCES, NULL);
		sample_gap(&replay.sample, 0, "a \"quoted\" \\ gap", 0, "why \"not\"");
		model_feed(replay.model, &replay.sample);
		line = print(&replay);
		assert_true(check_line(line) > 60);
		assert_string_equal(
			json_string_value(json_object_get(
				json_object_get(line, "unavailable"), "tasks[7].voluntary")),
			strerror(EACCES));
		json_decref(line);
	}
	model_destroy(replay.model);
	sample_finish(&replay.sample);
	buf_finish(&replay.text);
}

/* Ids from a small range, so that tasks come back, as another or as themselves; in each kind a task stands once. */
static void make_ids_meet(struct sample *sample)
{
	struct task_sample *task;
	struct gap_sample *gap;

	for (size_t i = 0; record_kinds[i]; i++) {
		const struct field *tid = record_role(record_kinds[i], ROLE_TID),
				   *pid = record_role(record_kinds[i], ROLE_PID);
		size_t n = 0;
		char *row = pid ? (char *)record_at(record_kinds[i], sample, &n) : NULL;

		for (int32_t id = 1; id <= (int32_t)n; id++, row += record_kinds[i]->size)
			if (tid)
				*(int32_t *)(row + tid->offset) = id;
			else if (record_kinds[i] == &process_record)
				*(int32_t *)(row + pid->offset) = id;
	}
	/* What is read of a task has a task: else the last picture of who ended would stand beside it. */
	sample->sharing.n = MIN(sample->sharing.n, sample->tasks.n);
	sample->files.n = MIN(sample->files.n, sample->tasks.n);
	sample->places.n = MIN(sample->places.n, sample->tasks.n);
	sample->signals.n = MIN(sample->signals.n, sample->tasks.n);
	sample->calls.n = MIN(sample->calls.n, sample->tasks.n);
	vec_each (task, &sample->tasks) {
		task->pid = 1 + task->tid % 3;
		task->start = between(0, 1);
	}
	vec_each (gap, &sample->gaps)
		gap->pid = (int32_t)(gap - sample->gaps.at);
}

static void any_samples_print_as_the_schema_says(void **state)
{
	struct replay replay = { .model = model_create(3) };

	for (int i = 0; i < 500; i++) {
		json_t *line;

		some_fast_lane(&replay.sample, i * (int64_t)between(0, NSEC_PER_SEC));
		if (i % 3 == 0)
			some_slow_lane(&replay.sample);
		make_ids_meet(&replay.sample);
		model_feed(replay.model, &replay.sample);
		line = print(&replay);
		check_line(line);
		json_decref(line);
	}
	model_destroy(replay.model);
	sample_finish(&replay.sample);
	buf_finish(&replay.text);
}

static void a_decimal_comma_of_the_locale_does_not_matter(void **state)
{
	struct replay replay;
	json_t *line;

	/* Where the locale is installed; where it is not, the point is a point anyway. */
	setlocale(LC_ALL, "de_DE.UTF-8");
	line = last_line("lab.jsonl", &replay);
	check_line(line);
	setlocale(LC_ALL, "C");
	json_decref(line);
	replay_close(&replay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_of_a_lab_keeps_the_schema),
		cmocka_unit_test(the_first_sample_has_no_rates_and_says_why),
		cmocka_unit_test(numbers_are_those_of_the_sample),
		cmocka_unit_test(a_worker_that_crashed_says_how),
		cmocka_unit_test(a_crew_that_a_thread_took_along_names_the_culprit),
		cmocka_unit_test(evidence_is_that_of_the_sample),
		cmocka_unit_test(what_workers_answered_is_in_orders),
		cmocka_unit_test(user_level_stacks_are_told_as_counted_by_their_task),
		cmocka_unit_test(what_the_kernel_did_not_tell_is_said),
		cmocka_unit_test(processes_that_were_not_read_yet_are_unknown_and_not_none),
		cmocka_unit_test(the_lab_has_every_class_of_mapping),
		cmocka_unit_test(csv_says_what_json_says),
		cmocka_unit_test(csv_quotes_names_of_others),
		cmocka_unit_test(an_empty_model_is_valid_too),
		cmocka_unit_test(a_sample_of_unknowns_is_explained_whole),
		cmocka_unit_test(any_samples_print_as_the_schema_says),
		cmocka_unit_test(a_decimal_comma_of_the_locale_does_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
