/* SPDX-License-Identifier: MIT
 * The trace of a recording: its form, its names, and that it has the stretches that the kernel's records make.
 */
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
#include <math.h>

#include "trace.h"

/* --- a recording, traced --- */

static char *path_of(const char *name)
{
	return xasprintf("%s/recordings/%s", getenv("FIXTURES"), name);
}

static json_t *load(const struct buf *out)
{
	struct buf whole = { 0 };
	json_error_t error;
	json_t *json;

	buf_add(&whole, out->text, out->len);
	buf_adds(&whole, TRACE_END);
	json = json_loads(whole.text, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		fail_msg("%s at %d", error.text, error.position);
	buf_finish(&whole);
	return json;
}

/* The whole trace; after each sample it could be read. The caller frees it. */
static json_t *trace_of(const char *name)
{
	struct model *model = model_create(60);
	struct trace *trace = trace_create();
	struct recording *recording;
	struct sample sample = { 0 };
	struct buf out = { 0 };
	char *path = path_of(name), why[160] = "";
	json_t *json;

	if (recording_open(path, &recording, why, sizeof(why)) != 0)
		fail_msg("%s: %s", path, why);
	trace_put_header(trace, &out);
	while (recording_next(recording, &sample, NULL, why, sizeof(why)) == 0) {
		model_feed(model, &sample);
		trace_put(trace, model, &out);
		json_decref(load(&out));
	}
	trace_put_mark(trace, "the \"end\"", sample.at_ns, &out);
	trace_put_rest(trace, &out);
	json = load(&out);
	recording_close(recording);
	sample_finish(&sample);
	trace_destroy(trace);
	model_destroy(model);
	buf_finish(&out);
	free(path);
	return json;
}

static const char *text_of(const json_t *event, const char *name)
{
	const char *text = json_string_value(json_object_get(event, name));

	if (!text)
		fail_msg("no %s", name);
	return text;
}

/* Nanoseconds of a member in microseconds. */
static int64_t time_of(const json_t *event, const char *name)
{
	const json_t *time = json_object_get(event, name);

	assert_true(json_is_real(time));
	return llround(json_real_value(time) * 1000);
}

static int64_t id_of(const json_t *event, const char *name)
{
	assert_true(json_is_integer(json_object_get(event, name)));
	return json_integer_value(json_object_get(event, name));
}

static const json_t *events_of(const json_t *trace)
{
	const json_t *events = json_object_get(trace, "traceEvents");

	assert_true(json_is_array(events));
	return events;
}

/* --- its form --- */

struct track_end {
	int64_t pid, tid, end;
};

/* Complete events of a track lie one behind the other. */
static void check_no_overlap(const json_t *events)
{
	VEC(struct track_end) ends = { 0 };
	struct track_end *end;
	const json_t *event;
	size_t i;

	json_array_foreach((json_t *)events, i, event)
	{
		if (strcmp(text_of(event, "ph"), "X") != 0)
			continue;
		const int64_t pid = id_of(event, "pid"), tid = id_of(event, "tid");

		for (end = ends.at; end < ends.at + ends.n; end++)
			if (end->pid == pid && end->tid == tid)
				break;
		if (end == ends.at + ends.n) {
			end = vec_push(&ends);
			*end = (struct track_end) { .pid = pid, .tid = tid };
		}
		assert_true(time_of(event, "ts") >= end->end);
		assert_true(time_of(event, "dur") > 0);
		end->end = time_of(event, "ts") + time_of(event, "dur");
	}
	assert_true(ends.n >= 6); /* four workers, and their CPUs */
	vec_finish(&ends);
}

static void every_event_has_its_form(void **state)
{
	json_t *trace = trace_of("lanes.jsonl");
	const json_t *events = events_of(trace), *event;
	size_t i, of[128] = { 0 };

	json_array_foreach((json_t *)events, i, event)
	{
		const char *phase = text_of(event, "ph");

		assert_true(*text_of(event, "name"));
		id_of(event, "pid");
		id_of(event, "tid");
		of[(unsigned char)*phase]++;
		if (*phase == 'M')
			assert_true(*text_of(json_object_get(event, "args"), "name"));
		else
			assert_true(time_of(event, "ts") > 0);
		if (*phase == 'C')
			assert_true(json_is_real(
				json_object_get(json_object_get(event, "args"), "involuntary")));
	}
	assert_true(of['X'] > 100 && of['M'] > 6 && of['C'] > 20);
	assert_int_equal(of['i'], 1);
	check_no_overlap(events);
	json_decref(trace);
}

static const char *name_of(const json_t *events, const char *what, int64_t pid, int64_t tid)
{
	const json_t *event;
	size_t i;

	json_array_foreach((json_t *)events, i,
		event) if (strcmp(text_of(event, "name"), what) == 0 &&
			   id_of(event, "pid") == pid &&
			   id_of(event, "tid") ==
				   tid) return text_of(json_object_get(event, "args"), "name");
	fail_msg("no %s of %lld", what, (long long)tid);
	return NULL;
}

static void tasks_and_cpus_have_names(void **state)
{
	json_t *trace = trace_of("lanes.jsonl");
	const json_t *events = events_of(trace);

	assert_non_null(strstr(name_of(events, "thread_name", 1001, 1001), "w0"));
	assert_non_null(strstr(name_of(events, "thread_name", 2000, 2002), "w1"));
	assert_non_null(strstr(name_of(events, "process_name", 2000, 2000), "right"));
	assert_string_equal(name_of(events, "thread_name", TRACE_CPUS, TRACE_CPUS + 1), "CPU 0");
	json_decref(trace);
}

/* --- its times --- */

/* Whether the trace has that a task ran on a CPU from one time to another. */
static bool has_run(const json_t *events, int64_t tid, int64_t from, int64_t to, int64_t cpu)
{
	const json_t *event;
	size_t i;

	json_array_foreach((json_t *)events, i,
		event) if (*text_of(event, "ph") == 'X' && id_of(event, "tid") == tid &&
			   time_of(event, "ts") == from && time_of(event, "dur") == to - from &&
			   id_of(json_object_get(event, "args"), "cpu") == cpu) return true;
	return false;
}

static size_t count_runs(const json_t *events)
{
	const json_t *event;
	size_t i, n = 0;

	json_array_foreach((json_t *)events, i, event) n +=
		strncmp(text_of(event, "name"), "runs on", 7) == 0;
	return n;
}

struct runner {
	int64_t tid, since;
};

/* The kernel's records as the file has them: a task that was put on a CPU ran until it gave it up, or lost it. */
static size_t check_records(const json_t *events, const json_t *line, struct runner *runners)
{
	const json_t *switches = json_object_get(line, "switches");
	const json_t *records = json_object_get(switches, "events"),
		     *tasks = json_object_get(switches, "tasks");
	int64_t at = 0;
	size_t n = 0;

	for (size_t i = 0; i + 3 < json_array_size(records); i += 4) {
		const json_int_t kind = json_integer_value(json_array_get(records, i + 1));
		const json_int_t cpu = json_integer_value(json_array_get(records, i + 2));
		const json_int_t task = json_integer_value(json_array_get(records, i + 3));
		const int64_t tid = json_integer_value(json_array_get(tasks, (size_t)task * 3 + 1));
		struct runner *runner = &runners[tid % 64];

		at += json_integer_value(json_array_get(records, i));
		assert_true(runner->tid == 0 || runner->tid == tid);
		if (kind != 0 && runner->since) {
			if (!has_run(events, tid, runner->since, at, cpu))
				fail_msg("%lld ran at %lld", (long long)tid, (long long)at);
			n++;
		}
		*runner = (struct runner) { tid, kind == 0 ? at : 0 };
	}
	return n;
}

static void the_trace_has_what_the_records_say(void **state)
{
	json_t *trace = trace_of("lanes.jsonl"), *line;
	const json_t *events = events_of(trace);
	struct runner runners[64] = { 0 };
	char *path = path_of("lanes.jsonl");
	FILE *file = fopen(path, "r");
	size_t n = 0, left = 0;

	assert_non_null(file);
	while ((line = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL))) {
		n += check_records(events, line, runners);
		json_decref(line);
	}
	for (size_t i = 0; i < ARRAY_LEN(runners); i++)
		left += runners[i].since != 0;
	assert_true(n > 200);
	assert_int_equal(count_runs(events), n + left);
	fclose(file);
	free(path);
	json_decref(trace);
}

static void without_records_it_says_why(void **state)
{
	json_t *trace = trace_of("lanes_refused.jsonl");
	const json_t *events = events_of(trace), *event;
	size_t i, told = 0;

	json_array_foreach((json_t *)events, i, event)
	{
		assert_true(*text_of(event, "ph") != 'X');
		told += strncmp(text_of(event, "name"), "no lanes: refused", 17) == 0;
	}
	assert_int_equal(told, 1);
	json_decref(trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_has_its_form),
		cmocka_unit_test(tasks_and_cpus_have_names),
		cmocka_unit_test(the_trace_has_what_the_records_say),
		cmocka_unit_test(without_records_it_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
