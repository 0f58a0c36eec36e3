/* SPDX-License-Identifier: MIT
 * Writes and reads what a line of a recording has of the scheduler: bare numbers, row after row. A hundred thousand
 * spans fit where objects with names would take a tenth of them. Reads each record of a switch, too, as recordings had
 * them before.
 */
#include "reading.h"

#define TIME_MAX (INT64_C(1) << 61)

#define NUMBER(member_name, member)                                                                \
	RECORD_FIELD_AS(                                                                           \
		member_name, sample, member, .absent = UNKNOWN, .min = UNKNOWN, .max = TIME_MAX)

/* clang-format off */
static const struct field head_fields[] = {
	NUMBER("from_ns", switches_from_ns),
	NUMBER("until_ns", switches_until_ns),
	NUMBER("seen", switches_seen),
	NUMBER("lost", switches_lost),
};
/* clang-format on */
static const struct record head = {
	.name = "switches", .fields = head_fields, .n = ARRAY_LEN(head_fields), .limit = 1
};

/* --- writing --- */

static void put_table(struct json *json, const struct record *record, const struct sample *sample)
{
	size_t n;
	const char *row = record_at(record, sample, &n);
	int64_t before = 0;

	json_open(json, record->name, "[");
	for (; n > 0; n--, row += record->size)
		for (size_t i = 0; i < record->n; i++) {
			const struct field *field = &record->fields[i];
			const bool step = field->flags & FIELD_STEP;
			const int64_t value = field_integer(field, row + field->offset);

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
	put_members(json, &head, sample, NULL);
	put_table(json, &lane_record, sample);
	put_table(json, &span_record, sample);
	put_table(json, &crowd_record, sample);
	json_close(json, "}");
}

/* --- reading --- */

/* The reading's record is the head. */
static int wrong(
	const struct reading *reading, const struct record *rows, size_t index, const char *what)
{
	char member[32];

	snprintf(member, sizeof(member), "%s[%zu]", rows->name, index);
	return reading_fail(reading, member, "%s", what);
}

static int get_head(const struct reading *reading, const json_t *json, struct sample *sample)
{
	int64_t value;

	for (size_t i = 0; i < head.n; i++) {
		const struct field *field = &head.fields[i];
		const json_t *number = json_object_get(json, field->name);

		if (!number || json_is_null(number))
			continue;
		if (reading_integer(reading, field->name, number, field->min, field->max, &value) <
			0)
			return -EINVAL;
		field_set_integer(field, (char *)sample + field->offset, value);
	}
	return 0;
}

/* Number `at` of an array into a member. before: the last value of its column of steps. */
static int get_number(const struct reading *reading, const struct record *record,
	const json_t *array, size_t at, int64_t *before, char *row)
{
	const struct field *field = &record->fields[at % record->n];
	const json_t *number = json_array_get(array, at);
	int64_t value = json_integer_value(number);

	if (!json_is_integer(number))
		return wrong(reading, record, at, "is not an integer");
	if (field->flags & FIELD_STEP) {
		if (value < -TIME_MAX || value > TIME_MAX)
			return wrong(reading, record, at, "is out of range");
		value = *before += value;
	}
	if (value < field->min || value > field->max)
		return wrong(reading, record, at, "is out of range");
	field_set_integer(field, row + field->offset, value);
	return 0;
}

/* An array of whole numbers, as many as rows have members, into the rows of a kind. */
static int get_rows(const struct reading *reading, const struct record *record,
	const json_t *parent, void *into)
{
	const json_t *array = json_object_get(parent, record->name);
	const size_t n = json_array_size(array);
	int64_t before = 0;
	char *row = NULL;

	if (array && !json_is_array(array))
		return wrong(reading, record, 0, "is not in an array");
	if (n % record->n != 0)
		return wrong(reading, record, n, "is missing");
	if (n / record->n > record->limit)
		return wrong(reading, record, n, "is too many");
	for (size_t i = 0; i < n; i++) {
		if (i % record->n == 0)
			row = record_push(record, into);
		if (get_number(reading, record, array, i, &before, row) < 0)
			return -EINVAL;
	}
	return 0;
}

/* Each row has the spans that it says, each crowd its sums, and each CPU ran tasks of this sample. */
static int check_spans(const struct reading *reading, const struct sample *sample)
{
	const struct lane_sample *row;
	size_t span = 0, crowd = 0;

	vec_each (row, &sample->lanes) {
		if (row->spans > sample->spans.n - span)
			return wrong(reading, &span_record, span, "is missing");
		for (const size_t end = span + row->spans; span < end; span++) {
			const struct span *at = &sample->spans.at[span];
			const bool runs = at->state == SPAN_RUNNING && row->cpu >= 0;

			if (runs && (size_t)at->who >= sample->lanes.n)
				return wrong(reading, &span_record, span, "runs nobody");
			crowd += at->state == SPAN_CROWD;
		}
	}
	if (span != sample->spans.n)
		return wrong(reading, &span_record, span, "is nobody's");
	if (crowd != sample->crowds.n)
		return wrong(reading, &crowd_record, MIN(crowd, sample->crowds.n), "has no span");
	for (size_t i = 0; i < sample->crowds.n; i++)
		if (sample->crowds.at[i].who_ns &&
			(size_t)sample->crowds.at[i].who >= sample->lanes.n)
			return wrong(reading, &crowd_record, i, "runs nobody");
	return 0;
}

static int get_lanes(const struct reading *reading, const json_t *json, struct sample *sample)
{
	if (get_rows(reading, &lane_record, json, sample) < 0 ||
		get_rows(reading, &span_record, json, sample) < 0 ||
		get_rows(reading, &crowd_record, json, sample) < 0)
		return -EINVAL;
	sample->switches_seen = MAX(sample->switches_seen, 0);
	sample->switches_lost = MAX(sample->switches_lost, 0);
	return check_spans(reading, sample);
}

/* --- reading each record, as recordings had them before --- */

struct old_event {
	int64_t at_ns;
	int32_t kind, task; /* index of tasks */
	int16_t cpu;
};

/* Who is meant besides the task, of an event that means somebody. */
struct old_other {
	int32_t event, other;
};

struct old_switches {
	VEC(struct old_event) events;
	VEC(struct lane_sample) tasks; /* pid, tid and side */
	VEC(struct old_other) others;
};

#define OLD_RECORD(kind, struct_of, vec, most)                                                     \
	{                                                                                          \
		.name = #vec, .fields = kind##_fields, .n = ARRAY_LEN(kind##_fields),              \
		.size = sizeof(struct struct_of), .place = offsetof(struct old_switches, vec),     \
		.limit = most                                                                      \
	}

/* clang-format off */
static const struct field event_fields[] = {
	RECORD_FIELD(old_event, at_ns, .max = TIME_MAX, .flags = FIELD_STEP),
	RECORD_FIELD(old_event, kind, .max = SWITCH_KINDS - 1),
	RECORD_FIELD(old_event, cpu, .min = -1, .max = INT16_MAX),
	RECORD_FIELD(old_event, task, .max = INT32_MAX),
};
static const struct field task_fields[] = {
	RECORD_FIELD(lane_sample, pid, .max = INT32_MAX),
	RECORD_FIELD(lane_sample, tid, .max = INT32_MAX),
	RECORD_FIELD(lane_sample, side, .max = SIDES - 1),
};
static const struct field other_fields[] = {
	RECORD_FIELD(old_other, event, .max = INT32_MAX),
	RECORD_FIELD(old_other, other, .max = INT32_MAX),
};
/* clang-format on */
static const struct record event_record = OLD_RECORD(event, old_event, events, 1 << 19);
static const struct record old_task_record = OLD_RECORD(task, lane_sample, tasks, 4096);
static const struct record other_record = OLD_RECORD(other, old_other, others, 1 << 19);

/* Events with their tasks, in the order of time. */
static int put_together(
	const struct reading *reading, const struct old_switches *old, struct sample *sample)
{
	for (size_t i = 0; i < old->events.n; i++) {
		const struct old_event *event = &old->events.at[i];
		const struct lane_sample *task;

		if (i > 0 && event->at_ns < event[-1].at_ns)
			return wrong(reading, &event_record, 4 * i, "is out of range");
		if ((size_t)event->task >= old->tasks.n)
			return wrong(reading, &event_record, 4 * i + 3, "is out of range");
		task = &old->tasks.at[event->task];
		*vec_push(&sample->switches) = (struct switch_sample) { event->at_ns, task->pid,
			task->tid, 0, event->cpu, (int8_t)event->kind, (int8_t)task->side };
	}
	for (size_t i = 0; i < old->others.n; i++) {
		const struct old_other *other = &old->others.at[i];

		if ((size_t)other->event >= sample->switches.n)
			return wrong(reading, &other_record, 2 * i, "is out of range");
		sample->switches.at[other->event].other = other->other;
	}
	return 0;
}

static int get_records(const struct reading *reading, const json_t *json, struct sample *sample)
{
	struct old_switches old = { 0 };
	int rc = get_rows(reading, &event_record, json, &old);

	if (rc == 0)
		rc = get_rows(reading, &old_task_record, json, &old);
	if (rc == 0)
		rc = get_rows(reading, &other_record, json, &old);
	if (rc == 0)
		rc = put_together(reading, &old, sample);
	vec_finish(&old.events);
	vec_finish(&old.tasks);
	vec_finish(&old.others);
	sample->switches_seen = sample->switches_lost = UNKNOWN; /* until they are folded */
	return rc;
}

int get_switches(struct reading *reading, const json_t *line, struct sample *sample)
{
	const json_t *lanes = json_object_get(line, "lanes");
	const json_t *json = lanes ? lanes : json_object_get(line, "switches");

	reading->record = &head;
	if (!json || json_is_null(json))
		return 0;
	if (!json_is_object(json))
		return reading_fail(reading, "", "is not an object");
	if (get_head(reading, json, sample) < 0)
		return -EINVAL;
	return lanes ? get_lanes(reading, json, sample) : get_records(reading, json, sample);
}
