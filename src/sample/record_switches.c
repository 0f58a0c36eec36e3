/* SPDX-License-Identifier: MIT
 * Switch records as a line of a recording has them, both ways: numbers alone, times as distances, tasks by index. A
 * thousand of them fit where objects with names would take a hundred.
 */
#include "internal.h"

#include <errno.h>
#include <jansson.h>

#define TASKS_MAX 4096 /* different tasks in one sample */
#define TIME_MAX (INT64_C(1) << 61)

/* --- writing --- */

/* The tasks of one sample: an open table of their places, so that each event finds its own at once. */
struct tasks {
	uint32_t n;
	uint32_t first[TASKS_MAX]; /* the event that has it first */
	uint16_t place[4 * TASKS_MAX]; /* by hash: index + 1; 0 free */
};

static bool is_same_task(const struct switch_sample *a, const struct switch_sample *b)
{
	return a->tid == b->tid && a->pid == b->pid && a->side == b->side;
}

/* The index of an event's task, added if it is new; -1 if there is no room for one more. */
static int task_index(struct tasks *tasks, const struct switch_sample *events, uint32_t i)
{
	const uint32_t mask = ARRAY_LEN(tasks->place) - 1;
	uint32_t at = (uint32_t)events[i].tid * 2654435761u >> 16 & mask;

	for (; tasks->place[at]; at = (at + 1) & mask)
		if (is_same_task(&events[tasks->first[tasks->place[at] - 1]], &events[i]))
			return tasks->place[at] - 1;
	if (tasks->n == TASKS_MAX)
		return -1;
	tasks->first[tasks->n++] = i;
	tasks->place[at] = (uint16_t)tasks->n;
	return (int)tasks->n - 1;
}

static void put_next(struct buf *out, const char **separator, int64_t value)
{
	buf_add(out, *separator, 1);
	json_put_integer(out, value);
	*separator = ",";
}

/* Returns how many were written: where there are more tasks than fit in one sample, the rest is left out. */
static uint32_t put_events(struct buf *out, const struct sample *sample, struct tasks *tasks)
{
	const struct switch_sample *events = sample->switches.at;
	const char *separator = "[";
	int64_t before = 0;
	uint32_t i;

	buf_adds(out, ",\"events\":");
	for (i = 0; i < sample->switches.n; i++) {
		int task = task_index(tasks, events, i);

		if (task < 0)
			break;
		put_next(out, &separator, events[i].at_ns - before);
		put_next(out, &separator, events[i].kind);
		put_next(out, &separator, events[i].cpu);
		put_next(out, &separator, task);
		before = events[i].at_ns;
	}
	buf_adds(out, "]");
	return i;
}

static void put_others(struct buf *out, const struct sample *sample, uint32_t n)
{
	const char *separator = "[";

	for (uint32_t i = 0; i < n; i++) {
		if (sample->switches.at[i].other == 0)
			continue;
		if (*separator == '[')
			buf_adds(out, ",\"others\":");
		put_next(out, &separator, i);
		put_next(out, &separator, sample->switches.at[i].other);
	}
	if (*separator == ',')
		buf_adds(out, "]");
}

static void put_tasks(struct buf *out, const struct sample *sample, const struct tasks *tasks)
{
	const char *separator = "[";

	buf_adds(out, ",\"tasks\":");
	for (uint32_t i = 0; i < tasks->n; i++) {
		const struct switch_sample *event = &sample->switches.at[tasks->first[i]];

		put_next(out, &separator, event->pid);
		put_next(out, &separator, event->tid);
		put_next(out, &separator, event->side);
	}
	buf_adds(out, "]");
}

void put_switches(struct buf *out, const struct sample *sample)
{
	struct tasks tasks = { 0 };
	uint32_t n;

	if (sample->switches_from_ns == UNKNOWN && sample->switches_until_ns == UNKNOWN &&
		sample->switches.n == 0)
		return;
	buf_adds(out, ",\"switches\":{\"from_ns\":");
	json_put_integer(out, sample->switches_from_ns);
	buf_adds(out, ",\"until_ns\":");
	json_put_integer(out, sample->switches_until_ns);
	if (sample->switches.n > 0) {
		n = put_events(out, sample, &tasks);
		put_tasks(out, sample, &tasks);
		put_others(out, sample, n);
	}
	buf_adds(out, "}");
}

/* --- reading --- */

static int wrong(char *why, size_t why_size, const char *name, size_t index, const char *what)
{
	if (why)
		snprintf(why, why_size, "switches.%s[%zu] %s", name, index, what);
	return -EINVAL;
}

