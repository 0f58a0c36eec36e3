/* SPDX-License-Identifier: MIT
 * What a sample says of the scheduler, as a line of a recording has it, both ways: numbers alone, row after row. A hundred
 * thousand spans fit where objects with names would take a tenth of them. Reads each record of a switch, too, as recordings
 * had them before.
 */
#include "internal.h"

#include <errno.h>

#include "reading.h"

#define TASKS_MAX 4096 /* different tasks in one sample */
#define RECORDS_MAX (1 << 19) /* in one sample */
#define TIME_MAX (INT64_C(1) << 61)
#define COUNT_MAX (INT64_C(1) << 47)

/* --- what stands in a row --- */

struct column {
	size_t offset, size;
	int64_t min, max;
	bool step; /* as the distance to the row before */
};

#define COLUMN(type, member, min, max)                                                             \
	{                                                                                          \
		offsetof(type, member), sizeof(((type *)0)->member), min, max, false               \
	}

/* clang-format off */
static const struct column lane_columns[] = {
	COLUMN(struct lane_sample, pid, 0, INT32_MAX),
	COLUMN(struct lane_sample, tid, 0, INT32_MAX),
	COLUMN(struct lane_sample, side, 0, SIDES - 1),
	COLUMN(struct lane_sample, cpu, -1, INT16_MAX),
	COLUMN(struct lane_sample, spans, 0, UINT32_MAX),
	COLUMN(struct lane_sample, born_ns, UNKNOWN, TIME_MAX),
	COLUMN(struct lane_sample, since_ns, UNKNOWN, TIME_MAX),
	COLUMN(struct lane_sample, read_ns, UNKNOWN, TIME_MAX),
	COLUMN(struct lane_sample, seen_voluntary, UNKNOWN, COUNT_MAX),
	COLUMN(struct lane_sample, seen_involuntary, UNKNOWN, COUNT_MAX),
	COLUMN(struct lane_sample, seen_between, UNKNOWN, COUNT_MAX),
	COLUMN(struct lane_sample, counted_voluntary, UNKNOWN, COUNT_MAX),
	COLUMN(struct lane_sample, counted_involuntary, UNKNOWN, COUNT_MAX),
};
static const struct column span_columns[] = {
	{ offsetof(struct span, from), sizeof(nsec), UNKNOWN, TIME_MAX, true },
	COLUMN(struct span, state, 0, SPAN_STATES - 1),
	COLUMN(struct span, mark, 0, SPAN_MARKS - 1),
	COLUMN(struct span, cpu, -1, INT16_MAX),
	COLUMN(struct span, who, 0, INT32_MAX),
};
static const struct column crowd_columns[] = {
	COLUMN(struct span_sums, time_ns[SPAN_UNKNOWN], 0, FOLD_CELL),
	COLUMN(struct span_sums, time_ns[SPAN_RUNNING], 0, FOLD_CELL),
	COLUMN(struct span_sums, time_ns[SPAN_WAITING], 0, FOLD_CELL),
	COLUMN(struct span_sums, time_ns[SPAN_OFF], 0, FOLD_CELL),
	COLUMN(struct span_sums, longest_ns[SPAN_UNKNOWN], 0, FOLD_CELL),
	COLUMN(struct span_sums, longest_ns[SPAN_RUNNING], 0, FOLD_CELL),
	COLUMN(struct span_sums, longest_ns[SPAN_WAITING], 0, FOLD_CELL),
	COLUMN(struct span_sums, longest_ns[SPAN_OFF], 0, FOLD_CELL),
	COLUMN(struct span_sums, marks[MARK_NONE], 0, UINT16_MAX),
	COLUMN(struct span_sums, marks[MARK_PUT_ON], 0, UINT16_MAX),
	COLUMN(struct span_sums, marks[MARK_GAVE_UP], 0, UINT16_MAX),
	COLUMN(struct span_sums, marks[MARK_PREEMPTED], 0, UINT16_MAX),
	COLUMN(struct span_sums, marks[MARK_BORN], 0, UINT16_MAX),
	COLUMN(struct span_sums, marks[MARK_DIED], 0, UINT16_MAX),
	COLUMN(struct span_sums, who, 0, INT32_MAX),
	COLUMN(struct span_sums, who_ns, 0, FOLD_CELL),
};
/* clang-format on */

