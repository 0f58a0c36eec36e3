/* SPDX-License-Identifier: MIT
 * Reads the records of a perf_event ring: how PERF_RECORD_SWITCH, FORK, EXIT and LOST lie in memory, and what to do
 * with what is none of them (perf_event_open(2)).
 */
#include "ring.h"

#include <linux/perf_event.h>

const uint64_t ring_sample_type =
	PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ID | PERF_SAMPLE_CPU;

/* The end of every record (sample_id_all), in this order for ring_sample_type. */
struct tail {
	uint32_t pid, tid;
	uint64_t time, id;
	uint32_t cpu, reserved;
};

struct task_record { /* FORK, EXIT */
	struct perf_event_header header;
	uint32_t pid, ppid, tid, ptid;
	uint64_t time;
	struct tail tail;
};

struct lost_record {
	struct perf_event_header header;
	uint64_t id, lost;
	struct tail tail;
};

struct lost_samples_record {
	struct perf_event_header header;
	uint64_t lost;
	struct tail tail;
};

struct switch_record {
	struct perf_event_header header;
	struct tail tail;
};

/* Large enough for any record that is read here. */
union ring_record {
	struct perf_event_header header;
	struct task_record task;
	struct lost_record lost;
	struct lost_samples_record lost_samples;
	struct switch_record switched;
};

/* Where a record of n bytes can be read. One that starts at the end of the memory and goes on at its start is put together
 * in *copy. Records start at multiples of 8. */
static const union ring_record *ring_record_at(
	const struct ring_bytes *bytes, size_t n, union ring_record *copy)
{
	size_t at = (size_t)(bytes->tail & (bytes->size - 1));
	size_t first = (size_t)bytes->size - at;

	n = MIN(n, sizeof(*copy));
	if (n <= first)
		return (const union ring_record *)(const void *)(bytes->data + at);
	memcpy(copy, bytes->data + at, first);
	memcpy((char *)copy + first, bytes->data, n - first);
	return copy;
}

/* A time or a CPU that cannot be is not known: 0, or -1. */
static void set_event(struct ring_event *ret, enum switch_kind kind, const struct tail *tail)
{
	*ret = (struct ring_event) {
		.event = { .at_ns = tail->time <= INT64_MAX / 2 ? (int64_t)tail->time : 0,
			.pid = (int32_t)tail->pid,
			.tid = (int32_t)tail->tid,
			.cpu = tail->cpu <= INT16_MAX ? (int16_t)tail->cpu : -1,
			.kind = (int8_t)kind },
		.id = tail->id,
	};
}

static void set_switch(struct ring_event *ret, const struct switch_record *record)
{
	uint16_t misc = record->header.misc;
	enum switch_kind kind = SWITCH_IN;

	if (misc & PERF_RECORD_MISC_SWITCH_OUT)
		kind = misc & PERF_RECORD_MISC_SWITCH_OUT_PREEMPT ? SWITCH_PREEMPTED : SWITCH_OUT;
	set_event(ret, kind, &record->tail);
}

/* The tail is of the task that forks; the record's own members are of the new one. */
static void set_task(
	struct ring_event *ret, enum switch_kind kind, const struct task_record *record)
{
	set_event(ret, kind, &record->tail);
	ret->event.pid = (int32_t)record->pid;
	ret->event.tid = (int32_t)record->tid;
	if (kind == SWITCH_BORN)
		ret->event.other = (int32_t)record->ptid;
}

static void set_lost(struct ring_event *ret, uint64_t lost, const struct tail *tail)
{
	set_event(ret, SWITCH_LOST, tail);
	ret->event.pid = ret->event.tid = 0;
	ret->event.other = (int32_t)MIN(lost, (uint64_t)INT32_MAX);
}

/* False: of a kind, or of a length, that is not read here. */
static bool read_record(
	const union ring_record *record, struct ring_counts *counts, struct ring_event *ret)
{
	switch (record->header.type) {
	case PERF_RECORD_SWITCH:
		if (record->header.size < sizeof(record->switched))
			return false;
		set_switch(ret, &record->switched);
		return true;
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		if (record->header.size < sizeof(record->task))
			return false;
		set_task(ret, record->header.type == PERF_RECORD_FORK ? SWITCH_BORN : SWITCH_DIED,
			&record->task);
		return true;
	case PERF_RECORD_LOST:
		if (record->header.size < sizeof(record->lost))
			return false;
		counts->lost += record->lost.lost;
		set_lost(ret, record->lost.lost, &record->lost.tail);
		return true;
	case PERF_RECORD_LOST_SAMPLES:
		if (record->header.size < sizeof(record->lost_samples))
			return false;
		counts->lost += record->lost_samples.lost;
		set_lost(ret, record->lost_samples.lost, &record->lost_samples.tail);
		return true;
	default:
		return false;
	}
}

static bool give_up(struct ring_bytes *bytes, struct ring_counts *counts, struct ring_event *ret)
{
	const struct tail nowhere = { .cpu = UINT16_MAX };

	bytes->tail = bytes->head;
	counts->torn++;
	counts->lost++;
	set_lost(ret, 1, &nowhere);
	return true;
}

bool ring_next(struct ring_bytes *bytes, struct ring_counts *counts, struct ring_event *ret)
{
	const union ring_record *record;
	union ring_record copy;

	while (bytes->tail != bytes->head) {
		uint64_t left = bytes->head - bytes->tail;
		uint16_t size;

		bytes->last = bytes->tail;
		/* More than the ring holds was written over; what is there now is of another place. */
		if (left > bytes->size || left < sizeof(record->header))
			return give_up(bytes, counts, ret);
		/* a header is 8 bytes, and so never in two parts */
		size = ring_record_at(bytes, sizeof(record->header), &copy)->header.size;
		if (size < sizeof(record->header) || size % 8 != 0 || size > left)
			return give_up(bytes, counts, ret);
		record = ring_record_at(bytes, size, &copy);
		bytes->tail += size;
		counts->records++;
		if (read_record(record, counts, ret))
			return true;
		counts->unknown++;
	}
	return false;
}