/* An array of whole numbers: its length, a multiple of `each` and at most `most` times that; -EINVAL. */
static ssize_t count(const json_t *parent, const char *name, size_t each, size_t most, char *why,
	size_t why_size)
{
	const json_t *json = json_object_get(parent, name);
	size_t n = json_array_size(json);

	if (!json)
		return 0;
	if (!json_is_array(json))
		return wrong(why, why_size, name, 0, "is not in an array");
	if (n % each != 0)
		return wrong(why, why_size, name, n, "is missing");
	if (n / each > most)
		return wrong(why, why_size, name, n, "is too many");
	for (size_t i = 0; i < n; i++)
		if (!json_is_integer(json_array_get(json, i)))
			return wrong(why, why_size, name, i, "is not an integer");
	return (ssize_t)(n / each);
}

static int64_t number(const json_t *parent, const char *name, size_t index)
{
	return json_integer_value(json_array_get(json_object_get(parent, name), index));
}

/* Number `index` of an array, within [min, max]. */
static int get(const json_t *parent, const char *name, size_t index, int64_t min, int64_t max,
	int64_t *ret, char *why, size_t why_size)
{
	*ret = number(parent, name, index);
	if (*ret < min || *ret > max)
		return wrong(why, why_size, name, index, "is out of range");
	return 0;
}

static int get_task(
	const json_t *json, size_t index, struct switch_sample *event, char *why, size_t why_size)
{
	int64_t pid, tid, side;
	int rc = get(json, "tasks", 3 * index, 0, INT32_MAX, &pid, why, why_size);

	if (rc == 0)
		rc = get(json, "tasks", 3 * index + 1, 0, INT32_MAX, &tid, why, why_size);
	if (rc == 0)
		rc = get(json, "tasks", 3 * index + 2, 0, SIDES - 1, &side, why, why_size);
	if (rc < 0)
		return rc;
	event->pid = (int32_t)pid;
	event->tid = (int32_t)tid;
	event->side = (int8_t)side;
	return 0;
}

static int get_events(const json_t *json, size_t n, size_t n_tasks, struct sample *sample,
	char *why, size_t why_size)
{
	int64_t at = 0, step, kind, cpu, task;

	for (size_t i = 0; i < n; i++) {
		struct switch_sample *event = vec_push(&sample->switches);
		int rc = get(json, "events", 4 * i, 0, TIME_MAX - at, &step, why, why_size);

		if (rc == 0)
			rc = get(json, "events", 4 * i + 1, 0, SWITCH_KINDS - 1, &kind, why,
				why_size);
		if (rc == 0)
			rc = get(json, "events", 4 * i + 2, -1, INT16_MAX, &cpu, why, why_size);
		if (rc == 0)
			rc = get(json, "events", 4 * i + 3, 0, (int64_t)n_tasks - 1, &task, why,
				why_size);
		if (rc == 0)
			rc = get_task(json, (size_t)task, event, why, why_size);
		if (rc < 0)
			return rc;
		event->at_ns = at += step;
		event->kind = (int8_t)kind;
		event->cpu = (int16_t)cpu;
	}
	return 0;
}

static int get_others(
	const json_t *json, size_t n, struct sample *sample, char *why, size_t why_size)
{
	int64_t event, other;

	for (size_t i = 0; i < n; i++) {
		int rc = get(json, "others", 2 * i, 0, (int64_t)sample->switches.n - 1, &event, why,
			why_size);

		if (rc == 0)
			rc = get(json, "others", 2 * i + 1, 0, INT32_MAX, &other, why, why_size);
		if (rc < 0)
			return rc;
		sample->switches.at[event].other = (int32_t)other;
	}
	return 0;
}

static int get_time(const json_t *json, const char *name, int64_t *ret, char *why, size_t why_size)
{
	const json_t *time = json_object_get(json, name);

	if (!time || json_is_null(time))
		return 0;
	if (!json_is_integer(time))
		return wrong(why, why_size, name, 0, "is not an integer");
	if (json_integer_value(time) < UNKNOWN || json_integer_value(time) > TIME_MAX)
		return wrong(why, why_size, name, 0, "is out of range");
	*ret = json_integer_value(time);
	return 0;
}

int get_switches(const void *line, struct sample *sample, char *why, size_t why_size)
{
	const json_t *json = json_object_get(line, "switches");
	ssize_t events, tasks, others;

	if (!json || json_is_null(json))
		return 0;
	if (!json_is_object(json))
		return wrong(why, why_size, "", 0, "is not in an object");
	if (get_time(json, "from_ns", &sample->switches_from_ns, why, why_size) < 0 ||
		get_time(json, "until_ns", &sample->switches_until_ns, why, why_size) < 0)
		return -EINVAL;
	events = count(json, "events", 4, SWITCHES_MAX, why, why_size);
	tasks = count(json, "tasks", 3, TASKS_MAX, why, why_size);
	others = count(json, "others", 2, SWITCHES_MAX, why, why_size);
	if (events < 0 || tasks < 0 || others < 0)
		return -EINVAL;
	int rc = get_events(json, (size_t)events, (size_t)tasks, sample, why, why_size);

	return rc < 0 ? rc : get_others(json, (size_t)others, sample, why, why_size);
}