/* Rows of one kind: their name in the line, and what stands in each. */
struct table {
	const char *name;
	const struct column *columns;
	size_t n, size;
};

static const struct table lane_rows = { "rows", lane_columns, ARRAY_LEN(lane_columns),
	sizeof(struct lane_sample) };
static const struct table span_rows = { "spans", span_columns, ARRAY_LEN(span_columns),
	sizeof(struct span) };
static const struct table crowd_rows = { "crowds", crowd_columns, ARRAY_LEN(crowd_columns),
	sizeof(struct span_sums) };

static int64_t load(const struct column *column, const char *row)
{
	const char *at = row + column->offset;

	switch (column->size) {
	case 1:
		return *(const uint8_t *)at;
	case 2: /* marks are above zero, CPUs may be below */
		return column->min < 0 ? *(const int16_t *)(const void *)at
				       : *(const uint16_t *)(const void *)at;
	case 4:
		return column->max > INT32_MAX ? (int64_t) * (const uint32_t *)(const void *)at
					       : *(const int32_t *)(const void *)at;
	default:
		return *(const int64_t *)(const void *)at;
	}
}

static void store(const struct column *column, char *row, int64_t value)
{
	char *at = row + column->offset;

	switch (column->size) {
	case 1:
		*(uint8_t *)at = (uint8_t)value;
		break;
	case 2:
		*(uint16_t *)(void *)at = (uint16_t)value;
		break;
	case 4:
		*(uint32_t *)(void *)at = (uint32_t)value;
		break;
	default:
		*(int64_t *)(void *)at = value;
	}
}

/* --- writing --- */

static void put_table(struct json *json, const struct table *rows, const void *at, size_t n)
{
	const char *row = at;
	int64_t before = 0;

	json_open(json, rows->name, "[");
	for (size_t i = 0; i < n; i++, row += rows->size)
		for (size_t c = 0; c < rows->n; c++) {
			const bool step = rows->columns[c].step;
			const int64_t value = load(&rows->columns[c], row);

			json_put_integer(json, NULL, step ? value - before : value);
			before = step ? value : before;
		}
	json_close(json, "]");
}

void put_switches(struct json *json, const struct sample *sample)
{
	if (sample->switches_until_ns < 0)
		return;
	json_open(json, "lanes", "{");
	json_put_integer(json, "from_ns", sample->switches_from_ns);
	json_put_integer(json, "until_ns", sample->switches_until_ns);
	json_put_integer(json, "seen", sample->switches_seen);
	json_put_integer(json, "lost", sample->switches_lost);
	put_table(json, &lane_rows, sample->lanes.at, sample->lanes.n);
	put_table(json, &span_rows, sample->spans.at, sample->spans.n);
	put_table(json, &crowd_rows, sample->crowds.at, sample->crowds.n);
	json_close(json, "}");
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

static int get_records(const json_t *json, struct sample *sample, char *why, size_t why_size)
{
	ssize_t events, tasks, others;

	events = count(json, "events", 4, RECORDS_MAX, why, why_size);
	tasks = count(json, "tasks", 3, TASKS_MAX, why, why_size);
	others = count(json, "others", 2, RECORDS_MAX, why, why_size);
	if (events < 0 || tasks < 0 || others < 0)
		return -EINVAL;
	int rc = get_events(json, (size_t)events, (size_t)tasks, sample, why, why_size);

	return rc < 0 ? rc : get_others(json, (size_t)others, sample, why, why_size);
}

/* Row `index` of an array of numbers. before: the last value of its column of steps. */
static int get_row(const json_t *array, size_t index, const struct table *rows, int64_t *before,
	char *row, char *why, size_t why_size)
{
	for (size_t c = 0; c < rows->n; c++) {
		const struct column *column = &rows->columns[c];
		const size_t at = index * rows->n + c;
		int64_t value = json_integer_value(json_array_get(array, at));

		if (column->step && (value < -TIME_MAX || value > TIME_MAX))
			return wrong(why, why_size, rows->name, at, "is out of range");
		value += column->step ? *before : 0;
		if (value < column->min || value > column->max)
			return wrong(why, why_size, rows->name, at, "is out of range");
		*before = column->step ? value : *before;
		store(column, row, value);
	}
	return 0;
}

static int get_rows(
	const json_t *json, const struct table *rows, struct rows into, char *why, size_t why_size)
{
	const json_t *array = json_object_get(json, rows->name);
	const ssize_t n = count(json, rows->name, rows->n, UINT32_MAX, why, why_size);
	int64_t before = 0;

	for (ssize_t i = 0; i < n; i++) {
		char *row;

		if (*into.n == *into.room)
			vec_grow(into.at, into.room, rows->size);
		row = (char *)*into.at + *into.n * rows->size;
		memset(row, 0, rows->size);
		++*into.n;
		if (get_row(array, (size_t)i, rows, &before, row, why, why_size) < 0)
			return -EINVAL;
	}
	return n < 0 ? -EINVAL : 0;
}

/* Each row has the spans that it says, each crowd its sums, and each CPU ran tasks of this sample. */
static int check_spans(const struct sample *sample, char *why, size_t why_size)
{
	const struct lane_sample *row;
	size_t span = 0, crowd = 0;

	vec_each (row, &sample->lanes) {
		if (row->spans > sample->spans.n - span)
			return wrong(why, why_size, "spans", span, "is missing");
		for (const size_t end = span + row->spans; span < end; span++) {
			const struct span *at = &sample->spans.at[span];
			const bool runs = at->state == SPAN_RUNNING && row->cpu >= 0;

			if (runs && (size_t)at->who >= sample->lanes.n)
				return wrong(why, why_size, "spans", span, "runs nobody");
			crowd += at->state == SPAN_CROWD;
		}
	}
	if (span != sample->spans.n)
		return wrong(why, why_size, "spans", span, "is nobody's");
	if (crowd != sample->crowds.n)
		return wrong(why, why_size, "crowds", MIN(crowd, sample->crowds.n), "has no span");
	for (size_t i = 0; i < sample->crowds.n; i++)
		if (sample->crowds.at[i].who_ns &&
			(size_t)sample->crowds.at[i].who >= sample->lanes.n)
			return wrong(why, why_size, "crowds", i, "runs nobody");
	return 0;
}

#define LANE_ROWS(vec)                                                                             \
	((struct rows) { (void **)&sample->vec.at, &sample->vec.n, &sample->vec.room })

static int get_lanes(const json_t *json, struct sample *sample, char *why, size_t why_size)
{
	if (get_time(json, "seen", &sample->switches_seen, why, why_size) < 0 ||
		get_time(json, "lost", &sample->switches_lost, why, why_size) < 0 ||
		get_rows(json, &lane_rows, LANE_ROWS(lanes), why, why_size) < 0 ||
		get_rows(json, &span_rows, LANE_ROWS(spans), why, why_size) < 0 ||
		get_rows(json, &crowd_rows, LANE_ROWS(crowds), why, why_size) < 0)
		return -EINVAL;
	sample->switches_seen = MAX(sample->switches_seen, 0);
	sample->switches_lost = MAX(sample->switches_lost, 0);
	return check_spans(sample, why, why_size);
}

int get_switches(const void *line, struct sample *sample, char *why, size_t why_size)
{
	const json_t *lanes = json_object_get(line, "lanes");
	const json_t *json = lanes ? lanes : json_object_get(line, "switches");

	if (!json || json_is_null(json))
		return 0;
	if (!json_is_object(json))
		return wrong(why, why_size, "", 0, "is not in an object");
	if (get_time(json, "from_ns", &sample->switches_from_ns, why, why_size) < 0 ||
		get_time(json, "until_ns", &sample->switches_until_ns, why, why_size) < 0)
		return -EINVAL;
	return lanes ? get_lanes(json, sample, why, why_size)
		     : get_records(json, sample, why, why_size);
}
